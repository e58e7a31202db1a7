"""People and households: registering, joining, leaving.

A person stands once, under the citizen number; a household is a set of dated memberships; nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.errors import FormRefused, NotFound, NotPermitted, Refused
from workflow.forms import Wrong
from workflow.households.form import MEMBER_FIELDS, Asked, check_member, clean_household, number_fault
from workflow.households.means import record_asset, record_income
from workflow.households.recognising import recognise
from workflow.households.words import LEAVINGS
from workflow.models import Household, Membership, Person
from workflow.people.lookalikes import not_the_same
from workflow.periods import local_date
from workflow.policy import scope_of
from workflow.roles import VILLAGE_AGENT, WINDOW, Role

REGISTRARS: tuple[Role, ...] = (VILLAGE_AGENT, WINDOW)
"""Who registers households of the own area."""
_DAY = timedelta(days=1)
_AFTER_SPOUSE = {
    "child": "child", "grandchild": "grandchild", "child_in_law": "child_in_law",
    "parent": "parent_in_law", "parent_in_law": "parent",
}  # fmt: skip
"""What the others are to the spouse of the head; where that is not certain they become "other"."""


def register(session: Session, raw: Mapping[str, Any], *, actor: Actor, now: datetime) -> Household:
    """Check a declared household and store it. Raises FormRefused with every fault, NotPermitted."""
    asked = Asked(session, actor, now)
    form = clean_household(raw, asked)
    _check_permitted(actor, form["area_code"])
    people = _people(session, form["members"], form["area_code"], actor, now)
    household = Household(
        area_code=form["area_code"],
        setting=form["setting"],
        address=form["address"],
        phone=form["phone"],
        created_at=now,
    )
    household.memberships = [
        Membership(person=person, relation=member["relation"], from_date=asked.today)
        for person, member in zip(people, form["members"], strict=True)
    ]
    session.add(household)
    session.flush()
    for row in form["incomes"]:
        record_income(
            session, household_id=household.id, person_id=people[row["member"] - 1].id, category=row["category"],
            kind=row["kind"], annual=Decimal(row["annual"]), source="declared", as_of=asked.today,
            new_employment=bool(row["new_employment"]),
        )  # fmt: skip
    for row in form["assets"]:
        record_asset(
            session, household_id=household.id, kind=row["kind"], amount=Decimal(row["amount"]), source="declared",
            as_of=asked.today,
        )  # fmt: skip
    session.flush()
    return household


def register_household(
    session: Session,
    *,
    area_code: str,
    setting: str,
    address: str,
    phone: str = "",
    members: list[dict[str, Any]],
    incomes: list[dict[str, Any]],
    assets: list[dict[str, Any]],
    actor: Actor,
    now: datetime,
) -> Household:
    """As `register`, by name of the parts."""
    raw = {
        "area_code": area_code, "setting": setting, "address": address, "phone": phone, "members": members,
        "incomes": incomes, "assets": assets,
    }  # fmt: skip
    return register(session, raw, actor=actor, now=now)


def add_member(
    session: Session,
    household: Household,
    member: Mapping[str, Any],
    *,
    on: date,
    actor: Actor,
    now: datetime,
) -> Membership:
    """Let a person join from a day on (birth, marriage, return). Raises FormRefused, NotPermitted."""
    asked = Asked(session, actor, now)
    _check_permitted(actor, household.area_code)
    cleaned, errors = clean_member(member, asked)
    if cleaned["relation"] == "head":
        errors["relation"] = "户主已有其人；要换户主请先办理原户主离户"
    if on > asked.today:
        errors["on"] = f"加入日期不能晚于今天（{asked.today}）"
    if errors:
        raise FormRefused(errors)
    (person,) = _people(session, [cleaned], household.area_code, actor, now, ("member",))
    membership = Membership(household=household, person=person, relation=cleaned["relation"], from_date=on)
    session.add(membership)
    session.flush()
    return membership


def clean_member(raw: Mapping[str, Any], asked: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """One member's cleaned answers, and the faults by field; a faulty field is empty."""
    errors = {key: f"没有“{key}”这一项，请去掉" for key in raw if key not in MEMBER_FIELDS}
    cleaned: dict[str, Any] = {}
    for name, field in MEMBER_FIELDS.items():
        try:
            cleaned[name] = field.clean(raw.get(name), asked)
        except Wrong as wrong:
            cleaned[name] = field.empty()
            errors[name] = str(wrong)
    if "id_number" not in errors and (wrong_number := number_fault(cleaned, asked.today)):
        cleaned["id_number"], errors["id_number"] = "", wrong_number
    if not errors and (fault := check_member(cleaned, asked.today)):
        errors[fault[0]] = fault[1]
    return cleaned, errors


def end_membership(
    session: Session,
    *,
    person_id: int,
    on: date,
    cause: str,
    actor: Actor,
    now: datetime,
    new_head: int | None = None,
) -> Membership:
    """Let a person leave, `on` being the last day; a death is noted on the person.

    Where the head leaves, `new_head` (a person id), else the spouse, else the oldest member follows. Raises NotFound
    for somebody who is in no household, Refused for an impossible date.
    """
    if cause not in LEAVINGS:
        raise Refused(f"离户原因只能是：{'、'.join(LEAVINGS.values())}。")
    membership = open_membership(session, person_id)
    if membership is None:
        raise NotFound("这个人现在不在任何家庭，请核对。")
    if not membership.from_date <= on <= local_date(now):
        raise Refused(f"离户日期 {on} 应在加入之日 {membership.from_date} 和今天之间，请核对。")
    if cause == "death":
        membership.person.died_on = on
    membership.to_date = on
    session.flush()
    if membership.relation == "head":
        _succeed(session, membership, on + _DAY, new_head)
        session.expire(membership.household, ["memberships"])
    return membership


def open_membership(session: Session, person_id: int) -> Membership | None:
    """Where the person belongs now."""
    return session.scalar(
        select(Membership).where(Membership.person_id == person_id, Membership.to_date.is_(None))
    )


def _succeed(session: Session, left: Membership, first_day: date, new_head: int | None) -> None:
    """Another member becomes head; the others' relations are restated towards him."""
    household = left.household
    session.refresh(household, ["memberships"])
    rest = [m for m in household.memberships if m.to_date is None]
    if not rest:
        return
    if new_head is not None and new_head not in {m.person_id for m in rest}:
        raise Refused("新户主应是本户成员，请重新选择。")
    follows = min(rest, key=lambda m: (m.person_id != new_head, m.relation != "spouse", m.person.birth, m.id))
    by_spouse = follows.relation == "spouse"
    for member in rest:
        if member is follows:
            _restate(session, member, "head", first_day)
        else:
            _restate(
                session,
                member,
                _AFTER_SPOUSE.get(member.relation, "other") if by_spouse else "other",
                first_day,
            )


def _restate(session: Session, member: Membership, relation: str, first_day: date) -> None:
    if member.relation == relation:
        return
    if first_day <= member.from_date:
        member.relation = relation
    else:
        member.to_date = first_day - _DAY
        session.flush()
        session.add(
            Membership(
                household_id=member.household_id, person_id=member.person_id, relation=relation, from_date=first_day,
                share_forfeited=member.share_forfeited,
            )
        )  # fmt: skip
    session.flush()


def _check_permitted(actor: Actor, area_code: str) -> None:
    if actor.id is not None and not any(actor.holds(role, scope_of(role, area_code)) for role in REGISTRARS):
        titles = "或".join(role.title for role in REGISTRARS)
        raise NotPermitted(f"家庭由其所在乡镇（街道）的{titles}登记，您没有这个岗位或不管这个区域。")


def _people(
    session: Session,
    members: list[dict[str, Any]],
    area_code: str,
    actor: Actor,
    now: datetime,
    places: tuple[str, ...] | None = None,
) -> list[Person]:
    """The persons of these members, recognised or new; refuses those who belong to another household."""
    people, errors = [], {}
    found = recognise(session, members, area_code)
    for number, (member, one) in enumerate(zip(members, found, strict=True), 1):
        if one.fault:
            place = places[number - 1] if places else f"members.{number}"
            errors[place] = one.fault if places else f"家庭成员第 {number} 行：{one.fault}"
            continue
        person = one.known or Person(name=member["name"])
        _describe(person, member, area_code)
        people.append(person)
    if errors:
        raise FormRefused(errors)
    for person, member, one in zip(people, members, found, strict=True):
        if one.others:
            session.add(person)
            session.flush()
        for other in one.others:
            not_the_same(session, person, other, because=member["not_same"], actor=actor, now=now)
    return people


def _describe(person: Person, member: dict[str, Any], area_code: str) -> None:
    if member["id_number"] and not person.id_number:
        person.id_number, person.id_kind = member["id_number"], member["id_kind"] or "citizen"
    person.id_note = "" if person.id_number else member["id_note"] or person.id_note or ""
    person.birth, person.sex = date.fromisoformat(member["birth"]), member["sex"]
    person.phone = member["phone"] or person.phone or ""
    person.hukou_area = member["hukou_area"] or person.hukou_area or area_code
    person.labour = member["labour"] or person.labour or "able"
    person.occupation = member["occupation"] or person.occupation or ""
    person.student = bool(member["student"])
    person.disability_kind = member["disability_kind"]
    person.disability_grade = member["disability_grade"] or 0
    person.serious_illness = bool(member["serious_illness"])
    person.bank_account = member["bank_account"] or person.bank_account or ""
