"""Publicity on the village board: what was shown is fixed with its hash; only whitelisted fields (M220-25, 29; M57-19)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.editions.catalogue import edition
from definitions.letters.case_facts import area_at, posting_of, residents_of
from definitions.letters.publicity import WHITELIST, Resident, publicity_content
from workflow.actors import Actor
from workflow.errors import Unmet
from workflow.facts import CaseState, Facts
from workflow.models import Case, Notice, Person, canonical
from workflow.office import office_of
from workflow.periods import local_date, parse_rule

Effect = Callable[[Session, CaseState, dict[str, Any], Actor, datetime], None]


def put_up(board: str) -> Effect:
    """Fix the notice of this round: its content from the case as it is now, its first and last day."""

    def post(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
        _post(session, case, board, local_date(now))

    post.__name__ = f"put_up_{board}"
    return post


def replace(board: str) -> Effect:
    """The notice was missing: the old one ends, a new one begins and hangs its full time."""

    def repost(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
        _end(session, case, local_date(now))
        _post(session, case, board, local_date(now))

    repost.__name__ = f"replace_{board}"
    return repost


def has_telephone(facts: Facts) -> None:
    """A notice names where to object; without a telephone of the town or county it cannot be made (domain 5.2)."""
    places = [area_at(facts.session, facts.case.area_code, level) for level in ("town", "county")]
    if not any(place.phone for place in places):
        raise Unmet(f"{places[0].name}还没有登记反映电话，公示做不出来；请管理员先在区划里填写。")


def take_down(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The notice no longer hangs; its public copy goes with it."""
    _end(session, case, local_date(now))


def _end(session: Session, case: CaseState, today: date) -> None:
    for notice in session.scalars(
        select(Notice).where(Notice.case_id == case.id, Notice.taken_down_on.is_(None))
    ):
        notice.taken_down_on = today


def _post(session: Session, case: CaseState, board: str, today: date) -> None:
    law = edition(case.edition)
    rule = parse_rule(law.text("publicity", today))
    until = rule.due(today, office_of(session).calendar)
    content = notice_content(session, case, board, today, until, str(rule))
    session.add(
        Notice(
            case_id=case.id, visit=case.visit, kind=board, area_code=case.area_code, content=content,
            sha256=hashlib.sha256(canonical(content).encode()).hexdigest(), posted_on=today, until=until,
        )
    )  # fmt: skip


def notice_content(
    session: Session, case: CaseState, kind: str, first: date, last: date, rule: str
) -> dict[str, Any]:
    """The whitelisted fields of a board, from the case as it stands in this act."""
    row = session.get_one(Case, case.id)
    posting = posting_of(
        session,
        row,
        programme=office_of(session).catalogue.of(case).title,
        level="town",
        rule=rule,
        first_day=first,
        last_day=last,
    )
    person = session.get_one(Person, case.facts["applicant_id"])
    every: dict[str, Any] = {
        "visit": case.facts.get("visit"),
        "appraisal": case.facts.get("appraisal"),
        "opinion": case.facts["proposal"],
        "members": residents_of(session, row, first),
        "persons": len(case.facts.get("assessment", {}).get("shares", ())),
        "amount": Decimal(case.facts.get("amount", "0.00")),
    }
    allowed = WHITELIST[kind, case.edition]
    shown = {name: every[name] for name in allowed}
    content = publicity_content(
        kind, case.edition, posting=posting, applicant=Resident(person.name, person.birth), **shown
    )
    return content.as_json()
