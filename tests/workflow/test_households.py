"""Registering people and households."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.workflow.conftest import NOW
from tests.workflow.families import (
    DISTRICT,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    VILLAGE_NAME,
    child,
    head,
    household,
    number,
    spouse,
)
from workflow.actors import SYSTEM_ACTOR, Actor
from workflow.errors import FormRefused, NotFound, NotPermitted, Refused
from workflow.households import (
    add_member,
    end_membership,
    find_households,
    open_membership,
    register,
    register_household,
)
from workflow.models import Asset, Household, Income, Membership, Person

CLERK = Actor(1, "窗口", frozenset({("window_clerk", TOWN)}))
LATER = datetime(2016, 10, 8, 1, tzinfo=UTC)


def store(session, raw, now=NOW):
    return register(session, raw, actor=SYSTEM_ACTOR, now=now)


def relations(found, on):
    return {m.person.name: m.relation for m in found.members(on)}


def test_a_household_is_stored_with_its_members_incomes_and_property(session):
    made = register_household(
        session,
        **household(
            head(labour="partial", disability_kind="physical", disability_grade=2),
            child(student=True),
            incomes=[{"member": 1, "category": "transfer", "kind": "pension", "annual": "12,000.50"}],
            assets=[{"kind": "monetary", "amount": "8000"}, {"kind": "dwelling", "amount": "1"}],
        ),
        actor=CLERK,
        now=NOW,
    )
    assert relations(made, date(2016, 9, 5)) == {"王秀英": "head", "陈小红": "child"}
    income = session.scalars(select(Income)).one()
    assert (str(income.annual), income.source, income.as_of) == ("12000.50", "declared", date(2016, 9, 5))
    assert {a.kind: str(a.amount) for a in session.scalars(select(Asset))} == {
        "monetary": "8000.00",
        "dwelling": "1.00",
    }


def test_birth_and_sex_come_from_the_number(session):
    person = store(session, household()).memberships[0].person
    assert (person.birth, person.sex, person.hukou_area) == (date(1950, 3, 4), "F", VILLAGE)
    assert person.pinyin == "wangxiuying"


@pytest.mark.parametrize("raw, place, says", [
    (household(head(birth="1950-03-05")), "members", "不符"),
    (household(head(sex="M")), "members", "不符"),
    (household(head(id_number="330212195003040021")), "members", "校验位"),
    (household(head(id_number="")), "members", "请填写出生日期和性别"),
    (household(head(name="王5")), "members", "姓名"),
    (household(head(relation="boss")), "members", "户主关系"),
    (household(head(disability_grade=1)), "members", "一并填写"),
    (household(head(hukou_area="330212999999")), "members", "没有代码"),
    (household(head(hukou_area="999999000000")), "members", "没有代码"),
    (household(head(colour="red")), "members", "colour"),
    (household(spouse()), "members", "户主应是 1 人，现在有 0 人"),
    (household(head(), head(id_number=number(date(1960, 1, 1), 4))), "members", "现在有 2 人"),
    (household(head(), spouse(id_number=head()["id_number"])), "members", "相同"),
    (household(area_code="330212001999"), "area_code", "没有代码"),
    (household(area_code=TOWN), "area_code", "不是村"),
    (household(setting="city"), "setting", "城镇"),
    (household(address=""), "address", "请填写"),
    (household(phone="abc"), "phone", "电话"),
    (household(members=[]), "members", "请填写"),
    (household(incomes=[{"member": 2, "category": "wage", "annual": "1"}]), "incomes", "第 2 名"),
    (household(incomes=[{"member": 1, "category": "wage", "annual": 12.5}]), "incomes", "文字形式"),
    (household(incomes=[{"member": 1, "category": "wage", "annual": "-1"}]), "incomes", "负数"),
    (household(incomes=[{"member": 1, "category": "wage", "annual": "1.005"}]), "incomes", "两位小数"),
    (household(incomes=[{"member": 1, "category": "luck", "annual": "1"}]), "incomes", "收入类别"),
    (household(incomes=[{"member": 1, "category": "wage", "annual": "1"}] * 2), "incomes", "合并"),
    (household(assets=[{"kind": "vehicle", "amount": "0.5"}]), "assets", "整数"),
    (household(assets=[{"kind": "vehicle", "amount": "1"}] * 2), "assets", "合并"),
    (household(extra=1), "extra", "extra"),
])  # fmt: skip
def test_what_cannot_be_used_is_refused_at_its_place_and_nothing_is_stored(session, raw, place, says):
    with pytest.raises(FormRefused) as refused:
        store(session, raw)
    assert says in refused.value.errors[place]
    assert session.scalar(select(Household.id)) is None
    assert session.scalar(select(Person.id)) is None


def test_a_birth_in_the_future_is_refused(session):
    with pytest.raises(FormRefused, match="今天以后"):
        store(session, household(head(id_number=number(date(2016, 9, 6), 2))))
    assert store(session, household(head(id_number=number(date(2016, 9, 5), 2)))).id


def test_all_faults_are_told_at_once(session):
    with pytest.raises(FormRefused) as refused:
        store(session, household(setting="", address="", area_code="1"))
    assert set(refused.value.errors) == {"setting", "address", "area_code"}


@pytest.mark.parametrize("name", ["𠀀𬱖", "买买提·吐尔逊", "阿" * 30, "王 小明"])
def test_names_with_rare_characters_and_long_names_are_kept(session, name):
    made = store(session, household(head(name=name)))
    session.expire_all()
    assert session.get_one(Household, made.id).memberships[0].person.name == name


def test_people_without_a_number_are_registered_by_birth_and_sex(session):
    newborn = {"relation": "child", "name": "王宝宝", "birth": "2016-09-01", "sex": "M"}
    twin = {**newborn, "name": "王贝贝"}
    made = store(session, household(head(), newborn, twin))
    assert [m.person.id_number for m in made.members(date(2016, 9, 5))][1:] == [None, None]


def test_a_person_in_another_household_is_refused_with_its_village(session):
    store(session, household())
    with pytest.raises(FormRefused, match=VILLAGE_NAME):
        store(session, household(area_code=OTHER_VILLAGE))


def test_a_person_who_left_is_found_again_by_number(session):
    first = store(session, household(head(), spouse()))
    person_id = open_membership(session, first.memberships[1].person_id).person_id
    end_membership(session, person_id=person_id, on=date(2016, 9, 5), cause="moved", actor=CLERK, now=NOW)
    second = store(
        session, household(spouse(relation="head", phone="13800000000"), area_code=OTHER_VILLAGE), LATER
    )
    person = second.memberships[0].person
    assert (person.id, person.phone) == (person_id, "13800000000")
    assert session.query(Person).count() == 2


def test_one_number_under_two_names_is_refused_without_showing_the_name(session):
    store(session, household(head(), spouse()))
    with pytest.raises(FormRefused, match=r"王\*"):
        store(session, household(head(name="李四")))


def test_the_dead_cannot_be_registered_again(session):
    made = store(session, household(head(), spouse()))
    end_membership(
        session,
        person_id=made.memberships[1].person_id,
        on=date(2016, 9, 5),
        cause="death",
        actor=CLERK,
        now=NOW,
    )
    with pytest.raises(FormRefused, match="死亡"):
        store(session, household(spouse(relation="head")), LATER)


@pytest.mark.parametrize("role, area, allowed", [
    ("window_clerk", TOWN, True),
    ("village_agent", VILLAGE, True),
    ("window_clerk", "330212002000", False),
    ("village_agent", OTHER_VILLAGE, False),
    ("town_reviewer", TOWN, False),
    ("county_approver", DISTRICT, False),
])  # fmt: skip
def test_only_the_window_and_the_village_register_and_only_in_their_area(session, role, area, allowed):
    actor = Actor(7, "某人", frozenset({(role, area)}))
    if allowed:
        assert register(session, household(), actor=actor, now=NOW).id
    else:
        with pytest.raises(NotPermitted):
            register(session, household(), actor=actor, now=NOW)


def test_a_member_joins_from_a_day_on(session):
    made = store(session, household())
    joined = add_member(session, made, child(), on=date(2016, 10, 1), actor=CLERK, now=LATER)
    assert joined.from_date == date(2016, 10, 1)
    session.refresh(made)
    assert len(made.members(date(2016, 9, 30))) == 1
    assert len(made.members(date(2016, 10, 1))) == 2


@pytest.mark.parametrize("member, on, place", [
    (child(relation="head"), date(2016, 10, 1), "relation"),
    (child(), date(2016, 10, 9), "on"),
    (child(id_number="1"), date(2016, 10, 1), "id_number"),
    (child(colour="red"), date(2016, 10, 1), "colour"),
])  # fmt: skip
def test_a_member_who_cannot_join_is_refused(session, member, on, place):
    made = store(session, household())
    with pytest.raises(FormRefused) as refused:
        add_member(session, made, member, on=on, actor=CLERK, now=LATER)
    assert place in refused.value.errors


def test_when_the_head_dies_the_spouse_follows_and_relations_are_restated(session):
    parent = {"relation": "parent", "name": "王老太", "id_number": number(date(1930, 1, 1), 2)}
    made = store(session, household(head(), spouse(), child(), parent))
    end_membership(
        session,
        person_id=made.memberships[0].person_id,
        on=date(2016, 10, 1),
        cause="death",
        actor=CLERK,
        now=LATER,
    )
    session.expire_all()
    assert relations(made, date(2016, 10, 1))["王秀英"] == "head"
    assert relations(made, date(2016, 10, 2)) == {
        "陈大明": "head",
        "陈小红": "child",
        "王老太": "parent_in_law",
    }
    assert made.memberships[0].person.died_on == date(2016, 10, 1)


def test_a_named_member_follows_the_head(session):
    made = store(session, household(head(), spouse(), child()))
    end_membership(
        session, person_id=made.memberships[0].person_id, on=date(2016, 10, 1), cause="moved", actor=CLERK,
        now=LATER, new_head=made.memberships[2].person_id,
    )  # fmt: skip
    session.expire_all()
    assert relations(made, date(2016, 10, 2)) == {"陈小红": "head", "陈大明": "other"}


def test_when_the_last_member_dies_nobody_is_left(session):
    made = store(session, household())
    end_membership(
        session,
        person_id=made.memberships[0].person_id,
        on=date(2016, 9, 5),
        cause="death",
        actor=CLERK,
        now=NOW,
    )
    assert session.scalar(select(Membership.id).where(Membership.to_date.is_(None))) is None


@pytest.mark.parametrize("on, cause", [
    (date(2016, 9, 4), "death"), (date(2016, 10, 9), "death"), (date(2016, 10, 8), "boredom"),
])  # fmt: skip
def test_an_impossible_leaving_is_refused(session, on, cause):
    made = store(session, household())
    with pytest.raises(Refused):
        end_membership(
            session, person_id=made.memberships[0].person_id, on=on, cause=cause, actor=CLERK, now=LATER
        )


def test_who_has_left_cannot_leave_again(session):
    made = store(session, household(head(), spouse()))
    person_id = made.memberships[1].person_id
    end_membership(session, person_id=person_id, on=date(2016, 9, 5), cause="moved", actor=CLERK, now=NOW)
    with pytest.raises(NotFound):
        end_membership(session, person_id=person_id, on=date(2016, 9, 5), cause="death", actor=CLERK, now=NOW)


@pytest.mark.parametrize(
    "typed", ["王秀", "wangxiu", "wxy", head()["id_number"], head()["id_number"][-4:], "东兴社区", ""]
)
def test_a_household_is_found_by_what_people_say(session, typed):
    made = store(session, household())
    store(session, household(spouse(relation="head"), area_code=OTHER_VILLAGE))
    found = find_households(session, CLERK, typed)
    assert made in found
    assert typed == "" or len(found) == 1


@pytest.mark.parametrize("grants", [
    set(), {("window_clerk", "330212002000")}, {("administrator", DISTRICT)}, {("village_agent", OTHER_VILLAGE)},
])  # fmt: skip
def test_nobody_finds_households_outside_his_areas(session, grants):
    store(session, household())
    stranger = Actor(9, "外人", frozenset(grants))
    assert find_households(session, stranger, "王秀英") == []
    assert find_households(session, stranger) == []


@pytest.mark.parametrize("typed", ["%", "_", "王%", "100%", "'", "０"])
def test_wildcards_find_nothing(session, typed):
    store(session, household())
    assert find_households(session, CLERK, typed) == []


def test_a_name_with_a_rare_second_character_is_found_by_its_first(session):
    made = store(session, household(head(name="王𠀀")))
    assert find_households(session, CLERK, "王") == [made]


def test_on_postgresql_a_household_is_registered_changed_and_found(postgres_district):
    with postgres_district.acting() as conn:
        on_postgres = Session(conn)
        made = store(on_postgres, household(head(), spouse(), child()))
        end_membership(
            on_postgres, person_id=made.memberships[0].person_id, on=date(2016, 10, 1), cause="death", actor=CLERK,
            now=LATER,
        )  # fmt: skip
        assert relations(made, date(2016, 10, 2)) == {"陈大明": "head", "陈小红": "child"}
        for typed in ("陈大", "chenda", "cdm", spouse()["id_number"][-4:], VILLAGE_NAME):
            assert find_households(on_postgres, CLERK, typed) == [made]
        assert find_households(on_postgres, CLERK, "%") == []
        with pytest.raises(FormRefused, match=VILLAGE_NAME):
            store(on_postgres, household(spouse(relation="head")))
