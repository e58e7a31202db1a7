"""`export xes FILE` and `export ocel FILE`: the journal for process mining."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from web.cli.base import Answer, Tool, read_day
from workflow.areas import check_area_code
from workflow.catalogue import Catalogue
from workflow.errors import Refused
from workflow.eventlogs import Chosen, Pseudonyms, ocel, xes
from workflow.eventlogs.events import traces

Written = Callable[[Session, Catalogue, Chosen, Pseudonyms], Iterator[str]]

LOGS: dict[str, Written] = {
    "xes": lambda session, catalogue, chosen, names: xes(traces(session, catalogue, chosen, names)),
    "ocel": lambda session, catalogue, chosen, names: ocel(lambda: traces(session, catalogue, chosen, names)),
}
"""Name of a format -> its text piece by piece."""


def narrowing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose cases."""
    for option in (
        click.option("--definition", default="", help="只导出这个流程。"),
        click.option("--edition", default="", help="只导出这个规则版本的案件。"),
        click.option("--area", multiple=True, metavar="CODE", help="只导出这个区划的案件，可以写多个。"),
        click.option("--from", "first", default="", metavar="DATE", help="从这一天起开办的案件。"),
        click.option("--to", "last", default="", metavar="DATE", help="到这一天为止开办的案件。"),
        click.option("--plain", is_flag=True, help="用真实的受理号和工作人员姓名，不用化名。"),
    ):
        command = option(command)
    return command


def write_log(
    tool: Tool, kind: str, file: Path, *, definition: str, edition: str, area: tuple[str, ...], first: str,
    last: str, plain: bool,
) -> Answer:  # fmt: skip
    """Write the log as it is read, whole or not at all. Raises Refused."""
    catalogue = tool.edge.office.catalogue
    if definition and not any(edition in ("", *one.editions) for one in catalogue.editions(definition)):
        raise Refused(f"流程“{definition}”没有“{edition}”版本。")
    chosen = Chosen(
        definition, edition, tuple(map(check_area_code, area)),
        read_day(first, "开始日期") if first else None, read_day(last, "结束日期") if last else None,
    )  # fmt: skip
    names = Pseudonyms(tool.config.secret_key, plain=plain)
    part = file.with_name(f"{file.name}.part")
    try:
        with tool.database.reading() as session, part.open("w", encoding="utf-8") as stream:
            for piece in LOGS[kind](session, catalogue, chosen, names):
                stream.write(piece)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(f"写不进 {file}：{error.strerror}。") from None
    size = file.stat().st_size
    told = "真实受理号和姓名，请妥善保管" if plain else "人员和案件用化名"
    return Answer(
        {"file": str(file), "bytes": size, "plain": plain}, [f"已导出到 {file}（{size} 字节，{told}）。"]
    )
