"""Edition NB2016: the district's trial of 2016 under R649, the Zhejiang regulation (ZJ) and M220."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from definitions.editions.number import Edition, Kind, Number, Value

R649, ZJ, M220, ZJ15 = date(2014, 5, 1), date(2014, 11, 1), date(2012, 12, 12), date(2015, 3, 1)
FROM, TO = date(2016, 9, 4), date(2021, 6, 30)


def _n(
    name: str, value: Value, from_: date, source: str, setting: str | None = None, sample: bool = False
) -> Number:
    return Number(name, value, from_, TO, source, setting, sample)


NUMBERS = (
    _n("low_edge_multiple", Decimal("1.5"), ZJ, "ZJ-13"),
    _n("low_edge_inclusive", True, ZJ, "ZJ-13"),
    _n("low_edge_capped", True, ZJ, "ZJ-13"),
    _n("standard_wage_share_min", Decimal("0.40"), ZJ, "ZJ-10"),
    _n("standard_wage_share_max", Decimal("0.50"), ZJ, "ZJ-10"),
    _n("rural_urban_share_min", Decimal("0.70"), ZJ, "ZJ-10"),
    _n("monetary_years_min", Decimal("3"), ZJ15, "ZJ15"),
    _n("monetary_years_max", Decimal("4"), ZJ15, "ZJ15"),
    _n("vehicles_max", 0, ZJ15, "ZJ15"),
    _n("commercial_premises_max", 0, ZJ15, "ZJ15"),
    _n("dwellings_free", 1, ZJ15, "ZJ15"),
    _n("dwellings_by_area", 2, ZJ15, "ZJ15"),
    _n("disregard_months_min", 6, ZJ, "ZJ-50"),
    _n("disregard_months_max", 12, ZJ, "ZJ-50"),
    _n("disregard_multiple", Decimal("3"), ZJ, "ZJ-50"),
    _n("review_months_A", 12, M220, "M220-33"),
    _n("review_months_B", 6, M220, "M220-33"),
    _n("review_months_C", 1, M220, "M220-33", "urban"),
    _n("review_months_C", 3, M220, "M220-33", "rural"),
    _n("pay_day", 10, M220, "M220-31"),
    _n("quarterly_rural", True, M220, "M220-31"),
    _n("rounding", "fen", FROM, "design"),
    _n("sampling_rate", Decimal("0.30"), M220, "M220-26"),
    _n("near_relative_visit_share", Decimal("1"), M220, "M220-26"),
    _n("publicity", "7d", M220, "M220-25;M220-29;ZJ-11"),
    _n("publicity_rounds", 2, M220, "M220-25;M220-29"),
    _n("appraisal_share", Fraction(2, 3), M220, "M220-22"),
    _n("correction_term", "30d", FROM, "design"),
    _n("check_objection_term", "15d", FROM, "design"),
    _n("objection_term", "20wd", FROM, "M220-29"),
    _n("change_review_term", "30d", FROM, "design"),
    _n("death_review_term", "3m", FROM, "N22"),
    _n("review_opens_days_before", 30, FROM, "design"),
    _n("referral_term", "20wd", FROM, "design"),
    _n("temporary_multiple", Decimal("6"), ZJ, "ZJ-39"),
    _n("clergy_apart_years", 3, M220, "M220-5"),
    _n("temporary_multiple_exceptional", Decimal("12"), ZJ, "ZJ-39"),
    _n("selfcare_part_min", 1, FROM, "TK16;sample", sample=True),
    _n("selfcare_full_min", 4, FROM, "TK16;sample", sample=True),
    _n("fine_multiple_min", Decimal("1"), R649, "R649-68"),
    _n("fine_multiple_max", Decimal("3"), R649, "R649-68"),
)

EXCLUDED = (
    Kind("special_care_pay", "优待抚恤金", ZJ15, TO, "ZJ15;R271-2", sample=True),
    Kind("family_planning_award", "计划生育奖励扶助金", ZJ15, TO, "ZJ15", sample=True),
    Kind("scholarship", "奖学金、助学金", ZJ15, TO, "ZJ15", sample=True),
    Kind("bravery_award", "见义勇为奖励", ZJ15, TO, "ZJ15", sample=True),
    Kind("government_aid", "政府发放的社会救助款物", ZJ15, TO, "ZJ15", sample=True),
)

DEDUCTIONS = (
    Kind("employment_cost", "必要的就业成本", ZJ15, TO, "ZJ15", sample=True),
    Kind("illness", "患病增加的刚性支出", ZJ15, TO, "ZJ15", sample=True),
    Kind("disability", "残疾增加的刚性支出", ZJ15, TO, "ZJ15", sample=True),
    Kind("other", "其他依规定扣减的支出", ZJ15, TO, "ZJ15", sample=True),
)

NB2016 = Edition(
    code="NB2016",
    title="宁波2016（区试行办法、省条例、民发〔2012〕220号）",
    from_=FROM,
    to=TO,
    source="SEED",
    numbers=NUMBERS,
    excluded_incomes=EXCLUDED,
    deductions=DEDUCTIONS,
    articles={
        "members": "M220-5",
        "income": "M220-16",
        "standard": "R649-10;ZJ-10",
        "income_test": "R649-9;ZJ-9",
        "property": "M220-17;ZJ15",
        "base": "M220-27",
        "supplement": "R649-12;M220-28",
        "share_forfeited": "R649-45;ZJ-36",
        "low_edge": "ZJ-13",
        "first_month": "M220-29;ZJ-56",
        "pay": "M220-31",
        "review": "M220-33",
        "temporary": "R649-48;ZJ-39",
        "medical": "R649-29;ZJ-22",
        "selfcare": "TK16;sample",
        "recovery": "R649-68",
        "disregard": "ZJ-50",
        "rigid": "ZJ-41",
    },
)
