"""What stands on every staff page: the reader's post, and whether the scheduler is alive."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import Flask, current_app, g
from flask_babel import gettext as _
from sqlalchemy import select

from web import context
from workflow.models import Area
from workflow.roles import ROLES
from workflow.running.backlog import ALARM, Oldest, oldest, undelivered

NAMED = 2
"""So many duties and places are named beside the reader's name."""
KEPT = timedelta(seconds=10)
"""So long one look at the scheduler does for all readers of this process."""


def post() -> str:
    """The reader's duties and where he has them: 乡镇审核人 · 姜山镇."""
    if "post" not in g:
        grants = sorted(context.actor().grants)
        titles = list(dict.fromkeys(_(ROLES[role].title) for role, _area in grants))
        codes = {area for _role, area in grants}
        names = (
            context.session()
            .scalars(select(Area.name).where(Area.code.in_(codes)).order_by(Area.code).limit(NAMED + 1))
            .all()
        )
        duties = "、".join(titles[:NAMED]) + (
            _("等 %(n)s 个岗位", n=len(titles)) if len(titles) > NAMED else ""
        )
        g.post = " · ".join(
            part for part in (duties, "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")) if part
        )
    return str(g.post)


def _looked() -> Oldest:
    """How the scheduler does, looked at anew after a while."""
    now, kept = context.now(), current_app.extensions.get("standing")
    if kept is None or not timedelta(0) <= now - kept[0] < KEPT:
        kept = current_app.extensions["standing"] = now, oldest(context.session(), now)
    return cast("Oldest", kept[1])


def _idle() -> timedelta | None:
    last = _looked().ticked
    return context.now() - last if last else None


def heartbeat() -> str:
    """When reminders were last looked for, in words."""
    idle = _idle()
    if idle is None or idle > ALARM:
        return ""
    minutes = int(idle.total_seconds() // 60)
    return _("提醒任务刚刚运行过") if minutes < 1 else _("提醒任务 %(n)s 分钟前运行", n=minutes)


def pulse() -> str:
    """The same with what is not delivered, counted: for those who look after the service."""
    idle, number = _idle(), undelivered(context.session(), context.now())
    if idle is None:
        return _("提醒还没有执行过，未送达 %(n)s 条", n=number)
    return _("提醒 %(m)s 分钟前执行过，未送达 %(n)s 条", m=int(idle.total_seconds() // 60), n=number)


def silence() -> str:
    """The warning that reminders do not go out, "" where all is well."""
    idle = _idle()
    if idle is not None and idle <= ALARM:
        waits = _looked().waiting(context.now())
        if waits <= ALARM:
            return ""
        return _(
            "有到期的提醒已等了 %(m)s 分钟还没有送达，请告诉系统管理员。", m=int(waits.total_seconds() // 60)
        )
    if idle is None:
        return _("提醒任务还没有运行过：到期提醒和督办现在不会发出，请告诉系统管理员。")
    hours, minutes = divmod(int(idle.total_seconds() // 60), 60)
    since = _("%(h)s 小时 %(m)s 分钟", h=hours, m=minutes) if hours else _("%(m)s 分钟", m=minutes)
    return _("提醒任务已停了 %(since)s：到期提醒和督办会延误，请告诉系统管理员。", since=since)


def init_app(app: Flask) -> None:
    """Give the templates these."""
    app.jinja_env.globals.update(post=post, heartbeat=heartbeat, pulse=pulse, silence=silence)
