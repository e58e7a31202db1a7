"""How each kind of help is set going from the window: a case of its own here, or a referral to the department in charge."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """One programme. `opens` names its definition where it is handled here; `department` is whom a referral goes to.

    `also` are kinds of papers worth having there beside those its actions need; `once`: a household has one at a time.
    """

    label: str
    department: str
    opens: str = ""
    also: tuple[str, ...] = ()
    once: bool = False


WAYS: dict[str, Way] = {
    "dibao": Way(
        "最低生活保障",
        "civil_affairs",
        "dibao",
        ("income_proof", "disability_card", "illness_proof"),
        once=True,
    ),
    "low_edge": Way("低保边缘家庭认定", "civil_affairs"),
    "tekun": Way("特困人员供养", "civil_affairs"),
    "rigid": Way("刚性支出困难家庭认定", "civil_affairs"),
    "medical": Way(
        "医疗救助", "health_insurance", "medical", ("illness_proof", "medical_bill", "insurance_sheet")
    ),
    "education": Way("教育救助", "education", "education"),
    "housing": Way("住房救助", "housing"),
    "employment": Way("就业救助", "social_security"),
    "temporary": Way("临时救助", "civil_affairs"),
    "disability": Way("残疾人两项补贴", "disabled"),
    "disaster": Way("受灾人员救助", "emergency"),
    "charity": Way("慈善帮扶", "charity"),
    "other": Way("其他事项", ""),
}
"""Programme of the matcher -> its way (R649-60; ZJ-53: handled here or handed on in time)."""

LABELS = {code: way.label for code, way in WAYS.items()}

OPEN, REFER, NOT_WANTED, NOT_ENTITLED = "open", "refer", "not_wanted", "not_entitled"
DECISIONS = {OPEN: "开办", REFER: "转办", NOT_WANTED: "不需要", NOT_ENTITLED: "不符合条件"}
"""What the clerk may decide about a programme. Whoever insists on applying is let apply: that is `open` (R649-11)."""

GOING = frozenset({OPEN, REFER})

REFERRAL = "referral"
"""The definition of a referral to a department."""


def definition_of(decision: str, item: str) -> str:
    """The definition of which this decision opens a case, "" where it opens none."""
    return WAYS[item].opens if decision == OPEN else REFERRAL if decision == REFER else ""
