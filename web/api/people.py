"""People: found, and one with all that is known of him. Numbers are always masked; every look is logged."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from web.api.asking import text
from web.api.cases import log_access
from web.api.represent import day, moment
from web.api.routes import Answer, Call, operation
from workflow.errors import NotFound
from workflow.identity import mask_id, mask_name
from workflow.models import Membership, Person, PersonMerge
from workflow.people.facts import in_words, known_of
from workflow.people.kin import ties_of
from workflow.people.lookalikes import Found, asked_of, lookalikes
from workflow.people.merging import rows_of
from workflow.people.search import find_people, may_see


@operation(
    "GET", "/people", "查找人员", "PersonList", query={"q": text("姓名、拼音、首字母、证件号或其后四位")}
)
def list_people(call: Call) -> Answer:
    """At most thirty people of the caller's areas, none without a query. Each one shown is logged."""
    found = find_people(call.session, call.actor, call.query.get("q", ""))
    log_access(call, "person", [{"person_id": person.id} for person in found])
    return Answer({"items": [_plain(person) for person in found]})


@operation("GET", "/people/<int:person_id>", "人员详情", "Person")
def get_person(call: Call, person_id: int) -> Answer:
    """One person: facts by source, kin, households, merges, and who looks alike. The look is logged."""
    person = call.session.get(Person, person_id)
    if person is None or not may_see(call.session, call.actor, person):
        raise NotFound(f"没有编号为 {person_id} 的人员，或者不在您的管辖范围内。")
    today = call.edge.today()
    rows = rows_of(call.session, person.id)
    homes = call.session.scalars(
        select(Membership).where(Membership.person_id.in_(rows)).order_by(Membership.id)
    ).all()
    home = next((m for m in homes if m.to_date is None and m.person_id == person.id), None)
    alike = (
        Found() if person.merged_into is not None else lookalikes(call.session, [asked_of(person, home)])[0]
    )
    merges = call.session.scalars(
        select(PersonMerge).where(PersonMerge.kept_id == person.id).order_by(PersonMerge.id)
    )
    log_access(call, "person", [{"person_id": person.id}])
    return Answer(_plain(person) | {
        "merged_from": sorted(rows - {person.id}),
        "households": [
            {"id": m.household_id, "relation": m.relation, "from": day(m.from_date), "to": day(m.to_date)} for m in homes
        ],
        "facts": [
            {
                "kind": side.kind, "source": fact.source, "says": in_words(fact), "certificate": fact.certificate,
                "as_of": day(fact.as_of), "valid_from": day(fact.valid_from), "valid_to": day(fact.valid_to),
                "used": fact is side.used, "differs": side.differs,
            }
            for side in known_of(call.session, person.id, today) for fact in side.facts
        ],
        "kin": [
            {"id": tie.other, "relation": tie.relation, "registered": tie.row is not None}
            for tie in ties_of(call.session, [person.id], today)
        ],
        "merges": [
            {"id": m.id, "gone": m.gone_id, "evidence": m.evidence, "at": moment(m.at), "undone_at": moment(m.undone_at)}
            for m in merges
        ],
        "duplicates": {
            "found": [_hit(call, hit) for hit in alike.hits],
            "unchecked": [{"method": method, "because": why} for method, why in alike.unchecked.items()],
        },
    })  # fmt: skip


def _plain(person: Person) -> dict[str, Any]:
    return {
        "id": person.id, "name": person.name, "id_kind": person.id_kind, "id_number": mask_id(person.id_number or ""),
        "id_note": person.id_note, "birth": day(person.birth), "sex": person.sex, "hukou_area": person.hukou_area,
        "died_on": day(person.died_on), "merged_into": person.merged_into,
    }  # fmt: skip


def _hit(call: Call, hit: Any) -> dict[str, Any]:
    mine = bool(hit.place) and call.actor.reads(hit.place)
    return {
        "id": hit.person.id, "name": hit.person.name if mine else mask_name(hit.person.name), "strength": hit.strength,
        "why": list(hit.why), "birth": day(hit.person.birth), "area": hit.place,
    }  # fmt: skip
