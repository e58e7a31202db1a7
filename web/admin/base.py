"""The blueprint of the administrator's pages and what they share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from web import context
from web.duties import codes, reserve
from web.menu import Entry
from workflow.models import AccessLog
from workflow.roles import ADMINISTRATOR

PAGES = {
    "people": "人员", "stand_ins": "委托", "roles": "角色", "areas": "区划", "departments": "部门", "holidays": "节假日", "ladders": "提醒督办", "standards": "标准", "editions": "规则版本", "halts": "流程挂起",
    "sources": "核对来源",
    "sessions": "登录", "health": "运行状况", "mail": "邮件",
}  # fmt: skip
"""Endpoint -> what its tab is called."""

MENU = (Entry("管理", "admin.people", 90, codes(ADMINISTRATOR)),)
bp = Blueprint("admin", __name__, template_folder="templates", url_prefix="/admin")
reserve(bp, ADMINISTRATOR)


def page(name: str, template: str = "", /, **shown: Any) -> str:
    """One of these pages, with the tabs of the others."""
    return render_template(f"admin/{template or name}.html", tabs=PAGES, tab=name, **shown)


def note(what: str, reason: str) -> None:
    """Write down what an administrator has changed, in a transaction of its own."""
    with context.acting() as conn:
        writing = context.write(conn)
        writing.add(AccessLog(at=context.now(), user_id=context.actor().id, what=what, reason=reason[:200]))
        writing.flush()
