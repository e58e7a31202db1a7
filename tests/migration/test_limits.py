"""No migration changes a running legal limit unless the plan says so, by article and reason: over plans and clocks drawn at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions import CATALOGUE
from definitions.transitions import suggested
from workflow.calendar import seeded_calendar
from workflow.clocks import deadline_row
from workflow.entropy import SeededEntropy
from workflow.facts import CaseState
from workflow.migration.caseload import Flight
from workflow.migration.moving import move
from workflow.migration.outcome import Move, Ways
from workflow.migration.plan import BEGINS, HOWS, KEEP, BeginRule, ClockRule, Load, Plan, clock_words, faults
from workflow.migration.rows import REMOVE_CLOCK, SET_CLOCK
from workflow.office import Office
from workflow.periods import at_local

OFFICE = Office(CATALOGUE, SeededEntropy(1), seeded_calendar())
WAYS = [("dibao", "NB2016", "NAT2021"), ("dibao", "NAT2021", "NAT2021-DELEGATED"), ("dibao", "NAT2021-DELEGATED", "NAT2021"),
        ("dynamic_review", "NAT2021", "NAT2021-DELEGATED"), ("verification", "NB2016", "NAT2021")]  # fmt: skip
TODAY = date(2021, 7, 1)
texts = st.sampled_from(["", "M57-22", "便民"])


@st.composite
def plans(draw) -> tuple[Ways, Plan]:
    code, source, target = draw(st.sampled_from(WAYS))
    old, new = CATALOGUE.get(code, source), CATALOGUE.get(code, target)
    plan = suggested(CATALOGUE, code, source, target)
    before, after = clock_words(old), clock_words(new)
    clocks, begin = dict(plan.clocks), dict(plan.begin)
    for kind in draw(st.lists(st.sampled_from(list(before)), max_size=4)):
        clocks[kind] = ClockRule(
            draw(st.sampled_from(["", kind, *after])),
            draw(st.sampled_from(list(HOWS))),
            draw(texts),
            draw(texts),
        )
    for kind in draw(st.lists(st.sampled_from(list(after)), max_size=2)):
        begin[kind] = BeginRule(draw(st.sampled_from(list(BEGINS))), draw(texts), draw(texts))
    stages = dict(plan.stages)
    for stage in draw(st.lists(st.sampled_from(list(stages)), max_size=2)):
        stages[stage] = draw(st.sampled_from(["", *new.stages]))
    plan = replace(plan, clocks=clocks, begin=begin, stages=stages)
    return Ways(plan, old, new), plan


@st.composite
def flights(draw, ways: Ways) -> Flight:
    """A case in some stage with the clocks that may run there, begun at any time before the moving day."""
    plan = ways.plan
    stage = draw(st.sampled_from([code for code, one in ways.old.stages.items() if not one.final]))
    began = draw(st.dates(date(2021, 4, 1), TODAY))
    case = CaseState(
        id=1, number="DB-2021-000001", definition=plan.definition, edition=plan.source, stage=stage, visit=3, version=5, seq=5, head_hash="",
        area_code="330212101200", subject_kind="household", subject_id=1, title="", parent_id=None,
        facts={"review_due": "2021-08-01"}, hands={}, barred=[], clocks={}, progress_code="", opened_at=at_local(began, 9), accepted_on=began,
        closed_at=None, result="",
    )  # fmt: skip
    rows = []
    for word in clock_words(ways.old).values():
        if word.stage == stage or (not word.stage and draw(st.booleans())):
            start = began + timedelta(days=draw(st.integers(0, (TODAY - began).days)))
            made = deadline_row(
                OFFICE, case, kind=word.kind, label=word.label, rule=word.rule, source=word.source, role=word.role, now=at_local(start, 10),
                ladder=word.ladder, part=word.part, minimum=word.minimum,
            )  # fmt: skip
            rows.append(
                SimpleNamespace(
                    **made,
                    id=len(rows) + 1,
                    state="open",
                    overdue=made["due_on"] < TODAY,
                    extended_from=None,
                    met_on=None,
                )
            )
    case.clocks = {
        row.kind.removeprefix("span:"): row.due_on.isoformat() for row in rows if row.kind.startswith("span:")
    }
    events: dict[str, tuple[int, datetime]] = {"open": (1, at_local(began, 9))}
    for seq, action in enumerate(
        draw(st.lists(st.sampled_from(ways.actions or ["open"]), max_size=6, unique=True)), 2
    ):
        events[action] = (seq, at_local(began, 9) + timedelta(hours=seq))
    return Flight(case, at_local(began, 9), deadlines=rows, events=events)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_migration_changes_a_running_legal_limit_unless_the_plan_says_so(data):
    ways, plan = data.draw(plans())
    flight = data.draw(flights(ways))
    load = Load({flight.case.stage: 1}, {row.kind: 1 for row in flight.deadlines})
    found = move(OFFICE, ways, flight, at_local(TODAY, 10))
    if not isinstance(found, Move) or faults(plan, ways.old, ways.new, load):
        return
    words = clock_words(ways.old)
    changed = {row["row"]: row for statement, row in found.writes if statement is SET_CLOCK}
    assert not [row for statement, row in found.writes if statement is REMOVE_CLOCK]
    for row in flight.deadlines:
        now = changed.get(row.id)
        same = now is None or (now["new_due_on"], now["new_started_on"], now["new_rule"], now["new_state"]) == (
            row.due_on, row.started_on, row.rule, "open"
        )  # fmt: skip
        rule = plan.clocks[row.kind]
        if words[row.kind].legal and not same:
            assert rule.how != KEEP
            assert rule.article
            assert rule.reason
        if words[row.kind].minimum:
            assert same
        if not same:
            assert {"kind": row.kind, "old_due": row.due_on.isoformat()}.items() <= next(
                line for line in found.sheet["clocks"] if line["kind"] == row.kind
            ).items()  # fmt: skip
    running = {row["new_kind"] for row in changed.values() if row["new_state"] == "open"}
    assert found.case.clocks.keys() >= {
        kind.removeprefix("span:") for kind in running if kind.startswith("span:")
    }
    assert found.case.clocks.keys() <= ways.new.spans.keys()
