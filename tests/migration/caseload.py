"""Cases of 2021 in many stages, and the two people who sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from definitions.transitions import suggested
from tests.district import District
from workflow.actors import Actor
from workflow.migration import papers, running
from workflow.migration.plan import Plan
from workflow.models import Case, CasePart, Deadline, Migration, Task
from workflow.roles import ADMINISTRATOR, HEAD
from workflow.sweeps import Swept

STAGES = ("submitted", "correcting", "accepted", "investigating", "appraising", "opinion", "posting", "publicity", "forwarding",
          "county_review", "second_posting", "second_publicity", "decision", "approved", "on_benefit")  # fmt: skip
"""Where cases of the edition of 2016 stand in this caseload."""
MOVING_DAY = "2021-07-01"
WHERE = {"second_posting": "decision"}


def caseload(district: District, stages: tuple[str, ...] = STAGES, day: str = "2021-05-10") -> dict[str, int]:
    """One case in each of these stages, all accepted under the edition of 2016; then the moving day comes."""
    return dict(many(district, stages, day))


def many(district: District, stages: tuple[str, ...], day: str = "2021-05-10") -> list[tuple[str, int]]:
    """A case for each of these stages, which may come again and again."""
    district.day(day)
    cases = [(stage, district.application()) for stage in stages]
    for end, stage in (("publicity", "forwarding"), ("second_publicity", "decision")):
        district.bring_all([case for wanted, case in cases if _place(wanted) > _place(end)], stage)
    for stage, case in cases:
        district.bring(case, "submitted" if stage == "correcting" else stage)
        if stage == "correcting":
            district.do(case, "notify_missing")
    assert district.today.isoformat() < MOVING_DAY
    district.day(MOVING_DAY)
    return cases


def _place(stage: str) -> int:
    return STAGES.index(stage)


def plan(district: District, **changed: Any) -> Plan:
    """The prepared plan, with some of it changed."""
    return replace(suggested(district.office.catalogue, "dibao", "NB2016", "NAT2021"), **changed)


def signers(district: District) -> tuple[Actor, Actor]:
    """Who writes and who signs."""
    return district.staff(ADMINISTRATOR), district.staff(HEAD)


def draft(district: District, wanted: Plan | None = None, reason: str = "按 2021 年办法办理") -> Migration:
    """A migration written by the first."""
    with district.database.acting() as conn:
        session = district.office.session(conn)
        made = papers.propose(
            district.office,
            session,
            wanted or plan(district),
            reason=reason,
            actor=signers(district)[0],
            now=district.now,
        )
        session.expunge(made)
        return made


def signed(district: District, wanted: Plan | None = None) -> Migration:
    """A migration signed by both."""
    made = draft(district, wanted)
    return sign(district, made.id)


def sign(district: District, migration_id: int, by: Actor | None = None) -> Migration:
    """The second signature."""
    with district.database.acting() as conn:
        session = district.office.session(conn)
        made = papers.confirm(
            district.office, session, migration_id, actor=by or signers(district)[1], now=district.now
        )
        session.expunge(made)
        return made


def carry_out(district: District, migration_id: int, now: datetime | None = None, **how: Any) -> Swept:
    """All batches."""
    return running.run(district.office, district.database, migration_id, now or district.now, **how)


def take_back(district: District, migration_id: int, batch: int | None = None) -> int:
    """Write, sign and carry out the way back; its number."""
    with district.database.acting() as conn:
        session = district.office.session(conn)
        back = papers.propose_undo(
            session,
            migration_id,
            batch=batch,
            reason="方案有误，退回",
            actor=signers(district)[0],
            now=district.now,
        )
        number = back.id
    sign(district, number)
    carry_out(district, number)
    return number


def tally(district: District, migration_id: int) -> dict[str, int]:
    """What has become of the cases."""
    with district.database.reading() as session:
        return papers.tally(session, migration_id)


def picture(district: District, case: int) -> dict[str, Any]:
    """Everything in flight of a case but the numbers that only count on: what must be as before after a way back."""
    row: Case = district.case(case)
    base = row.visit
    return {
        "case": {name: getattr(row, name) for name in ("edition", "stage", "facts", "hands", "barred", "clocks", "accepted_on", "release_id")},
        "clocks": sorted(
            (d.kind, d.kind.startswith("span:") or d.visit - base, str(d.started_on), d.rule, str(d.due_on), d.source, d.rung, str(d.next_at), d.stage,
             d.part, d.role, d.scope)
            for d in district.rows(Deadline, case, state="open")
        ),
        "tasks": sorted(
            (t.part, t.visit - base, t.stage, t.role, t.scope, t.assignee_id or 0, str(t.due_on), str(t.opens_on))
            for t in district.rows(Task, case, state="open")
        ),
        "parts": sorted((p.code, p.state) for p in district.rows(CasePart, case, visit=base)),
    }  # fmt: skip
