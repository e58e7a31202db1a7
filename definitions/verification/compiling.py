"""What a report says of an order: everything as it stands now, as plain values that nothing can change later (R22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.verification.comparing import AGAINST, declared
from definitions.verification.lines import heard_in, last_known, lines
from definitions.verification.sources import SOURCES
from workflow.facts import CaseState
from workflow.forms import is_adult
from workflow.models import Answer, Authorisation, Case, Household, Person, Query, VerificationSource
from workflow.periods import local_date
from workflow.verification.queries import HEARD, of_order


def silent_policy(session: Session) -> dict[str, str]:
    """What the report goes by where a source keeps silent: none, last_known or stop (R21)."""
    rows = session.execute(select(VerificationSource.code, VerificationSource.when_silent))
    return {row.code: row.when_silent for row in rows}


def compiled(session: Session, case: Case | CaseState, now: datetime) -> dict[str, Any]:
    """All a report says of an order, as it stands now: plain values that nothing can change later."""
    today, household_id = local_date(now), case.subject_id
    queries = of_order(session, case.id)
    household = session.get_one(Household, household_id)
    asked = {query.person_id for query in queries}
    members = [member.person for member in household.members(today)]
    people = {p.id: p for p in members} | {
        p.id: p
        for p in session.scalars(select(Person).where(Person.id.in_(asked)))
        if p.id not in {m.id for m in members}
    }
    policy = silent_policy(session)
    heard = heard_in(session, case.id)
    known = last_known(session, case.id, [code for code, word in policy.items() if word == "last_known"])
    found = lines([*heard, *known], people, household_id, declared(session, [household_id], today))
    return {
        "number": case.number,
        "made_on": today.isoformat(),
        "edition": case.edition,
        "people": [_person(person, people, household, today) for person in people.values()],
        "authorisations": _authorisations(session, queries, people),
        "sources": _coverage(queries, people, policy),
        "lines": found,
        "answers": sorted(kept_answers(session, case.id)),
        "against": sum(line["code"] in AGAINST for line in found),
    }


def _person(person: Person, people: dict[int, Person], household: Household, on: date) -> dict[str, Any]:
    relations = {member.person_id: member.relation for member in household.members(on)}
    return {
        "id": person.id, "name": person.name, "relation": relations.get(person.id, ""), "id_tail": person.id_tail,
        "adult": is_adult(person.birth, on),
    }  # fmt: skip


def _authorisations(
    session: Session, queries: Sequence[Query], people: dict[int, Person]
) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Authorisation)
        .where(Authorisation.id.in_({query.authorisation_id for query in queries}))
        .order_by(Authorisation.id)
    )
    return [
        {
            "number": row.number, "person": people[row.person_id].name, "signed_on": row.signed_on.isoformat(),
            "valid_to": row.valid_to.isoformat() if row.valid_to else None,
            "guardian": session.get_one(Person, row.signed_by_guardian_id).name if row.signed_by_guardian_id else "",
            "withdrawn": row.withdrawn_at is not None,
        }
        for row in rows
    ]  # fmt: skip


def _coverage(
    queries: Sequence[Query], people: dict[int, Person], policy: dict[str, str]
) -> list[dict[str, Any]]:
    """Source by source: who was asked about, and how far it answered."""
    rows = []
    for code, label in SOURCES.items():
        mine = [query for query in queries if query.source == code]
        rows.append({
            "source": code, "label": label, "asked": sum(query.state != "superseded" for query in mine),
            "answered": sum(query.state in HEARD for query in mine), "when_silent": policy.get(code, "none"),
            "people": [{"id": q.person_id, "name": people[q.person_id].name, "state": q.state, "note": q.note} for q in mine],
        })  # fmt: skip
    return rows


def kept_answers(session: Session, case_id: int) -> set[str]:
    """The hashes of the answers of an order that were taken: a report names those it was made from."""
    refused = ("mismatch", "superseded")
    rows = select(Answer.sha256).join(Query, Query.id == Answer.query_id)
    return set(session.scalars(rows.where(Query.case_id == case_id, Query.state.not_in(refused))))


def stopping(session: Session, case_id: int) -> list[str]:
    """The sources without whose answer no report may be made, and that have not answered about everybody."""
    policy = silent_policy(session)
    return [
        SOURCES[code]
        for code in SOURCES
        if policy.get(code) == "stop"
        and any(
            q.source == code and q.state not in (*HEARD, "superseded") for q in of_order(session, case_id)
        )
    ]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines in which two versions of a report differ, field by field: what was declared, what was found, the code."""
    old, new = _by_line(before), _by_line(after)
    found = []
    for key in (*new, *(key for key in old if key not in new)):
        was, now = old.get(key), new.get(key)
        fields = {
            name: [was[name] if was else None, now[name] if now else None]
            for name in ("declared", "value", "code")
            if (was[name] if was else None) != (now[name] if now else None)
        }
        if fields:
            line = now or was
            assert line is not None
            found.append({name: line[name] for name in ("person", "item", "label")} | {"fields": fields})
    return found


def _by_line(body: Mapping[str, Any]) -> dict[tuple[Any, str, str], Mapping[str, Any]]:
    return {(line["person_id"], line["item"], line["part"]): line for line in body["lines"]}
