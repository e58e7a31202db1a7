"""The facts that every letter of a case needs, read from the case; what a letter says beyond them the caller adds."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.letters.publicity import Posting, Resident
from workflow.areas import ancestor, level_of
from workflow.errors import Unmet
from workflow.models import Area, Case, Household, Membership, Person
from workflow.periods import local_date

PROGRESS_PATH = "/public/progress"


def case_facts(
    session: Session, case: Case, *, programme: str, level: str, signed_on: date, public_url: str
) -> dict[str, Any]:
    """Facts common to the letters of a household's case; `level` is the deciding office's: town or county.

    The case's own facts come in under their names (`gaps`, `amount`, `review_due` ...); `derivation` and `reasons`
    from the assessment and the written reason that stand on it. Raises Unmet where the case is not a household's.
    """
    county, place = (
        session.get_one(Area, ancestor(case.area_code, "county")),
        area_at(session, case.area_code, level),
    )
    person = applicant_of(session, case, signed_on)
    facts: dict[str, Any] = {name: value for name, value in case.facts.items() if not isinstance(value, bool)}
    assessment = case.facts.get("assessment") or {}
    if assessment.get("steps"):
        facts["derivation"] = with_names(session, case.subject_id, assessment["steps"])
        facts["persons"] = len(assessment.get("shares") or ()) or None
    if case.facts.get("refusal_reason"):
        facts["reasons"] = [case.facts["refusal_reason"]]
    return facts | {
        "edition": case.edition,
        "programme": programme,
        "applicant": person.name,
        "village": session.get_one(Area, case.area_code).name,
        "office": authority(place),
        "phone": place.phone or county.phone,
        "address": where(place),
        "review_body": f"{county.name}人民政府",
        "case_number": case.number,
        "applied_on": local_date(case.opened_at),
        "received_on": local_date(case.opened_at),
        "accepted_on": case.accepted_on,
        "progress_code": case.progress_code,
        "link": f"{public_url}{PROGRESS_PATH}?number={case.number}&code={case.progress_code}",
        "signed_on": signed_on,
    }


def with_names(session: Session, household_id: int, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps of a derivation for readers: people's names in place of the numbers they are stored under."""
    people = select(Person.id, Person.name).join(Membership).where(Membership.household_id == household_id)
    names = {str(number): name for number, name in session.execute(people)}
    said = {}
    for step in steps:
        number, _, rest = str(step["what"]).partition(" ")
        if rest and number in names:
            said[step["what"]] = f"{names[number]} {rest}"

    def spoken(text: str) -> str:
        for what in sorted(said, key=len, reverse=True):
            text = text.replace(what, said[what])
        return text

    return [
        {**step, "what": said.get(step["what"], step["what"]), "formula": spoken(step["formula"])}
        for step in steps
    ]


def posting_of(
    session: Session, case: Case, *, programme: str, level: str, rule: str, first_day: date, last_day: date
) -> Posting:
    """Where a case is posted: its village, by the office of this level, which takes the objections."""
    place, village = area_at(session, case.area_code, level), session.get_one(Area, case.area_code)
    return Posting(
        programme=programme,
        village=village.name,
        office=authority(place),
        rule=rule,
        first_day=first_day,
        last_day=last_day,
        phone=place.phone or area_at(session, case.area_code, "county").phone,
        address=where(place),
    )


def applicant_of(session: Session, case: Case, on: date) -> Person:
    """The applicant, or the head of the household where none is named."""
    if applicant := case.facts.get("applicant_id"):
        return session.get_one(Person, applicant)
    if case.subject_kind != "household":
        raise Unmet("这个案件不是家庭的申请，没有申请人，不能出具这种文书。")
    members = session.get_one(Household, case.subject_id).members(on)
    if not members:
        raise Unmet("这个家庭已经没有成员，请先核对家庭成员，再出具文书。")
    return members[0].person


def residents_of(session: Session, case: Case, on: date) -> list[Resident]:
    """The household's members on a day, as far as a board needs to know them."""
    household = session.get_one(Household, case.subject_id)
    return [
        Resident(m.person.name, m.person.birth) for m in household.members(on) if m.person.died_on is None
    ]


def area_at(session: Session, code: str, level: str) -> Area:
    """The area of this level, or the lowest there is above it."""
    return session.get_one(Area, code if level_of(code) == level else ancestor(code, level))


def where(area: Area) -> str:
    """Where to come: the address on file, or the window of the body itself."""
    return area.address or area.office or f"{authority(area)}社会救助窗口"


def authority(area: Area) -> str:
    """The body that signs for an area: civil affairs for the county, the government or street office for a town."""
    if area.level == "county":
        return f"{area.name}民政局"
    return f"{area.name}办事处" if area.name.endswith("街道") else f"{area.name}人民政府"
