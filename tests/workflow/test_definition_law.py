"""Tables and numbers that definitions share: every rule finds the fault planted for it."""

import pytest

from workflow.decision_tables import Column, OneOf, Policy, Row, Table
from workflow.definition_checks import LAW_RULES, Figure, Laid, Law, check_law


def table(*answers, policy=Policy.UNIQUE) -> Table:
    """A row for each condition on one question; None fits always."""
    inputs, outputs = (Column("doubt", "有疑点", "yesno"),), (Column("visit", "入户", "yesno"),)
    rows = tuple(
        Row({} if when is None else {"doubt": OneOf(when)}, {"visit": True}, "X-1") for when in answers
    )
    return Table("visit", "入户", policy, inputs, outputs, rows)


def laid(made: Table) -> Law:
    return Law(tables=(Laid("NB2016", made, table),))


def figure(source: str) -> Law:
    return Law(figures=(Figure("NB2016", "review_months_A", source, "nb2016.py", 12),))


FAULTS = [
    ("table_answers_every_case", laid(table(True)), "没有一行适用"),
    ("table_answers_once", laid(table(True, False, True)), "第 1、3 行"),
    ("table_row_counts", laid(table(True, None, False, policy=Policy.FIRST)), "第 3 行"),
    ("number_has_source", figure(" "), "source="),
]


@pytest.mark.parametrize("rule, law, told", FAULTS, ids=[rule for rule, _, _ in FAULTS])
def test_a_planted_fault_is_found_by_exactly_its_rule(rule, law, told):
    [finding] = check_law(law)
    assert finding.rule == rule
    assert finding.edition == "NB2016"
    assert told in str(finding)


def test_every_rule_has_a_planted_fault():
    assert set(LAW_RULES) == {rule for rule, _, _ in FAULTS}


def test_a_finding_names_the_function_that_lays_the_table_out():
    [finding] = check_law(laid(table(True)))
    assert (finding.file, finding.place) == (__file__, "visit")
    assert finding.line == table.__code__.co_firstlineno


@pytest.mark.parametrize(
    "law", [laid(table(True, False)), laid(table(True, None, policy=Policy.FIRST)), figure("X-1")]
)
def test_what_is_whole_has_no_finding(law):
    assert check_law(law) == []
