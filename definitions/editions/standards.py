"""Amounts a district sets for itself: dibao standard, minimum wage, property years, supplement rates.

A real district keeps them in a table; rules ask for them through `Standards`. All are dated; a missing one is refused
by name and date, never replaced by an older one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from definitions.editions.number import NumberMissing

SETTINGS = ("urban", "rural")
KINDS: dict[str, str] = {
    "standard": "低保标准",
    "minimum_wage": "最低工资标准",
    "monetary_years": "货币财产限额年数",
    "supplement_elderly": "分类施保标准（老年人）",
    "supplement_minor": "分类施保标准（未成年人）",
    "supplement_severe_disability": "分类施保标准（重度残疾人）",
    "supplement_serious_illness": "分类施保标准（重病患者）",
    "support_free_multiple": "赡养费起算的低保标准倍数",
    "support_share": "赡养费计入比例（0.50 即 50%）",
    "labour_coefficient_able": "有劳动能力成员的劳动力系数（最低工资的倍数）",
    "labour_coefficient_partial": "部分丧失劳动能力成员的劳动力系数（最低工资的倍数）",
    "medical_ratio_dibao": "医疗救助比例（低保对象，0.70 即 70%）",
    "medical_ratio_tekun": "医疗救助比例（特困人员）",
    "medical_ratio_low_edge": "医疗救助比例（低保边缘家庭成员）",
    "medical_ratio_expenditure": "医疗救助比例（支出型困难家庭成员）",
    "medical_ratio_other": "医疗救助比例（其他困难人员）",
    "medical_deductible_low_edge": "医疗救助起付标准（低保边缘家庭成员）",
    "medical_deductible_expenditure": "医疗救助起付标准（支出型困难家庭成员）",
    "medical_deductible_other": "医疗救助起付标准（其他困难人员）",
    "education_preschool": "教育救助标准（学前教育，每学年）",
    "education_compulsory": "教育救助标准（义务教育，每学年）",
    "education_high": "教育救助标准（普通高中，每学年）",
    "education_vocational": "教育救助标准（中等职业教育，每学年）",
    "education_university": "教育救助标准（高等教育，每学年）",
    "tier_1_below": "分档救助第一档：人均月收入低于",
    "tier_1_amount": "分档救助第一档：每人每月金额",
    "tier_2_below": "分档救助第二档：人均月收入低于",
    "tier_2_amount": "分档救助第二档：每人每月金额",
    "tier_3_below": "分档救助第三档：人均月收入低于",
    "tier_3_amount": "分档救助第三档：每人每月金额",
    "tier_4_below": "分档救助第四档：人均月收入低于",
    "tier_4_amount": "分档救助第四档：每人每月金额",
}
"""Kind of local amount -> its label. Yuan a month a person; `monetary_years` is a number of years, a ratio a share of
what is left to pay; a deductible and an amount of education aid are yuan a year.
"""

TIER_KINDS = tuple((f"tier_{number}_below", f"tier_{number}_amount") for number in (1, 2, 3, 4))
"""The kinds of a tier of income, from the lowest: its bound and its amount (M57-23)."""


class Standards(Protocol):
    """The local amounts of one district."""

    def on(self, kind: str, setting: str, day: date) -> Decimal | None:
        """The amount of a kind for `urban` or `rural` on a day; None where none is in force."""


@dataclass(frozen=True, slots=True)
class StandardRow:
    """One local amount with its setting, first and last day, and source."""

    kind: str
    setting: str
    from_: date
    to: date | None
    amount: Decimal
    source: str
    sample: bool = False


class TableStandards:
    """Local amounts held as rows."""

    def __init__(self, rows: Iterable[StandardRow]) -> None:
        self._rows: dict[tuple[str, str], list[StandardRow]] = {}
        for row in rows:
            self._rows.setdefault((row.kind, row.setting), []).append(row)

    def row(self, kind: str, setting: str, day: date) -> StandardRow | None:
        """The row in force, with its source."""
        rows = self._rows.get((kind, setting), ())
        return next((r for r in rows if r.from_ <= day and (r.to is None or day <= r.to)), None)

    def rows(self) -> list[StandardRow]:
        """Every row, in the order in which they answer."""
        return [row for rows in self._rows.values() for row in rows]

    def on(self, kind: str, setting: str, day: date) -> Decimal | None:
        """See `Standards.on`."""
        found = self.row(kind, setting, day)
        return found.amount if found else None


@dataclass(frozen=True, slots=True)
class LocalAmount:
    """A local amount with the source to show beside it."""

    amount: Decimal
    source: str


def find_local(standards: Standards, kind: str, setting: str | None, day: date) -> LocalAmount | None:
    """The local amount, or None. Without a setting it answers where town and country agree, and asks where not."""
    asked = (setting,) if setting else SETTINGS
    amounts = {s: standards.on(kind, s, day) for s in asked}
    found = set(amounts.values())
    if len(found) > 1:
        raise NumberMissing(
            f"{day} 的{KINDS[kind]}城乡不同，请写明 setting（urban 或 rural）。", name=kind, day=day
        )
    amount = found.pop()
    return None if amount is None else LocalAmount(amount, _source(standards, kind, asked[0], day))


def local(standards: Standards, kind: str, setting: str | None, day: date) -> LocalAmount:
    """As `find_local`, but a missing amount raises `NumberMissing` with its name and date."""
    found = find_local(standards, kind, setting, day)
    if found is None:
        where = {"urban": "城镇", "rural": "农村", None: ""}[setting]
        raise NumberMissing(
            f"缺少 {day} 的{where}{KINDS[kind]}（{kind}），不会用以前的数值代替。请导入当日有效的标准，或在资料中写明。",
            name=kind,
            day=day,
        )
    return found


def _source(standards: Standards, kind: str, setting: str, day: date) -> str:
    row = standards.row(kind, setting, day) if isinstance(standards, TableStandards) else None
    return row.source if row else ""
