"""What goes onto a phone for a day: the visits and notices one may do, each with its form as the server asks it.

Only what the work needs: names, relation and age, address and telephone; never a citizen number or an income.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import select

from definitions.shared.materials import MATERIALS
from web import context
from web.cases.page import CasePage, facts_of
from web.fields import questions, suggested
from web.show import left, place, plain_day
from workflow.desk.eligible import finishing
from workflow.errors import NotPermitted, Unmet
from workflow.facts import Facts
from workflow.forms import Field, Rows
from workflow.households import RELATIONS
from workflow.models import Case, Household
from workflow.roles import INVESTIGATOR, TOWN_REVIEWER, VILLAGE_AGENT
from workflow.vocabulary import Action
from workflow.worklist import worklist

FIELD_ROLES = (VILLAGE_AGENT, INVESTIGATOR, TOWN_REVIEWER)
"""Who works out of doors."""
OUTDOORS = ("visit_form", "posting_photo", "taking_down_photo")
"""Papers that come into being there: an action that needs one of them is done on the phone."""
SIGNED = "visit_form"
"""The one that is signed by both sides (M57-16; M220-19)."""
CHANGES = ("report_change", "report_death")
"""What may be reported of a family on benefit that is visited for no task."""
MOST, LOOKED_AT = 40, 200
"""Visits on one phone, and tasks among which they are found."""
HAPPENED = 3


def due_now() -> list[tuple[CasePage, Action]]:
    """The reader's open field work, the most urgent first."""
    edge, session, actor = context.edge(), context.session(), context.actor()
    items = worklist(session, actor, context.today(), edge.office.calendar, limit=LOOKED_AT).items
    pages = ((page_of(session.get_one(Case, item.case_id)), item) for item in items)
    work = ((page, word) for page, item in pages for word in finishing(page.blueprint, item))
    return list(islice((one for one in work if outdoor_papers(*one) and open_to(*one)), MOST))


def changes_of(numbers: Sequence[str]) -> list[tuple[CasePage, Action]]:
    """What may be reported of these families, named by the numbers of their cases."""
    rows = context.session().scalars(select(Case).where(Case.number.in_(numbers[:MOST])).order_by(Case.id))
    pages = [page_of(case) for case in rows if context.actor().reads(case.area_code)]
    return [
        (page, page.blueprint.actions[code]) for page in pages for code in CHANGES
        if code in page.blueprint.actions and open_to(page, page.blueprint.actions[code])
    ]  # fmt: skip


def page_of(case: Case) -> CasePage:
    """The case as the reader sees it."""
    return CasePage(context.edge().office, context.session(), case, context.actor(), context.now())


def outdoor_papers(page: CasePage, word: Action) -> list[str]:
    """The kinds of papers from out of doors that the action needs."""
    return [kind for kind in (word.needs(asked_in(page)) if word.needs else ()) if kind in OUTDOORS]


def asked_in(page: CasePage) -> Facts:
    """What the fields of a form of this case look at."""
    return facts_of(page.office, page.session, page.case, page.actor, page.now)


def open_to(page: CasePage, word: Action) -> bool:
    """Whether the reader may do it once its papers are there."""
    offer = next((offer for offer in page.offers if offer.action.code == word.code), None)
    if offer is None:
        return False
    waits_for_papers = isinstance(offer.against, Unmet) and "needs" in offer.against.facts
    return offer.against is None or (waits_for_papers and not isinstance(offer.against, NotPermitted))


def packed(page: CasePage, word: Action) -> dict[str, Any]:
    """One piece of field work as the phone keeps it."""
    case, facts = page.case, asked_in(page)
    household = page.session.get(Household, page.household_id) if page.household_id else None
    needed = outdoor_papers(page, word)
    due = page.legal
    return {
        "id": f"{case.id}:{word.code}", "case": case.id, "number": case.number, "action": word.code, "seen": case.version,
        "label": _(word.label), "programme": _(page.blueprint.title), "title": case.title or next((m.person.name for m in page.members), case.number), "village": place(page.area.name),
        "address": household.address if household else "", "phone": _phone(page, household),
        "members": [
            {"name": m.person.name, "said": _("%(relation)s，%(n)s 岁", relation=_(RELATIONS.get(m.membership.relation, m.membership.relation)), n=m.age)}
            for m in page.members
        ],
        "due": f"{plain_day(due.due_on)} {left(due.due_on).text}" if due else "", "late": bool(due and due.due_on < page.today),
        "happened": [f"{plain_day(entry.at.date())} {_(entry.says)}" for entry in page.journal[:HAPPENED]],
        "form": render_template("agent/visit_part.html", questions=questions(word.form, facts, suggested(word.form, facts), {})),
        "required": dict(_required(word.form.asked(facts))), "people": _people(word.form.asked(facts)) if SIGNED in needed else [],
        "papers": [{"kind": kind, "label": _(MATERIALS[kind])} for kind in needed] + [{"kind": "other", "label": _("现场照片")}], "needs": needed,
    }  # fmt: skip


def _phone(page: CasePage, household: Household | None) -> str:
    numbers = [household.phone if household else "", *(member.person.phone for member in page.members)]
    return next((number for number in numbers if number), "")


def _required(fields: Any) -> Iterator[tuple[str, str]]:
    """By field that must be answered, what to say where it is not."""
    for name, field in fields.items():
        if field.required and not field.only_if:
            yield name, _("%(asks)s%(label)s", asks=_(field.asks), label=_(field.label))


def _people(fields: dict[str, Field]) -> list[str]:
    """The fields that name who signs: whoever is ticked there gets a place for his signature."""
    return [
        name
        for name, field in fields.items()
        if field.kind in {"staff", "members"} and not isinstance(field, Rows)
    ]
