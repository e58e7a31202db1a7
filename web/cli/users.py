"""`user add|list|disable|reset|token`."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, table
from workflow import staff
from workflow.actors import actor_of
from workflow.entropy import SystemEntropy
from workflow.errors import Refused
from workflow.models import User


@main.group()
def user() -> None:
    """人员：新增、列表、停用、重置密码、接口令牌。"""


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="姓名。")
@click.option("--role", "roles", multiple=True, metavar="ROLE=AREA", help="角色和区划代码，可以写多个。")
@click.option("--email", default="", help="接收通知的邮箱。")
@click.option("--phone", default="", help="办公电话。")
@pass_tool
def add(tool: Tool, login: str, name: str, roles: tuple[str, ...], email: str, phone: str) -> Answer:
    """新增人员，显示一个设置密码用的一次性链接。"""
    pairs = [_read_role(text) for text in roles]
    with tool.database.acting() as conn:
        session = Session(conn)
        made = staff.create_user(session, login=login, name=name, now=tool.now(), email=email, phone=phone)
        for role, area in pairs:
            staff.assign(session, made, role, area, tool.today())
        secret = staff.start_reset(session, made, SystemEntropy(), tool.now())
        session.flush()
        login = made.login
    link = _link(tool, secret)
    return Answer(
        {"name": login, "link": link}, [f"已新增 {login}。请本人在 24 小时内打开下面的链接设置密码：", link]
    )


@user.command("list")
@pass_tool
def list_(tool: Tool) -> Answer:
    """列出人员和现在的角色。"""
    with tool.database.reading() as session:
        users = session.scalars(select(User).options(selectinload(User.assignments)).order_by(User.id)).all()
        rows = [_row(tool, found) for found in users]
    lines = [
        (
            r["name"],
            r["full_name"],
            "、".join(r["roles"]),
            "停用" if r["disabled"] else "可登录" if r["sign_in"] else "",
        )
        for r in rows
    ]
    return Answer(rows, table(lines) if lines else ["还没有人员，请用 jiuzhu user add 新增。"])


def _row(tool: Tool, found: User) -> dict[str, Any]:
    actor = actor_of(found, tool.today())
    return {
        "name": found.login,
        "full_name": found.name,
        "roles": sorted(actor.roles),
        "grants": [{"role": role, "area": area} for role, area in sorted(actor.grants)],
        "sign_in": bool(found.password_hash) and found.disabled_at is None,
        "disabled": found.disabled_at is not None,
    }


@user.command()
@click.argument("name")
@pass_tool
def disable(tool: Tool, name: str) -> Answer:
    """停用账号：立即不能登录，令牌和链接作废。"""
    with tool.database.acting() as conn:
        session = Session(conn)
        found = staff.find_user(session, name)
        staff.disable(session, found, tool.now())
        session.flush()
        login = found.login
    return Answer({"name": login, "disabled": True}, [f"{login} 已停用。"])


@user.command()
@click.argument("name")
@pass_tool
def reset(tool: Tool, name: str) -> Answer:
    """作废现在的密码，显示一个设置新密码用的一次性链接。"""
    with tool.database.acting() as conn:
        session = Session(conn)
        found = staff.find_user(session, name)
        secret = staff.start_reset(session, found, SystemEntropy(), tool.now())
        session.flush()
        login = found.login
    link = _link(tool, secret)
    return Answer(
        {"name": login, "link": link}, [f"请 {login} 本人在 24 小时内打开下面的链接设置密码：", link]
    )


@user.command()
@click.argument("name")
@click.option("--label", default="命令行", help="用途，显示在本人的令牌列表里。")
@pass_tool
def token(tool: Tool, name: str, label: str) -> Answer:
    """发一个接口用的个人令牌，只显示这一次。"""
    with tool.database.acting() as conn:
        session = Session(conn)
        found = staff.find_user(session, name)
        secret = staff.issue_token(session, found, SystemEntropy(), tool.now(), label)
        login = found.login
    return Answer({"name": login, "token": secret}, [secret])


def _read_role(text: str) -> tuple[str, str]:
    role, sign, area = text.partition("=")
    if not sign:
        raise Refused(f"角色请写成 window_clerk=330212101000 的样子，现在是“{text}”。")
    return role.strip(), area.strip()


def _link(tool: Tool, secret: str) -> str:
    return f"{tool.config.public_url.rstrip('/')}/password/{secret}"
