"""The handbook shows every number there is, with its source."""

from __future__ import annotations

from pathlib import Path

from definitions.editions.catalogue import EDITIONS
from definitions.editions.names import NAMES
from definitions.editions.samples import sample_rows
from definitions.editions.sources import cite
from definitions.rules.calc import RULES
from definitions.rules.handbook import FORMULAS, handbook


def test_the_handbook_holds_every_edition_number_and_rule():
    text = handbook()

    assert all(f"规则版本 {code}" in text for code in EDITIONS)
    assert all(label in text for label in NAMES.values())
    assert text.count("\n| 低保标准 |") == sum(row.kind == "standard" for row in sample_rows())
    assert all(any(rule in title for title in FORMULAS) for rule in RULES)


def test_every_formula_cites_its_clause_in_every_edition():
    text = handbook()

    for formulas in FORMULAS.values():
        for formula, article in formulas:
            (line,) = [line for line in text.splitlines() if line.startswith(f"| {formula} |")]
            assert all(code in line for code in EDITIONS), article
            clauses = [law.articles.get(article) for law in EDITIONS.values()]
            assert any(clauses)
            assert all((cite(clause) if clause else "没有这一规定") in line for clause in clauses)


def test_the_written_handbook_is_up_to_date():
    written = Path(__file__).resolve().parents[2] / "docs" / "rules.md"

    assert written.read_text("utf-8") == handbook(), (
        "run `jiuzhu definitions docs`, read the difference and commit it"
    )
