"""Who may see and do what: role by area by relation to the case; nothing without a role."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.district import COUNTY, TOWN, VILLAGE, District
from workflow.actors import Actor, load_actor
from workflow.errors import NotPermitted
from workflow.models import Case, RoleAssignment, User
from workflow.policy import area_filter, may_read, readable, scope_of
from workflow.roles import (
    ADMINISTRATOR,
    AUDITOR,
    COUNTY_REVIEWER,
    HEAD,
    LIAISON,
    ROLES,
    SUPERVISOR,
    TOWN_REVIEWER,
    VILLAGE_AGENT,
    WINDOW,
    Role,
)

OTHER_TOWN, OTHER_VILLAGE = "330212102000", "330212101203"

SCOPES = [
    (VILLAGE_AGENT, VILLAGE, VILLAGE), (WINDOW, VILLAGE, TOWN), (TOWN_REVIEWER, TOWN, TOWN), (COUNTY_REVIEWER, VILLAGE, COUNTY),
    (SUPERVISOR, VILLAGE, TOWN), (SUPERVISOR, COUNTY, COUNTY), (VILLAGE_AGENT, TOWN, COUNTY), (HEAD, TOWN, COUNTY),
]  # fmt: skip


@pytest.mark.parametrize("role, area, scope", SCOPES)
def test_a_role_works_at_its_own_level_above_the_case(role: Role, area: str, scope: str) -> None:
    assert scope_of(role, area) == scope


def actor(role: Role, area: str, number: int = 1) -> Actor:
    return Actor(number, role.title, frozenset({(role.code, area)}))


READS = [
    (WINDOW, TOWN, True), (WINDOW, OTHER_TOWN, False), (VILLAGE_AGENT, VILLAGE, True), (VILLAGE_AGENT, OTHER_VILLAGE, False),
    (COUNTY_REVIEWER, COUNTY, True), (AUDITOR, COUNTY, True), (SUPERVISOR, OTHER_TOWN, False), (SUPERVISOR, COUNTY, True),
    (LIAISON, COUNTY, False), (ADMINISTRATOR, COUNTY, False), (WINDOW, "330213101000", False),
]  # fmt: skip


@pytest.mark.parametrize("role, area, seen", READS)
def test_one_sees_the_cases_of_ones_area_by_a_reading_role(
    quick: District, role: Role, area: str, seen: bool
) -> None:
    case = quick.case(quick.application())
    reader = actor(role, area)
    assert may_read(reader, case) is seen
    with quick.database.reading() as session:
        assert bool(session.scalars(select(Case.id).where(readable(reader))).all()) is seen


def test_without_a_role_one_sees_nothing_and_no_filter_fails_open(quick: District) -> None:
    quick.application()
    with quick.database.reading() as session:
        assert session.scalars(select(Case.id).where(readable(Actor(1, "无岗位")))).all() == []
        assert session.scalars(select(Case.id).where(area_filter(Case.area_code, []))).all() == []


def test_who_is_barred_from_a_case_does_not_read_it(quick: District) -> None:
    case = quick.bring(quick.application(), "opinion")
    person = quick.staff(TOWN_REVIEWER)
    assert may_read(person, quick.case(case))
    quick.do(case, "recuse", person)
    assert not may_read(person, quick.case(case))


GIVEN = {"reason": "理由写在这里", "signers": [1]}


@pytest.mark.parametrize("role", list(ROLES.values()), ids=str)
def test_each_role_does_only_what_the_definition_gives_it(quick: District, role: Role) -> None:
    """Of the actions of an application at the county, a person is offered those of his role and no other."""
    case = quick.bring(quick.application(), "county_review")
    row, person = quick.case(case), quick.staff(role)
    words = [w for w in quick.office.catalogue.of(row).actions.values() if row.stage in w.moves]
    for word in words:
        if role not in word.by:
            quick.refused(
                NotPermitted,
                case,
                word.code,
                person,
                **{name: value for name, value in GIVEN.items() if name in word.form.fields()},
            )


def test_the_same_role_in_another_area_does_nothing_here(quick: District) -> None:
    case = quick.bring(quick.application(), "opinion")
    quick.refused(
        NotPermitted,
        case,
        "propose_approve",
        actor(TOWN_REVIEWER, OTHER_TOWN, quick.staff(TOWN_REVIEWER).id or 0),
    )


@pytest.mark.parametrize(
    "day, holds",
    [
        (date(2016, 8, 31), False),
        (date(2016, 9, 1), True),
        (date(2016, 9, 30), True),
        (date(2016, 10, 1), False),
    ],
)
def test_a_role_is_held_from_its_first_to_its_last_day(quick: District, day: date, holds: bool) -> None:
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        user = User(login="guest", name="借调", created_at=quick.now)
        user.assignments = [
            RoleAssignment(
                role=WINDOW.code, area_code=TOWN, from_date=date(2016, 9, 1), to_date=date(2016, 9, 30)
            )
        ]
        session.add(user)
        session.flush()
        assert load_actor(session, user.id, day).holds(WINDOW, TOWN) is holds
        user.disabled_at = quick.now
        assert load_actor(session, user.id, day).grants == frozenset()
