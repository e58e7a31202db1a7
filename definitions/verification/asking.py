"""What the acts of an order ask and do: putting the questions, taking answers typed by hand, the report, taking one on file."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.verification import numbers
from definitions.verification.absorbing import compare
from definitions.verification.compiling import stopping
from definitions.verification.reports import issue, valid_report
from definitions.verification.signing import record_signatures, signed_authorisations
from definitions.verification.sources import CONCLUSIONS, SOURCES
from workflow.actors import Actor
from workflow.acts import follow
from workflow.errors import Unmet
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Day, Form, LongText, Member, Members, Money, Reason, Rows, is_adult
from workflow.households import ASSET_KINDS, INCOME_CATEGORIES, INCOME_KINDS, record_asset, record_income
from workflow.models import Case, Person, Query, VerificationSource
from workflow.office import office_of
from workflow.people_queries import household_members
from workflow.periods import local_date
from workflow.verification import answers, queries
from workflow.verification.answers import Reply
from workflow.verification.authorisations import in_force

FRESH = ("dynamic_review",)
"""Programmes that always ask anew: a re-check is there to see what has changed (domain 4.5)."""


class Answers(Form):
    """What one source answered."""

    source = Choice("来源部门", SOURCES)
    answered_on = Day("数据时点")
    incomes = Rows(
        "收入",
        {
            "person": Member("成员"), "category": Choice("类别", INCOME_CATEGORIES),
            "kind": Choice("细目", INCOME_KINDS, required=False), "annual": Money("年金额（元）"),
        },
    )  # fmt: skip
    assets = Rows("财产", {"kind": Choice("种类", ASSET_KINDS), "amount": Money("金额或数量")})

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """An answer about somebody else, or about whom nobody may ask, is refused, not stored."""
        members = {p.id for p in household_members(facts.session, facts.case.household_id, facts.today)}
        strange = [row["person"] for row in form["incomes"] if row["person"] not in members]
        if strange:
            return {"incomes": f"成员编号 {strange[0]} 不是本户成员，请核对答复的对象"}
        asked = {query.person_id for query in asked_of(facts.session, facts.case.id, form["source"])}
        if unasked := [row["person"] for row in form["incomes"] if row["person"] not in asked]:
            name = facts.session.get_one(Person, unasked[0]).name
            return {
                "incomes": f"没有向{SOURCES[form['source']]}查询{name}（没有授权，或授权已撤回），不能登记他的答复"
            }
        if form["assets"] and not asked:
            return {"assets": f"没有向{SOURCES[form['source']]}查询本户任何成员，不能登记答复"}
        return {}


class Signatures(Form):
    """Adults who have signed since: come of age, or new in the household."""

    authorised = Members("补签核对授权书的成年成员", adults=True)

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """Everybody who is of age."""
        return {"authorised": list(cls.fields()["authorised"].options(facts))}  # type: ignore[attr-defined]


class Report(Form):
    """The conclusion of the report: comparison of what was declared and what was found."""

    conclusion = Choice("核对结论", CONCLUSIONS)
    note = LongText("说明", required=False)


class Drop(Form):
    """Why the check is not needed any more."""

    reason = Reason("理由", sample="提出核对的案件已办结")


def asked_of(session: Session, case_id: int, source: str) -> list[Query]:
    """Whom one source was asked about in an order, as far as that still holds."""
    rows = select(Query).where(Query.case_id == case_id, Query.source == source, Query.state != "superseded")
    return list(session.scalars(rows.order_by(Query.id)))


def asker_moved_on(facts: Facts) -> None:
    """Only where the case that asked has moved on (withdrawn, ended): an open question is answered."""
    asker = facts.session.get(Case, facts.case.parent_id) if facts.case.parent_id else None
    if asker is not None and asker.closed_at is None:
        raise Unmet(f"案件 {asker.number} 还在等核对报告，不能不核对。")


def authorised(facts: Facts) -> None:
    """No authorisation of every adult, no query (M57-9(3); domain 4.2)."""
    signed = signed_authorisations(facts)
    members = household_members(facts.session, facts.case.household_id, facts.today)
    if missing := [p.name for p in members if is_adult(p.birth, facts.today) and p.id not in signed]:
        raise Unmet(f"{'、'.join(missing)}还没有签核对授权书，不能发起核对。")


def has_answer(facts: Facts) -> None:
    """A report needs at least one source's answer."""
    if facts.case.facts.get("answered"):
        return
    heard = select(Query.id).where(Query.case_id == facts.case.id, Query.state.in_(queries.HEARD)).limit(1)
    if facts.session.scalar(heard) is None:
        raise Unmet("还没有任何部门的答复，不能出具核对报告。")


def nothing_stops(facts: Facts) -> None:
    """A source marked so must have answered before a report is made (R21)."""
    if missing := stopping(facts.session, facts.case.id):
        raise Unmet(
            f"{'、'.join(missing)}还没有答复，按设定不能缺少，不能出具核对报告。请发函催询或登记答复。"
        )


def report_on_file(facts: Facts) -> None:
    """A valid report made for another case may be taken; who contests one, or re-checks, is asked about anew."""
    asker = facts.session.get(Case, facts.case.parent_id) if facts.case.parent_id else None
    found = valid_report(facts.session, facts.case.household_id, facts.today)
    if found is None:
        raise Unmet("这个家庭没有仍在有效期内、包含全部成年成员的核对报告，请发出核对。")
    if asker is not None and asker.definition in FRESH:
        raise Unmet("动态复核应当重新核对，不能采用以前的报告。")
    made_for = facts.session.get_one(Case, found.case_id).parent_id
    if asker is not None and made_for == asker.id:
        raise Unmet("这份报告正是本案已经用过的，应当重新核对。")


def take_signatures(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Signed for this check, beside those of the application."""
    case.facts["authorised"] = sorted({*case.facts.get("authorised", ()), *form["authorised"]})
    record_signatures(session, case, form["authorised"], actor, now)


def put_questions(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Every source that is in use is asked about everybody who allows it, with its own day to answer by."""
    today, calendar = local_date(now), office_of(session).calendar
    rows = {row.code: row for row in session.scalars(select(VerificationSource))}
    usual = numbers.whole("answer_workdays", today)
    days = {
        code: rows[code].deadline_days if code in rows else usual
        for code in SOURCES
        if code not in rows or rows[code].active
    }
    members = {person.id for person in household_members(session, case.household_id, today)}
    held = in_force(session, case.household_id, today)
    asked = {
        row: [code for code in days if code in row.scope] for row in held.values() if row.person_id in members
    }
    due = {code: calendar.add_working_days(today, number) for code, number in days.items()}
    queries.put(session, case, asked, due=due, now=now)


def take_answers(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Found incomes and property are recorded beside the declared ones, with source and date, and kept as an answer."""
    day = date.fromisoformat(form["answered_on"])
    for row in form["incomes"]:
        record_income(
            session, household_id=case.household_id, person_id=row["person"], category=row["category"], kind=row["kind"],
            annual=Decimal(row["annual"]), source="verified", as_of=day,
        )  # fmt: skip
    for row in form["assets"]:
        record_asset(
            session,
            household_id=case.household_id,
            kind=row["kind"],
            amount=Decimal(row["amount"]),
            source="verified",
            as_of=day,
        )
    case.facts["answered"] = sorted({*case.facts.get("answered", ()), form["source"]})
    _keep(session, case, form, day, now)


def _keep(session: Session, case: CaseState, form: dict[str, Any], day: date, now: datetime) -> None:
    """What was typed in, person by person, as the answers to the queries; property stands with the first of them."""
    replies = []
    for place, query in enumerate(asked_of(session, case.id, form["source"])):
        person = session.get_one(Person, query.person_id)
        items = [
            {"kind": row["category"], "value": row["annual"], "unit": "yuan_year", "detail": row["kind"]}
            for row in form["incomes"]
            if row["person"] == person.id
        ]
        items += [{"kind": row["kind"], "value": row["amount"]} for row in form["assets"] if not place]
        reply = Reply(
            person.id_number or "", person.name, day, "hand", "data" if items else "no_data", tuple(items)
        )
        replies.append((query.key, reply))
    stored = answers.absorb_all(session, office_of(session).vault, replies, now)
    compare(
        session, [(done, reply) for done, (_, reply) in zip(stored, replies, strict=True) if done.kept], now
    )


def hand_over(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The order is over, the report is signed, and goes to the case that asked for it."""
    queries.close_order(session, case.id, now, reported=True)
    case.facts["conclusion"] = form["conclusion"]
    issue(session, case, conclusion=form["conclusion"], note_=form["note"], actor=actor, now=now)
    _give(session, case, form["conclusion"], form["note"], actor, now)


def take_on_file(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """The report on file goes to the case that asked."""
    found = valid_report(session, case.household_id, local_date(now))
    assert found is not None
    number = session.get_one(Case, found.case_id).number
    case.facts |= {"conclusion": found.conclusion, "taken_from": number}
    _give(
        session,
        case,
        found.conclusion,
        f"采用 {number} 第 {found.version} 版报告，有效期至 {found.valid_until}",
        actor,
        now,
    )


def _give(
    session: Session, case: CaseState, conclusion: str, words: str, actor: Actor, now: datetime
) -> None:
    """To a case that waits for it; a programme that only wants it on file finds it there."""
    asker = session.get(Case, case.parent_id) if case.parent_id is not None else None
    if asker is not None and "report_check" in office_of(session).catalogue.of(asker).actions:
        body = {"conclusion": conclusion, "note": words}
        follow(session, asker.id, "report_check", form=body, actor=actor, now=now, origin=case)


def stop_asking(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Nothing more is sent, nothing more is wanted."""
    queries.close_order(session, case.id, now, reported=False)
