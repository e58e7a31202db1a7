"""What dibao acts do in law beyond moving the case. effect(session, case, form, actor, now)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.editions.catalogue import edition
from definitions.shared import entitlements
from definitions.shared.assessment import as_facts, assess
from definitions.shared.guards import first_of_next_month, month_of
from definitions.shared.materials import gaps
from definitions.shared.planning import open_linked, plan, unplan
from definitions.shared.reviews import plan_next_review
from definitions.verification.signing import record_signatures
from workflow.actors import Actor
from workflow.entries import reference
from workflow.extensions import bring_forward
from workflow.facts import CaseState, Facts
from workflow.households import record_income
from workflow.models import Case, Household, Kinship, OutboxMessage, PaymentLine, Person, User
from workflow.office import office_of
from workflow.periods import local_date, parse_rule

Form = dict[str, Any]
PROGRAMME = "dibao"


def assessment_now(facts: Facts) -> dict[str, Any]:
    """The computation a guard or form compares with."""
    return as_facts(assess(facts.session, facts.case, facts.today), facts.today)


def take_application(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Applicant, agent, authorisations; near relatives are registered apart and barred (M220-14; M57-11)."""
    household = session.get_one(Household, case.household_id)
    applicant = session.get_one(Person, form["applicant"][0])
    case.facts |= {
        "applicant_id": applicant.id,
        "by_agent": form["by_agent"],
        "authorised": form["authorised"],
        "setting": household.setting,
    }
    case.title = applicant.name
    record_signatures(session, case, form["authorised"], actor, now)
    for row in form["near_relatives"]:
        declare_kinship(session, case, row, actor, now)


def declare_kinship(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """A near relation: the case is flagged for the county's visit, the member of staff barred (M220-14, 26)."""
    case.facts["near_relative"] = True
    case.facts.setdefault("applicant_id", 0)
    for user in session.scalars(select(User).where(User.name == form["staff_name"])):
        if user.id not in case.barred:
            case.barred = [*case.barred, user.id]
        if case.facts["applicant_id"]:
            session.add(
                Kinship(
                    person_id=case.facts["applicant_id"],
                    user_id=user.id,
                    relation=form["relation"],
                    declared_on=local_date(now),
                )
            )


def bar_self(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The actor declares a conflict and keeps out of the case from now on."""
    if actor.id is not None:
        case.barred = [*case.barred, actor.id]


def list_gaps(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The correction notice lists everything missing, once (M57-10; M220-13)."""
    office = office_of(session)
    facts = Facts(office, session.connection(), office.catalogue.of(case), case, actor, now)
    case.facts["gaps"] = [*gaps(facts), *([form["more"]] if form["more"] else [])]
    case.facts["corrections"] = case.facts.get("corrections", 0) + 1


def add_authorisations(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Authorisations signed since."""
    case.facts["authorised"] = sorted({*case.facts.get("authorised", ()), *form["authorised"]})
    record_signatures(session, case, form["authorised"], actor, now)


def accept_case(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """T0: the clock starts, the edition in force is bound."""
    case.accepted_on = local_date(now)


def take_visit(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Who visited has had a hand in the investigation; what was seen is recorded as surveyed."""
    case.add_hand("investigation", *form["investigators"])
    case.facts["visit"] = "match" if form["truthful"] else "mismatch"
    if not form["truthful"]:
        case.facts["doubt"] = True
    for row in form["surveyed"]:
        record_income(
            session, household_id=case.household_id, person_id=row["person"], category=row["category"], kind=row["kind"],
            annual=Decimal(row["annual"]), source="surveyed", as_of=date.fromisoformat(form["visited_on"]),
        )  # fmt: skip


def count_no_contact(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """After the third try in vain the supervisor is told."""
    from definitions.dibao.guards import CONTACT_TRIES
    from workflow.policy import scope_of
    from workflow.roles import SUPERVISOR

    tries = case.facts.get("contact_tries", 0) + 1
    case.facts["contact_tries"] = tries
    if tries == CONTACT_TRIES:
        session.add(
            OutboxMessage(
                key=f"{case.number}:no_contact:{case.visit}", topic="no_contact", case_id=case.id, state="waiting",
                role=SUPERVISOR.code, scope=scope_of(SUPERVISOR, case.area_code),
                facts={"number": case.number, "tries": tries}, created_at=now,
            )
        )  # fmt: skip


def take_check(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The conclusion of the information check."""
    if case.facts.get("check") == "mismatch":
        case.facts["rechecked"] = True
    case.facts["check"] = form["conclusion"]
    if form["conclusion"] == "doubt":
        case.facts["doubt"] = True


def count_warning(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """One more written warning (M57-29)."""
    case.facts["warnings"] = case.facts.get("warnings", 0) + 1


def take_appraisal(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """What the meeting found stands on the first board (M220-25)."""
    case.facts["appraisal"] = "true"


def propose_approval(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The opinion with its computation, kept as it was on this day."""
    computed = as_facts(assess(session, case, local_date(now)), local_date(now))
    amount = form["amount"] or computed["total"]
    if amount != computed["total"]:
        computed = _with_amount(computed, amount, form["reason"])
    case.facts |= {
        "proposal": "approve",
        "assessment": computed,
        "amount": amount,
        "review_class": form["review_class"],
    }
    case.facts.pop("refusal_reason", None)


def _with_amount(computed: dict[str, Any], amount: str, reason: str) -> dict[str, Any]:
    """Another amount than computed: a last step of the derivation says why, shares follow the amount."""
    from definitions.rules.benefit import split_equally

    shares = split_equally(Decimal(amount), computed["shares"])
    step = {
        "id": f"s{len(computed['steps']) + 1}", "what": "审核人书面意见", "formula": reason, "value": amount,
        "source": "R649-11", "op": "given", "inputs": [], "exact": amount,
    }  # fmt: skip
    return computed | {
        "total": amount, "base": amount, "supplement": "0.00", "steps": [*computed["steps"], step],
        "shares": {member: f"{share:.2f}" for member, share in shares.items()},
    }  # fmt: skip


def propose_refusal(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """A negative opinion, with the computation beside it and the reason the applicant will read."""
    computed = as_facts(assess(session, case, local_date(now)), local_date(now))
    case.facts |= {"proposal": "refuse", "assessment": computed, "refusal_reason": form["reason"]}
    case.facts.pop("amount", None)


def take_county_visit(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The county has been there."""
    case.add_hand("county_visit", *form["visitors"])
    case.facts["county_visited"] = True


def mark_returned(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Sent back to the town; it happens once."""
    case.facts["returned"] = True


def mark_mismatch(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """What the county found contradicts the file: doubtful from now on."""
    take_county_visit(session, case, form, actor, now)
    case.facts["doubt"] = True


def mark_doubt(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """A report or doubt: the county must visit."""
    case.facts |= {"doubt": True, "sampled": True}


def open_objection(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """An objection to the publicity is looked into as a case of its own, with the edition's limit."""
    today = local_date(now)
    law = edition(case.edition)
    rule = parse_rule(law.text("objection_term", today))
    answer_by = rule.due(today, office_of(session).calendar)
    case.facts |= {"objections": case.facts.get("objections", 0) + 1, "doubt": True}
    open_linked(
        session, case, "objection", actor=actor, now=now,
        facts={"answer_by": answer_by.isoformat(), "named": form["named"], "content": form["content"], "source": law.number("objection_term", today).source},
    )  # fmt: skip


def count_late_objection(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """An objection after the last day is recorded as late; it stops nothing but makes the case doubtful."""
    case.facts |= {"late_objections": case.facts.get("late_objections", 0) + 1, "doubt": True}


def grant(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Approved: entitled from the month after the decision (M220-29; M57-21)."""
    today = local_date(now)
    entitlements.begin(
        session,
        case,
        PROGRAMME,
        month_of(first_of_next_month(today)),
        case.facts["assessment"],
        reference(case),
    )
    case.facts["decided_on"] = today.isoformat()
    members = len(case.facts["assessment"]["shares"])
    case.facts["announced"] = {"members": members, "amount": case.facts["amount"]}


def note_refusal(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Refused: the reason stands in the letter with both remedies (R649-11, 65)."""
    case.facts |= {"refusal_reason": form["reason"], "decided_on": local_date(now).isoformat()}


def open_account(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The certificate number, the account, and the first re-check date (M220-33; M57-31)."""
    holder = session.get_one(Person, form["account_holder"][0])
    holder.bank_account = form["account_number"]
    case.facts |= {"account_person_id": holder.id, "certificate": case.number.replace("DB", "DBZ")}
    plan_next_review(session, case, date.fromisoformat(case.facts["decided_on"]), local_date(now))
    if case.facts.get("sampled") and not case.facts.get("county_visited"):
        _open_review(session, case, actor, now, trigger="sampling", due=case.facts["review_due"])


def visit_afterwards(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Picked after the benefit began: the county visits by way of a re-check."""
    if case.stage == "on_benefit":
        _open_review(session, case, actor, now, trigger="sampling", due=case.facts["review_due"])


def open_scheduled_review(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The re-check is opened ahead of its date, unless one is under way."""
    _open_review(session, case, actor, now, trigger="schedule", due=case.facts["review_due"])


def open_change_review(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """A reported change is looked into by a re-check outside the schedule (M57-30)."""
    if form["kind"] == "complaint":
        case.facts["doubt"] = True
    due = parse_rule(edition(case.edition).text("change_review_term", local_date(now))).due(
        local_date(now), office_of(session).calendar
    )
    _open_review(session, case, actor, now, trigger=form["kind"], due=due.isoformat())


def take_death(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The dead member leaves the household; the re-check must be settled within three months (N22)."""
    from workflow.households import end_membership

    died_on = date.fromisoformat(form["died_on"])
    end_membership(session, person_id=form["person"][0], on=died_on, cause="death", actor=actor, now=now)
    due = parse_rule(edition(case.edition).text("death_review_term", local_date(now))).due(
        died_on, office_of(session).calendar
    )
    _open_review(session, case, actor, now, trigger="death", due=due.isoformat())


def _open_review(
    session: Session, case: CaseState, actor: Actor, now: datetime, *, trigger: str, due: str
) -> None:
    """One review at a time: a change reported meanwhile is noted on the one under way, which then ends no later.

    A review that is decided and only waits for its letter looks at nothing any more: a new one is opened beside it.
    """
    session.flush()
    reviews = session.execute(
        select(Case.id, Case.clocks).where(
            Case.parent_id == case.id, Case.definition == "dynamic_review", Case.closed_at.is_(None)
        )
    )
    running = next((row.id for row in reviews if "review" in row.clocks), None)
    if running is not None:
        case.facts["noted"] = [*case.facts.get("noted", ()), trigger]
        bring_forward(office_of(session), session.connection(), running, "review", "review_due", date.fromisoformat(due),
                      actor=actor, now=now, reason=f"复核期间又有变化：{trigger}")  # fmt: skip
        return
    facts = {
        "trigger": trigger, "review_due": due, "review_class": case.facts["review_class"], "setting": case.facts["setting"],
        "doubt": bool(case.facts.get("doubt")), "before": case.facts["assessment"]["total"], "applicant_id": case.facts["applicant_id"],
    }  # fmt: skip
    open_linked(session, case, "dynamic_review", actor=actor, now=now, facts=facts)


def open_standard_review(session: Session, case: CaseState, actor: Actor, now: datetime) -> None:
    """New standards cannot simply be put in the place of the old: a re-check decides (M57-32)."""
    due = parse_rule(edition(case.edition).text("change_review_term", local_date(now))).due(
        local_date(now), office_of(session).calendar
    )
    _open_review(session, case, actor, now, trigger="standard", due=due.isoformat())


def adjust_benefit(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The amount of a signed review, from its month on (M57-32)."""
    assessment = case.facts.pop("next_assessment")
    entitlements.change(session, case, PROGRAMME, form["month"], assessment, form["decided_by"])
    case.facts |= {"assessment": assessment, "amount": assessment["total"]}


def begin_grace(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Gradual exit: the benefit goes on for the months decided, then ends by itself on its day (M57-33).

    Where those months have run out while payment was suspended, they are the last ones paid, and the benefit ends on
    the first of next month.
    """
    case.facts["grace"] = {"from": form["month"], "months": form["months"]}
    today, end = local_date(now), _months_on(form["month"], form["months"])
    if end <= today:
        entitlements.end_before(session, case, month_of(end))
    plan(session, case.id, "end_grace", end if end > today else first_of_next_month(today), origin=case,
         form={"month": month_of(end), "reason": form["reason"], "decided_by": form["decided_by"]})  # fmt: skip


def leave_grace(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Income has fallen back: the benefit goes on without an end (domain 3.1, D13g)."""
    case.facts.pop("grace")
    if entitlements.current(session, case.id) is None:
        entitlements.begin(
            session, case, PROGRAMME, form["month"], case.facts["assessment"], form["decided_by"]
        )


def _months_on(month: str, months: int) -> date:
    from workflow.periods import add_months

    return add_months(date(int(month[:4]), int(month[5:]), 1), months)


def end_benefit(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Stopped from a month on: the month before is the last one paid."""
    entitlements.end_before(session, case, form["month"])
    unplan(session, case.id, "open_review", "adjust", "begin_grace", "end_grace")


def end_revoked(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """A revoked benefit ends with this month; what was paid so far is to be claimed back (R649-68)."""
    entitlements.end_before(session, case, month_of(first_of_next_month(local_date(now))))
    paid = session.scalars(
        select(PaymentLine.amount).where(PaymentLine.case_id == case.id, PaymentLine.state == "paid")
    )
    case.facts["to_recover"] = f"{sum(paid, Decimal(0)):.2f}"


def plan_stop(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """A signed stop takes effect on the first of next month."""
    on = first_of_next_month(local_date(now))
    plan(session, case.id, "stop", on, origin=case,
         form={"month": month_of(on), "reason": form["reason"], "decided_by": reference(case)})  # fmt: skip


def take_back_stop(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """A benefit resumed by decision is not stopped by an earlier one."""
    unplan(session, case.id, "stop")


def take_new_plan(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """What a signed review lays down: class, next review, and the act to be carried out on its day.

    It replaces what an earlier decision laid down and is not carried out yet.
    """
    result = form["result"]
    today = local_date(now)
    case.facts |= {"review_class": form["review_class"], "doubt": False}
    unplan(session, case.id, "open_review", "adjust", "begin_grace", "stop")
    if result in ("increase", "decrease"):
        review = session.scalars(
            select(Case).where(
                Case.parent_id == case.id, Case.definition == "dynamic_review", Case.closed_at.is_(None)
            )
        ).one()
        case.facts["next_assessment"] = review.facts["assessment"]
    if result != "keep":
        on = first_of_next_month(today)
        word = {"increase": "adjust", "decrease": "adjust", "grace": "begin_grace", "stop": "stop"}[result]
        body = {"month": month_of(on), "reason": form["reason"], "decided_by": form["decided_by"]}
        plan(
            session,
            case.id,
            word,
            on,
            origin=case,
            form=body | ({"months": form["months"]} if result == "grace" else {}),
        )
    if form["ground"] == "employment_disregard":
        case.facts.setdefault("disregard_since", month_of(today))
    else:
        case.facts.pop("disregard_since", None)
    goes_on = result in ("keep", "increase", "decrease") and form["ground"] != "gradual_exit"
    if case.stage == "gradual_exit" and goes_on:
        on = first_of_next_month(today)
        unplan(session, case.id, "end_grace")
        plan(session, case.id, "leave_grace", on, origin=case,
             form={"month": month_of(on), "reason": form["reason"], "decided_by": form["decided_by"]})  # fmt: skip
    if result != "stop":
        plan_next_review(session, case, today, today)
