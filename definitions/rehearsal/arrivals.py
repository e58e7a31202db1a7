"""Families come to the window: registered, applied for, with or without all their papers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from definitions.rehearsal import shares
from definitions.rehearsal.homes import Home, yuan
from definitions.rehearsal.intake import change_of_mind, recusal
from definitions.shared.assessment import standards_of
from definitions.shared.materials import REQUIRED
from workflow.actors import Actor
from workflow.acts import open_case
from workflow.forms import is_adult
from workflow.households import record_asset, record_income, register_household
from workflow.policy import scope_of
from workflow.roles import INVESTIGATOR, VILLAGE_AGENT, WINDOW, Role
from workflow.simulation.desk import Desk
from workflow.simulation.family import Family
from workflow.simulation.people import SAMPLE_STANDARD, make_family
from workflow.simulation.scene import Scene, Step

AGAIN = (40, 150)
"""Days after which a refused family that applies again does so."""


def arrive(desk: Desk, village: str, taken: set[str]) -> None:
    """A family that nobody knows yet comes for the first time."""
    clerk, by_agent = _clerk(desk, village)
    if clerk is None:
        desk.after(1, lambda later: arrive(later, village, taken))
        return
    with desk.acting() as conn:
        session = desk.office.session(conn)
        standard = standards_of(session, village).on("standard", "rural", desk.today) or SAMPLE_STANDARD
        family = make_family(desk.entropy, village, desk.today, taken, standard=standard)
        household = register_household(session, **_declared(family), actor=clerk, now=desk.now)
        home = Home(household.id, family, [m.person_id for m in household.memberships])
        home.hides = desk.urns.draw("hides", shares.HIDES) if family.outcome == "qualifies" else "nothing"
    desk.lore[home.household_id] = home
    _apply(desk, home, clerk, by_agent=by_agent)


def come_again(desk: Desk, home: Home) -> None:
    """A refused family applies again with new facts: it earns less now, or has sold what it owned."""
    clerk, by_agent = _clerk(desk, home.family.area_code)
    if clerk is None:
        desk.after(1, lambda later: come_again(later, home))
        return
    with desk.acting() as conn:
        session = desk.office.session(conn)
        for source in ("declared", "verified"):
            _declare_anew(session, home, source, desk.today)
    home.hides = "nothing"
    _apply(desk, home, clerk, by_agent=by_agent)


def _clerk(desk: Desk, village: str) -> tuple[Actor | None, bool]:
    """Who takes the application down."""
    agent_first = desk.urns.draw("filed_by", shares.FILED_BY) == "agent"
    roles: list[Role] = [VILLAGE_AGENT, WINDOW] if agent_first else [WINDOW, VILLAGE_AGENT]
    for role in roles:
        for found in desk.roster.free([(role.code, scope_of(role, village))], desk.today):
            return found, role is VILLAGE_AGENT
    return None, False


def _apply(desk: Desk, home: Home, clerk: Actor, *, by_agent: bool) -> None:
    home.times += 1
    with desk.acting() as conn:
        case = open_case(
            desk.office, conn, "dibao", subject=("household", home.household_id), area_code=home.family.area_code,
            actor=clerk, now=desk.now, title=home.family.head.name,
        )  # fmt: skip
    if home.times == 1 and desk.urns.draw("draft", shares.DRAFT) == "discard":
        desk.after(2, lambda later: _discard(later, case.id, home, clerk, by_agent))
        return
    desk.play(case.id, lambda scene: _submission(scene, home, by_agent), actor=clerk)


def _discard(desk: Desk, case_id: int, home: Home, clerk: Actor, by_agent: bool) -> None:
    """The draft is dropped; some weeks later the family applies after all."""
    desk.play(case_id, lambda _scene: Step("discard"), actor=clerk)

    def after_all(later: Desk) -> None:
        found, agent = _clerk(later, home.family.area_code)
        if found is None:
            later.after(1, after_all)
        else:
            _apply(later, home, found, by_agent=agent)

    desk.after(desk.entropy.between(10, 30), after_all)


def _submission(scene: Scene, home: Home, by_agent: bool) -> Step:
    """What is handed in: all papers and signatures, or not all; near relatives among the staff are named."""
    lacks = scene.draw("complete", shares.COMPLETE)
    papers = [*REQUIRED, *(["entrustment"] if by_agent else [])]
    form: dict[str, Any] = {"by_agent": by_agent}
    adults = _adults(scene, home)
    form["authorised"] = adults[:-1] if lacks == "signature" else adults
    if lacks == "paper":
        papers.remove(missing := scene.desk.entropy.choice(("statement", "undertaking", "identity")))
        scene.memory["lacks"] = (missing,)
    elif lacks == "signature":
        scene.memory["lacks"] = ()
    if home.family.near_relative and (relatives := scene.holders(INVESTIGATOR)):
        form["near_relatives"] = [
            {"staff_name": scene.desk.entropy.choice(relatives).name, "relation": "sibling"}
        ]
    then = [what for what in (change_of_mind(scene), recusal(scene)) if what is not None]
    return Step("submit", form=form, papers=tuple(papers), then=tuple(then))


def _adults(scene: Scene, home: Home) -> list[int]:
    pairs = zip(home.people, home.family.members, strict=True)
    return sorted(person for person, fact in pairs if is_adult(fact.birth, scene.today))


def _declared(family: Family) -> dict[str, Any]:
    """The family as it declares itself at the counter."""
    owns = family.owns
    return {
        "area_code": family.area_code, "setting": family.setting, "address": family.address, "phone": family.head.phone,
        "members": [
            {
                "relation": m.relation, "name": m.name, "id_number": m.id_number, "phone": m.phone,
                "hukou_area": m.hukou_area, "labour": m.labour, "occupation": m.occupation, "student": m.student,
                "disability_kind": m.disability_kind, "disability_grade": m.disability_grade,
                "serious_illness": m.serious_illness, "bank_account": m.bank_account,
            }
            for m in family.members
        ],
        "incomes": [
            {"member": number, "category": income.category, "kind": income.kind, "annual": yuan(income.annual)}
            for number, m in enumerate(family.members, 1)
            for income in m.incomes
        ],
        "assets": [
            {"kind": kind, "amount": str(amount)}
            for kind, amount in (
                ("monetary", yuan(owns.monetary)), ("vehicle", owns.vehicles), ("commercial_premises", owns.commercial_premises),
                ("dwelling", owns.dwellings), ("floor_area_per_capita", yuan(owns.floor_area_per_capita)),
            )
        ],
    }  # fmt: skip


def _declare_anew(session: Any, home: Home, source: str, today: date) -> None:
    """New facts as one source states them: a quarter of the income, small savings, no vehicle, no shop."""
    for person, fact in zip(home.people, home.family.members, strict=True):
        for income in fact.incomes:
            record_income(
                session, household_id=home.household_id, person_id=person, category=income.category, kind=income.kind,
                annual=(income.annual / 4).quantize(Decimal("0.01")), source=source, as_of=today,
            )  # fmt: skip
    for kind, amount in (
        ("monetary", Decimal(3000)),
        ("vehicle", Decimal(0)),
        ("commercial_premises", Decimal(0)),
    ):
        record_asset(
            session, household_id=home.household_id, kind=kind, amount=amount, source=source, as_of=today
        )
