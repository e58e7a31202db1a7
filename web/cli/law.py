"""`definitions list|show|check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from sqlalchemy import or_, select

from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, table
from workflow.catalogue import Blueprint, Catalogue
from workflow.definition_checks import Finding
from workflow.errors import BadConfiguration, NotFound
from workflow.models import EditionPeriod


@main.group()
def definitions() -> None:
    """流程定义：列表、图表、检查。"""


@definitions.command("list")
@pass_tool
def list_(_tool: Tool) -> Answer:
    """列出这里运行的流程。"""
    from definitions import CATALOGUE

    rows = [_row(CATALOGUE, code) for code in CATALOGUE.codes]
    lines = table((r["code"], r["title"], "、".join(r["editions"])) for r in rows)
    return Answer(rows, lines)


def _row(catalogue: Catalogue, code: str) -> dict[str, Any]:
    found = [blueprint for blueprint in catalogue if blueprint.code == code]
    return {
        "code": code,
        "title": found[0].title,
        "editions": [edition for b in found for edition in b.editions],
        "stages": list(dict.fromkeys(stage for b in found for stage in b.stages)),
        "actions": list(dict.fromkeys(action for b in found for action in b.actions)),
    }


@definitions.command()
@click.argument("code")
@click.option("--edition", default=None, help="规则版本；不写就是最新的一个。")
@click.option("--format", "form", default="md", help="md、mermaid、svg、text、bpmn、scxml 或 json。")
@pass_tool
def show(_tool: Tool, code: str, edition: str | None, form: str) -> Answer:
    """把一个流程画成图、排成表。"""
    from definitions import CATALOGUE
    from workflow import pictures

    blueprint = _find(CATALOGUE, code, edition)
    return Answer(pictures.document(blueprint), [pictures.show(blueprint, form)])


def _find(catalogue: Catalogue, code: str, edition: str | None) -> Blueprint:
    if code not in catalogue.codes:
        raise NotFound(f"没有流程“{code}”；现有：{'、'.join(catalogue.codes)}。")
    if edition is not None:
        return catalogue.get(code, edition)
    return [blueprint for blueprint in catalogue if blueprint.code == code][-1]


def _changed_since_release(tool: Tool) -> list[str]:
    """Differences from what was released in this database; nothing where there is none yet."""
    from definitions import CATALOGUE
    from definitions.releasing import bound
    from workflow.releases.release import standings

    try:
        database = tool.database
    except BadConfiguration:
        return []
    with database.reading() as session:
        return [
            f"{one.name} 发布后被改动：{what}"
            for one in standings(session, CATALOGUE, bound())
            for what in one.differences
        ]


@definitions.command()
@click.argument("folder", default="docs/definitions", type=click.Path(path_type=Path))
@pass_tool
def docs(_tool: Tool, folder: Path) -> Answer:
    """把所有流程的表和图写进一个文件夹（默认 docs/definitions），计算规则与数值写进它旁边的 rules.md。"""
    from definitions import CATALOGUE
    from definitions.rules.handbook import handbook
    from workflow import pictures

    paths = [str(path) for path in pictures.write_docs(CATALOGUE, folder)]
    rules, text = folder.parent / "rules.md", handbook()
    if not rules.exists() or rules.read_text("utf-8") != text:
        rules.write_text(text, "utf-8")
        paths.append(str(rules))
    return Answer(paths, paths or ["没有变化。"])


@definitions.command()
@click.option(
    "--roster", is_flag=True, help="还核对现有人员：每个环节、每个地方有没有人可办，经办与审批能不能分开。"
)
@click.option("--translations", is_flag=True, help="还核对每一处文字有没有各种语言的译文。")
@pass_tool
def check(tool: Tool, *, roster: bool, translations: bool) -> Answer:
    """检查所有流程定义：每个环节有人办、有时限、能办结，每项拒绝有理由；有数据库时还核对发布后有没有被改动。"""
    from definitions import CATALOGUE
    from definitions.editions.catalogue import EDITIONS
    from definitions.proving import law
    from definitions.tables import TABLES
    from workflow.definition_checks import LAW_RULES, RULES, check_law
    from workflow.definition_checks import check as find
    from workflow.definition_checks import roster as people

    rules = [*RULES, *LAW_RULES, *(people.RULES if roster else ())]
    found = [*find(CATALOGUE, EDITIONS, _translated() if translations else None), *check_law(law())]
    found += _without_people(tool) if roster else []
    lines = [*map(str, found), *_changed_since_release(tool)]
    fault = f"流程定义有 {len(lines)} 处问题。" if lines else ""
    count = sum(1 for _ in CATALOGUE)
    fine = f"{count} 个流程定义，{len(TABLES)} 张决策表，{len(rules)} 条规则，没有问题。"
    return Answer({"findings": lines}, lines or [fine], fault)


def _translated() -> set[str]:
    """The texts that every language offered has words for."""
    from babel.messages.pofile import read_po

    from web import i18n

    known: list[set[str]] = []
    for path in i18n.FOLDER.glob("*/LC_MESSAGES/messages.po"):
        with path.open("rb") as file:
            catalog = read_po(file)
        known.append({str(one.id) for one in catalog if one.id and all(i18n.forms(one.string))})
    return set.intersection(*known)


def _without_people(tool: Tool) -> list[Finding]:
    """Where nobody is left today, in the edition in force and those still to come. Raises BadConfiguration."""
    from definitions import CATALOGUE
    from workflow.definition_checks.roster import check_roster, read_roster

    with tool.database.reading() as session:
        today = tool.today()
        rows = session.scalars(
            select(EditionPeriod).where(or_(EditionPeriod.to_date.is_(None), EditionPeriod.to_date >= today))
        )
        return check_roster(CATALOGUE, read_roster(session, today), frozenset(row.edition for row in rows))
