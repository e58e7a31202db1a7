"""`definitions release|releases|order|diff|new`: releasing editions, putting them in force, comparing and beginning them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from web.cli.base import Answer, Tool, pass_tool, read_day, table, write_file
from web.cli.law import definitions
from workflow.actors import Actor, actor_of
from workflow.catalogue import Blueprint, Catalogue
from workflow.errors import NotFound, Refused
from workflow.models import EditionOrder, EditionPeriod, Release, User
from workflow.periods import local_date
from workflow.releases.pins import SHORT

BY = click.option("--by", "login", required=True, metavar="登录名", help="谁办理：起草和签发须是两个人。")


def actor_named(session: Session, login: str, now: datetime) -> Actor:
    """Who acts by a command. Raises NotFound."""
    found = session.scalar(select(User).where(User.login == login).options(selectinload(User.assignments)))
    if found is None:
        raise NotFound(f"没有登录名“{login}”。")
    return actor_of(found, local_date(now))


def read_name(catalogue: Catalogue, name: str) -> tuple[Blueprint, str]:
    """`dibao:NAT2021` as blueprint and edition. Raises Refused, NotFound."""
    code, _, edition = name.partition(":")
    if not edition:
        raise Refused(f"请写成“流程:版本”，例如 dibao:NAT2021，现在是“{name}”。")
    catalogue.editions(code)
    return catalogue.get(code, edition), edition


@definitions.command()
@click.argument("name", metavar="流程:版本")
@BY
@click.option("--confirm", is_flag=True, help="签发已经起草的发布单（须是另一个人）。")
@click.option("--from", "from_date", default=None, help="实施日期，不写就是今天。")
@pass_tool
def release(tool: Tool, name: str, login: str, confirm: bool, from_date: str | None) -> Answer:
    """发布一个流程版本：一人起草，看差别和影响；另一人用 --confirm 签发。"""
    from definitions import CATALOGUE
    from definitions.releasing import bound
    from workflow.releases import release as releases

    now = tool.now()
    with tool.database.acting() as conn, Session(conn) as session:
        blueprint, edition = read_name(CATALOGUE, name)
        actor = actor_named(session, login, now)
        if confirm:
            waiting = select(Release).where(
                Release.definition == blueprint.code, Release.edition == edition, Release.signed_at.is_(None)
            )
            pending = session.scalar(waiting)
            if pending is None:
                raise Refused(f"{name} 没有等待签发的发布单，请先起草。")
            row = releases.confirm(session, CATALOGUE, bound(), pending.id, actor=actor, now=now)
        else:
            day = read_day(from_date, "实施日期") if from_date else tool.today()
            row = releases.propose(session, blueprint, edition, bound(), from_date=day, actor=actor, now=now)
        return _release_answer(row, confirm)


def _release_answer(row: Release, signed: bool) -> Answer:
    effects = row.effects
    lines = [
        f"{row.definition}:{row.edition} 第 {row.revision} 版，指纹 {row.fingerprint[:SHORT]}，自 {row.from_date} 起实施。"
    ]
    lines += [f"  {one['text']}" for one in effects["differences"]] or [
        "  与上一版没有差别（第一版，或只改了文书、数值）。"
    ]
    lines.append(f"在办 {effects['open_cases']} 件。")
    lines.append(f"已由{row.signed_name}签发。" if signed else "已起草，请另一位有权的人加 --confirm 签发。")
    return Answer({"id": row.id, "definition": row.definition, "edition": row.edition, "revision": row.revision,
                   "fingerprint": row.fingerprint, "signed": signed, "effects": effects}, lines)  # fmt: skip


@definitions.command("releases")
@pass_tool
def releases_(tool: Tool) -> Answer:
    """列出每个流程版本的发布情况：指纹、谁签发、与程序是否一致。"""
    from definitions import CATALOGUE
    from definitions.releasing import bound
    from workflow.releases.release import standings

    with tool.database.reading() as session:
        rows: list[dict[str, Any]] = [
            {
                "definition": one.blueprint.code, "edition": one.edition, "revision": one.newest.revision if one.newest else None,
                "fingerprint": one.newest.fingerprint if one.newest else None, "signed_by": one.newest.signed_name if one.newest else None,
                "from_date": one.newest.from_date if one.newest else None, "sound": one.sound, "waiting": one.pending is not None,
                "differences": list(one.differences),
            }
            for one in standings(session, CATALOGUE, bound())
        ]  # fmt: skip
    lines = table(
        (f"{r['definition']}:{r['edition']}", r["revision"] or "–", (r["fingerprint"] or "未发布")[:SHORT], r["signed_by"] or "",
         "一致" if r["sound"] else "与程序不同" if r["revision"] else "未发布", "有待签发" if r["waiting"] else "")
        for r in rows
    )  # fmt: skip
    return Answer(rows, lines)


@definitions.command()
@click.argument("edition")
@BY
@click.option("--from", "from_date", default="", help="生效日期（今天以后）。")
@click.option("--source", default="", help="依据哪一份文件。")
@click.option("--confirm", "order_id", type=int, default=None, help="签发这个编号的生效令（须是另一个人）。")
@pass_tool
def order(tool: Tool, edition: str, login: str, from_date: str, source: str, order_id: int | None) -> Answer:
    """让一个规则版本从某日起生效：一人起草，另一人签发。"""
    from definitions import CATALOGUE
    from workflow.releases.timetable import confirm_order, propose_order

    now = tool.now()
    with tool.database.acting() as conn, Session(conn) as session:
        actor = actor_named(session, login, now)
        if order_id is not None:
            row: EditionOrder = confirm_order(session, CATALOGUE, order_id, actor=actor, now=now)
        else:
            day = read_day(from_date, "生效日期")
            row = propose_order(
                session, CATALOGUE, edition, from_date=day, source=source, actor=actor, now=now
            )
        said = f"{row.edition} 自 {row.from_date} 起生效，依据 {row.source}"
        found = {
            "id": row.id,
            "edition": row.edition,
            "from_date": row.from_date,
            "signed": row.signed_at is not None,
            "effects": row.effects,
        }
        periods = session.scalars(select(EditionPeriod).order_by(EditionPeriod.from_date))
        found["timetable"] = [{"from": p.from_date, "to": p.to_date, "edition": p.edition} for p in periods]
    done = "已签发。" if found["signed"] else f"已起草，请另一位有权的人用 --confirm {found['id']} 签发。"
    return Answer(found, [f"{said}。", done])


@definitions.command()
@click.argument("before", metavar="流程:版本")
@click.argument("after", metavar="流程:版本")
@click.option("--svg", type=click.Path(path_type=Path), default=None, help="把两版并排的图写进这个文件。")
@click.option("--wording/--no-wording", default=True, help="是否列出只改用语的地方。")
@pass_tool
def diff(_tool: Tool, before: str, after: str, svg: Path | None, wording: bool) -> Answer:
    """两个流程版本有什么不同：逐项用文字，也可以画成并排的图。"""
    from definitions import CATALOGUE
    from workflow.pictures import document
    from workflow.pictures.side_by_side import side_by_side
    from workflow.releases.compare import compare

    old, new = read_name(CATALOGUE, before)[0], read_name(CATALOGUE, after)[0]
    found = compare(document(old), document(new), wording=wording)
    if svg is not None:
        write_file(svg, side_by_side(old, new).encode())
    lines = [str(one) for one in found] or ["没有不同。"]
    return Answer({"before": before, "after": after, "differences": [one.as_json() for one in found]}, lines)


@definitions.command()
@click.argument("code")
@click.option("--title", default="新的救助项目", help="流程名称。")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("definitions"),
    help="definitions 所在的文件夹。",
)
@pass_tool
def new(_tool: Tool, code: str, title: str, folder: Path) -> Answer:
    """写一个新流程的开头：一个带注释、能通过检查的文件，并登记到流程目录。"""
    from definitions import CATALOGUE
    from definitions.beginning import begin

    paths = begin(code, title, folder, CATALOGUE)
    return Answer(
        [str(path) for path in paths],
        [f"已写 {path}" for path in paths] + ["接着改写这个文件，再运行 jiuzhu definitions check。"],
    )
