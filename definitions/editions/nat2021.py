"""Edition NAT2021: national law since 2021-07-01, confirmed by the county."""

from __future__ import annotations

from definitions.editions.national import ARTICLES, DEDUCTIONS, EXCLUDED, FROM, NUMBERS
from definitions.editions.number import Edition

NAT2021 = Edition(
    code="NAT2021",
    title="全国2021（民发〔2021〕57号，县级审核确认）",
    from_=FROM,
    to=None,
    source="M57",
    numbers=NUMBERS,
    excluded_incomes=EXCLUDED,
    deductions=DEDUCTIONS,
    articles=ARTICLES,
)
