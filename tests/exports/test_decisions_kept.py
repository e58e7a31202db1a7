"""What the tables decided stands on the cases, with row, inputs and source, and answers the same when asked again."""

from datetime import date

import pytest
from sqlalchemy import select

from definitions.tables import table
from workflow.journal import state_digest, verify
from workflow.models import Case, Draw


def kept(database, code):
    with database.reading() as session:
        return [
            (case, case.facts["decisions"][code])
            for case in session.scalars(select(Case))
            if code in case.facts.get("decisions", {})
        ]


@pytest.mark.parametrize("code", ["county_visit", "review_period", "review_visit"])
def test_the_row_that_fired_is_kept_and_fires_again_on_its_inputs(districts, code):
    found = [one for database in districts.values() for one in kept(database, code)]
    assert found
    for case, decision in found:
        again = table(
            code, case.edition, date(2024, 12, 31) if case.opened_at.year > 2021 else case.opened_at.date()
        )
        assert again.decide(decision["inputs"]).as_json() | {"digest": ""} == decision | {"digest": ""}


def test_who_is_drawn_follows_the_row(districts):
    with districts["NB2016"].reading() as session:
        rows = {draw.case_id: draw for draw in session.scalars(select(Draw))}
    decided = kept(districts["NB2016"], "county_visit")
    assert rows
    for case, decision in decided:
        if decision["outputs"][0]["visit"] == "always":
            assert rows[case.id].forced
            assert rows[case.id].picked


def test_a_decision_changed_afterwards_is_seen(districts):
    with districts["NB2016"].reading() as session:
        assert verify(session.connection()).ok
        case, _decision = kept(districts["NB2016"], "county_visit")[0]
        before = state_digest(case)
        case.facts["decisions"]["county_visit"]["rows"] = [9]
        assert state_digest(case) != before
