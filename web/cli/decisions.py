"""`definitions tables`: the decision tables, to read or as DMN."""

from __future__ import annotations

import click

from web.cli.base import Answer, Tool, pass_tool, read_day
from web.cli.law import definitions
from workflow.errors import Refused


@definitions.command()
@click.argument("code", default="")
@click.option("--edition", default="", help="规则版本；不写就是所有版本。")
@click.option("--on", "day", default="", metavar="DATE", help="哪一天的数值；不写就是今天。")
@click.option(
    "--format", "form", type=click.Choice(["md", "dmn"]), default="md", help="md 或 dmn（DMN 1.3）。"
)
@pass_tool
def tables(tool: Tool, code: str, edition: str, day: str, form: str) -> Answer:
    """决策表：列出一张或全部，或用 DMN 1.3 导出一张。"""
    from definitions.editions.catalogue import EDITIONS
    from definitions.tables import TABLES, table
    from workflow.decision_tables import dmn, sheet

    on = read_day(day) if day else tool.today()
    codes, editions = [code] if code else list(TABLES), [edition] if edition else list(EDITIONS)
    found = [(name, table(one, name, on)) for one in codes for name in editions]
    if form == "dmn":
        if len(found) != 1:
            raise Refused("DMN 一次只导出一张表，请写明表的代码和 --edition。")
        document = dmn(found[0][1])
        return Answer({"dmn": document}, [document])
    rows = [{"edition": name, "table": one.code, "digest": one.digest} for name, one in found]
    return Answer(rows, [f"{name}\n\n{sheet(one)}" for name, one in found])
