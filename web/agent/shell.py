"""The page that opens without a network: the same for everybody, nothing personal in it, kept by its service worker."""

from __future__ import annotations

import json

from flask import Blueprint, Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from web.assets_url import FOLDER, assets, digest, static_url
from web.auth import open_to_all

SCOPE = "/agent/"
STYLES = ("look.css", "agent.css", "seal.svg")

bp = open_to_all(Blueprint("shell", __name__, template_folder="templates", url_prefix="/agent"))


@bp.get("/visits")
def visits() -> ResponseReturnValue:
    """Field work on the phone. What it shows comes out of the phone's own locked box."""
    return render_template("agent/visits.html", scope=SCOPE)


@bp.get("/sw.js")
def worker() -> Response:
    """The service worker, new whenever a browser file is: it keeps the page and the files the page needs."""
    kept = [url_for("shell.visits"), *(static_url(name) for name in (*STYLES, *modules()))]
    head = f"const VERSION = {json.dumps(digest())};\nconst KEPT = {json.dumps(kept)};\n"
    answer = make_response(head + (FOLDER / "agent" / "sw.js").read_text("utf-8"))
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def modules() -> list[str]:
    """The scripts of the page."""
    return [name for name in assets() if name.startswith("agent/") and name != "agent/sw.js"]


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a phone needs to put the page on its home screen."""
    icon = {"src": static_url("seal.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    said = {
        "name": "救助走访", "short_name": "走访", "lang": "zh-Hans", "start_url": url_for("shell.visits"), "scope": SCOPE,
        "display": "standalone", "background_color": "#f7f6f2", "theme_color": "#163a5b", "icons": [icon],
    }  # fmt: skip
    answer = make_response(json.dumps(said, ensure_ascii=False))
    answer.headers["Content-Type"] = "application/manifest+json"
    return answer
