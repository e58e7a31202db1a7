"""What happens in families, and what it does to their benefits, applications and checks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from definitions import changes
from tests.district import BOTH, VILLAGE, District
from workflow.changes import chain
from workflow.errors import FormRefused, NotPermitted, Refused, Unmet
from workflow.identity import make_id_number
from workflow.models import Absence, Case, Household, Income, LifeEvent, Membership, Person
from workflow.roles import COUNTY_REVIEWER, VILLAGE_AGENT, WINDOW

BY = {"source": "certificate", "evidence": "证明 2016-001"}


def happens(district: District, household: int, kind: str, *, by: Any = None, **form: Any) -> LifeEvent:
    """Record an event by the window clerk; the row as stored."""
    with district.database.acting() as conn:
        return changes.record(
            district.office, conn, household, kind, BY | {"on": district.today.isoformat()} | form,
            actor=by or district.staff(WINDOW), now=district.now,
        )  # fmt: skip


def refused(district: District, refusal: type[Refused], household: int, kind: str, **form: Any) -> str:
    """It is refused in this way and leaves nothing behind."""
    before = counts(district)
    with pytest.raises(refusal) as caught:
        happens(district, household, kind, **form)
    assert counts(district) == before
    return str(caught.value)


def counts(district: District) -> list[int]:
    with district.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0
                for table in (Person, Membership, Household, LifeEvent, Case, Income)]  # fmt: skip


def home(district: District, household: int, on: date | None = None) -> list[tuple[str, str]]:
    """Who belongs to it on a day, as names and relations."""
    with district.database.reading() as session:
        members = session.get_one(Household, household).members(on or district.today)
        return [(m.person.name, m.relation) for m in members]


def relations(district: District, household: int, on: date | None = None) -> list[str]:
    return [relation for _, relation in home(district, household, on)]


def household_of(district: District, case: int) -> int:
    return int(district.case(case).subject_id)


def undo(district: District, event: int, reason: str = "登记的人不对") -> None:
    with district.database.acting() as conn:
        changes.undo(
            district.office, conn, event, reason=reason, actor=district.staff(WINDOW), now=district.now
        )


# What it does to a benefit


@BOTH
def test_a_death_on_benefit_opens_a_review_due_three_months_after_the_death(district: District) -> None:
    case = district.on_benefit(members=2)
    head, spouse = district.people(case)
    district.day("2016-10-12")
    event = happens(district, household_of(district, case), "death", person=spouse, on="2016-10-10")
    review = district.child(case, "dynamic_review")
    assert district.case(review).facts["trigger"] == "death"
    assert district.deadline(review, "span:review").due_on == date(2017, 1, 10)
    assert district.people(case) == [head]
    assert district.actions_done(case)[-1] == "report_death"
    assert [(one["number"], one["due"]) for one in event.started] == [
        (district.case(review).number, "2017-01-10")
    ]
    district.review(case, "decrease", reason="家庭成员减少一人")
    district.live_until("2016-11-02", step=5)
    assert district.grants(case)[-1].amount == Decimal("744.00")
    assert district.broken() == {}


def test_when_the_sole_member_dies_the_review_can_only_stop(quick: District) -> None:
    case = quick.on_benefit(members=1)
    (head,) = quick.people(case)
    quick.day("2016-10-12")
    event = happens(quick, household_of(quick, case), "death", person=head, on="2016-10-11")
    assert event.started[0]["says"] == changes.EMPTY
    review = quick.child(case, "dynamic_review")
    quick.do(review, "report")
    quick.check(review)
    quick.do(review, "conclude")
    assert "result" in quick.refused(FormRefused, review, "propose", result="keep").errors  # type: ignore[attr-defined]
    quick.do(review, "propose", result="stop", reason="家庭已无成员")


@BOTH
def test_a_divorce_makes_two_households_and_the_benefit_stays_with_the_heads(district: District) -> None:
    case = district.on_benefit(members=3, minors=1, incomes=("1200", "2400"))
    home_id = household_of(district, case)
    head, spouse, child = district.people(case)
    district.day("2016-10-12")
    event = happens(
        district, home_id, "divorce", person=spouse, children=[child], where="new", address="和平路 88 号"
    )
    assert relations(district, home_id) == ["head"]
    assert district.people(case) == [head]
    (other,) = {place for place in _places(district, event.id) if place != home_id}
    assert relations(district, other) == ["head", "child"]
    assert relations(district, home_id, date(2016, 10, 11)) == ["head", "spouse", "child"]
    assert relations(district, other, date(2016, 10, 11)) == []
    assert district.case(district.child(case, "dynamic_review")).facts["trigger"] == "members"
    with district.database.reading() as session:
        rows = session.execute(select(Income.household_id, Income.annual).where(Income.until.is_(None))).all()
    assert {(row.household_id, str(row.annual)) for row in rows} == {(home_id, "1200.00"), (other, "2400.00")}
    assert district.broken() == {}


def _places(district: District, event: int) -> list[int]:
    with district.database.reading() as session:
        return [place.household_id for place in session.get_one(LifeEvent, event).places]


def test_when_the_head_is_the_one_who_leaves_the_other_becomes_head(quick: District) -> None:
    family = quick.family(members=3, minors=1)
    head = _ids(quick, family)[0]
    quick.days(3)
    event = happens(quick, family, "divorce", person=head, where="new", address="和平路 88 号")
    assert relations(quick, family) == ["head", "child"]
    (other,) = {place for place in _places(quick, event.id) if place != family}
    assert relations(quick, other) == ["head"]


def _ids(district: District, household: int) -> list[int]:
    with district.database.reading() as session:
        return [m.person_id for m in session.get_one(Household, household).members(district.today)]


def test_a_new_adult_signs_before_the_check_of_the_review_begins(quick: District) -> None:
    case = quick.on_benefit(members=1)
    (head,) = quick.people(case)
    quick.day("2016-10-12")
    number = make_id_number("330212", date(1972, 3, 4), 2)
    event = happens(quick, household_of(quick, case), "marriage", person=head, partner_name="赵小兰", partner_number=number,
                    where="in")  # fmt: skip
    assert "赵小兰要签核对授权书" in event.started[-1]["says"]
    check = quick.child(quick.child(case, "dynamic_review"), "verification")
    assert "赵小兰" in str(quick.refused(Unmet, check, "ask"))
    partner = quick.people(case)[1]
    quick.do(check, "sign", authorised=[partner])
    quick.do(check, "ask")


def test_all_who_move_out_of_the_county_end_the_benefit_here(quick: District) -> None:
    case = quick.on_benefit(members=2)
    quick.day("2016-10-12")
    event = happens(
        quick, household_of(quick, case), "move_away", who=quick.people(case), hukou_area="330106000000"
    )
    assert event.started[0]["says"] == changes.EMPTY
    assert quick.case(quick.child(case, "dynamic_review")).facts["trigger"] == "moved"
    assert quick.people(case) == []


def test_prison_takes_a_member_out_and_school_does_not(quick: District) -> None:
    case = quick.on_benefit(members=3, minors=1)
    head, spouse, child = quick.people(case)
    quick.day("2016-10-12")
    event = happens(quick, household_of(quick, case), "leave", person=child, why="study")
    assert quick.people(case) == [head, spouse, child]
    assert [one["case"] for one in event.started] == [None]
    happens(quick, household_of(quick, case), "leave", person=spouse, why="prison")
    assert quick.people(case) == [head, child]
    assert quick.child(case, "dynamic_review")
    quick.day("2016-10-20")
    happens(quick, household_of(quick, case), "return", person=spouse)
    assert sorted(relations(quick, household_of(quick, case))) == ["child", "head", "spouse"]


def test_who_is_away_is_away_from_one_family_at_a_time(quick: District) -> None:
    family = quick.family(members=3, minors=1)
    head, spouse, child = _ids(quick, family)
    quick.day("2016-10-12")
    happens(quick, family, "leave", person=child, why="study", on="2016-10-08")
    event = happens(
        quick, family, "divorce", person=spouse, children=[child], where="new", address="和平路 88 号"
    )
    (other,) = {place for place in _places(quick, event.id) if place != family}
    assert [(row.household_id, row.to_date is None) for row in quick.rows(Absence)] == [
        (family, False),
        (other, True),
    ]
    quick.days(1)
    happens(quick, other, "return", person=child)
    happens(quick, family, "leave", person=head, why="prison")
    with quick.database.reading() as session:
        prisoner = session.get_one(Person, head)
    told = refused(
        quick, Refused, other, "move_in", relation="other", name=prisoner.name, id_number=prisoner.id_number
    )
    assert "在监狱服刑，请先在原来的家庭登记回家" in told
    happens(quick, family, "return", person=head)
    assert relations(quick, family) == ["head"]
    undo(quick, quick.rows(LifeEvent)[-1].id)
    assert relations(quick, family) == []


@pytest.mark.parametrize(
    "why, trigger",
    [("study", ""), ("clergy", ""), ("work", "job"), ("detox", "members"), ("missing", "members")],
)
def test_what_going_and_coming_back_mean_depends_on_why(quick: District, why: str, trigger: str) -> None:
    case = quick.on_benefit(members=2)
    _, spouse = quick.people(case)
    quick.day("2016-10-12")
    gone = happens(quick, household_of(quick, case), "leave", person=spouse, why=why, on="2016-10-10")
    back = happens(quick, household_of(quick, case), "return", person=spouse)
    assert [bool(one["due"]) for event in (gone, back) for one in event.started[:1]] == [bool(trigger)] * 2
    reviews = quick.rows(Case, definition="dynamic_review")
    assert [row.facts["trigger"] for row in reviews] == ([trigger] if trigger else [])
    assert sorted(relations(quick, household_of(quick, case))) == ["head", "spouse"]


def test_an_event_during_an_application_is_told_to_whoever_holds_it(quick: District) -> None:
    case = quick.bring(quick.application(members=2), "investigating")
    version = quick.case(case).version
    quick.days(1)
    event = happens(
        quick, household_of(quick, case), "birth", name="王小宝", sex="M", mother=None, relation="child"
    )
    assert quick.case(case).version == version + 1
    assert "家庭有变化：出生" in quick.journal(case)[-1].says
    assert quick.messages(case, "family_changed")
    assert {one["number"] for one in event.started} >= {quick.case(case).number}


def test_a_second_event_is_noted_on_the_review_under_way(quick: District) -> None:
    case = quick.on_benefit(members=2)
    head, _ = quick.people(case)
    quick.day("2016-10-12")
    happens(quick, household_of(quick, case), "birth", name="王小宝", sex="M", mother=None, relation="child")
    happens(quick, household_of(quick, case), "leave", person=head, why="work")
    assert len(quick.rows(Case, definition="dynamic_review")) == 1
    assert quick.case(case).facts["noted"] == ["job"]


# The chain


def test_splitting_and_joining_move_everybody_with_their_relations(quick: District) -> None:
    family = quick.family(members=2)
    quick.days(2)
    child = happens(
        quick,
        family,
        "move_in",
        relation="child",
        name="王大宝",
        id_number=make_id_number("330212", date(1995, 1, 2), 3),
    )
    wife = happens(quick, family, "marriage", person=child.person_id, partner_name="赵小兰",
                   partner_number=make_id_number("330212", date(1996, 1, 2), 4), where="in")  # fmt: skip
    assert relations(quick, family) == ["head", "spouse", "child", "child_in_law"]
    quick.days(2)
    event = happens(
        quick, family, "split", who=_ids(quick, family)[2:], head=child.person_id, address="和平路 9 号"
    )
    (other,) = {place for place in _places(quick, event.id) if place != family}
    assert relations(quick, other) == ["head", "spouse"]
    assert wife.kind == "marriage"
    quick.days(2)
    with quick.database.reading() as session:
        number = session.get_one(Person, child.person_id).id_number
    happens(quick, family, "join", number=number, relation="child")
    assert sorted(relations(quick, family)) == ["child", "child_in_law", "head", "spouse"]
    assert relations(quick, other) == []


def test_the_whole_family_moves_and_stays_one_household(quick: District) -> None:
    family = quick.family(members=2)
    quick.days(2)
    happens(
        quick,
        family,
        "move_within",
        who=_ids(quick, family),
        area_code=VILLAGE,
        address="新街 1 号",
        setting="urban",
    )
    with quick.database.reading() as session:
        moved = session.get_one(Household, family)
        assert (moved.address, moved.setting, len(moved.members(quick.today))) == ("新街 1 号", "urban", 2)


@BOTH
@pytest.mark.parametrize("kind", ["birth", "death", "divorce", "leave"])
def test_the_last_event_is_undone_and_everything_stands_as_before(district: District, kind: str) -> None:
    family = district.family(members=3, minors=1, incomes=("1200", "2400"))
    head, spouse, child = _ids(district, family)
    district.days(5)
    before = home(district, family)
    with district.database.reading() as session:
        incomes = session.execute(select(Income.person_id, Income.until).order_by(Income.id)).all()
    form: dict[str, Any] = {
        "birth": {"name": "王小宝", "sex": "M", "relation": "child", "mother": spouse},
        "death": {"person": head, "on": "2016-09-08"},
        "divorce": {"person": head, "children": [child], "where": "new", "address": "和平路 88 号"},
        "leave": {"person": spouse, "why": "prison"},
    }[kind]
    event = happens(district, family, kind, **form)
    assert home(district, family) != before
    undo(district, event.id)
    assert home(district, family) == before
    with district.database.reading() as session:
        again = session.execute(select(Income.person_id, Income.until).order_by(Income.id)).all()
        died = session.scalars(select(Person.died_on).where(Person.died_on.is_not(None))).all()
    assert ([*again], [*died]) == ([*incomes], [])
    with pytest.raises(Unmet, match="已经撤销"):
        undo(district, event.id)


def test_only_the_last_event_is_undone_and_not_what_a_review_has_built_on(quick: District) -> None:
    case = quick.on_benefit(members=3, minors=1)
    family = household_of(quick, case)
    head, _, child = quick.people(case)
    quick.day("2016-10-12")
    first = happens(quick, family, "birth", name="王小宝", sex="M", mother=None, relation="child")
    second = happens(quick, family, "leave", person=child, why="study")
    with pytest.raises(Unmet, match="暂时离家"):
        undo(quick, first.id)
    undo(quick, second.id)
    review = quick.child(case, "dynamic_review")
    quick.do(review, "report")
    quick.check(review)
    quick.do(review, "visit")
    quick.do(review, "conclude")
    with pytest.raises(Unmet, match="认定"):
        undo(quick, first.id)
    with quick.database.reading() as session:
        assert [event.id for event in chain(session, family)] == [second.id, first.id]
    assert head == quick.people(case)[0]


def test_undoing_is_told_to_the_review_it_had_started(quick: District) -> None:
    case = quick.on_benefit(members=2)
    quick.day("2016-10-12")
    event = happens(
        quick, household_of(quick, case), "birth", name="王小宝", sex="M", mother=None, relation="child"
    )
    undo(quick, event.id)
    assert "登记有误，已撤销" in quick.journal(quick.child(case, "dynamic_review"))[-1].says


def test_the_preview_tells_what_would_be_and_leaves_nothing(quick: District) -> None:
    case = quick.on_benefit(members=2)
    head, spouse = quick.people(case)
    quick.day("2016-10-12")
    before = counts(quick)
    shown = changes.preview(
        quick.database, quick.office, household_of(quick, case), "death", BY | {"person": spouse, "on": "2016-10-10"},
        actor=quick.staff(WINDOW), now=quick.now,
    )  # fmt: skip
    assert [(move.before, move.after) for move in shown.moves] == [("本户配偶", "2016-10-10 死亡")]
    assert [(one.due, one.source) for one in shown.started] == [("2017-01-10", "N22 一(三)")]
    assert counts(quick) == before
    assert quick.people(case) == [head, spouse]


# What contradicts itself


@pytest.fixture
def family(quick: District) -> int:
    made = quick.family(members=3, minors=1)
    quick.days(3)
    return made


def test_a_birth_before_the_mothers_is_refused(quick: District, family: int) -> None:
    mother = _ids(quick, family)[1]
    told = refused(
        quick,
        FormRefused,
        family,
        "birth",
        on="1960-01-01",
        name="王小宝",
        sex="M",
        mother=mother,
        relation="child",
    )
    assert "早于母亲" in told


def test_a_death_in_the_future_or_before_the_birth_is_refused(quick: District, family: int) -> None:
    person = _ids(quick, family)[2]
    assert "不能晚于今天" in refused(quick, FormRefused, family, "death", on="2016-09-20", person=person)
    assert "早于" in refused(quick, FormRefused, family, "death", on="1990-01-01", person=person)


def test_nobody_divorces_who_is_not_married_or_marries_twice(quick: District, family: int) -> None:
    head, spouse, child = _ids(quick, family)
    assert "没有登记配偶" in refused(quick, FormRefused, family, "divorce", person=child, where="gone")
    number = make_id_number("330212", date(1980, 3, 4), 2)
    told = refused(
        quick,
        FormRefused,
        family,
        "marriage",
        person=head,
        partner_name="赵小兰",
        partner_number=number,
        where="in",
    )
    assert "登记的配偶是" in told
    assert spouse


def test_a_couple_goes_nowhere_together_in_a_divorce(quick: District, family: int) -> None:
    head, spouse, _ = _ids(quick, family)
    told = refused(quick, FormRefused, family, "divorce", person=spouse, children=[head], where="gone")
    assert "离婚的另一方" in told


def test_nobody_belongs_to_two_households(quick: District, family: int) -> None:
    other = quick.family(members=2)
    with quick.database.reading() as session:
        person = session.get_one(Household, other).members(quick.today)[1].person
        number, name = person.id_number, person.name
    told = refused(quick, Refused, family, "move_in", relation="other", name=name, id_number=number)
    assert "请先在那里办理离户" in told


def test_two_heads_are_refused(quick: District, family: int) -> None:
    told = refused(
        quick, FormRefused, family, "move_in", relation="head", name="赵小兰", birth="1980-01-01", sex="F"
    )
    assert "与户主关系" in told


@pytest.mark.parametrize(
    "kind, form, word",
    [
        ("leave", {"why": "prison"}, "离家的成员"), ("return", {"person": 1}, "没有登记暂时离家"),
        ("split", {"head": 1, "who": [2], "address": "新街 1 号"}, "户主"), ("move_away", {"hukou_area": VILLAGE}, "成员"),
        ("join", {"number": "330212195003040028", "relation": "child"}, "号码"), ("divorce", {"where": "new"}, "离开本户"),
        ("death", {"person": 999}, "只能选本户成员"),
    ],
)  # fmt: skip
def test_what_is_missing_or_impossible_is_named(
    quick: District, family: int, kind: str, form: dict[str, Any], word: str
) -> None:
    assert word in refused(quick, FormRefused, family, kind, **form)


def test_a_certificate_is_named(quick: District, family: int) -> None:
    person = _ids(quick, family)[2]
    assert "名称和编号" in refused(quick, FormRefused, family, "death", person=person, evidence="")


def test_an_unknown_kind_is_refused(quick: District, family: int) -> None:
    assert "没有“wedding”这种变化" in refused(quick, Refused, family, "wedding")


def test_only_the_window_and_the_agent_of_the_place_record_it(quick: District, family: int) -> None:
    person = _ids(quick, family)[2]
    refused(quick, NotPermitted, family, "death", person=person, by=quick.staff(COUNTY_REVIEWER))
    happens(quick, family, "death", person=person, by=quick.staff(VILLAGE_AGENT))
