"""A missed limit never approves, refuses, withdraws, stops or pays: over all shipped definitions, whatever the clock does."""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions import CATALOGUE
from definitions.editions.catalogue import EDITIONS
from tests.district import THE_WAY, VILLAGE, District
from workflow.actors import SYSTEM_ACTOR
from workflow.acts import open_case
from workflow.definition_checks import check
from workflow.errors import Refused
from workflow.models import Case, Entitlement, JournalEntry, PaymentLine, ScheduledAct
from workflow.roles import SYSTEM
from workflow.sweeps import carry_out, sweep_deadlines

RUNGS = {"remind", "again", "lead", "overdue", "head", "bulletin"}
BEGINS = {"NB2016": "2016-09-05", "NAT2021": "2021-09-06"}
OFF_THE_WAY = {"NB2016": {"draft", "county_visit"}, "NAT2021": {"draft", "county_visit", "appraising"}}
PLACES = [
    (edition, stage) for edition in BEGINS for stage in THE_WAY
    if stage in CATALOGUE.get("dibao", edition).stages and stage not in OFF_THE_WAY[edition]
]  # fmt: skip


def standing(district: District) -> dict[int, Any]:
    """Where every case stands and what it carries, but for the escalations that the sweep itself opens."""
    return {
        case.id: (case.stage, case.visit, case.result, case.closed_at, case.facts, case.hands)
        for case in district.rows(Case) if case.definition != "escalation"
    }  # fmt: skip


def money(district: District) -> tuple[Decimal, int]:
    grants = district.rows(Entitlement)
    return sum((row.amount for row in grants), Decimal(0)), len(district.rows(PaymentLine))


@pytest.mark.parametrize("edition, stage", PLACES)
def test_wherever_a_case_is_left_lying_its_limits_only_tell(
    quick: District, edition: str, stage: str
) -> None:
    quick.day(BEGINS[edition])
    case = quick.application()
    quick.bring(case, stage)
    left_lying(quick, seed=PLACES.index((edition, stage)))


def left_lying(district: District, seed: int) -> None:
    """Months pass in random steps, back and forth by hours; only sweeps happen."""
    chance = random.Random(seed)
    before, paid, now = standing(district), money(district), district.now
    entries = len(district.rows(JournalEntry))
    for _ in range(12):
        now += timedelta(hours=chance.choice((1, -1, 5, 26, 72, 240, 700)))
        sweep_deadlines(district.office, district.database, now)
    assert standing(district) == before
    assert money(district) == paid
    after = district.rows(JournalEntry)
    told = [entry for entry in after[entries:] if entry.actor_id is None and entry.action != "open"]
    assert len(after) > entries
    assert {e.action for e in told} <= RUNGS
    assert all(e.from_stage == e.to_stage for e in told)


ALL = sorted({(blueprint.code, edition) for blueprint in CATALOGUE for edition in blueprint.editions})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(ALL), steps=st.lists(st.integers(-2, 2000), min_size=1, max_size=8))
def test_a_fresh_case_of_any_definition_is_left_where_it_is(
    quick: District, place: tuple[str, str], steps: list[int]
) -> None:
    definition, edition = place
    subject = ("household", quick.family())
    facts = {
        "household_id": subject[1], "review_due": "2017-01-01", "month": "2016-10", "number": "DB-2016-000001", "label": "受理",
        "due": "2016-09-12", "source": "M220-13", "role": "window_clerk", "part": "", "stage": "submitted",
    }  # fmt: skip
    with quick.database.acting() as conn:
        try:
            open_case(quick.office, conn, definition, subject=subject, area_code=VILLAGE, actor=SYSTEM_ACTOR,
                      now=quick.now, edition=edition, facts=facts)  # fmt: skip
        except Refused:
            return
    before, now = standing(quick), quick.now
    for step in steps:
        now += timedelta(hours=step)
        sweep_deadlines(quick.office, quick.database, now)
        carry_out(quick.office, quick.database, now)
    assert standing(quick) == before


def test_what_the_sweep_carries_out_was_signed(quick: District) -> None:
    """A benefit left alone for two years: only planned acts of signed decisions, on their day or later, each cited."""
    case = quick.on_benefit(members=1)
    planned = {row.id: row for row in quick.rows(ScheduledAct)}
    assert planned
    assert all(row.decided_by for row in planned.values())
    quick.live_until("2018-10-01", step=9)
    done = [
        entry
        for entry in quick.journal(case)
        if entry.actor_id is None and entry.action not in RUNGS | {"assign"}
    ]
    assert done
    assert all(entry.origin for entry in done)
    assert quick.stage(case) == "on_benefit"


def test_no_definition_lets_time_decide() -> None:
    """Nothing the system or a linked case may do by itself decides; a mended definition would be refused (time_decides_nothing)."""
    assert not [str(found) for found in check(CATALOGUE, EDITIONS) if "期限届满" in str(found)]
    for blueprint in CATALOGUE:
        for word in blueprint.actions.values():
            if SYSTEM in word.by:
                assert not word.decides, (blueprint.code, word.code)
