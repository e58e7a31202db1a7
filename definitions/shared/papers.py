"""Papers given once: what the household has handed in and is still valid is put into a new case, not asked for again.

A paper keeps its date and the hand that took it, so that passing it on never makes it younger.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.facts import CaseState, Facts
from workflow.models import Case, Document
from workflow.periods import Months, local_date

VALID: dict[str, Months] = {
    "identity": Months(12),
    "disability_card": Months(12),
    "income_proof": Months(3),
    "illness_proof": Months(6),
    "school_proof": Months(6),
}
"""How long a paper handed in for one matter serves another (内部要求：材料沿用期限). What is not named serves its own alone."""


def needed_in(facts: Facts) -> set[str]:
    """The kinds of papers the actions of a case need, those left out that must be made anew each time."""
    return {
        kind
        for word in facts.blueprint.actions.values()
        if word.needs is not None and not getattr(word.needs, "fresh", False)
        for kind in word.needs(facts)
    }


def on_file(session: Session, household_id: int, on: date) -> dict[str, list[Document]]:
    """The household's papers that may serve another matter today: of each kind those of the case that has it latest."""
    rows = session.scalars(
        select(Document)
        .join(Case, Case.id == Document.case_id)
        .where(Case.subject_kind == "household", Case.subject_id == household_id, Document.kind.in_(VALID))
        .order_by(Document.uploaded_at.desc(), Document.id.desc())
    )
    found: dict[str, list[Document]] = {}
    for paper in rows:
        same = found.setdefault(paper.kind, [])
        if _valid(paper, on) and (not same or same[0].case_id == paper.case_id):
            same.append(paper)
    return {kind: papers[::-1] for kind, papers in found.items() if papers}


def _valid(paper: Document, on: date) -> bool:
    return on <= VALID[paper.kind].bare_end(local_date(paper.uploaded_at))


def hand_on(
    session: Session, origin: CaseState, case: CaseState, kinds: Iterable[str], on: date
) -> list[str]:
    """Put papers of these kinds into a case: those of `origin`, else what is on file. Returns the kinds it now has."""
    given: dict[str, list[Document]] = {}
    for paper in session.scalars(select(Document).where(Document.case_id == origin.id).order_by(Document.id)):
        given.setdefault(paper.kind, []).append(paper)
    filed = on_file(session, case.household_id, on)
    done = []
    for kind in sorted(set(kinds)):
        papers = given.get(kind) or filed.get(kind, [])
        session.add_all(_copy(paper, case) for paper in papers)
        done += [kind] if papers else []
    session.flush()
    return done


def _copy(paper: Document, case: CaseState) -> Document:
    return Document(
        case_id=case.id, kind=paper.kind, name=paper.name, media_type=paper.media_type, size=paper.size, sha256=paper.sha256,
        person_id=paper.person_id, uploaded_by=paper.uploaded_by, uploaded_at=paper.uploaded_at,
    )  # fmt: skip
