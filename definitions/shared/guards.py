"""Guards several programmes share. Each raises a refusal that says what is missing and what to do."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from workflow.errors import Unmet
from workflow.facts import Facts
from workflow.models import Case, CasePart, Deadline, JournalEntry
from workflow.periods import local_date


def all_parts_done(facts: Facts) -> None:
    """Every required part of the stage is finished."""
    open_parts = facts.session.scalars(
        select(CasePart.code).where(
            CasePart.case_id == facts.case.id,
            CasePart.visit == facts.case.visit,
            CasePart.required,
            CasePart.state == "open",
        )
    ).all()
    if open_parts:
        parts = {part.code: part.label for part in facts.blueprint.stages[facts.case.stage].parts}
        raise Unmet(
            f"还没有完成：{'、'.join(parts[code] for code in open_parts)}。全部完成后才能进入下一环节。"
        )


def minimum_over(facts: Facts) -> None:
    """The minimum duration of the stage is over: from the day after its last day (CC-201, M220-25, M57-19)."""
    last = _last_day(facts)
    if last is not None and facts.today <= last:
        raise Unmet(f"公示到 {last.isoformat()} 当日结束才期满，不能提前结束。")


def in_publicity_time(facts: Facts) -> None:
    """An objection is in time until 24:00 of the last day of publicity."""
    last = _last_day(facts)
    if last is not None and facts.today > last:
        raise Unmet(f"公示已于 {last.isoformat()} 期满，请用“登记逾期异议”如实记录。")


def publicity_time_over(facts: Facts) -> None:
    """Only what comes after the last day is late; until then an objection is taken up."""
    last = _last_day(facts)
    if last is not None and facts.today <= last:
        raise Unmet(f"公示到 {last.isoformat()} 当日结束，期内的异议请用“收到异议”办理。")


def _last_day(facts: Facts) -> date | None:
    """The last day of the minimum of the present visit."""
    return facts.session.scalar(
        select(Deadline.due_on).where(
            Deadline.case_id == facts.case.id, Deadline.visit == facts.case.visit, Deadline.minimum
        )
    )


def stage_limit_passed(facts: Facts) -> None:
    """The limit of the present stage has passed; even then a person decides."""
    due = facts.session.scalar(
        select(Deadline.due_on).where(
            Deadline.case_id == facts.case.id,
            Deadline.visit == facts.case.visit,
            Deadline.kind.startswith("stage:"),
        )
    )
    if due is not None and facts.today <= due:
        raise Unmet(f"期限到 {due.isoformat()} 为止，还没有超过，不能按逾期办理。")


def only_case_of_household(facts: Facts) -> None:
    """The household has no other open case of this programme (one family is not helped twice)."""
    other = facts.session.scalar(
        select(Case.number).where(
            Case.subject_kind == "household",
            Case.subject_id == facts.case.household_id,
            Case.definition == facts.case.definition,
            Case.closed_at.is_(None),
            Case.id != facts.case.id,
        )
    )
    if other is not None:
        raise Unmet(f"这个家庭已有在办或在保的案件 {other}，不能重复申请。")


def round_began(facts: Facts) -> date:
    """The day on which the case entered its present stage."""
    entered = select(func.min(JournalEntry.at)).where(
        JournalEntry.case_id == facts.case.id, JournalEntry.visit == facts.case.visit
    )
    return local_date(facts.session.scalars(entered).one())


def first_of_next_month(today: date) -> date:
    """The first day of the month after this one: when signed changes take effect (ZJ-56, M57-21)."""
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def month_of(day: date) -> str:
    """The month a day lies in, as YYYY-MM."""
    return f"{day.year:04d}-{day.month:02d}"


def month_before(month: str) -> str:
    """The month before a month."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1):04d}-{number - 1 or 12:02d}"


def months_between(first: str, last: str) -> list[str]:
    """All months from one to another, both included; none where the last lies before the first."""
    months, month = [], first
    while month <= last:
        months.append(month)
        month = month_of(first_of_next_month(date(int(month[:4]), int(month[5:]), 1)))
    return months
