"""Browser files under one digest of their content, so that they may be kept for ever and never be stale."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, url_for

FOLDER = Path(__file__).parent / "static"
FONTS = FOLDER / "vendor" / "fonts"
"""Fonts are for letters printed on the server; browsers use their own."""

bp = Blueprint("static", __name__)


@dataclass(frozen=True)
class Asset:
    """One browser file, plain and compressed."""

    body: bytes
    packed: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Every served file by its name; read once, so that no address can reach beyond them."""
    paths = [path for path in sorted(FOLDER.rglob("*")) if path.is_file() and not path.is_relative_to(FONTS)]
    return {path.relative_to(FOLDER).as_posix(): _asset(path) for path in paths}


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(
        body,
        gzip.compress(body, 9, mtime=0),
        mimetypes.guess_type(path.name)[0] or "application/octet-stream",
    )


@cache
def digest() -> str:
    """Twelve hex digits over all files; modules import each other by relative address below it."""
    total = hashlib.sha256()
    for name, asset in assets().items():
        total.update(name.encode() + b"\0" + asset.body)
    return total.hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a browser file."""
    return url_for("static.file", version=digest(), name=name)


@bp.get("/static/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    """One browser file; kept by browsers for ever where the address is the present one."""
    asset = assets().get(name)
    if asset is None:
        abort(404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = Response(asset.packed if packed else asset.body, content_type=asset.media_type)
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if version == digest() else "no-cache"
    )
    return answer


def init_app(app: Flask) -> None:
    """Serve the files and give templates `static_url`."""
    app.register_blueprint(bp)
    app.jinja_env.globals["static_url"] = static_url
