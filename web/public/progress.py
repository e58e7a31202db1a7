"""How far an application has come, by its number and code: step, office, next date. Never a name, illness or amount."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from definitions.intake.results import INTAKE, children
from definitions.letters.case_facts import area_at, authority
from web import context, throttle
from web.cases.page import CasePage
from web.public.base import bp, page
from workflow.actors import SYSTEM_ACTOR
from workflow.catalogue import Blueprint
from workflow.models import Area, Attempt, Case, Deadline, moment_text
from workflow.vocabulary import Stage

PER_RECEIPT, PER_PLACE = 5, 30
"""Failed tries: for one number in a quarter of an hour, from one address in an hour."""
HOUR = timedelta(hours=1)
LONGEST_NUMBER, LONGEST_CODE = 30, 40


@dataclass(frozen=True)
class Progress:
    """What anybody with number and code may know."""

    number: str
    programme: str
    says: str
    steps: list[tuple[str, str, date | None]]
    office: str
    phone: str
    address: str
    due: date | None
    due_at: datetime | None
    provisional: bool
    late: bool
    closed: bool
    things: list[Progress]


@bp.route("/progress", methods=["GET", "POST"])
def progress() -> ResponseReturnValue:
    """Ask for number and code, typed in or brought along by the printed QR code."""
    asked = request.form if request.method == "POST" else request.args
    number = "".join(asked.get("number", "").split()).upper()[:LONGEST_NUMBER]
    code = "".join(asked.get("code", "").split()).upper()[:LONGEST_CODE]
    if not number and not code:
        return page("progress", found=None, number="", message="")
    receipt, place = f"progress:{number}"[:120], f"progress:@{request.remote_addr or ''}"[:120]
    if _used_up(context.session(), context.now(), receipt, place):
        answer = current_app.make_response(page("progress", found=None, number=number, message="busy"))
        answer.status_code = 429
        answer.headers["Retry-After"] = "900"
        return answer
    found = context.session().scalar(select(Case).where(Case.number == number))
    if (
        found is None
        or not found.progress_code
        or not hmac.compare_digest(found.progress_code.encode(), code.encode())
    ):
        with context.acting() as conn:
            throttle.fail(conn, context.now(), receipt, place)
        return page("progress", found=None, number=number, message="wrong"), 404
    shown = _progress(found)
    if shown is None:
        return page("progress", found=None, number=number, message="counter"), 404
    return page("progress", found=shown, number=number, message="")


def _used_up(session: Session, now: datetime, receipt: str, place: str) -> bool:
    """Whether this number or this address has used up its tries."""
    mine = session.scalar(
        select(Attempt.count).where(Attempt.key == receipt, Attempt.window == throttle.window_of(now))
    )
    hour = select(func.sum(Attempt.count)).where(
        Attempt.key == place, Attempt.window > moment_text(now - HOUR)
    )
    return (mine or 0) >= PER_RECEIPT or (session.scalar(hour) or 0) >= PER_PLACE


def _progress(case: Case) -> Progress | None:
    """None for a case of which the public is told nothing."""
    office, session, today = context.edge().office, context.session(), context.today()
    blueprint = office.catalogue.of(case)
    stage = blueprint.stages[case.stage]
    if not stage.public:
        return None
    place = area_at(session, case.area_code, _level(blueprint, case.stage))
    county = area_at(session, case.area_code, "county")
    limit = _limit(session, case)
    steps = CasePage(office, session, case, SYSTEM_ACTOR, context.now()).steps
    return Progress(
        number=case.number, programme=blueprint.title, says=stage.public, steps=steps, office=_office(case, stage, place),
        phone=place.phone or county.phone, address=place.address, due=limit.due_on if limit else None,
        due_at=limit.due_at if limit else None, provisional=limit is not None and limit.provisional,
        late=limit is not None and (limit.due_at < context.now() if limit.due_at else limit.due_on < today), closed=stage.final or stage.keeps,
        things=[one for child in opened_from(session, case) if (one := _progress(child)) is not None],
    )  # fmt: skip


def _office(case: Case, stage: Stage, place: Area) -> str:
    """Who has it now: the department it was handed to while one of its posts holds it, else the town or the county."""
    if (
        stage.held_by is not None
        and stage.held_by.levels == ("department",)
        and case.facts.get("department_name")
    ):
        return str(case.facts["department_name"])
    return f"{place.name}{place.office}" if place.office else authority(place)


def opened_from(session: Session, case: Case) -> Sequence[Case]:
    """What the window has opened for the family that came with this receipt; of other cases nothing beside is told."""
    return children(session, case.id) if case.definition == INTAKE else ()


def _level(blueprint: Blueprint, stage: str) -> str:
    """Whether the town or the county has the case now; a village's step is answered for by its town."""
    holder = blueprint.stages[stage].held_by
    return "county" if holder is not None and holder.levels[0] == "county" else "town"


def _limit(session: Session, case: Case) -> Deadline | None:
    """The legal limit that ends next."""
    running = select(Deadline).where(
        Deadline.case_id == case.id,
        Deadline.state == "open",
        Deadline.minimum.is_(False),
        Deadline.ladder != "silent",
    )
    return session.scalar(running.order_by(Deadline.due_on).limit(1))
