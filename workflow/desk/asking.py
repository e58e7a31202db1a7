"""抄送 and 沟通: telling a colleague that a case is there, and asking one who may see it. Neither gives a right to act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from workflow.actors import Actor, load_actor
from workflow.catalogue import Catalogue
from workflow.desk import rights
from workflow.entries import note, read
from workflow.errors import FormRefused, NotFound, NotPermitted, Unmet
from workflow.models import CarbonCopy, Case, Deadline, Question, User
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import may_read
from workflow.telling import tell

SHORTEST = 2
SHOWN = 100


def send_copy(
    office: Office,
    conn: Connection,
    case_id: int,
    *,
    to: Sequence[int],
    words: str,
    actor: Actor,
    now: datetime,
) -> list[CarbonCopy]:
    """Let colleagues know of a case, once each while unread. Raises FormRefused, NotPermitted, NotFound."""
    case, _ = read(office, conn, case_id)
    if not may_read(actor, case):
        raise NotFound
    rights.require("copy", actor, case.area_code)
    session = office.session(conn)
    people = _people(session, to, case.barred, but=actor.id)
    waiting = set(
        session.scalars(
            select(CarbonCopy.to_id).where(CarbonCopy.case_id == case_id, CarbonCopy.read_at.is_(None))
        )
    )
    fresh = [user for user in people if user.id not in waiting]
    if not fresh:
        raise Unmet("已经抄送过，对方还没有阅读。")
    rows = [
        CarbonCopy(case_id=case_id, from_id=actor.id, to_id=user.id, words=words.strip(), sent_at=now)
        for user in fresh
    ]
    session.add_all(rows)
    session.flush()
    names = "、".join(user.name for user in fresh)
    note(
        conn,
        case,
        actor=actor,
        now=now,
        action="copy",
        says=f"抄送{names}",
        reason=words.strip(),
        stales=False,
    )
    for user in fresh:
        tell(
            conn,
            case,
            "copied",
            now,
            user_id=user.id,
            key=f"{case.seq}:{user.id}",
            facts={"words": words.strip(), "title": ""},
        )
    return rows


@dataclass(frozen=True)
class CopyView:
    """All that the reader of a copy sees of the case."""

    id: int
    number: str
    definition: str
    stage: str
    opened_on: date
    due_on: date | None
    closed_on: date | None
    sender: str
    words: str
    sent_at: datetime
    read_at: datetime | None


def copies(session: Session, catalogue: Catalogue, user_id: int) -> list[CopyView]:
    """What was copied to somebody, the unread first. Copies of cases he must keep out of are left out."""
    rows = session.execute(
        select(CarbonCopy, Case, User.name)
        .join(Case, Case.id == CarbonCopy.case_id)
        .join(User, User.id == CarbonCopy.from_id)
        .where(CarbonCopy.to_id == user_id)
        .order_by(CarbonCopy.read_at.is_not(None), CarbonCopy.id.desc())
        .limit(SHOWN)
    ).all()
    return [_view(session, catalogue, *row) for row in rows if user_id not in row.Case.barred]


def mark_read(office: Office, conn: Connection, copy_id: int, *, actor: Actor, now: datetime) -> CopyView:
    """已阅: the sender sees that it was read, and when. Raises NotFound for somebody else's copy."""
    session = office.session(conn)
    row = session.get(CarbonCopy, copy_id)
    if row is None or row.to_id != actor.id:
        raise NotFound
    case, _ = read(office, conn, row.case_id)
    if actor.id in case.barred:
        raise NotFound
    if row.read_at is None:
        row.read_at = now
        session.flush()
        note(conn, case, actor=actor, now=now, action="read_copy", says="已阅抄送", stales=False)
    found = session.get_one(Case, row.case_id)
    sender = session.get_one(User, row.from_id).name
    return _view(session, office.catalogue, row, found, sender)


def ask(
    office: Office, conn: Connection, case_id: int, *, to: int, words: str, actor: Actor, now: datetime
) -> Question:
    """Ask a colleague who may see the case. Raises FormRefused, NotPermitted, NotFound."""
    case, _ = read(office, conn, case_id)
    if not may_read(actor, case):
        raise NotFound
    rights.require("question", actor, case.area_code)
    if len(words.strip()) < SHORTEST:
        raise FormRefused({"words": "请写明要问什么"})
    session = office.session(conn)
    (asked,) = _people(session, [to], case.barred, but=actor.id)
    if not may_read(load_actor(session, asked.id, local_date(now)), case):
        raise FormRefused({"to": f"{asked.name}不管这个区域，看不到本案；可以用抄送告诉他"})
    row = Question(case_id=case_id, from_id=actor.id, to_id=to, words=words.strip(), asked_at=now)
    session.add(row)
    session.flush()
    note(
        conn,
        case,
        actor=actor,
        now=now,
        action="question",
        says=f"询问{asked.name}",
        reason=row.words,
        stales=False,
    )
    tell(conn, case, "questioned", now, user_id=to, facts={"words": row.words})
    return row


def answer(
    office: Office, conn: Connection, question_id: int, *, words: str, actor: Actor, now: datetime
) -> Question:
    """Answer a question put to oneself; the one who asked is told. Raises NotFound, FormRefused, Unmet."""
    session = office.session(conn)
    row = session.get(Question, question_id)
    if row is None or row.to_id != actor.id:
        raise NotFound
    case, _ = read(office, conn, row.case_id)
    if not may_read(actor, case):
        raise NotPermitted("您现在不能查看本案，不能答复。")
    if row.answered_at is not None:
        raise Unmet("这个问题已经答复过。")
    if len(words.strip()) < SHORTEST:
        raise FormRefused({"words": "请写明答复"})
    row.answer, row.answered_at = words.strip(), now
    session.flush()
    asker = session.get_one(User, row.from_id)
    note(
        conn,
        case,
        actor=actor,
        now=now,
        action="answer",
        says=f"答复{asker.name}",
        reason=row.answer,
        stales=False,
    )
    tell(conn, case, "answered", now, user_id=row.from_id, facts={"words": row.answer})
    return row


def questions(session: Session, actor: Actor, *, case_id: int | None = None) -> list[Any]:
    """Rows (question, case, asker, answerer): to or from somebody, or of one case; those he may see."""
    asker = select(User.name).where(User.id == Question.from_id).scalar_subquery()
    asked = select(User.name).where(User.id == Question.to_id).scalar_subquery()
    wanted = select(Question, Case, asker.label("asker"), asked.label("asked")).join(
        Case, Case.id == Question.case_id
    )
    if case_id is not None:
        wanted = wanted.where(Question.case_id == case_id)
    else:
        wanted = wanted.where((Question.to_id == actor.id) | (Question.from_id == actor.id))
    order = (Question.answered_at.is_not(None), Question.id.desc())
    return [row for row in session.execute(wanted.order_by(*order).limit(SHOWN)) if may_read(actor, row.Case)]


def receipts(session: Session, case_id: int) -> list[Any]:
    """Rows (copy, reader): to whom a case was copied, and who has read it."""
    return list(
        session.execute(
            select(CarbonCopy, User.name)
            .join(User, User.id == CarbonCopy.to_id)
            .where(CarbonCopy.case_id == case_id)
            .order_by(CarbonCopy.id.desc())
            .limit(SHOWN)
        )
    )


def _people(session: Session, ids: Sequence[int], barred: Sequence[int], but: int | None) -> list[User]:
    """Enabled colleagues by their ids. Raises FormRefused: a case is not made known to whom it must be kept from."""
    found = list(
        session.scalars(
            select(User).where(User.id.in_(list(ids)), User.disabled_at.is_(None)).order_by(User.id)
        )
    )
    if not found or len(found) != len(set(ids)):
        raise FormRefused({"to": "请选在用的人员"})
    for user in found:
        if user.id == but:
            raise FormRefused({"to": "不能选自己"})
        if user.id in barred:
            raise FormRefused({"to": f"{user.name}应当回避本案，不能告知"})
    return found


def _view(session: Session, catalogue: Catalogue, row: CarbonCopy, case: Case, sender: str) -> CopyView:
    blueprint = catalogue.of(case)
    due = session.scalar(
        select(Deadline.due_on)
        .where(
            Deadline.case_id == case.id,
            Deadline.state == "open",
            Deadline.minimum.is_(False),
            Deadline.ladder != "silent",
        )
        .order_by(Deadline.due_on)
        .limit(1)
    )
    return CopyView(
        id=row.id, number=case.number, definition=blueprint.title, stage=blueprint.stages[case.stage].label,
        opened_on=local_date(case.opened_at), due_on=due, closed_on=local_date(case.closed_at) if case.closed_at else None,
        sender=sender, words=row.words, sent_at=row.sent_at, read_at=row.read_at,
    )  # fmt: skip
