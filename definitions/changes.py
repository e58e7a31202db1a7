"""What an event of a family means in law: for a benefit, for a case under way, for the check of its means.

The event itself is done by `workflow.changes`; here it meets the cases, in the same transaction. A benefit is looked
into by a re-check, opened by the very action a clerk has for it; the holder of a case under way is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from workflow import changes
from workflow.actors import Actor
from workflow.acts import act
from workflow.changes.doing import Doing
from workflow.changes.telling import Move, moves
from workflow.changes.words import EVENTS, NO_MEMBER
from workflow.db import Database
from workflow.entries import note, read
from workflow.errors import NotFound
from workflow.facts import CaseState
from workflow.forms import is_adult
from workflow.models import Case, Household, LifeEvent, Membership, Person, Task
from workflow.office import Office
from workflow.periods import local_date
from workflow.telling import tell

REPORT, REPORT_DEATH = "report_change", "report_death"
REVIEW = "dynamic_review"
UNTOLD = ("clue", "escalation", "payment", "objection")
"""Cases that do not turn on who belongs to the family."""


@dataclass(frozen=True)
class Meaning:
    """What an event is to a benefit: the kind of change its re-check is opened for ("" none), in words, by which clause."""

    review: str
    says: str
    source: str


MEANINGS: dict[str, Meaning] = {
    "birth": Meaning("members", "人口增加，复核后从作出决定的下月起调整", "R649-13；M57-30"),
    "death": Meaning("death", "死亡后三个月内办结复核，增发、减发或停发", "N22 一(三)"),
    "marriage": Meaning("members", "家庭人口和收入有变化，按婚后的家庭复核", "R649-13；M57-30"),
    "divorce": Meaning("members", "家庭分成两户，救助留在户主这一户，离开的人另行申请", "R649-13；M57-30"),
    "move_in": Meaning("members", "人口增加，复核后从作出决定的下月起调整", "R649-13；M57-30"),
    "move_within": Meaning("moved", "居住地有变化，复核时核对户籍和住处", "R649-13；M57-30"),
    "move_away": Meaning("moved", "户籍迁出本区的人在本区停发，到新户籍地重新申请", "R649-11；M57-4、32"),
    "leave": Meaning("members", "有人不再共同生活，按剩下的成员复核", "M57-7、30"),
    "return": Meaning("members", "有人回家共同生活，按现在的成员复核", "M57-7、30"),
    "split": Meaning("members", "家庭分成两户，救助留在户主这一户，分出去的人另行申请", "R649-13；M57-30"),
    "join": Meaning(
        "members", "两户并成一户，按合并后的家庭复核；并进来的一户没有成员的，停发", "R649-13；M57-30"
    ),
}
"""Kind of an event -> its meaning."""
STUDYING = Meaning("", "在校学生仍是家庭成员，不用复核", "M57-7")
WORKING = Meaning("job", "外出务工的收入要计入，启动复核", "R649-13；M57-30")
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


@dataclass(frozen=True)
class Shown:
    """What an event does, before anybody has signed it: moves and consequences in words."""

    moves: tuple[Move, ...]
    started: tuple[Started, ...]


def meaning_of(kind: str, form: Mapping[str, Any]) -> Meaning:
    """What this event is to a benefit: leaving for school is another matter than for prison."""
    if kind == "leave" and form["why"] not in NO_MEMBER:
        return STUDYING if form["why"] == "study" else WORKING
    return MEANINGS[kind]


def record(
    office: Office,
    conn: Connection,
    household_id: int,
    kind: str,
    raw: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    paper: changes.Paper | None = None,
    origin: CaseState | None = None,
) -> LifeEvent:
    """Record an event with all it brings about. Raises NotFound and what the event or an act of a case refuses.

    `origin` is the case whose signed act causes it.
    """
    session = office.session(conn)
    household = session.scalar(select(Household).where(Household.id == household_id).with_for_update())
    if household is None:
        raise NotFound
    instead = _by_act(office, conn, household_id, actor, now, origin) if kind == "death" else None
    event = changes.record(
        session,
        household,
        kind,
        raw,
        actor=actor,
        now=now,
        paper=paper,
        instead=instead,
        linked=origin is not None,
    )
    found = _consequences(office, conn, event, actor, now, origin)
    event.started = [asdict(one) for one in found]
    session.flush()
    return event


def preview(
    database: Database,
    office: Office,
    household_id: int,
    kind: str,
    raw: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> Shown:
    """What recording it would do: done as it would be, read, and taken back. Raises as `record` does."""
    shown: list[Shown] = []
    with suppress(_TakenBack), database.acting() as conn:
        event = record(office, conn, household_id, kind, raw, actor=actor, now=now)
        shown.append(Shown(tuple(moves(office.session(conn), event, household_id)), started_of(event)))
        _take_back()
    return shown[0]


class _TakenBack(Exception):  # noqa: N818 - nothing has failed
    pass


def _take_back() -> NoReturn:
    """End the transaction under way as if nothing had been."""
    raise _TakenBack


def started_of(event: LifeEvent) -> tuple[Started, ...]:
    """What an event brought about, as it was told."""
    return tuple(Started(**one) for one in event.started)


def undo(
    office: Office, conn: Connection, event_id: int, *, reason: str, actor: Actor, now: datetime
) -> LifeEvent:
    """Undo an event recorded in error; the cases it had started or touched are told, and go on by themselves.

    Raises Unmet where something was built on it.
    """
    session = office.session(conn)
    event = changes.undo(session, office.catalogue, event_id, reason=reason, actor=actor, now=now)
    says = f"家庭变化“{EVENTS[event.kind]}”（{event.on_date}）登记有误，已撤销，请按撤销后的家庭办理"
    for case_id in sorted({one.case for one in started_of(event) if one.case}):
        _tell(office, conn, case_id, says, actor, now)
    return event


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


def _by_act(
    office: Office, conn: Connection, household_id: int, actor: Actor, now: datetime, origin: CaseState | None
) -> Callable[[Doing], None] | None:
    """A death in a family on benefit is reported on the benefit's case, which ends the membership itself."""
    benefit = benefit_of(office, office.session(conn), household_id, REPORT_DEATH)
    if benefit is None:
        return None
    number = benefit.id

    def report(doing: Doing) -> None:
        person = doing.form["person"]
        doing.person_id = person
        doing.member(person)
        body = {"person": [person], "died_on": doing.on.isoformat()}
        _act(office, conn, number, REPORT_DEATH, body, actor, now, origin)
        doing.end_incomes(person, doing.household.id, doing.on)

    return report


def _act(
    office: Office, conn: Connection, case_id: int, word: str, body: dict[str, Any], actor: Actor, now: datetime,
    origin: CaseState | None,
) -> None:  # fmt: skip
    case, _ = read(office, conn, case_id)
    act(
        office, conn, case_id, word, actor=actor, form=body, seen=case.version, now=now,
        origin=origin.number if origin else "",
    )  # fmt: skip


def _consequences(
    office: Office, conn: Connection, event: LifeEvent, actor: Actor, now: datetime, origin: CaseState | None
) -> list[Started]:
    session, meaning = office.session(conn), meaning_of(event.kind, event.details)
    found: list[Started] = []
    for place in sorted(place.household_id for place in event.places):
        opened: set[int] = set()
        benefit = benefit_of(office, session, place)
        if benefit is not None and meaning.review:
            benefit_id = benefit.id
            if meaning.review != "death":
                _act(office, conn, benefit_id, REPORT, _report(meaning, event), actor, now, origin)
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
    wanted = select(Membership.id).where(Membership.household_id == household_id, Membership.to_date.is_(None))
    return session.scalars(wanted.limit(1)).first() is not None


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
        _tell(office, conn, case_id, says, actor, now)
        told.append(Started(TOLD, "内部要求", case_id, number, stage))
    return told


def _tell(office: Office, conn: Connection, case_id: int, says: str, actor: Actor, now: datetime) -> None:
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
