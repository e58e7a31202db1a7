"""一户一档: the household on any day, and who of it counts in the computation."""

from datetime import date

import pytest

from definitions.shared.assessment import document_of
from definitions.shared.counting import counted
from tests.district import BOTH, VILLAGE, District
from tests.journeys.test_changes import happens, household_of, undo
from workflow.acts import read
from workflow.changes.as_at import household_as_at
from workflow.changes.away import count_apart
from workflow.errors import FormRefused, NotPermitted, Refused
from workflow.models import CountedApart, Household
from workflow.roles import COUNTY_REVIEWER, WINDOW


def as_at(
    district: District, household: int, day: str
) -> tuple[list[str], dict[str, str], list[tuple[str, str]]]:
    """Who belonged to it, what each earned, and where its cases stood."""
    with district.database.reading() as session:
        past = household_as_at(session, household, date.fromisoformat(day), district.office.catalogue)
        incomes = {str(one.person_id): str(one.declared) for one in past.means if one.person_id}
        return (
            [m.relation for m in past.members],
            incomes,
            [(case.definition, then.stage) for case, then in past.cases],
        )


def counting(district: District, case: int) -> list[str]:
    """The members the means test of a case counts."""
    with district.database.acting() as conn:
        state, _ = read(district.office, conn, case)
        return [
            member["id"]
            for member in document_of(district.office.session(conn), state, district.today)["members"]
        ]


@BOTH
def test_the_household_before_and_after_a_divorce(district: District) -> None:
    case = district.on_benefit(members=3, minors=1, incomes=("1200", "2400"))
    head, spouse, _ = district.people(case)
    home = household_of(district, case)
    district.day("2016-10-12")
    happens(
        district,
        home,
        "divorce",
        person=spouse,
        where="new",
        address="和平路 88 号",
        children=[],
        on="2016-10-11",
    )
    before, incomes, cases = as_at(district, home, "2016-10-10")
    assert (before, incomes) == (["head", "spouse", "child"], {str(head): "1200.00", str(spouse): "2400.00"})
    assert ("dibao", "on_benefit") in cases
    assert ("dynamic_review", "collecting") not in cases
    after, incomes, cases = as_at(district, home, "2016-10-12")
    assert (after, incomes) == (["head", "child"], {str(head): "1200.00"})
    assert ("dynamic_review", "collecting") in cases
    with district.database.reading() as session:
        other = max(row.id for row in session.query(Household))
    assert as_at(district, other, "2016-10-10") == ([], {}, [])
    assert as_at(district, other, "2016-10-11")[:2] == (["head"], {str(spouse): "2400.00"})


def test_the_address_is_that_of_the_day_and_an_event_undone_never_was(quick: District) -> None:
    family = quick.family(members=2)
    with quick.database.reading() as session:
        old = session.get_one(Household, family).address
        people = [m.person_id for m in session.get_one(Household, family).members(quick.today)]
    quick.day("2016-10-12")
    moved = happens(
        quick, family, "move_within", who=people, area_code=VILLAGE, address="新街 1 号", setting="urban"
    )
    with quick.database.reading() as session:
        then, now = (household_as_at(session, family, date(2016, 10, day)) for day in (11, 12))
        assert [(one.address, one.setting) for one in (then, now)] == [(old, "rural"), ("新街 1 号", "urban")]
        assert [event.kind for event in now.events] == ["move_within"]
        assert then.events == ()
    undo(quick, moved.id)
    with quick.database.reading() as session:
        now = household_as_at(session, family, date(2016, 10, 12))
        assert (now.address, now.events, now.empty) == (old, (), False)


def test_who_died_belonged_to_it_on_his_last_day(quick: District) -> None:
    family = quick.family(members=2)
    quick.day("2016-10-12")
    with quick.database.reading() as session:
        spouse = session.get_one(Household, family).members(quick.today)[1].person_id
    happens(quick, family, "death", person=spouse, on="2016-10-10")
    assert as_at(quick, family, "2016-10-10")[0] == ["head", "spouse"]
    assert as_at(quick, family, "2016-10-11")[0] == ["head"]


def test_a_grown_member_who_works_elsewhere_is_not_counted_unless_the_clerk_says_so(quick: District) -> None:
    case = quick.on_benefit(members=3)
    head, spouse, other = quick.people(case)
    family = household_of(quick, case)
    quick.day("2016-10-12")
    assert counting(quick, case) == [str(head), str(spouse), str(other)]
    happens(quick, family, "leave", person=other, why="work", on="2016-10-11")
    assert quick.people(case) == [head, spouse, other]
    assert counting(quick, case) == [str(head), str(spouse)]
    decide(quick, family, other, True, "每周回家，经济不独立")
    assert counting(quick, case) == [str(head), str(spouse), str(other)]
    quick.days(1)
    decide(quick, family, spouse, False, "长期分居，另案核实")
    assert counting(quick, case) == [str(head), str(other)]
    quick.days(1)
    decide(quick, family, spouse, None, "核实后按规则")
    assert counting(quick, case) == [str(head), str(spouse), str(other)]
    assert [(row.counted, str(row.to_date)) for row in quick.rows(CountedApart)] == [
        (True, "None"),
        (False, "2016-10-13"),
    ]


def decide(
    district: District, household: int, person: int, answer: bool | None, reason: str, by=None
) -> None:
    with district.database.acting() as conn:
        session = district.office.session(conn)
        count_apart(session, session.get_one(Household, household), person, counted=answer, reason=reason,
                    actor=by or district.staff(WINDOW), now=district.now)  # fmt: skip


def test_counting_otherwise_needs_a_member_a_reason_and_the_post(quick: District) -> None:
    family = quick.family(members=2)
    with quick.database.reading() as session:
        spouse = session.get_one(Household, family).members(quick.today)[1].person_id
    for refusal, more in (
        (FormRefused, {"reason": "短"}), (Refused, {"person": 999}), (NotPermitted, {"by": quick.staff(COUNTY_REVIEWER)}),
    ):  # fmt: skip
        given = {"person": spouse, "reason": "实际不在一起生活"} | more
        with pytest.raises(refusal):
            decide(quick, family, given["person"], False, given["reason"], given.get("by"))
    assert quick.rows(CountedApart) == []


def test_a_prisoner_is_shown_among_the_family_and_not_counted(quick: District) -> None:
    family = quick.family(members=2)
    quick.days(2)
    with quick.database.reading() as session:
        spouse = session.get_one(Household, family).members(quick.today)[1].person_id
    happens(quick, family, "leave", person=spouse, why="prison")
    with quick.database.reading() as session:
        shown = counted(session, session.get_one(Household, family), "NB2016", quick.today)
        assert [(one.relation, one.counts, one.standing.source) for one in shown] == [
            ("head", True, "M220-5"), ("spouse", False, "M220-5")
        ]  # fmt: skip
