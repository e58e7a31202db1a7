"""Who is signed in, and that nothing is open without it: every page is closed unless it says otherwise."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Blueprint, Flask, Request, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from web import context
from web.auth import sessions
from web.kept import reshow

KEY = "key"
csrf = CSRFProtect()
_V = TypeVar("_V")


def open_to_all(view: _V) -> _V:
    """Mark a view function or a whole blueprint as reachable without sign-in."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


def quiet(view: _V) -> _V:
    """Mark a view a page calls by itself: being asked does not count as somebody still working."""
    view.quiet = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask, *, secure: bool) -> None:
    """Sign-in, form protection, and the gate before every page."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-sid" if secure else "sid",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,
    )
    login = LoginManager()
    login.session_protection = None
    login.request_loader(_signed_in)
    login.init_app(app, add_context_processor=True)
    app.before_request(_gate)
    csrf.init_app(app)
    app.register_error_handler(CSRFError, _not_ours)


def _signed_in(asked: Request) -> sessions.SignedIn | None:
    """The user of this request; his idle time starts anew at most once a minute."""
    key = session.get(KEY)
    if not key:
        return None
    found = sessions.find(context.session(), key, context.now())
    view = current_app.view_functions.get(asked.endpoint or "")
    working = not getattr(view, "quiet", False)
    if found is not None and working and context.now() - found.seen_at >= sessions.TOUCH:
        with context.acting() as conn:
            sessions.touch(conn, found.key_hash, context.now())
    return found


def _gate() -> ResponseReturnValue | None:
    """Ask for sign-in before any page that is not open to all."""
    if request.endpoint is None or _is_open(request) or current_user.is_authenticated:
        return None
    return ask_sign_in()


def ask_sign_in() -> ResponseReturnValue:
    """The sign-in page; what was typed into the form that came too late is carried along in it."""
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url_for("auth.sign_in")}
    if request.method == "GET":
        return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
    if request.is_json or request.headers.get("X-Autosave"):
        return "", 401
    from web.auth.views import show_sign_in

    g.kept_form = [[name, value] for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return show_sign_in(next_page=request.path, status=401)


def _is_open(asked: Request) -> bool:
    blueprint = current_app.blueprints.get(asked.blueprint or "")
    view = current_app.view_functions.get(asked.endpoint or "")
    return asked.endpoint == "static.file" or any(_marked(place) for place in (blueprint, view))


def _marked(place: Any | Blueprint) -> bool:
    return getattr(place, "open_to_all", False) is True


def _not_ours(_error: CSRFError) -> ResponseReturnValue:
    """A form without its token: shown again with what was typed, nothing done."""
    if request.headers.get("X-Autosave"):
        return "", 400
    return reshow(
        "这一页停留太久或在别处重新登录过，刚才没有提交。您填写的内容都在，请核对后再提交一次。", 400
    )
