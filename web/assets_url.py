"""Browser files under one digest of their content, so that they may be kept for ever and never be stale."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory, url_for

FOLDER = Path(__file__).parent / "static"
FONTS = FOLDER / "vendor" / "fonts"
"""Fonts are for letters printed on the server; browsers use their own."""

bp = Blueprint("static", __name__)


@cache
def digest() -> str:
    """Twelve hex digits over every served file; modules import each other by relative address below it."""
    total = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file() and not path.is_relative_to(FONTS):
            total.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a browser file."""
    return url_for("static.file", version=digest(), name=name)


@bp.get("/static/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    """One browser file; kept by browsers for ever where the address is the present one."""
    answer = send_from_directory(FOLDER, name, conditional=True)
    current = version == digest()
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return answer


def init_app(app: Flask) -> None:
    """Serve the files and give templates `static_url`."""
    app.register_blueprint(bp)
    app.jinja_env.globals["static_url"] = static_url
