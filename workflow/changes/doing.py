"""An event while it is carried out: who is moved between which households, and nothing that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.changes.photograph import Moved, Rows, compare, newest, photograph
from workflow.changes.words import AWAY, NO_MEMBER, ONCE, towards
from workflow.errors import FormRefused, NotPermitted, Refused
from workflow.households.register import REGISTRARS, add_member, end_membership, open_membership
from workflow.households.words import RELATIONS
from workflow.models import Absence, Area, Household, Income, Membership, Person
from workflow.policy import scope_of

DAY = timedelta(days=1)


@dataclass
class Doing:
    """One event under way. `touched` are the households it has to do with, photographed before anything is moved.

    `linked` says that a signed act of a case causes it, which has asked who may.
    """

    session: Session
    household: Household
    on: date
    form: dict[str, Any]
    actor: Actor
    now: datetime
    linked: bool = False
    before: Rows = field(default_factory=dict)
    touched: dict[int, Household] = field(default_factory=dict)
    person_id: int | None = None

    def __post_init__(self) -> None:
        self._newest = newest(self.session)
        self.touch(self.household)

    def touch(self, *households: Household) -> None:
        """Say before it is moved what else the event concerns. Raises NotPermitted where the actor does not register it."""
        for household in households:
            if household.id in self.touched:
                continue
            if not (self.linked or may_register(self.actor, household.area_code)):
                village = self.session.get_one(Area, household.area_code).name
                raise NotPermitted(
                    f"这件事涉及{village}的家庭，由那里的窗口受理员或村级代理员登记，您没有这个岗位或不管那个区域。"
                )
            self.touched[household.id] = household
            self._keep(photograph(self.session, [household.id]))

    def moved(self) -> Moved:
        """What the event has changed so far."""
        after = photograph(self.session, self.touched)
        return compare(self.before, after, self._newest)

    def member(self, person_id: int) -> Membership:
        """The member's row, in force now. Raises Refused where he is none any more."""
        found = open_membership(self.session, person_id)
        if found is None or found.household_id not in self.touched:
            raise Refused("所选的人现在不是本户成员，请核对。")
        return found

    def members(self, household: Household | None = None) -> list[Membership]:
        """The members in force now."""
        wanted = select(Membership).where(
            Membership.household_id == (household or self.household).id, Membership.to_date.is_(None)
        )
        return sorted(self.session.scalars(wanted), key=lambda m: (m.relation != "head", m.id))

    def leave(self, person_id: int, cause: str, *, last: date | None = None) -> Membership:
        """Let a member leave; the day before the event is his last. What he earns is no longer this household's."""
        member, last = self.member(person_id), last or self.on - DAY
        if last < member.from_date:
            raise Refused(
                f"{member.person.name}的户内身份从 {member.from_date} 起才有，不能登记为在 {self.on} 离开，请核对日期。"
            )
        left = end_membership(
            self.session, person_id=person_id, on=last, cause=cause, actor=self.actor, now=self.now
        )
        self.end_ties_here(person_id, left.household_id, last)
        return left

    def all_leave(self, people: Iterable[int]) -> None:
        """Let members leave together; the head last, so that none of them follows him."""
        for member in sorted(map(self.member, people), key=lambda m: m.relation == "head"):
            self.leave(member.person_id, "moved")

    def enter(self, household: Household, person: Person, relation: str) -> Membership:
        """Let somebody on file belong to a household from the day of the event on. Raises Refused by name."""
        check_free(self.session, person)
        self._keep(photograph(self.session, [], [person.id]))
        if relation == "head" and any(m.relation == "head" for m in self.members(household)):
            raise Refused("一户只能有一个户主，请核对与户主的关系。")
        entered = Membership(household=household, person=person, relation=relation, from_date=self.on)
        self.session.add(entered)
        self.session.flush()
        return entered

    def register(self, member: dict[str, Any], fields: dict[str, str]) -> Membership:
        """Somebody new to the household, on file or not; `fields` names the form's fields where those of a member differ."""
        try:
            return add_member(
                self.session, self.household, member, on=self._from(), actor=self.actor, now=self.now
            )
        except FormRefused as refused:
            raise FormRefused(
                {fields.get(name, name): text for name, text in refused.errors.items()}
            ) from None

    def found_household(self, area_code: str, address: str, setting: str) -> Household:
        """A new household of this district. Raises NotPermitted where the actor does not register there."""
        if not may_register(self.actor, area_code):
            raise NotPermitted("新住地不在您管的区域，请选您管的村（社区），或由那里的窗口办理。")
        made = Household(
            area_code=area_code,
            address=address,
            setting=setting,
            phone=self.household.phone,
            created_at=self.now,
        )
        self.session.add(made)
        self.session.flush()
        self.touched[made.id] = made
        return made

    def carry(self, people: Iterable[int], household: Household, centre: str, head: int) -> None:
        """Move members into a new household around its head, who was `centre` to the old one.

        The old head goes last: whoever follows him is one of those who stay.
        """
        given: set[str] = set()
        moved: list[tuple[Membership, str]] = []
        for member in sorted(map(self.member, people), key=lambda m: (m.person_id != head, m.id)):
            relation = "head" if member.person_id == head else towards(centre, member.relation)
            moved.append((member, "other" if relation in ONCE and relation in given else relation))
            given.add(relation)
        for member, relation in sorted(moved, key=lambda one: one[0].relation == "head"):
            self.carry_one(member.person_id, household, relation, "moved")

    def carry_one(self, person_id: int, household: Household, relation: str, cause: str) -> None:
        """Move a member into another household, with the incomes last stated of him."""
        member, incomes = self.member(person_id), open_incomes(self.session, person_id)
        was, person, absence = member.household_id, member.person, open_absence(self.session, person_id)
        self.leave(person_id, cause)
        entered = self.enter(household, person, relation)
        if absence is not None:
            self.away(entered, absence.kind, absence.source)
        self.session.add_all(
            _same_income(income, household.id, self.on) for income in incomes if income.household_id == was
        )
        self.session.flush()

    def away(self, member: Membership, kind: str, source: str) -> Absence:
        """Note that somebody lives elsewhere from the day of the event on."""
        if kind in NO_MEMBER:
            self.leave(member.person_id, "other")
        row = Absence(
            household_id=member.household_id, person_id=member.person_id, kind=kind, relation=member.relation,
            from_date=self.on, source=source,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        return row

    def end_ties_here(self, person_id: int, household_id: int, last: date) -> None:
        """What somebody earns is no longer this household's, nor is he away from it."""
        for income in open_incomes(self.session, person_id):
            if income.household_id == household_id:
                income.until = max(last, income.as_of)
        if (absence := open_absence(self.session, person_id)) is not None:
            absence.to_date = max(last, absence.from_date)
        self.session.flush()

    def _keep(self, rows: Rows) -> None:
        for name, found in rows.items():
            self.before[name] = found | self.before.get(name, {})

    def _from(self) -> date:
        """Nobody belongs to a household before it was on file."""
        rows = select(Membership.from_date).where(Membership.household_id == self.household.id)
        return max(self.on, min(self.session.scalars(rows), default=self.on))


def may_register(actor: Actor, area_code: str) -> bool:
    """Whether the actor registers the households of this area."""
    return actor.id is None or any(actor.holds(role, scope_of(role, area_code)) for role in REGISTRARS)


def check_free(session: Session, person: Person) -> None:
    """Refuse somebody dead, away in such a way that he is no member, or of a household already, by name."""
    if person.died_on is not None:
        raise Refused(f"{person.name}已登记于 {person.died_on} 死亡，请核对。")
    if (absence := open_absence(session, person.id)) is not None:
        raise Refused(f"{person.name}现在登记为{AWAY[absence.kind]}，请先在原来的家庭登记回家。")
    if (other := open_membership(session, person.id)) is not None:
        village = session.get_one(Area, other.household.area_code).name
        raise Refused(
            f"{person.name}现在是{village}另一户的{RELATIONS[other.relation]}，一个人不能同时在两户，请先在那里办理离户。"
        )


def open_absence(session: Session, person_id: int) -> Absence | None:
    """Where he is meanwhile, in whatever household."""
    return session.scalar(select(Absence).where(Absence.person_id == person_id, Absence.to_date.is_(None)))


def open_incomes(session: Session, person_id: int) -> list[Income]:
    """What is stated of a person's incomes and not ended."""
    wanted = select(Income).where(Income.person_id == person_id, Income.until.is_(None)).order_by(Income.id)
    return list(session.scalars(wanted))


def _same_income(income: Income, household_id: int, on: date) -> Income:
    return Income(
        household_id=household_id, person_id=income.person_id, category=income.category, kind=income.kind,
        annual=income.annual, source=income.source, as_of=max(on, income.as_of), new_employment=income.new_employment,
    )  # fmt: skip
