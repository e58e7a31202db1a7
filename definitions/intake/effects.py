"""What the acts of an intake do beyond moving it: register, assess, set help going, bring results together, call back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from definitions.dibao.effects import declare_kinship
from definitions.intake.assessing import told, unknown_in, with_told
from definitions.intake.proposals import matches, proposals
from definitions.intake.record import put_on_record
from definitions.intake.results import INTAKE, children
from definitions.intake.ways import GOING, REFERRAL, WAYS, definition_of
from definitions.shared.papers import hand_on, needed_in
from definitions.shared.planning import open_linked
from workflow.actors import Actor
from workflow.acts import follow
from workflow.facts import CaseState, Facts
from workflow.models import Household, Person
from workflow.office import office_of
from workflow.periods import local_date

Form = dict[str, Any]


def take_registration(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """Applicant, agent, signatures; near relatives are registered apart and barred (M220-14; M57-11)."""
    household = session.get_one(Household, case.household_id)
    applicant = session.get_one(Person, form["applicant"][0])
    case.facts |= {
        "applicant_id": applicant.id, "by_agent": form["by_agent"], "agent_name": form["agent_name"] or "",
        "authorised": form["authorised"], "setting": household.setting, "channel": form["channel"],
        "came_from": form["came_from"], "troubles": form["troubles"],
    }  # fmt: skip
    case.title = applicant.name
    for row in form["near_relatives"]:
        declare_kinship(session, case, row, actor, now)


def take_assessment(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """What the family has told goes on its file; what the rules propose to a family that lives so."""
    today = local_date(now)
    new = told(form, unknown_in(session, case, today))
    put_on_record(session, new.get("members", {}), actor, now)
    known = with_told(case.facts.get("known", {}), new)
    found = matches(session, case, known, today)
    case.facts |= {"known": known, "proposals": proposals(session, found)}


def set_going(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """A linked case for everything to be opened or referred, each with its own number and clock."""
    for row in form["decisions"]:
        if row["decision"] in GOING:
            _set_one_going(session, case, row, actor, now)
    note_decisions(session, case, form, actor, now)


def note_decisions(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """What was decided about each proposal, and why."""
    case.facts["decisions"] = [*case.facts.get("decisions", ()), *form["decisions"]]


def _set_one_going(
    session: Session, case: CaseState, row: dict[str, str], actor: Actor, now: datetime
) -> None:
    """Open it, give it the papers it needs, and take its first step where the window has been told all that takes."""
    given = case.facts
    shared = {name: given[name] for name in ("applicant_id", "by_agent", "authorised", "setting")}
    if given.get("near_relative"):
        shared["near_relative"] = True
    definition = definition_of(row["decision"], row["item"])
    if definition == "education":
        shared |= _pupil(given.get("known", {}))
    child = open_linked(
        session, case, definition, actor=actor, now=now, facts={**shared, "need": row["item"]}
    )
    office = office_of(session)
    facts = Facts(office, session.connection(), office.catalogue.of(child), child, actor, now)
    also = WAYS[row["item"]].also if definition != REFERRAL else ()
    hand_on(session, case, child, {*needed_in(facts), *also}, local_date(now))
    if step := _first_step(definition, row, shared):
        action, body = step
        follow(session, child.id, action, form=body, actor=actor, now=now, origin=case)


def _pupil(known: dict[str, Any]) -> dict[str, Any]:
    """Who goes to school, and how far: the first there is; further pupils have cases of their own."""
    pupils = (
        (who, of["school"])
        for who, of in known.get("members", {}).items()
        if of.get("school", "none") != "none"
    )
    who, school = next(pupils, ("", ""))
    return {"person_id": int(who), "level": "high" if school == "high_school" else school} if who else {}


def _first_step(definition: str, row: dict[str, str], given: dict[str, Any]) -> tuple[str, Form] | None:
    """The act by which the case of a definition begins to run, with what it asks: what was said once is not asked again."""
    if definition == REFERRAL:
        return "refer", {"department": row["department"] or WAYS[row["item"]].department, "need": row["why"]}
    if definition == "dibao":
        asked = {"applicant": [given["applicant_id"]], "near_relatives": []}
        return "submit", asked | {name: given[name] for name in ("by_agent", "authorised")}
    return None


def note_result(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """One of the cases opened from here has ended."""
    case.facts["ended"] = {**case.facts.get("ended", {}), form["number"]: form["result"]}


def gather_results(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The stage each case has come to, kept as the family is told of it."""
    catalogue = office_of(session).catalogue
    case.facts["results"] = {
        child.number: catalogue.of(child).stages[child.stage].label for child in children(session, case.id)
    }


def count_try(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """One more call-back in vain."""
    case.facts["tries"] = case.facts.get("tries", 0) + 1


def take_answer(session: Session, case: CaseState, form: Form, actor: Actor, now: datetime) -> None:
    """The family's answer; a further need is an intake of its own, begun here."""
    case.facts["answer"] = form["answer"]
    if form["answer"] == "further":
        facts = {"channel": "window", "came_from": f"{case.number} 回访", "troubles": form["troubles"]}
        open_linked(session, case, INTAKE, actor=actor, now=now, facts=facts)
