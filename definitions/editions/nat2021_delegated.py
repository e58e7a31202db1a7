"""Edition NAT2021-DELEGATED: national law since 2021-07-01, confirmation sent down to town and street (M57-2)."""

from __future__ import annotations

from decimal import Decimal

from definitions.editions.national import ARTICLES, DEDUCTIONS, EXCLUDED, FROM, NUMBERS
from definitions.editions.number import Edition, Number

NAT2021_DELEGATED = Edition(
    code="NAT2021-DELEGATED",
    title="全国2021（民发〔2021〕57号，乡镇街道审核确认）",
    from_=FROM,
    to=None,
    source="M57-2",
    numbers=(*NUMBERS, Number("sampling_afterwards_rate", Decimal("0.10"), FROM, None, "M57-2;design")),
    excluded_incomes=EXCLUDED,
    deductions=DEDUCTIONS,
    articles=ARTICLES,
)
