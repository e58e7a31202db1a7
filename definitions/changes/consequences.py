"""What an event brings about in the cases of a family, inside the transaction that records it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from definitions.changes.meanings import Meaning, meaning_of
from workflow.actors import Actor
from workflow.acts import act
from workflow.changes.words import EVENTS
from workflow.entries import note, read, reference
from workflow.facts import CaseState
from workflow.forms import is_adult
from workflow.models import Case, LifeEvent, Membership, Person, Task
from workflow.office import Office
from workflow.periods import local_date
from workflow.telling import tell

REPORT, REPORT_DEATH = "report_change", "report_death"
REVIEW = "dynamic_review"
UNTOLD = ("clue", "escalation", "payment", "objection")
"""Cases that do not turn on who belongs to the family."""


EMPTY = "家庭已没有成员，复核只能停发"
TOLD = "正在办理，告知经办人家庭有变化"
SIGNATURE = "M57-9；ZJ-49"


@dataclass(frozen=True)
class Started:
    """One consequence: what it says, by which clause, and the case it concerns as it then stood."""

    says: str
    source: str
    case: int | None = None
    number: str = ""
    stage: str = ""
    due: str = ""


def started_of(event: LifeEvent) -> tuple[Started, ...]:
    """What an event brought about, as it was told."""
    return tuple(Started(**one) for one in event.started)


def benefit_of(office: Office, session: Session, household_id: int, word: str = REPORT) -> Case | None:
    """The benefit the household draws now, on which this can be reported."""
    for case in open_cases(session, household_id):
        action = office.catalogue.of(case).actions.get(word)
        if action is not None and case.stage in action.moves:
            return case
    return None


def open_cases(session: Session, household_id: int) -> list[Case]:
    """The open cases of a household, the oldest first."""
    wanted = select(Case).where(
        Case.subject_kind == "household", Case.subject_id == household_id, Case.closed_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(Case.id)))


def act_on(
    office: Office, conn: Connection, case_id: int, word: str, body: dict[str, Any], actor: Actor, now: datetime,
    origin: CaseState | None,
) -> None:  # fmt: skip
    """An act on a case as it now stands, by whoever records the event or signs the act that causes it."""
    case, _ = read(office, conn, case_id)
    act(
        office, conn, case_id, word, actor=actor, form=body, seen=case.version, now=now,
        origin=reference(origin) if origin else "",
    )  # fmt: skip


def consequences(
    office: Office, conn: Connection, event: LifeEvent, actor: Actor, now: datetime, origin: CaseState | None
) -> list[Started]:
    """Let every case of the households concerned meet the event: the benefit, what is under way, the check of means."""
    session, meaning = office.session(conn), meaning_of(event.kind, _why(event))
    found: list[Started] = []
    for place in sorted(place.household_id for place in event.places):
        opened: set[int] = set()
        benefit = benefit_of(office, session, place)
        if benefit is not None and meaning.review:
            benefit_id = benefit.id
            if meaning.review != "death":
                act_on(office, conn, benefit_id, REPORT, _report(meaning, event), actor, now, origin)
            review = _review_of(session, benefit_id)
            empty = not _left(session, place)
            says = EMPTY if empty else meaning.says
            found.append(
                Started(
                    says, meaning.source, review.id, review.number, review.stage, review.facts["review_due"]
                )
            )
            opened = {
                benefit_id,
                review.id,
                *session.scalars(select(Case.id).where(Case.parent_id == review.id)),
            }
        elif benefit is not None:
            found.append(Started(meaning.says, meaning.source))
            opened = {benefit.id}
        found += _under_way(office, conn, event, place, opened, actor, now, origin)
        found += _signatures(session, event, place, now)
    return found


def _left(session: Session, household_id: int) -> bool:
    """Whether anybody belongs to the household from now on: who died today still did."""
    wanted = select(Membership.id).where(
        Membership.household_id == household_id, Membership.to_date.is_(None)
    )
    return session.scalars(wanted.limit(1)).first() is not None


def _why(event: LifeEvent) -> str:
    """Why somebody has gone or was away; "" where the event is about something else."""
    return next((str(row["after"]["kind"]) for row in event.moved.get("absence", {}).values()), "")


def _report(meaning: Meaning, event: LifeEvent) -> dict[str, Any]:
    content = f"{EVENTS[event.kind]}（家庭变化第 {event.id} 号）：{meaning.says}"
    return {"kind": meaning.review, "happened_on": event.on_date.isoformat(), "content": content}


def _review_of(session: Session, benefit_id: int) -> Case:
    """The re-check that looks into it: the one just opened, or the one under way that it was noted on."""
    wanted = select(Case).where(
        Case.parent_id == benefit_id, Case.definition == REVIEW, Case.closed_at.is_(None)
    )
    reviews = list(session.scalars(wanted.order_by(Case.id.desc())))
    return next((one for one in reviews if "review" in one.clocks), reviews[0])


def _under_way(
    office: Office, conn: Connection, event: LifeEvent, household_id: int, known: set[int], actor: Actor, now: datetime,
    origin: CaseState | None,
) -> list[Started]:  # fmt: skip
    """Whoever works on another case of the family learns of it, and no form shown to him before stands any more."""
    session, told = office.session(conn), []
    says = f"家庭有变化：{EVENTS[event.kind]}（{event.on_date}），请核对家庭成员后再办"
    skipped = known | ({origin.id} if origin else set())
    for case_id, number, stage in [
        (case.id, case.number, case.stage)
        for case in open_cases(session, household_id)
        if case.id not in skipped and case.definition not in UNTOLD
    ]:
        tell_case(office, conn, case_id, says, actor, now)
        told.append(Started(TOLD, "内部要求", case_id, number, stage))
    return told


def tell_case(office: Office, conn: Connection, case_id: int, says: str, actor: Actor, now: datetime) -> None:
    """Write into an open case, and tell whoever holds its tasks, what has changed in the family."""
    case, _ = read(office, conn, case_id)
    if case.closed_at is not None:
        return
    note(conn, case, actor=actor, now=now, action="family_changed", says=says, source="R649-13；M57-30")
    open_tasks = select(Task.id, Task.assignee_id, Task.role, Task.scope)
    for row in conn.execute(open_tasks.where(Task.case_id == case.id, Task.state == "open")).all():
        tell(
            conn, case, "family_changed", now, user_id=row.assignee_id, role=row.role, scope=row.scope,
            key=f"{case.seq}:{row.id}", facts={"words": says},
        )  # fmt: skip


def _signatures(session: Session, event: LifeEvent, household_id: int, now: datetime) -> list[Started]:
    """Adults who are new in a household whose means are looked into sign for it first."""
    came = {
        row["after"]["person_id"]
        for row in event.moved.get("membership", {}).values()
        if row["before"] is None
        and row["after"] is not None
        and row["after"]["to_date"] is None
        and row["after"]["household_id"] == household_id
    }
    stayed = {
        row["before"]["person_id"]
        for row in event.moved.get("membership", {}).values()
        if row["before"] is not None and row["before"]["household_id"] == household_id
    }
    people = session.scalars(select(Person).where(Person.id.in_(came - stayed)).order_by(Person.id))
    adults = [person.name for person in people if is_adult(person.birth, local_date(now))]
    if not adults or not open_cases(session, household_id):
        return []
    return [Started(f"{'、'.join(adults)}要签核对授权书，签字以前不能发起核对", SIGNATURE)]
