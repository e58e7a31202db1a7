"""Departments as places of work: their codes, their posts, and whether there is somebody for what is handed to them."""

from datetime import date

import pytest
from sqlalchemy import func, select

from definitions import CATALOGUE
from migrations import reference
from tests.district import (
    COUNTY,
    VILLAGE,
    District,
    database_url,
    district,
    prepared_sqlite,
    quick,
    sqlite_url,
)
from workflow import staff
from workflow.areas import ancestor, covers, level_of
from workflow.catalogue import Catalogue
from workflow.definition_checks.roster import POST, Roster, check_roster
from workflow.departments import departments_of, liaisons_on
from workflow.entropy import SeededEntropy
from workflow.errors import Refused
from workflow.models import Area, Department, Liaison, RoleAssignment
from workflow.policy import scope_of
from workflow.roles import CENTRE_STAFF, DEPARTMENT_APPROVER, DEPARTMENT_REVIEWER, LIAISON, SUPERVISOR
from workflow.simulation.departments import hire_departments
from workflow.simulation.roster import HEADCOUNT

INSURANCE, UNION = "330212D05000", "330212D08000"
EDITIONS = frozenset({"NB2016"})


def test_a_department_lies_beside_the_towns_of_its_county():
    assert level_of(UNION) == "department"
    assert ancestor(UNION, "county") == COUNTY
    assert covers(COUNTY, UNION)
    assert not covers(UNION, VILLAGE)
    assert scope_of(SUPERVISOR, UNION) == COUNTY
    assert scope_of(LIAISON, UNION) == UNION


@pytest.mark.parametrize("role, area, held", [
    (DEPARTMENT_REVIEWER, INSURANCE, True), (DEPARTMENT_REVIEWER, COUNTY, False), (CENTRE_STAFF, INSURANCE, False),
    (LIAISON, INSURANCE, False),
])  # fmt: skip
def test_posts_of_a_department_are_held_there_and_nowhere_else(quick: District, role, area, held):
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        user = staff.create_user(session, login="new", name="新人", now=quick.now)
        if held:
            assert staff.assign(session, user, role.code, area, date(2016, 9, 1)).area_code == area
        else:
            with pytest.raises(Refused):
                staff.assign(session, user, role.code, area, date(2016, 9, 1))


def test_reference_data_leaves_the_departments_a_district_has(district: District):
    with district.database.acting() as conn:
        session = district.office.session(conn)
        session.get_one(Area, UNION).name = "区总工会"
        session.flush()
        reference.fill(conn)
    with district.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Department)) == 15
        assert session.get_one(Department, UNION).name == "区总工会"


def hired(quick: District) -> dict[str, int]:
    """How many posts of each role there are after a simulation has staffed a district without any."""
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        for table in (Liaison, RoleAssignment):
            for row in session.scalars(select(table)):
                session.delete(row)
            session.flush()
        hire_departments(
            session, [COUNTY], ["health_insurance"], HEADCOUNT, SeededEntropy(1), quick.now, date(2016, 9, 1)
        )
        again = hire_departments(
            session, [COUNTY], ["health_insurance"], HEADCOUNT, SeededEntropy(1), quick.now, date(2016, 9, 1)
        )
        assert not again
        rows = session.execute(select(RoleAssignment.role, func.count()).group_by(RoleAssignment.role)).all()
        found = liaisons_on(session, [one.code for one in departments_of(session, COUNTY)], date(2016, 9, 1))
        assert all([one.deputy for one in both] == [False, True] for both in found.values())
        return dict(rows)


def test_a_simulation_fills_the_posts_of_departments(quick: District):
    assert hired(quick) == {"liaison": 30, "department_reviewer": 3, "department_approver": 2}


def roster(*departments: tuple[str, str], **posts: dict[str, set[int]]) -> Roster:
    """Enough people in every area, and in departments those named: role to department to people."""
    everybody = frozenset(range(1, 30))
    areas = {scope_of(role, VILLAGE) for role in (CENTRE_STAFF, SUPERVISOR)} | {VILLAGE}
    held = {
        (role.code, area): everybody
        for one in CATALOGUE
        for word in one.actions.values()
        for role in word.by
        for area in areas
        if not role.of_department
    }
    for role, at in posts.items():
        held |= {(role, code): frozenset(people) for code, people in at.items()}
    return Roster(held, (VILLAGE,), {}, departments)


def missing(programme: str, found: Roster) -> set[tuple[str, str]]:
    only = Catalogue([one.cls for one in CATALOGUE if one.code == programme])
    return {(one.rule, one.place) for one in check_roster(only, found, EDITIONS)}


def test_every_department_that_helps_needs_a_liaison():
    both = (INSURANCE, "health_insurance"), (UNION, "union")
    assert not missing("referral", roster(*both, liaison={INSURANCE: {40}, UNION: {41}}))
    assert (POST, "sign_for") in missing("referral", roster(*both, liaison={INSURANCE: {40}}))


def test_a_programme_asks_for_people_in_its_own_department_alone():
    both = (INSURANCE, "health_insurance"), (UNION, "union")
    people = {DEPARTMENT_REVIEWER.code: {INSURANCE: {40}}, DEPARTMENT_APPROVER.code: {INSURANCE: {41}}}
    assert not missing("medical", roster(*both, **people))
    people[DEPARTMENT_APPROVER.code] = {INSURANCE: {40}}
    assert {place for _, place in missing("medical", roster(*both, **people))} == {"approve", "refuse", "pay"}


__all__ = ["database_url", "district", "prepared_sqlite", "quick", "sqlite_url"]
