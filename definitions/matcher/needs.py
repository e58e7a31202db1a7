"""What the matcher reads: the household document of the rules, and the further facts the items of policy ask for.

Every further fact may be missing: it is then not known, and no item takes it for a yes or a no. The keys of the rules'
own document keep their meaning; only a member's missing `incomes` says here that his income is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from definitions.rules.document import Reader
from definitions.rules.errors import RuleRefused
from definitions.rules.facts import HouseholdFacts
from definitions.rules.household_document import KEYS, MEMBER_KEYS, read_household
from definitions.rules.rigid import SPENDING
from workflow.households import DISABILITIES, LABOUR

SCHOOLS: dict[str, str] = {
    "none": "不在校",
    "preschool": "幼儿园",
    "compulsory": "小学、初中",
    "high_school": "高中、中职",
    "university": "大专、本科",
}
WORK: dict[str, str] = {
    "employed": "有工作",
    "unemployed": "失业、没有工作",
    "retired": "退休",
    "none": "不在劳动年龄或不能劳动",
}
HOUSING: dict[str, str] = {
    "fine": "没有困难",
    "none": "没有住房",
    "crowded": "住房拥挤",
    "dilapidated": "住房危险",
}
EMERGENCIES: dict[str, str] = {
    "none": "没有",
    "fire": "火灾",
    "accident": "交通事故等意外",
    "illness": "突发重病",
    "other": "其他急难",
}
SUPPORTERS: dict[str, str] = {"none": "没有", "unable": "有，但没有能力", "able": "有，有能力"}

HOUSEHOLD_NEEDS = (
    "hukou_here", "bill", "housing", "emergency", "disaster", "supporters", "spending", "average_income",
    "rigid_threshold",
)  # fmt: skip
MEMBER_NEEDS = ("school", "work", "labour", "disability", "illness")
LIGHTEST = 4
"""GB/T 26341: grades one to four."""
SEVERE = (1, 2)

FACTS: dict[str, str] = {
    "members": "家庭成员",
    "incomes": "收入",
    "birth": "出生日期",
    "setting": "户籍在城镇还是农村",
    "standard": "当地标准",
    "property": "家庭财产",
    "hukou_here": "户籍是否在本区",
    "bill": "近 12 个月的医疗费用",
    "housing": "住房情况",
    "emergency": "最近有没有遇到急难",
    "disaster": "最近有没有受灾",
    "supporters": "有没有赡养、抚养义务人",
    "spending": "近 12 个月的刚性支出",
    "average_income": "当地上年人均可支配收入",
    "rigid_threshold": "当地的刚性支出比例",
    "school": "就读情况",
    "work": "就业情况",
    "labour": "劳动能力",
    "disability": "残疾类别和等级",
    "illness": "是否患重病",
}
"""A fact that may be missing -> its name. A path in `Match.missing` is `bill`, or `<member>.school`."""


@dataclass(frozen=True, slots=True)
class Bill:
    """Medical costs of the last 12 months and who paid of them, yuan."""

    total: Decimal
    insurance: Decimal
    charity: Decimal
    other_aid: Decimal


@dataclass(frozen=True, slots=True)
class Member:
    """A living member beside the rules' facts. None: not known; `severe` is also known from a supplement reason."""

    id: str
    age: int | None
    incomes_known: bool
    school: str | None
    work: str | None
    labour: str | None
    disability: str | None
    grade: int | None
    severe: bool | None
    illness: bool | None


@dataclass(frozen=True, slots=True)
class Needs:
    """A household and what it may need help with. None: not known."""

    facts: HouseholdFacts
    members: tuple[Member, ...]
    hukou_here: bool | None
    bill: Bill | None
    housing: str | None
    emergency: str | None
    loss: Decimal | None
    disaster: bool | None
    supporters: str | None
    spending: tuple[tuple[str, Decimal], ...] | None
    average_income: Decimal | None
    rigid_threshold: Decimal | None


def read_needs(document: object, edition: str, as_of: date) -> Needs:
    """The facts of a matcher's document on a day under an edition; raises `RuleRefused` naming the key at fault."""
    doc = Reader(document, (*KEYS, *HOUSEHOLD_NEEDS))
    assert isinstance(document, dict), "the reader has refused what is no object"
    further = doc.parts("members", (*MEMBER_KEYS, *MEMBER_NEEDS), required=True)
    core = {key: value for key, value in document.items() if key in KEYS}
    core |= {"edition": edition, "as_of": as_of.isoformat()}
    core["members"] = [_without(member, MEMBER_NEEDS) for member in document["members"]]
    facts = read_household(core)
    emergency = doc.part("emergency", ("kind", "amount")) if doc.has("emergency") else None
    return Needs(
        facts=facts,
        members=tuple(
            _member(reader, member.supplement_reasons, member.birth, as_of)
            for reader, member in zip(further, facts.members, strict=True)
            if member.alive
        ),
        hukou_here=doc.optional(doc.flag, "hukou_here"),
        bill=_bill(doc.part("bill", ("total", "insurance", "charity", "other_aid")))
        if doc.has("bill")
        else None,
        housing=_word(doc, "housing", HOUSING),
        emergency=emergency.choice("kind", EMERGENCIES) if emergency else None,
        loss=emergency.optional(emergency.amount, "amount") if emergency else None,
        disaster=doc.optional(doc.flag, "disaster"),
        supporters=_word(doc, "supporters", SUPPORTERS),
        spending=tuple(
            (s.choice("kind", SPENDING), s.amount("annual"))
            for s in doc.parts("spending", ("kind", "annual"))
        )
        if doc.has("spending")
        else None,
        average_income=doc.optional(doc.amount, "average_income"),
        rigid_threshold=doc.optional(doc.rate, "rigid_threshold"),
    )


def _member(doc: Reader, reasons: Collection[str], birth: date | None, as_of: date) -> Member:
    card = doc.part("disability", ("kind", "grade")) if doc.has("disability") else None
    grade = card.count("grade") if card else None
    if grade is not None and grade > LIGHTEST:
        raise RuleRefused(f"{doc.at('disability')}.grade 应是 0（没有残疾）或 1 到 {LIGHTEST} 级。")
    severe = True if "severe_disability" in reasons else None if grade is None else grade in SEVERE
    return Member(
        id=doc.text("id"),
        age=None if birth is None else _age(birth, as_of),
        incomes_known=doc.has("incomes"),
        school=_word(doc, "school", SCHOOLS),
        work=_word(doc, "work", WORK),
        labour=_word(doc, "labour", LABOUR),
        disability=_word(card, "kind", DISABILITIES) if card else None,
        grade=grade,
        severe=severe,
        illness=True if "serious_illness" in reasons else doc.optional(doc.flag, "illness"),
    )


def _bill(doc: Reader) -> Bill:
    charity, other = (doc.optional(doc.amount, key) or Decimal(0) for key in ("charity", "other_aid"))
    return Bill(doc.amount("total"), doc.amount("insurance"), charity, other)


def _age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _word(doc: Reader, key: str, among: Mapping[str, str]) -> str | None:
    return doc.choice(key, among) if doc.has(key) else None


def _without(member: dict[str, Any], keys: Collection[str]) -> dict[str, Any]:
    return {key: value for key, value in member.items() if key not in keys}


def fact_in_words(path: str) -> str:
    """A path of `Match.missing` for a reader: `第1人.school` -> 第1人的就读情况."""
    member, _, fact = path.rpartition(".")
    return f"{member}的{FACTS[fact]}" if member else FACTS[fact]
