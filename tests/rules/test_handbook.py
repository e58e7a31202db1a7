"""The handbook shows every number there is, with its source."""

from __future__ import annotations

from definitions.editions.catalogue import EDITIONS
from definitions.editions.names import NAMES
from definitions.editions.samples import sample_rows
from definitions.rules.calc import RULES
from definitions.rules.handbook import FORMULAS, handbook


def test_the_handbook_holds_every_edition_number_and_rule():
    text = handbook()

    assert all(f"规则版本 {code}" in text for code in EDITIONS)
    assert all(label in text for label in NAMES.values())
    assert text.count("\n| 低保标准 |") == sum(row.kind == "standard" for row in sample_rows())
    assert all(any(rule in title for title in FORMULAS) for rule in RULES)
