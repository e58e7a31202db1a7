"""The papers of verification: the report as it was signed, and the form by which a person allows his means to be checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from definitions.letters.report import Report
from definitions.letters.sheet import Letter, Table, day_words
from definitions.verification.comparing import CODES
from definitions.verification.items import ITEMS, UNITS, shown
from definitions.verification.signing import PURPOSES
from definitions.verification.sources import CONCLUSIONS, SOURCES, STATES, TRANSPORTS
from workflow.households import RELATIONS

EVIDENCE = (
    "本报告供审核认定参考，不是救助决定。对核对结果有异议的，可以提出异议并附证明材料，由核对机构重新核对。"
)


def day_of(text: str | None) -> str:
    """An ISO day in words; a dash where there is none."""
    return day_words(date.fromisoformat(text)) if text else "–"


def said(line: Mapping[str, Any], value: str | None) -> str:
    """An amount or fact of a line as people read it."""
    return "–" if value is None else shown(line["item"], value)


def found_words(line: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """What one source says, with its date and road."""
    mark = "，沿用以前的数据" if one["last_known"] else ""
    return f"{SOURCES[one['source']]}：{said(line, one['value'])}（{day_of(one['as_of'])}，{TRANSPORTS[one['transport']]}{mark}）"


def judged(line: Mapping[str, Any]) -> str:
    """What the comparison comes to."""
    if not line["found"]:
        return "各来源未查到"
    return CODES[line["code"]] + ("；来源之间不一致" if line["contradictory"] else "")


FIELDS = {"declared": "申报", "value": "查得", "code": "比对"}
"""The fields of a line in which two versions can differ."""


def changed_words(change: Mapping[str, Any]) -> str:
    """How a line differs from the version before, field by field."""
    return "；".join(
        f"{FIELDS[name]}由{_field(change, name, was)}改为{_field(change, name, now)}"
        for name, (was, now) in change["fields"].items()
    )


def _field(change: Mapping[str, Any], name: str, value: str | None) -> str:
    return CODES[value] if name == "code" and value else said(change, value)


def unit_of(line: Mapping[str, Any]) -> str:
    """The unit of a line's amounts; "" for a fact and where the label names it."""
    kind = ITEMS[line["item"]]
    return UNITS[kind.unit] if kind.kind == "income" else ""


def coverage_words(row: Mapping[str, Any]) -> str:
    """How far a source answered, person by person where it did not do so alike."""
    states: dict[str, list[str]] = {}
    for one in row["people"]:
        words = one["note"] if one["state"] == "superseded" else STATES[one["state"]]
        states.setdefault(words or STATES["superseded"], []).append(one["name"])
    if not states:
        return "没有查询"
    if len(states) == 1:
        return next(iter(states))
    return "；".join(f"{state}：{'、'.join(names)}" for state, names in states.items())


def sheet(body: Mapping[str, Any], office: str) -> Report:
    """The report on paper, from its snapshot alone."""
    people = tuple(
        (one["name"], RELATIONS.get(one["relation"], one["relation"]), f"尾号 {one['id_tail']}" if one["id_tail"] else "没有证件号")
        for one in body["people"]
    )  # fmt: skip
    lines = tuple(
        (
            line["person"] or "全家", line["label"] + (f"（{unit_of(line)}）" if unit_of(line) else ""), said(line, line["declared"]),
            "\n".join(found_words(line, one) for one in line["found"]) or "–", line["tolerance"] or "–", judged(line),
        )
        for line in body["lines"]
    )  # fmt: skip
    sources = tuple((row["label"], coverage_words(row)) for row in body["sources"])
    differing = tuple((one["person"] or "全家", one["label"], changed_words(one)) for one in body["changes"])
    held = tuple(
        (one["number"], one["person"] + (f"（监护人{one['guardian']}代签）" if one["guardian"] else ""), day_of(one["signed_on"]),
         day_of(one["valid_to"]) if one["valid_to"] else "至救助终止")
        for one in body["authorisations"]
    )  # fmt: skip
    tables = (
        Table(("姓名", "与户主关系", "证件号"), people, (2, 2, 2), "一、被核对人"),
        Table(("姓名", "项目", "申报", "查得（来源、数据时点、方式）", "允许偏差", "比对"), lines, (3, 5, 5, 9, 4, 4), "二、申报与查得"),
        Table(("来源部门", "答复情况"), sources, (1, 3), "三、各来源答复情况"),
        Table(("授权编号", "授权人", "签署", "有效期"), held, (4, 4, 3, 3), "四、授权"),
        Table(("姓名", "项目", "与上一版的不同"), differing, (2, 3, 8), "五、更正"),
    )  # fmt: skip
    return Report(
        title="家庭经济状况核对报告",
        number=f"{body['number']} 第{body['version']}版",
        office=office,
        signed_on=date.fromisoformat(body["made_on"]),
        paragraphs=tuple(summary(body)),
        tables=tuple(table for table in tables if table.body),
    )


def summary(body: Mapping[str, Any]) -> list[str]:
    """The report in a few sentences."""
    outcome = f"核对结论：{CONCLUSIONS[body['conclusion']]}。系统比对：{body['against']} 项与申报不符。"
    words = [f"{outcome}核对数据自出具之日起至{day_of(body['valid_until'])}有效。"]
    if body["corrects"]:
        words.append(f"本报告更正 {body['corrects']} 的前一版报告。")
    if body["note"]:
        words.append(f"说明：{body['note']}")
    return [*words, EVIDENCE]


def consent(
    people: Collection[tuple[str, str]], sources: Collection[str], office: str, printed_on: date, address: str
) -> Letter:
    """The form to be signed: whom, by which sources, for what, until when, and that it can be taken back.

    `people` are names with what stands beside them (relation and the tail of the number).
    """
    return Letter(
        kind="authorisation",
        title="家庭经济状况核对授权书",
        number="　　　　　",
        office=office,
        signed_on=printed_on,
        paragraphs=(
            f"本人（本户）授权{office}为{PURPOSES}，向下列部门和机构查询本人的户籍、婚姻、收入、财产等信息：",
            "、".join(SOURCES[code] for code in sources) + "。",
            "授权自签署之日起，至救助终止之日止（含动态复核）。本人可以书面撤回授权；撤回以后不再查询，救助的审核可能因此不能继续。",
            "未成年人和无民事行为能力、限制民事行为能力的人，由监护人代签。",
        ),
        rows=(("住址", address),),
        table=Table(
            ("被核对人", "说明", "本人或监护人签字（手印）", "签署日期"),
            tuple((name, words, "", "") for name, words in people),
            (3, 4, 5, 4),
        ),
        after=("请逐人签字。只查询与救助有关的信息，查询结果保密，不用于其他目的。",),
        basis="《社会救助暂行办法》第58条",
    )
