"""National law since 2021-07-01, shared by the two NAT2021 editions: M57, TK21, N22, GX24 under R649.

National law alone: what a province adds (caps of temporary aid, employment disregard) is no part of it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from definitions.editions.number import Kind, Number

R649, M57, N22, GX24 = date(2014, 5, 1), date(2021, 7, 1), date(2022, 10, 20), date(2025, 1, 1)
FROM = M57

NUMBERS = (
    Number("low_edge_multiple", Decimal("1.5"), M57, None, "M57-8"),
    Number("low_edge_inclusive", False, M57, None, "M57-8"),
    Number("low_edge_capped", False, M57, None, "M57-8"),
    Number("vehicles_max", 0, M57, None, "M57-14;ZJ15;sample", sample=True),
    Number("commercial_premises_max", 0, M57, None, "M57-14;ZJ15;sample", sample=True),
    Number("dwellings_free", 1, M57, None, "M57-14;ZJ15;sample", sample=True),
    Number("dwellings_by_area", 2, M57, None, "M57-14;ZJ15;sample", sample=True),
    Number("gradual_exit_months_max", 6, N22, None, "N22;M57-33"),
    Number("review_months_A", 12, M57, None, "M57-31;O20"),
    Number("review_months_B", 12, M57, None, "M57-31"),
    Number("review_months_C", 6, M57, None, "M57-31"),
    Number("pay_day", None, M57, None, "M57-25"),
    Number("quarterly_rural", False, M57, None, "M57-25"),
    Number("rounding", "fen", M57, None, "design"),
    Number("tekun_sampling_rate", Decimal("0.30"), M57, None, "TK21-16"),
    Number("near_relative_visit_share", Decimal("1"), M57, None, "M57-20"),
    Number("publicity", "7d", M57, None, "M57-19"),
    Number("publicity_rounds", 1, M57, None, "M57-19;M57-24"),
    Number("appraisal_share", Fraction(2, 3), M57, None, "M57-19;design"),
    Number("correction_term", "30d", M57, None, "design"),
    Number("check_objection_term", "15d", M57, None, "design"),
    Number("objection_term", "10wd", M57, None, "design"),
    Number("change_review_term", "30d", M57, None, "design"),
    Number("death_review_term", "3m", M57, None, "N22"),
    Number("review_opens_days_before", 30, M57, None, "design"),
    Number("clergy_apart_years", 3, M57, None, "M57-7"),
    Number("referral_term", "20wd", M57, None, "design"),
    Number("selfcare_part_min", 1, M57, None, "TK21-22"),
    Number("selfcare_full_min", 4, M57, None, "TK21-22"),
    Number("rigid_floor_multiple", Decimal("1.5"), GX24, None, "GX24-4;M57-8"),
    Number("rigid_validity_months", 12, GX24, None, "GX24-10"),
    Number("fine_multiple_min", Decimal("1"), R649, None, "R649-68"),
    Number("fine_multiple_max", Decimal("3"), R649, None, "R649-68"),
)

EXCLUDED = (
    Kind("special_care_pay", "优待抚恤金", M57, None, "M57-13"),
    Kind("family_planning_award", "计划生育奖励扶助金", M57, None, "M57-13"),
    Kind("scholarship", "奖学金、助学金", M57, None, "M57-13"),
    Kind("bravery_award", "见义勇为奖励", M57, None, "M57-13"),
    Kind("government_aid", "政府发放的社会救助款物", M57, None, "M57-13"),
    Kind("base_pension", "中央确定的基础养老金（“十四五”期间）", M57, date(2025, 12, 31), "M57-13"),
)

DEDUCTIONS = (
    Kind("employment_cost", "必要的就业成本", M57, None, "M57-13"),
    Kind("illness", "患病增加的刚性支出", M57, None, "M57-13"),
    Kind("disability", "残疾增加的刚性支出", M57, None, "M57-13"),
    Kind("other", "其他依规定扣减的支出", M57, None, "M57-13"),
)

ARTICLES = {
    "members": "M57-7",
    "income": "M57-13",
    "standard": "R649-10",
    "income_test": "R649-9",
    "property": "M57-14;ZJ15;sample",
    "base": "M57-23",
    "tiers": "M57-23",
    "supplement": "R649-12;M57-27",
    "share_forfeited": "R649-45;M57-34",
    "low_edge": "M57-8;N22",
    "first_month": "M57-21",
    "pay": "M57-25",
    "review": "M57-31",
    "temporary": "R649-48;GF47",
    "medical": "R649-29",
    "selfcare": "TK21-21,22",
    "recovery": "R649-68",
    "disregard": "M57-33",
    "gradual_exit": "M57-33;N22",
    "rigid": "GX24-4",
}
