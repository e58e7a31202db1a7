"""The signed-in user's own page: where he is signed in, tokens for the API, password, language."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import insert, select, update

from web import context, kept
from web.auth import sessions
from workflow import passwords
from workflow.errors import FormRefused
from workflow.models import ApiToken, User

bp = Blueprint("me", __name__, template_folder="templates", url_prefix="/me")


def _page(*, errors: dict[str, str] | None = None, token: str = "", message: str = "") -> str:
    tokens = context.session().scalars(
        select(ApiToken)
        .where(ApiToken.user_id == current_user.id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id)
    )
    return render_template(
        "me/me.html", signed_in=sessions.of_user(context.session(), current_user.id, context.now()), tokens=list(tokens),
        errors=errors or {}, token=token, message=message, me=context.session().get_one(User, current_user.id),
    )  # fmt: skip


@bp.get("/")
def show() -> ResponseReturnValue:
    """My page."""
    return _page()


@bp.post("/mail")
def set_mail() -> ResponseReturnValue:
    """Whether my messages come as they are, or once a day in one letter."""
    daily = request.form.get("digest") == "daily"
    with context.acting() as conn:
        conn.execute(update(User).where(User.id == current_user.id).values(digest=daily))
    flash(_("邮件改为每天汇总一次。") if daily else _("邮件改为逐条发送。"))
    return redirect(url_for("me.show"), 303)


@bp.post("/sessions/end")
def end_session() -> ResponseReturnValue:
    """End one of my other sign-ins, or all of them."""
    which = request.form.get("which", "")
    with context.acting() as conn:
        if which == "others":
            sessions.end_all(conn, current_user.id, but=current_user.key_hash)
        else:
            sessions.end(conn, which, user_id=current_user.id)
    flash(_("已退出所选的登录。"))
    return redirect(url_for("me.show"), 303)


@bp.post("/tokens")
def make_token() -> ResponseReturnValue:
    """A personal token: shown this once, only its hash is kept."""
    label, token = request.form.get("label", "").strip()[:100], context.edge().office.entropy.token(32)
    with context.acting() as conn:
        conn.execute(
            insert(ApiToken).values(
                user_id=current_user.id,
                token_hash=sessions.hash_of(token),
                label=label,
                created_at=context.now(),
            )
        )
    return _page(token=token)


@bp.post("/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> ResponseReturnValue:
    """A token that opens nothing from now on."""
    with context.acting() as conn:
        conn.execute(
            update(ApiToken)
            .where(
                ApiToken.id == token_id, ApiToken.user_id == current_user.id, ApiToken.revoked_at.is_(None)
            )
            .values(revoked_at=context.now())
        )
    flash(_("令牌已作废。"))
    return redirect(url_for("me.show"), 303)


def _check_change(user: User, old: str, new: str) -> None:
    """Raise FormRefused where the old password is wrong or the new one too weak."""
    if not passwords.verify_password(user.password_hash, old):
        raise FormRefused({"old": "现在的密码不对"})
    passwords.check_new_password(new, user.login, user.name)


@bp.post("/password")
@kept.reshows
def change_password() -> ResponseReturnValue:
    """A new password; every other sign-in ends."""
    if message := kept.only_show():
        return _page(message=message)
    user = context.session().get_one(User, current_user.id)
    new = request.form.get("new_password", "")
    try:
        _check_change(user, request.form.get("password", ""), new)
    except FormRefused as refused:
        return _page(errors=refused.errors), 422
    with context.acting() as conn:
        conn.execute(
            update(User).where(User.id == user.id).values(password_hash=passwords.hash_password(new))
        )
        sessions.end_all(conn, user.id, but=current_user.key_hash)
    flash(_("密码已修改，其他地方的登录都已退出。"))
    return redirect(url_for("me.show"), 303)
