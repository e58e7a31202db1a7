"""Compiling the month's payment lists: what is due to whom, one line a person and month (M220-29, 31; M57-21, 25).

A line is made for every month of an entitlement that has none yet, up to this month: so the month after approval is
the first, the stop month the last, and months held back by a suspension are paid when it ends. A month that was
missed, because the certificate came after the month's list, stands as a line of its own on the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, case, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from definitions.editions.catalogue import edition
from definitions.payment import REISSUED_WITHIN
from definitions.shared.guards import first_of_next_month, month_of, months_between
from workflow.actors import SYSTEM_ACTOR
from workflow.acts import open_case
from workflow.areas import ancestor
from workflow.models import Area, Case, Entitlement, PaymentLine, ScheduledAct, Tick
from workflow.office import Office
from workflow.people.merging import roots
from workflow.periods import local_date
from workflow.running.job import Job, Run
from workflow.sweeps import Swept

PAID_STAGES = ("on_benefit", "gradual_exit")
CHANGES = ("adjust", "standard_changed", "begin_grace", "end_grace", "stop")
"""The acts of signed decisions that change what is due."""


@dataclass(frozen=True)
class Due:
    """What one person is due for one month under one entitlement."""

    case_id: int
    household_id: int
    person_id: int
    programme: str
    month: str
    amount: Decimal


def compile_lists(run: Run) -> Swept:
    """The month's list of every town that has money due, on the first day it can be made; decisions due by then go first.

    What falls due after that, a family certified or resumed later, comes on a supplementary list, at most one a day.
    """
    today = local_date(run.now)
    month = month_of(today)
    with run.database.reading() as session:
        if session.scalar(select(_undecided(today).exists())) and not _carried_out(session, today):
            return Swept()
        towns = sorted({ancestor(code, "town") for code in session.scalars(_with_a_gap(month, today))})
    swept = Swept()
    for town in towns:
        if run.stopped():
            break
        try:
            with run.database.acting() as conn:
                swept.done += int(compile_list(run.office, conn, town, month, run.now))
        except (
            IntegrityError
        ):  # another scheduler made the same lines first: the unique key let one of us through
            continue
    return swept


def compile_list(office: Office, conn: Connection, town: str, month: str, now: datetime) -> bool:
    """Make the next list of one town with its lines. False where nothing is due, or today's is made already."""
    session = office.session(conn)
    today = local_date(now)
    made = [local_date(at) for at in session.scalars(_lists(town, month))]
    if today in made or not (dues := list(_dues(session, town, month, today))):
        return False
    name = session.get_one(Area, town).name
    title, facts = f"{name} {month}", dict[str, Any]()
    if made:
        title, facts = f"{title} 补发{len(made)}", {"supplement": len(made)}
    listed = open_case(
        office, conn, "payment", subject=("payment_list", _subject(town, month)), area_code=town, actor=SYSTEM_ACTOR,
        now=now, title=title, facts={
            "month": month, "pay_by": pay_by(office.edition_on(today), today).isoformat(), "lines": len(dues),
            "total": f"{sum(due.amount for due in dues):.2f}",
        } | facts,
    )  # fmt: skip
    session.add_all(
        PaymentLine(
            list_id=listed.id, case_id=due.case_id, household_id=due.household_id, person_id=due.person_id,
            programme=due.programme, month=due.month, amount=due.amount, state="due", tries=0,
        )
        for due in dues
    )  # fmt: skip
    session.flush()
    return True


def pay_by(code: str, today: date) -> date:
    """By when a list made today is paid: the edition's pay day of this month (M220-31: the 10th).

    Where law leaves it open it is the month's last day; money that falls due after the pay day is paid within the
    time for lines that came back [design].
    """
    day = edition(code).find("pay_day", today)
    if day is None or day.value is None:
        return first_of_next_month(today) - timedelta(days=1)
    due = today.replace(day=int(str(day.value)))
    return due if today <= due else today + timedelta(days=REISSUED_WITHIN)


def _subject(town: str, month: str) -> int:
    """One number for a town and month: the list is about both."""
    return int(town[:9]) * 1_000_000 + int(month.replace("-", ""))


def _lists(town: str, month: str) -> Select[datetime]:
    """When the lists of this town and month were made: the ordinary one, then the supplementary ones."""
    return (
        select(Case.opened_at)
        .where(
            Case.definition == "payment",
            Case.subject_kind == "payment_list",
            Case.subject_id == _subject(town, month),
        )
        .order_by(Case.id)
    )


def _undecided(today: date) -> Select[Any]:
    """Cases whose amount a signed decision changes by today, and it is not carried out yet."""
    return select(ScheduledAct.case_id).where(
        ScheduledAct.state.in_(("planned", "deferred")),
        ScheduledAct.on_date <= today,
        ScheduledAct.action.in_(CHANGES),
    )


def _carried_out(session: Session, today: date) -> bool:
    """Whether today's decisions have been carried out: what still waits then is one that cannot be."""
    tick = session.get(Tick, "carry_out")
    return tick is not None and local_date(tick.at) >= today


def _with_a_gap(month: str, today: date) -> Select[str]:
    """Areas of cases in payment whose newest month due, this one or the last of a grant that has ended, has no line."""
    newest = case(
        (Entitlement.to_month < month, Entitlement.to_month),
        else_=month,
    )
    line = select(PaymentLine.id).where(
        PaymentLine.case_id == Entitlement.case_id,
        PaymentLine.programme == Entitlement.programme,
        PaymentLine.month == newest,
    )
    return (
        select(Entitlement.area_code)
        .join(Case, Case.id == Entitlement.case_id)
        .where(
            Case.stage.in_(PAID_STAGES),
            Entitlement.from_month <= month,
            Entitlement.case_id.not_in(_undecided(today)),
            ~line.exists(),
        )
        .distinct()
    )


def _dues(session: Session, town: str, month: str, today: date) -> Iterator[Due]:
    """Months without a line, of the entitlements of cases now in payment; a person is paid once a month.

    One whose decided change cannot be carried out is left out of this list, not the others with it.
    """
    rows = session.execute(
        select(Entitlement, Case.stage)
        .join(Case, Case.id == Entitlement.case_id)
        .where(
            Entitlement.area_code.between(town[:9] + "000", town[:9] + "999"),
            Entitlement.from_month <= month,
            Entitlement.case_id.not_in(_undecided(today)),
        )
        .order_by(Entitlement.case_id, Entitlement.from_month)
    ).all()
    stands = roots(session)
    people = {int(member) for row in rows for member in row.Entitlement.shares}
    people |= {stands[person] for person in people & stands.keys()}
    people |= {gone for gone, kept in stands.items() if kept in people}
    done = {
        (line.programme, stands.get(line.person_id, line.person_id), line.month)
        for line in session.execute(
            select(PaymentLine.programme, PaymentLine.person_id, PaymentLine.month).where(
                PaymentLine.person_id.in_(people)
            )
        )
    }
    for row in rows:
        grant = row.Entitlement
        if row.stage not in PAID_STAGES:
            continue
        for wanted in months_between(grant.from_month, min(month, grant.to_month or month)):
            for member, share in sorted(grant.shares.items()):
                key = (grant.programme, stands.get(int(member), int(member)), wanted)
                if key not in done and Decimal(share) > 0:
                    done.add(key)
                    yield Due(
                        grant.case_id,
                        grant.household_id,
                        int(member),
                        grant.programme,
                        wanted,
                        Decimal(share),
                    )


JOBS = (Job("payment_lists", "编制发放清册", 600, compile_lists),)
