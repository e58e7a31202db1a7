"""What stands on every staff page: the reader's post, and whether the scheduler is alive."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import Flask, g
from flask_babel import gettext as _
from sqlalchemy import func, select

from web import context
from workflow.models import Area, Tick
from workflow.roles import ROLES

NAMED = 2
"""So many duties and places are named beside the reader's name."""
SILENT_AFTER = timedelta(minutes=10)
"""A scheduler ticks every minute; so long without one is no quiet day."""


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


def _idle() -> timedelta | None:
    if "idle" not in g:
        last = context.session().scalar(select(func.max(Tick.at)))
        g.idle = context.now() - last if last else None
    return cast("timedelta | None", g.idle)


def heartbeat() -> str:
    """When reminders were last sent, in words."""
    idle = _idle()
    if idle is None or idle > SILENT_AFTER:
        return ""
    minutes = int(idle.total_seconds() // 60)
    return _("提醒任务刚刚运行过") if minutes < 1 else _("提醒任务 %(n)s 分钟前运行", n=minutes)


def silence() -> str:
    """The warning that nobody sends reminders, "" where all is well."""
    idle = _idle()
    if idle is not None and idle <= SILENT_AFTER:
        return ""
    if idle is None:
        return _("提醒任务还没有运行过：到期提醒和督办现在不会发出，请告诉系统管理员。")
    hours, minutes = divmod(int(idle.total_seconds() // 60), 60)
    since = _("%(h)s 小时 %(m)s 分钟", h=hours, m=minutes) if hours else _("%(m)s 分钟", m=minutes)
    return _("提醒任务已停了 %(since)s：到期提醒和督办会延误，请告诉系统管理员。", since=since)


def init_app(app: Flask) -> None:
    """Give the templates these."""
    app.jinja_env.globals.update(post=post, heartbeat=heartbeat, silence=silence)
