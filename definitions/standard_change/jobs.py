"""The pass that makes lists, follows up benefits decided meanwhile, and settles a change when all is carried out."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from definitions.standard_change import checking, listing
from workflow.actors import SYSTEM_ACTOR
from workflow.acts import act
from workflow.errors import Busy, Refused
from workflow.models import Case
from workflow.periods import local_date
from workflow.running.job import Job, Run
from workflow.sweeps import Swept

STAGES = ("being_listed", "released", "settled")


def follow_changes(run: Run) -> Swept:
    """Some benefits a transaction, so that a kill loses none and no clerk waits; the next run goes on."""
    swept = Swept()
    with run.database.reading() as session:
        found = session.execute(
            select(Case.id, Case.stage)
            .where(Case.definition == "standard_change", Case.stage.in_(STAGES))
            .order_by(Case.id)
        ).all()
    for change_id, stage in found:
        step = _list if stage == "being_listed" else _carry_on
        try:
            swept.done += step(run, change_id)
        except Busy:
            raise
        except Refused as refused:  # one that does not agree stays open and is shown; the others go on
            swept.failed += 1
            swept.error = swept.error or f"{change_id}: {refused.message}"
    return swept


def _list(run: Run, change_id: int) -> int:
    """List what is not listed yet; when nothing is left, say so on the case."""
    done = 0
    while not run.stopped():
        with run.database.acting() as conn:
            session = run.office.session(conn)
            listed = listing.list_some(session, session.get_one(Case, change_id))
            done += listed
            if not listed:
                if listing.outdated(session, session.get_one(Case, change_id)):
                    listing.drop_list(session, change_id)  # a benefit changed meanwhile: from the start
                    continue
                act(run.office, conn, change_id, "list_ready", actor=SYSTEM_ACTOR, seen=None, now=run.now)
                return done + 1
    return done


def _carry_on(run: Run, change_id: int) -> int:
    """From its first day on: plan what was decided by the old standards since, and settle when nothing waits."""
    today = local_date(run.now)
    with run.database.acting() as conn:
        session = run.office.session(conn)
        change = session.get_one(Case, change_id)
        first, last = (date.fromisoformat(change.facts[key]) for key in ("from_date", "to_date"))
        if not first <= today <= last:
            return 0
        if later := listing.catch_up(session, change, today):
            return later
        if change.stage != "released" or checking.waiting(session, change_id):
            return 0
        act(run.office, conn, change_id, "settle", actor=SYSTEM_ACTOR, seen=None, now=run.now)
        return 1


JOBS = (Job("standards", "执行新标准", 60, follow_changes),)
