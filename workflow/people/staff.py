"""A member of staff among the people of the district: his own row, and the near kin he declares."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.errors import NotNow, Refused
from workflow.identity import birth_of, check_id_number, sex_of
from workflow.models import KinTie, Person, User
from workflow.people.folding import fold_name
from workflow.people.kin import tie
from workflow.people.merging import stands_for
from workflow.periods import local_date


def link_staff(session: Session, user: User, number: str, *, now: datetime) -> Person:
    """His own row by his citizen number, made where there is none. Raises Refused for a bad number or another's name."""
    if user.person_id is not None:
        raise NotNow("您已经填报过本人的身份号码；填错的请管理员更正。")
    person = _by_number(session, number, user.name, now)
    user.person_id = person.id
    session.flush()
    return person


def declare_relative(
    session: Session, user: User, *, relation: str, name: str, number: str, actor: Actor, now: datetime
) -> KinTie:
    """Somebody is his near kin: from now on he keeps out of their cases. Raises Refused."""
    if user.person_id is None:
        raise NotNow("请先填报您本人的身份号码。")
    own = stands_for(session, session.get_one(Person, user.person_id))
    other = _by_number(session, number, name, now)
    return tie(session, own, other, relation, source="declared", actor=actor, now=now)


def _by_number(session: Session, number: str, name: str, now: datetime) -> Person:
    number = check_id_number(number, today=local_date(now))
    found = session.scalar(select(Person).where(Person.id_number == number))
    if found is None:
        found = Person(name=name, id_number=number, birth=birth_of(number), sex=sex_of(number))
        session.add(found)
        session.flush()
    found = stands_for(session, found)
    if fold_name(found.name) != fold_name(name):
        raise Refused("这个号码登记的姓名与填写的不同，请对照证件核对。")
    return found
