"""Who has signed for the check: recorded with the application or for the order, good for the time of the benefit (domain 4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.verification.sources import SOURCES
from workflow.actors import Actor
from workflow.facts import CaseState, Facts
from workflow.models import Document
from workflow.periods import local_date
from workflow.verification.authorisations import in_force, sign

PURPOSES = "申请和享受社会救助期间的家庭经济状况核对和复核"
PAPER = "authorisation"


def record_signatures(
    session: Session, case: CaseState, people: Iterable[int], actor: Actor, now: datetime
) -> None:
    """Each of them allows all sources until the benefit ends; who has done so before need not again."""
    held = in_force(session, case.household_id, local_date(now), SOURCES)
    fresh = [person for person in people if person not in held or held[person].valid_to is not None]
    if not fresh:
        return
    paper = session.scalar(
        select(Document.id)
        .where(Document.case_id == case.id, Document.kind == PAPER)
        .order_by(Document.id.desc())
        .limit(1)
    )
    for person in fresh:
        sign(
            session, household_id=case.household_id, person_id=person, scope=SOURCES, purposes=PURPOSES, actor=actor,
            now=now, case_id=case.id, document_id=paper,
        )  # fmt: skip


def signed_authorisations(facts: Facts) -> set[int]:
    """Whose authorisation for this household holds today."""
    return set(in_force(facts.session, facts.case.household_id, facts.today))
