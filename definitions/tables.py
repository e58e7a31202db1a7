"""The rules of the law that are tables: how often a household is reviewed, who is visited by the county, who at a review.

Their numbers stand in the editions with their dates and sources; a table lays them out in rows for one edition on one
day, so that no combination is forgotten and the row that decided can be kept on the case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from definitions.editions.catalogue import EDITIONS, edition
from workflow.decision_tables import Column, OneOf, Policy, Row, Table
from workflow.errors import NotFound

CLASSES = {"A": "A 类：长期稳定", "B": "B 类：相对稳定", "C": "C 类：变动较大"}
SETTINGS = {"urban": "城市", "rural": "农村"}
YES, NO = OneOf(True), OneOf(False)
REVIEW_CLASS = Column("review_class", "复核类别", choices=CLASSES)
DOUBT = Column("doubt", "有举报或疑点", "yesno")


def review_period(code: str, day: date) -> Table:
    """Months from one review to the next, by class and setting (M220-33; M57-31)."""
    law, rows = edition(code), list[Row]()
    for review_class in CLASSES:
        for setting in SETTINGS:
            number = law.find(f"review_months_{review_class}", day, setting)
            if number is None:
                continue
            when = {"review_class": OneOf(review_class)}
            when |= {"setting": OneOf(setting)} if number.setting else {}
            assert isinstance(number.value, int)
            row = Row(when, {"months": number.value}, number.source)
            if row not in rows:
                rows.append(row)
    inputs = (REVIEW_CLASS, Column("setting", "城乡", choices=SETTINGS))
    return Table(
        "review_period",
        "复核间隔",
        Policy.UNIQUE,
        inputs,
        (Column("months", "间隔月数", "whole"),),
        tuple(rows),
    )


ALWAYS, DRAWN, NEVER = "always", "drawn", "never"


def county_visit(code: str, day: date) -> Table:
    """Whom the county visits before its opinion: near relatives and doubtful cases always, of the others a share."""
    law = edition(code)
    rate = law.find("sampling_rate", day)
    if rate is not None:
        assert isinstance(rate.value, Decimal)
        last = Row({}, {"visit": DRAWN, "rate": rate.value, "why": "随机抽中"}, rate.source)
    else:
        last = Row({}, {"visit": NEVER, "rate": Decimal(0), "why": ""}, law.source)
    forced = "M220-26;M57-20"
    rows = (
        Row({"near_relative": YES}, {"visit": ALWAYS, "rate": Decimal(1), "why": "近亲属备案"}, forced),
        Row({"doubt": YES}, {"visit": ALWAYS, "rate": Decimal(1), "why": "举报或疑点"}, forced),
        last,
    )
    return Table(
        "county_visit",
        "县级入户抽查",
        Policy.FIRST,
        (Column("near_relative", "经办人员近亲属", "yesno"), DOUBT),
        (
            Column("visit", "是否入户", choices={ALWAYS: "必访", DRAWN: "抽取", NEVER: "事先不抽取"}),
            Column("rate", "比例", "number"),
            Column("why", "事由"),
        ),
        rows,
    )


def review_visit(code: str, day: date) -> Table:
    """Whose home is visited at a review: class C and the doubtful (M220-33; M57-31)."""
    source = edition(code).number("review_months_C", day, "urban").source
    rows = (
        Row({"review_class": OneOf("C")}, {"visit": True}, source),
        Row({"review_class": OneOf("A", "B"), "doubt": YES}, {"visit": True}, source),
        Row({"review_class": OneOf("A", "B"), "doubt": NO}, {"visit": False}, source),
    )
    return Table(
        "review_visit",
        "复核入户",
        Policy.UNIQUE,
        (REVIEW_CLASS, DOUBT),
        (Column("visit", "应当入户", "yesno"),),
        rows,
    )


TABLES: dict[str, Callable[[str, date], Table]] = {
    "review_period": review_period,
    "county_visit": county_visit,
    "review_visit": review_visit,
}
"""Every table by code: made for an edition and a day."""


def table(code: str, edition_code: str, day: date) -> Table:
    """A table as an edition has it on a day. Raises NotFound."""
    if code not in TABLES:
        raise NotFound(f"没有决策表“{code}”；现有：{'、'.join(TABLES)}。")
    return TABLES[code](edition_code, day)


@dataclass(frozen=True)
class Placed:
    """A table of an edition from a day on."""

    edition: str
    day: date
    table: Table


def every_table() -> Iterator[Placed]:
    """All tables of all editions, on each day on which a number of the edition begins."""
    for law in EDITIONS.values():
        days = {law.from_} | {number.from_ for number in law.numbers if number.from_ > law.from_}
        for day in sorted(days):
            for make in TABLES.values():
                yield Placed(law.code, day, make(law.code, day))
