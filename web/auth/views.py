"""Sign in and out."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select, update

from web import context, kept, throttle
from web.auth import KEY, open_to_all, sessions
from workflow import passwords, staff
from workflow.errors import FormRefused
from workflow.models import User

PER_ACCOUNT_AND_PLACE, PER_PLACE, PER_ACCOUNT = 5, 30, 100
"""Failed tries in a quarter of an hour. The small limit is per account and address: nobody can lock out a rival."""

bp = Blueprint("auth", __name__, template_folder="templates")


def show_sign_in(
    *, next_page: str = "", login: str = "", error: str = "", status: int = 200
) -> ResponseReturnValue:
    """The sign-in page, carrying what was typed elsewhere before the session ended."""
    pairs = g.get("kept_form", [])
    answer = render_template(
        "auth/sign_in.html",
        next_page=next_page,
        login=login,
        error=error,
        kept_form=json.dumps(pairs) if pairs else "",
    )
    return answer, status


def safe_next(text: str) -> str:
    """The page to go on to, if it is one of ours."""
    parts = urlsplit(text)
    fine = (
        text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    )
    return text if fine else url_for("worklist.mine")


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
@kept.reshows
def sign_in() -> ResponseReturnValue:
    """Ask for name and password; the answer is the same whether the name is unknown or the password wrong."""
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(safe_next(request.args.get("next", "")))
        return show_sign_in(next_page=request.args.get("next", ""))
    login, next_page = request.form.get("login", "").strip(), request.form.get("next", "")
    g.kept_form = _kept_pairs(request.form.get("kept", ""))
    if message := kept.only_show():
        return show_sign_in(next_page=next_page, login=login, error=message)
    place, now = request.remote_addr or "", context.now()
    limits = {
        f"sign-in:{login}@{place}"[:120]: PER_ACCOUNT_AND_PLACE,
        f"sign-in:@{place}"[:120]: PER_PLACE,
        f"sign-in:{login}"[:120]: PER_ACCOUNT,
    }
    try:
        throttle.check(context.session(), now, limits)
    except throttle.TooManyTries as refused:
        answer = current_app.make_response(
            show_sign_in(next_page=next_page, login=login, error=refused.message, status=429)
        )
        answer.headers["Retry-After"] = "900"
        return answer
    user = context.session().scalar(select(User).where(User.login == login))
    password = request.form.get("password", "")
    right = passwords.verify_password(user.password_hash if user else "", password)
    if user is None or not right or user.disabled_at is not None:
        with context.acting() as conn:
            throttle.fail(conn, now, *limits)
        return show_sign_in(
            next_page=next_page, login=login, error="用户名或密码不对，请重新输入。", status=401
        )
    _start(user, password, next_page)
    return redirect(safe_next(next_page), 303)


def _start(user: User, password: str, next_page: str) -> None:
    """A new session under a new key; what was typed before it ended becomes a draft of that form."""
    now, old = context.now(), session.get(KEY)
    with context.acting() as conn:
        if old:
            sessions.end(conn, sessions.hash_of(old), user_id=user.id)
        device = (request.user_agent.string or "")[:200]
        key = sessions.begin(conn, context.edge().office.entropy, user.id, device=device, now=now)
        if passwords.is_outdated(user.password_hash):
            conn.execute(
                update(User).where(User.id == user.id).values(password_hash=passwords.hash_password(password))
            )
        if g.kept_form:
            kept.save(
                conn, user.id, urlsplit(next_page).path, [(name, value) for name, value in g.kept_form], now
            )
    session.clear()
    session[KEY] = key


def _kept_pairs(text: str) -> list[list[str]]:
    """What the page carried along, if it is what we wrote there."""
    try:
        pairs = json.loads(text) if text else []
    except ValueError:
        return []
    fine = isinstance(pairs, list) and all(
        isinstance(pair, list) and [type(part) for part in pair] == [str, str] for pair in pairs
    )
    return pairs if fine else []


@bp.route("/password/<secret>", methods=["GET", "POST"])
@open_to_all
def new_password(secret: str) -> ResponseReturnValue:
    """Set a password through the one-time link an administrator gave. The link is used up by it."""
    user = staff.reset_user(context.session(), secret, context.now())
    errors: dict[str, str] = {}
    if request.method == "POST":
        first, again = request.form.get("password", ""), request.form.get("again", "")
        if first != again:
            errors = {"again": _("两次输入的密码不一样")}
        else:
            try:
                with context.acting() as conn:
                    orm = context.edge().office.session(conn)
                    staff.finish_reset(orm, secret, first, context.now())
                    orm.flush()
            except FormRefused as refused:
                errors = refused.errors
            else:
                flash(_("密码已设好，请登录。"))
                return redirect(url_for("auth.sign_in"), 303)
    page = render_template("auth/new_password.html", user=user, secret=secret, errors=errors)
    return page, 422 if errors else 200


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this sign-in; the cookie is worth nothing afterwards."""
    with context.acting() as conn:
        sessions.end(conn, current_user.key_hash, user_id=current_user.id)
    session.clear()
    answer = redirect(url_for("auth.sign_in"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return current_app.make_response(answer)


@bp.get("/form-token")
def form_token() -> ResponseReturnValue:
    """A fresh form token for a page that was open while its reader signed in again elsewhere."""
    return {"token": generate_csrf()}
