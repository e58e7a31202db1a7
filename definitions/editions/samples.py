"""Sample amounts for Yinzhou, none of them verified: every row is marked sample and ends by 2027-06-30."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from definitions.editions.standards import SETTINGS, StandardRow, TableStandards

END = date(2027, 6, 30)
"""The last day any sample amount is good for."""

STANDARD = (
    (date(2014, 1, 1), "660"),
    (date(2016, 1, 1), "744"),
    (date(2018, 1, 1), "810"),
    (date(2021, 1, 1), "1005"),
    (date(2022, 1, 1), "1100"),
    (date(2024, 1, 1), "1180"),
    (date(2025, 1, 1), "1250"),
)
MINIMUM_WAGE = (
    (date(2015, 11, 1), "1860"),
    (date(2017, 12, 1), "2010"),
    (date(2021, 8, 1), "2280"),
    (date(2024, 1, 1), "2490"),
)
FLAT = {
    "monetary_years": ("3", "ZJ15;sample"),
    "supplement_elderly": ("104", "design;sample"),
    "supplement_minor": ("104", "design;sample"),
    "supplement_severe_disability": ("142", "design;sample"),
    "supplement_serious_illness": ("142", "design;sample"),
    "support_free_multiple": ("1.50", "M57-13;sample"),
    "support_share": ("0.50", "M57-13;sample"),
    "labour_coefficient_able": ("0.80", "N22;sample"),
    "labour_coefficient_partial": ("0.40", "N22;sample"),
    "medical_ratio_dibao": ("0.70", "ZJ-22;sample"),
    "medical_ratio_tekun": ("1.00", "ZJ-22;sample"),
    "medical_ratio_low_edge": ("0.60", "ZJ-22;sample"),
    "medical_ratio_expenditure": ("0.60", "ZJ-22;sample"),
    "medical_ratio_other": ("0.50", "ZJ-22;sample"),
    "medical_deductible_low_edge": ("3000", "ZJ-22;sample"),
    "medical_deductible_expenditure": ("8000", "ZJ-22;sample"),
    "medical_deductible_other": ("8000", "ZJ-22;sample"),
    "education_preschool": ("3000", "ZJ-27;sample"),
    "education_compulsory": ("1250", "ZJ-27;sample"),
    "education_high": ("2500", "ZJ-27;sample"),
    "education_vocational": ("2500", "ZJ-27;sample"),
    "education_university": ("5000", "ZJ-27;sample"),
}
"""Amounts that are the same from the first sample day to the last."""


def sample_rows() -> Iterator[StandardRow]:
    """Every sample amount, urban and rural alike, to seed a district's table."""
    for setting in SETTINGS:
        yield from _series("standard", setting, STANDARD, "ZJ-10;sample")
        yield from _series("minimum_wage", setting, MINIMUM_WAGE, "sample")
        for kind, (amount, source) in FLAT.items():
            yield from _series(kind, setting, ((STANDARD[0][0], amount),), source)


def _series(
    kind: str, setting: str, steps: tuple[tuple[date, str], ...], source: str
) -> Iterator[StandardRow]:
    ends = [start - timedelta(days=1) for start, _ in steps[1:]] + [END]
    for (start, amount), end in zip(steps, ends, strict=True):
        yield StandardRow(kind, setting, start, end, Decimal(amount), source, sample=True)


SAMPLE_STANDARDS = TableStandards(sample_rows())
