"""回避 found through kinship: a member of staff is somebody's child too."""

from datetime import date

import pytest

from tests.district import BOTH, District
from workflow.actors import SYSTEM_ACTOR, Actor
from workflow.errors import NotPermitted
from workflow.models import Person, User
from workflow.people.kin import end_tie, tie
from workflow.roles import TOWN_REVIEWER, WINDOW


def linked(district: District, case: int, actor: Actor, *relations: str) -> list[int]:
    """Link a member of staff to his own row, from which these ties lead to the case's applicant; the ties."""
    with district.database.acting() as conn:
        session = district.office.session(conn)
        applicant = session.get_one(Person, district.people(case)[0])
        births = {"parent": -25, "child": 25, "grandparent": -50, "grandchild": 50}
        at, ties = applicant, []
        for number, relation in enumerate(relations):
            other = Person(
                name=f"亲属{number}", sex="F", birth=date(at.birth.year + births.get(relation, 0), 2, 2)
            )
            session.add(other)
            session.flush()
            ties.append(
                tie(session, at, other, relation, source="declared", actor=SYSTEM_ACTOR, now=district.now).id
            )
            at = other
        session.get_one(User, actor.id).person_id = at.id
        session.flush()
        return ties


@pytest.mark.parametrize(
    "way",
    [("child",), ("parent",), ("spouse",), ("sibling",), ("parent", "parent"), ("child", "child"), ("parent", "child"), ()],
    ids="-".join,
)  # fmt: skip
def test_near_kin_are_found_directly_and_through_one_other(quick: District, way: tuple[str, ...]) -> None:
    case = quick.application(members=1)
    one = quick.staff(TOWN_REVIEWER, 2)
    linked(quick, case, one, *way)
    quick.sweep()
    assert one.id in quick.case(case).barred


@BOTH
def test_near_kin_are_kept_out_within_one_tick(district: District) -> None:
    case = district.bring(district.application(members=1), "opinion")
    one = district.staff(TOWN_REVIEWER, 2)
    linked(district, case, one, "child", "child")
    district.sweep()
    assert one.id in district.case(case).barred
    entries = len(district.journal(case))
    district.sweep()
    assert len(district.journal(case)) == entries, "a second run changes nothing"
    assert district.broken() == {}


@pytest.mark.parametrize(
    "way", [("spouse", "parent"), ("sibling", "child"), ("guardian",), ("parent", "parent", "parent")]
)
def test_others_are_not(quick: District, way: tuple[str, ...]) -> None:
    case = quick.application(members=1)
    one = quick.staff(TOWN_REVIEWER, 2)
    linked(quick, case, one, *way)
    quick.sweep()
    assert one.id not in quick.case(case).barred


def test_kin_open_no_case_of_the_family_until_the_tie_has_ended(quick: District) -> None:
    old = quick.application(members=1)
    one = quick.staff(WINDOW, 2)
    (marriage,) = linked(quick, old, one, "spouse")
    quick.do(old, "discard")
    family = quick.case(old).subject_id
    with pytest.raises(NotPermitted, match="近亲属"):
        quick.open(family, by=one)
    assert quick.case(quick.open(family, by=quick.staff(WINDOW, 3))).barred == [one.id]
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        end_tie(session, marriage, on=quick.today, now=quick.now)
    quick.days(1)
    quick.do(quick.open(family, by=one), "discard", one)
