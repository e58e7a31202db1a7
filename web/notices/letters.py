"""Which letters a case has, and what each says: an act in the journal is the occasion, the case gives the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.letters import LETTERS, Letter, letter, number_of
from definitions.letters.case_facts import case_facts, with_names
from definitions.shared.guards import first_of_next_month, month_of
from definitions.shared.materials import MATERIALS
from web import context
from workflow.catalogue import Blueprint
from workflow.errors import NotFound
from workflow.households import RELATIONS
from workflow.models import (
    AidGrant,
    Area,
    Case,
    CaseForm,
    Deadline,
    Document,
    Entitlement,
    Household,
    JournalEntry,
    Notice,
    Person,
)
from workflow.periods import add_months, local_date
from workflow.roles import SYSTEM

Facts = dict[str, Any]
_NONE = "这个办件没有这种文书。"


class Paper(NamedTuple):
    """A letter the case has: its kind, what it is called, where it is shown."""

    kind: str
    title: str
    url: str


@dataclass(frozen=True)
class Source:
    """What a letter is written from: the case, the act that is its occasion, and the form handed in with it."""

    session: Session
    case: Case
    blueprint: Blueprint
    entry: JournalEntry

    @property
    def signed_on(self) -> date:
        """The day of the act."""
        return local_date(self.entry.at)

    @property
    def form(self) -> Facts:
        """The form of the act."""
        row = self.session.get(CaseForm, (self.case.id, self.entry.seq))
        return dict(row.body) if row is not None else {}

    @property
    def reasons(self) -> Facts:
        """The written reason of the act."""
        return {"reasons": [self.entry.reason]} if self.entry.reason else {}

    def limit(self, stage: str) -> date | None:
        """The last day of the stage the act led to."""
        found = select(Deadline.due_on).where(
            Deadline.case_id == self.case.id, Deadline.stage == stage, Deadline.kind.not_like("span:%")
        )
        return self.session.scalar(found.order_by(Deadline.id.desc()).limit(1))

    def days(self, action: str, field: str) -> list[date]:
        """The days that earlier acts of this kind name."""
        rows = self.session.scalars(
            select(CaseForm.body)
            .where(CaseForm.case_id == self.case.id, CaseForm.action == action)
            .order_by(CaseForm.seq)
        )
        return [date.fromisoformat(body[field]) for body in rows]


def _receipt(of: Source) -> Facts:
    kinds = of.session.scalars(
        select(Document.kind).where(Document.case_id == of.case.id).order_by(Document.id)
    )
    return {"materials": list(dict.fromkeys(MATERIALS.get(kind, kind) for kind in kinds))}


def _acceptance(of: Source) -> Facts:
    rows = select(Deadline).where(
        Deadline.case_id == of.case.id,
        Deadline.kind.like("span:%"),
        Deadline.ladder != "silent",
        Deadline.started_on == of.case.accepted_on,
    )
    limit = of.session.scalar(rows.order_by(Deadline.id).limit(1))
    return (
        {"due_on": limit.due_on, "due_label": limit.label.removesuffix("总时限").removesuffix("时限")}
        if limit
        else {}
    )


def _correction(of: Source) -> Facts:
    return {"correct_by": of.limit("correcting")}


def _not_accepted(of: Source) -> Facts:
    return of.reasons | {"right_department": of.form.get("right_place", "")}


def _check_result(of: Source) -> Facts:
    return of.reasons | {"objection_by": of.limit("contesting")}


def _approval(of: Source) -> Facts:
    first = of.session.scalars(
        select(Entitlement).where(Entitlement.case_id == of.case.id).order_by(Entitlement.from_month)
    ).first()
    if first is None:
        return {}
    return {
        "persons": len(first.shares),
        "amount": first.amount,
        "from_month": first.from_month,
        "derivation": with_names(of.session, first.household_id, first.derivation),
    }


def _certificate(of: Source) -> Facts:
    household = of.session.get_one(Household, of.case.subject_id)
    members = [
        {"name": m.person.name, "relation": RELATIONS.get(m.relation, m.relation)}
        for m in household.members(of.signed_on)
    ]
    return _approval(of) | {"certificate_number": of.case.facts.get("certificate"), "members": members}


def _suspension(of: Source) -> Facts:
    return of.reasons | {
        "from_month": month_of(first_of_next_month(of.signed_on)),
        "until": of.limit("suspended"),
    }


def _planned_stop(of: Source) -> Facts:
    return of.reasons | {"from_month": month_of(first_of_next_month(of.signed_on))}


def _terminated(of: Source) -> Facts:
    return of.reasons | {"warned_on": [*of.days("warn", "warned_on"), *of.days("no_contact", "tried_on")]}


def _review(of: Source) -> Facts:
    facts, month = of.case.facts, first_of_next_month(of.signed_on)
    amount = facts["before"] if facts["proposed"] == "grace" else facts.get("assessment", {}).get("total")
    found = {
        "reasons": [facts["reason"]],
        "old_amount": facts["before"],
        "amount": amount,
        "from_month": month_of(month),
    }
    if facts.get("months"):
        found["last_month"] = month_of(add_months(month, facts["months"] - 1))
    if "leaving" in facts:
        found["derivation"] = with_names(of.session, of.case.subject_id, facts["leaving"])
    return found


@dataclass(frozen=True)
class Occasion:
    """A kind of letter, the acts that call for it, and what it says beyond the facts common to all letters.

    `when` looks at the case: one and the same act can call for different letters.
    """

    kind: str
    actions: tuple[str, ...]
    more: Callable[[Source], Facts]
    definition: str = "dibao"
    when: Callable[[Case, Session], bool] = lambda case, session: True


def _of_department(of: Source) -> Facts:
    """The department signs, for its own programme."""
    place = of.session.get(Area, of.case.facts["department"])
    reached = {"phone": place.phone, "address": place.address} if place and place.phone else {}
    return {
        "programme": of.blueprint.title,
        "aid": of.case.definition,
        "office": of.case.facts["department_name"],
    } | reached


def _aid_granted(of: Source) -> Facts:
    grant = of.session.scalars(select(AidGrant).where(AidGrant.case_id == of.case.id)).one()
    return _of_department(of) | {
        "person": of.session.get_one(Person, grant.person_id).name, "item": grant.item, "amount": grant.amount,
        "period": grant.period or "", "derivation": grant.derivation,
    }  # fmt: skip


def _aid_refused(of: Source) -> Facts:
    found = _of_department(of) | of.reasons
    return found | ({"programme": "转办事项"} if of.case.definition == "referral" else {})


def _proposed(*results: str) -> Callable[[Case, Session], bool]:
    return lambda case, session: case.facts.get("proposed") in results


def _has_papers(case: Case, session: Session) -> bool:
    return session.scalar(select(Document.id).where(Document.case_id == case.id).limit(1)) is not None


OCCASIONS = (
    Occasion("receipt", ("submit",), _receipt, when=_has_papers),
    Occasion("intake_receipt", ("register",), _receipt, "intake"),
    Occasion(
        "correction",
        ("notify_missing",),
        _correction,
        when=lambda case, session: bool(case.facts.get("gaps")),
    ),
    Occasion("acceptance", ("accept", "complete"), _acceptance),
    Occasion("not_accepted", ("refuse_intake",), _not_accepted),
    Occasion("check_result", ("report_check_failed",), _check_result),
    Occasion("withdrawn", ("lapse",), _correction),
    Occasion("terminated", ("terminate",), _terminated),
    Occasion("refusal", ("refuse", "refuse_uncontested"), lambda of: of.reasons),
    Occasion("approval", ("approve",), _approval),
    Occasion("certificate", ("certify",), _certificate),
    Occasion("suspension", ("suspend",), _suspension),
    Occasion("stop", ("stop_suspended",), _planned_stop),
    Occasion("adjustment", ("decide",), _review, "dynamic_review", _proposed("increase", "decrease")),
    *(
        Occasion(kind, actions, more, programme)
        for programme in ("medical", "education")
        for kind, actions, more in (
            ("aid_granted", ("approve",), _aid_granted),
            ("aid_refused", ("refuse",), _aid_refused),
        )
    ),
    Occasion("aid_refused", ("decline",), _aid_refused, "referral"),
    Occasion("gradual_exit", ("decide",), _review, "dynamic_review", _proposed("grace")),
    Occasion("stop", ("decide",), _review, "dynamic_review", _proposed("stop")),
)


def letters_for(case: Case, session: Session) -> list[Paper]:
    """The letters of a case in the order of the procedure, and the posters of its publicity."""
    acts = set(session.scalars(select(JournalEntry.action).where(JournalEntry.case_id == case.id).distinct()))
    papers = [
        Paper(
            one.kind,
            LETTERS[one.kind].title,
            url_for("notices.letter_page", number=case.number, kind=one.kind),
        )
        for one in OCCASIONS
        if one.definition == case.definition and acts.intersection(one.actions) and one.when(case, session)
    ]
    from web.notices.posters import board_of

    if board_of(context.edge().office.catalogue.of(case), case.stage):
        papers.append(Paper("publicity", "待张贴的公示", url_for("notices.upcoming", number=case.number)))
    posted = session.scalars(select(Notice).where(Notice.case_id == case.id).order_by(Notice.id))
    papers.extend(
        Paper("publicity", f"公示（{n.posted_on} 张贴）", url_for("notices.poster_page", notice_id=n.id))
        for n in posted
    )
    return papers


def write_letter(case: Case, kind: str, session: Session) -> Letter:
    """The letter of this kind. Raises NotFound where the case has none, LetterIncomplete where a fact is missing."""
    office, config = context.edge().office, context.edge().config
    wanted = [
        one
        for one in OCCASIONS
        if (one.kind, one.definition) == (kind, case.definition) and one.when(case, session)
    ]
    if not wanted:
        raise NotFound(_NONE)
    occasion = wanted[0]
    entry = session.scalar(
        select(JournalEntry)
        .where(JournalEntry.case_id == case.id, JournalEntry.action.in_(occasion.actions))
        .order_by(JournalEntry.seq.desc())
        .limit(1)
    )
    if entry is None:
        raise NotFound(_NONE)
    blueprint = office.catalogue.of(case)
    of = Source(session, case, blueprint, entry)
    programme = office.catalogue.get("dibao", case.edition).title
    facts = case_facts(
        session,
        case,
        programme=programme,
        level=_level(blueprint, entry.action),
        signed_on=of.signed_on,
        public_url=config.public_url,
    )
    return letter(kind, facts | {"number": number_of(kind, case.number)} | occasion.more(of))


def _level(blueprint: Blueprint, action: str) -> str:
    """Whether the town or the county signs: who does the act."""
    roles = [role for role in blueprint.actions[action].by if role is not SYSTEM]
    return "county" if roles and roles[0].levels[0] == "county" else "town"
