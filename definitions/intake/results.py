"""The cases opened from an intake, and bringing their results back to the window that opened them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session, aliased

from workflow.actors import SYSTEM_ACTOR
from workflow.acts import act
from workflow.catalogue import Catalogue
from workflow.errors import Busy
from workflow.models import Case
from workflow.running.job import Job, Run
from workflow.sweeps import Swept

INTAKE, WAITING, RESULTS_IN = "intake", "waiting", "results_in"
log = logging.getLogger(__name__)


def children(session: Session, case_id: int) -> Sequence[Case]:
    """The cases opened from it, oldest first."""
    return session.scalars(select(Case).where(Case.parent_id == case_id).order_by(Case.id)).all()


def has_result(catalogue: Catalogue, case: Case) -> bool:
    """Whether it has come to its result: ended, or, where help goes on from month to month, granted."""
    return case.closed_at is not None or catalogue.of(case).stages[case.stage].keeps


def running(session: Session, household_id: int) -> dict[str, str]:
    """The programmes under way or granted for a household: definition -> number of the case."""
    rows = session.execute(
        select(Case.definition, Case.number)
        .where(Case.subject_kind == "household", Case.subject_id == household_id, Case.closed_at.is_(None))
        .order_by(Case.id)
    )
    return {row.definition: row.number for row in rows}


def answered(catalogue: Catalogue) -> Select[int]:
    """The intakes that wait for nothing any more: every case opened from them has come to its result."""
    keeping = [
        (one.code, edition, code)
        for one in catalogue
        for edition in one.editions
        for code, stage in one.stages.items()
        if stage.keeps
    ]
    child = aliased(Case)
    going = select(child.id).where(
        child.parent_id == Case.id,
        child.closed_at.is_(None),
        tuple_(child.definition, child.edition, child.stage).not_in(keeping),
    )
    here = (Case.definition == INTAKE, Case.stage == WAITING, Case.halt_id.is_(None))
    return select(Case.id).where(*here, ~going.exists())


def gather(run: Run) -> Swept:
    """Move on every intake whose cases have all come to a result, each in its own transaction; twice changes nothing."""
    swept, wanted = Swept(), answered(run.office.catalogue)
    with run.database.reading() as session:
        found = session.scalars(wanted.order_by(Case.id)).all()
    for case_id in found:
        if run.stopped():
            break
        try:
            with run.database.acting() as conn:
                still = wanted.where(Case.id == case_id).with_for_update(of=Case, skip_locked=True)
                if conn.execute(still).first() is not None:
                    act(run.office, conn, case_id, RESULTS_IN, actor=SYSTEM_ACTOR, seen=None, now=run.now)
                    swept.done += 1
        except Busy:
            raise
        except (
            Exception
        ) as error:  # one broken case must not keep the results of the others from their window
            log.exception("results of intake %s could not be brought back", case_id)
            swept.failed += 1
            swept.error = swept.error or f"{case_id}: {error}"
    return swept


JOBS = (Job("intake_results", "汇总综合受理的结果", 60, gather),)
