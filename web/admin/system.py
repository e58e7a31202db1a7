"""Who is signed in, whether the machinery runs, and the e-mails that did not get out."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import delete, select

from definitions.editions.standards import KINDS
from notifications.fonts import find_font
from notifications.inbox import failed_messages, mail_counts, oldest_waiting, undelivered
from notifications.restored import held as held_letters
from notifications.restored import held_since, let_go
from web import context
from web.admin.base import bp, note, page
from web.auth import sessions as signed_in
from web.filters import key
from workflow import health as checks
from workflow.errors import NotFound, Refused
from workflow.health import Finding
from workflow.models import Case, Tick, User, WebSession
from workflow.running import backlog

MARKS = {"fine": "正常", "look": "留意", "wrong": "有误"}
MAIL = {
    "queued": "待发",
    "digest": "待汇总",
    "merged": "已并入汇总",
    "sending": "正在发",
    "sent": "已发",
    "held": "留在发件箱",
    "failed": "失败",
}


@bp.get("/sessions")
def sessions() -> ResponseReturnValue:
    """The living sign-ins, the latest first."""
    now = context.now()
    rows = context.session().execute(
        select(WebSession, User)
        .join(User, User.id == WebSession.user_id)
        .where(WebSession.seen_at > now - signed_in.IDLE, WebSession.created_at > now - signed_in.LONGEST)
        .order_by(WebSession.seen_at.desc())
    )
    return page("sessions", rows=list(rows))


@bp.post("/sessions/end")
def end_sessions() -> ResponseReturnValue:
    """End all sign-ins of one person."""
    chosen = key(request.form.get("user", ""))
    user = context.session().get(User, chosen) if chosen is not None else None
    if user is None:
        raise NotFound
    with context.acting() as conn:
        conn.execute(delete(WebSession).where(WebSession.user_id == user.id))
    note("sessions_ended", f"staff {user.id}")
    flash(_("%(name)s 的登录都已结束。", name=user.name))
    return redirect(url_for("admin.sessions"), 303)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """The jobs by their last run, and what the doctor finds."""
    from web.jobs import JOBS

    ticks = {tick.name: tick for tick in context.session().scalars(select(Tick))}
    return page("health", jobs=JOBS, ticks=ticks, findings=list(_findings()), marks=MARKS)


def _findings() -> Iterator[Finding]:
    from web.jobs import JOBS

    edge, session, now = context.edge(), context.session(), context.now()
    yield from checks.installation()
    yield _font()
    yield from checks.durability(edge.database)
    yield from checks.calendar(session, context.today())
    yield from checks.standards(session, context.today(), KINDS)
    yield from checks.scheduler(session, now, {job.id: job.every for job in JOBS})
    yield from checks.messages(session, edge.config, now)
    yield from backlog.findings(session, now)
    yield from checks.people(session)


def _font() -> Finding:
    try:
        found = find_font(context.edge().config)
    except Refused as refused:
        return Finding("字体", "wrong", refused.message, "运行 make setup，或用 FONT_PATH 指定中文字体。")
    return Finding("字体", "fine", found.family)


@bp.get("/mail")
def mail() -> ResponseReturnValue:
    """The visible outbox: e-mails held or given up, messages that reached nobody, with the reason."""
    session = context.session()
    held = undelivered(session)
    users = select(User.id, User.name).where(User.id.in_([message.user_id for message in held]))
    failed = failed_messages(session)
    about = {message.case_id for message in held} | {message.case_id for message in failed}
    numbers = select(Case.id, Case.number).where(Case.id.in_(about))
    return page(
        "mail", restored=held_since(session), waiting=held_letters(session), held=held, failed=failed, counts=mail_counts(session), oldest=oldest_waiting(session), labels=MAIL,
        names=dict(session.execute(users).all()), numbers=dict(session.execute(numbers).all()),
    )  # fmt: skip


@bp.post("/mail/let-go")
def release_mail() -> ResponseReturnValue:
    """End the hold after a restore: all letters, those ticked, or none are sent."""
    chosen = [one for text in request.form.getlist("letter") if (one := key(text)) is not None]
    ids = None if request.form.get("do") == "all" else chosen if request.form.get("do") == "ticked" else []
    with context.acting() as conn:
        sent, left = let_go(conn, ids)
    note("mail_released", f"sent {sent}, left {left}")
    flash(_("已放行 %(sent)s 封，不再发送 %(left)s 封；以后的邮件照常发送。", sent=sent, left=left))
    return redirect(url_for("admin.mail"), 303)
