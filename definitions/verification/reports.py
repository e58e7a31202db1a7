"""The report: made once from what was heard, kept whole, corrected by a new version, good for every programme meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.orm import Session, aliased

from definitions.verification import numbers
from definitions.verification.compiling import changes, compiled
from definitions.verification.items import ITEMS
from definitions.verification.lines import heard_in
from definitions.verification.sources import CONCLUSIONS
from workflow.actors import Actor
from workflow.entries import note, read
from workflow.errors import FormRefused, NotFound, NotPermitted, Unmet
from workflow.facts import CaseState
from workflow.forms import SHORTEST_REASON, is_adult
from workflow.households import record_asset, record_income
from workflow.models import (
    Case,
    CheckReport,
    Task,
)
from workflow.office import Office
from workflow.people_queries import household_members
from workflow.periods import add_months, at_local, local_date
from workflow.policy import scope_of
from workflow.roles import VERIFIER
from workflow.telling import tell


def issue(
    session: Session, case: CaseState, *, conclusion: str, note_: str, actor: Actor, now: datetime
) -> CheckReport:
    """Sign the report of an order: a new version where the same case asked before. What was found is recorded."""
    row = _write(session, case, _before(session, case), conclusion, note_, actor, now)
    _record(session, case.subject_id, row.body)
    return row


def _write(
    session: Session,
    case: Case | CaseState,
    before: CheckReport | None,
    conclusion: str,
    words: str,
    actor: Actor,
    now: datetime,
) -> CheckReport:
    today, version = local_date(now), before.version + 1 if before else 1
    valid_until = add_months(today, numbers.whole("report_valid_months", today))
    body = compiled(session, case, now)
    body |= {
        "version": version, "conclusion": conclusion, "note": words, "valid_until": valid_until.isoformat(),
        "issued_by": actor.name, "corrects": before.body["number"] if before else "",
        "changes": changes(before.body, body) if before else [],
    }  # fmt: skip
    row = CheckReport(
        case_id=case.id, household_id=case.subject_id, version=version, issued_at=now, issued_by=actor.id,
        conclusion=conclusion, note=words, valid_until=valid_until, body=body,
        supersedes_id=before.id if before else None,
    )  # fmt: skip
    session.add(row)
    _mark_property(session, case.id, body)
    session.flush()
    return row


def _mark_property(session: Session, case_id: int, body: dict[str, Any]) -> None:
    """Findings of property get the code of the household's sum."""
    codes = {line["item"]: line["code"] for line in body["lines"] if line["person_id"] is None}
    for one in heard_in(session, case_id):
        if ITEMS[one.finding.item].kind == "asset":
            one.finding.code = codes[one.finding.item]


def _before(session: Session, case: CaseState) -> CheckReport | None:
    """The report that this one corrects: the last one made for the case that asks again (an objection, M57-18)."""
    if case.parent_id is None:
        return None
    return session.scalars(
        select(CheckReport)
        .join(Case, Case.id == CheckReport.case_id)
        .where(Case.parent_id == case.parent_id, ~_superseded())
        .order_by(CheckReport.id.desc())
        .limit(1)
    ).first()


def _superseded() -> Any:
    later = aliased(CheckReport)
    return select(later.id).where(later.supersedes_id == CheckReport.id).exists()


def _record(session: Session, household_id: int, body: dict[str, Any]) -> None:
    """What sources found is recorded as verified, beside what was declared; what the verifier typed in he has recorded."""
    for line in body["lines"]:
        kind, stated = ITEMS[line["item"]].kind, line["found"]
        if kind == "fact" or not stated or line["code"] == "outdated":
            continue
        if any(one["transport"] == "hand" for one in stated):
            continue
        as_of, amount = date.fromisoformat(stated[0]["as_of"]), Decimal(line["value"])
        if kind == "asset":
            record_asset(
                session,
                household_id=household_id,
                kind=line["item"],
                amount=amount,
                source="verified",
                as_of=as_of,
            )
        else:
            record_income(
                session, household_id=household_id, person_id=line["person_id"], category=line["item"],
                kind=line["part"], annual=amount, source="verified", as_of=as_of,
            )  # fmt: skip


def correct(
    office: Office,
    conn: Connection,
    report_id: int,
    *,
    conclusion: str,
    note_: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> CheckReport:
    """A corrected version of a report whose order is over, with the answers that came since (domain 4.5).

    Raises NotFound, NotPermitted, Unmet for one that a later version has replaced, FormRefused. The case that asked is
    told; what it makes of it is decided there.
    """
    session = office.session(conn)
    row = session.get(CheckReport, report_id)
    if row is None:
        raise NotFound
    case, _ = read(office, conn, row.case_id)
    if (
        not actor.holds(VERIFIER, scope_of(VERIFIER, case.area_code), case.definition)
        or actor.id in case.barred
    ):
        raise NotPermitted("核对报告由信息核对员更正，您没有这个岗位或应当回避。")
    if conclusion not in CONCLUSIONS:
        raise FormRefused({"conclusion": f"请选择核对结论：{'、'.join(CONCLUSIONS.values())}"})
    if len(reason.strip()) < SHORTEST_REASON:
        raise FormRefused({"reason": f"请写明更正理由，至少 {SHORTEST_REASON} 个字"})
    if session.scalar(select(CheckReport.id).where(CheckReport.supersedes_id == row.id)) is not None:
        raise Unmet("这份报告已有更新的版本，请在最新版本上更正。")
    made = _write(session, case, row, conclusion, note_, actor, now)
    _record(session, case.subject_id, made.body)
    session.flush()
    note(
        conn, case, actor=actor, now=now, action="correct_report", says=f"更正了核对报告（第 {made.version} 版）",
        reason=reason.strip(), source="M57-18", stales=False,
    )  # fmt: skip
    if case.parent_id is not None:
        _tell_asker(session, case.parent_id, made, reason.strip(), now)
    session.flush()
    return made


def _tell_asker(session: Session, case_id: int, made: CheckReport, words: str, now: datetime) -> None:
    asker = session.get_one(Case, case_id)
    for role, scope in session.execute(
        select(Task.role, func.min(Task.scope))
        .where(Task.case_id == case_id, Task.state == "open")
        .group_by(Task.role)
    ):
        tell(
            session.connection(), asker, "report_corrected", now, role=role, scope=scope, key=f"{made.id}:{role}",
            facts={"words": words[:200]},
        )  # fmt: skip


def valid_report(session: Session, household_id: int, on: date) -> CheckReport | None:
    """The newest report on the household that still holds on a day and covers every adult member, else None.

    Programmes use it instead of asking again.
    """
    row = session.scalars(
        select(CheckReport)
        .where(
            CheckReport.household_id == household_id, CheckReport.valid_until >= on,
            CheckReport.issued_at < at_local(date.fromordinal(on.toordinal() + 1)), ~_superseded(),
        )
        .order_by(CheckReport.issued_at.desc(), CheckReport.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    covered = {person["id"] for person in row.body["people"] if person["adult"]}
    adults = {p.id for p in household_members(session, household_id, on) if is_adult(p.birth, on)}
    return row if adults <= covered else None


def versions(session: Session, case_id: int) -> Sequence[CheckReport]:
    """The reports of an order and of those it corrects or was corrected by, the newest first."""
    case = session.get_one(Case, case_id)
    same = (
        Case.id == case_id
        if case.parent_id is None
        else or_(Case.id == case_id, Case.parent_id == case.parent_id)
    )
    return session.scalars(
        select(CheckReport)
        .join(Case, Case.id == CheckReport.case_id)
        .where(same)
        .order_by(CheckReport.id.desc())
    ).all()
