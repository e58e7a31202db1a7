"""Two rows become one person, and two again."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.workflow.families import number
from tests.workflow.people.conftest import NOW, TODAY
from workflow.actors import SYSTEM_ACTOR
from workflow.errors import FormRefused, NotNow, Refused
from workflow.households import record_income
from workflow.models import Absence, CountedApart, Income, Kinship, LifeEvent, Membership, User
from workflow.people.facts import known_of, record_fact
from workflow.people.kin import tie, ties_of
from workflow.people.merging import merge, rows_of, stands_for, undo_merge
from workflow.people.moving import plan

BORN = date(1950, 3, 4)
WHY = "出生证与户口簿为同一人"


def join(session, kept, gone, **more):
    return merge(session, kept, gone, evidence=WHY, actor=SYSTEM_ACTOR, now=NOW, **more)


def part(session, merged):
    return undo_merge(session, merged, because="查明是两姐妹", actor=SYSTEM_ACTOR, now=NOW)


def snapshot(session, *people):
    """Everything a merge may touch, as it stands."""
    session.expire_all()
    rows = [
        (kind.__tablename__, row.id, *(getattr(row, column.key) for column in kind.__table__.columns))
        for kind in (Membership, Income, Kinship)
        for row in session.query(kind).order_by(kind.id)
    ]
    return rows, [{c.key: getattr(p, c.key) for c in p.__table__.columns} for p in people]


def test_everything_moves_and_undoing_puts_it_back(session, person, home):
    kept = person(phone="", id_number=None)
    gone = person(phone="13800000001", id_number=number(BORN, 2))
    son, clerk = (
        person("王小宝", birth=date(1975, 1, 1), sex="M"),
        User(login="w", name="窗口", created_at=NOW),
    )
    session.add(clerk)
    home((kept, "head", date(2001, 1, 1), date(2009, 12, 31)))
    house = home((gone, "head"))
    session.flush()
    record_income(session, household_id=house.id, person_id=gone.id, category="wage", annual=Decimal(900), source="declared",
                  as_of=date(2016, 1, 1))  # fmt: skip
    session.add(Kinship(person_id=gone.id, user_id=clerk.id, relation="姐妹", declared_on=TODAY))
    record_fact(session, gone, "illness", {"present": True, "name": "尿毒症", "source": "department", "as_of": "2016-01-01"},
                actor=SYSTEM_ACTOR, now=NOW)  # fmt: skip
    tie(session, gone, son, "child", source="declared", actor=SYSTEM_ACTOR, now=NOW)
    before = snapshot(session, kept, gone)
    counted = plan(session, kept, gone, TODAY).counts()
    merged = join(session, kept, gone)
    assert counted == {
        "户内身份": 1,
        "收入": 1,
        "个人情况": 2,
        "与工作人员的亲属关系": 1,
        "亲属关系": 1,
        "登记内容": 2,
    }
    assert (stands_for(session, gone), rows_of(session, kept.id)) == (kept, {kept.id, gone.id})
    assert (kept.id_number, gone.id_number, kept.phone) == (number(BORN, 2), None, "13800000001")
    assert [m.person_id for m in house.members(TODAY)] == [kept.id]
    assert {one.other for one in ties_of(session, [kept.id], TODAY)} == {son.id}
    assert [side.kind for side in known_of(session, kept.id, TODAY)] == ["illness"]
    assert part(session, merged) == []
    assert snapshot(session, kept, gone) == before
    assert stands_for(session, gone) is gone
    assert (merged.undone_at, merged.undone_because) == (NOW, "查明是两姐妹")


def test_absences_findings_and_events_move_and_go_back(session, person, home):
    kept, gone, _ = away_twice(session, person, home, open_kept=False)
    counted = plan(session, kept, gone, TODAY).counts()
    assert counted == {"户内身份": 1, "在外情况": 1, "计入与否的认定": 1, "家庭变化": 1}
    merged = join(session, kept, gone)
    assert [owners(session, kind) for kind in (Absence, CountedApart, LifeEvent)] == [
        [kept.id, kept.id],
        [kept.id],
        [kept.id],
    ]
    assert part(session, merged) == []
    assert owners(session, Absence) == [kept.id, gone.id]
    assert owners(session, LifeEvent) == [gone.id]


def test_of_one_person_there_is_one_open_absence(session, person, home):
    kept, gone, house = away_twice(session, person, home, open_kept=True)
    merged = join(session, kept, gone)
    assert owners(session, Absence) == [kept.id, gone.id]
    assert merged.moved["left"] == [f"家庭 {house.id} 的在外情况两人都有登记，只算保留的一条"]


def away_twice(session, person, home, *, open_kept):
    """One row who was at school, or still is, and one who is, does not count and married: both of one family."""
    kept, gone = person(), person()
    house = home((person("王大山", sex="M"), "head"), (gone, "child"))
    clerk = User(login="w", name="窗口", created_at=NOW)
    session.add(clerk)
    session.flush()
    by = {"made_by": clerk.id, "made_at": NOW, "reason": "长期在外"}
    away = {"household_id": house.id, "kind": "school", "relation": "child", "source": "declared"}
    session.add_all(
        [
            Absence(person_id=kept.id, from_date=date(2012, 9, 1), to_date=None if open_kept else date(2015, 6, 30), **away),
            Absence(person_id=gone.id, from_date=date(2015, 9, 1), **away),
            CountedApart(household_id=house.id, person_id=gone.id, counted=False, from_date=date(2015, 9, 1), **by),
            LifeEvent(household_id=house.id, person_id=gone.id, kind="marriage", on_date=date(2016, 5, 1), source="declared",
                      recorded_by=clerk.id, recorded_at=NOW),
        ]
    )  # fmt: skip
    session.flush()
    return kept, gone, house


def owners(session, kind):
    return [row.person_id for row in session.query(kind).order_by(kind.id)]


def test_two_active_households_are_refused_by_name(session, person, home):
    kept, gone = person(), person()
    one, other = home((kept, "head")), home((gone, "head"))
    with pytest.raises(Refused, match=f"家庭编号 {one.id}.*家庭编号 {other.id}.*离户"):
        join(session, kept, gone)


def test_entered_twice_in_one_household_the_second_ends(session, person, home):
    kept, gone = person(), person()
    house = home((kept, "head"), (gone, "other"))
    merged = join(session, kept, gone)
    session.expire_all()
    assert [m.person_id for m in house.members(TODAY)] == [kept.id]
    assert merged.moved["left"]
    part(session, merged)
    session.expire_all()
    assert [m.person_id for m in house.members(TODAY)] == [kept.id, gone.id]


def test_the_head_of_a_household_is_the_one_to_keep(session, person, home):
    kept, gone = person(), person()
    home((gone, "head"), (kept, "other"))
    with pytest.raises(Refused, match=f"保留编号 {gone.id}"):
        join(session, kept, gone)


def test_nobody_is_in_two_households_on_one_day_after_a_merge(session, person, home):
    kept, gone = person(), person()
    home((kept, "head", date(2005, 1, 1), date(2012, 6, 30)))
    home((gone, "head", date(2006, 1, 1), date(2007, 1, 1)))
    later = home((gone, "head", date(2010, 1, 1)))
    before = snapshot(session, kept, gone)
    merged = join(session, kept, gone)
    rows = sorted(
        (m.from_date, m.to_date or date.max) for m in session.query(Membership).filter_by(person_id=kept.id)
    )
    assert all(first[1] < second[0] for first, second in pairwise(rows))
    session.expire_all()
    assert later.members(date(2012, 6, 30)) == []
    assert [m.person_id for m in later.members(date(2012, 7, 1))] == [kept.id]
    part(session, merged)
    assert snapshot(session, kept, gone) == before


def test_what_changed_since_stays_and_is_named(session, person, home):
    kept, gone = person(phone=""), person(phone="13800000001")
    home((gone, "head"))
    merged = join(session, kept, gone)
    kept.phone = "13900000000"
    session.flush()
    assert [line for line in part(session, merged) if "登记内容" in line and str(kept.id) in line]
    assert kept.phone == "13900000000"
    assert gone.merged_into is None


def test_a_merge_on_which_another_was_built_is_undone_after_it(session, person):
    first, second, third = person(), person(), person()
    below = join(session, second, third)
    above = join(session, first, second)
    assert rows_of(session, first.id) == {first.id, second.id, third.id}
    assert stands_for(session, third) is first
    with pytest.raises(NotNow, match=f"第 {above.id} 号"):
        part(session, below)
    part(session, above)
    part(session, below)
    with pytest.raises(NotNow, match="已经撤销"):
        part(session, below)


@pytest.mark.parametrize("more", [{"sex": "M"}, {"same": True}, {"merged": True}])
def test_what_cannot_be_one_person_is_refused(session, person, more):
    kept = person()
    gone = kept if more.get("same") else person(sex=more.get("sex", "F"))
    if more.get("merged"):
        gone.merged_into = person().id
    with pytest.raises(Refused):
        join(session, kept, gone)


def test_no_merge_without_evidence(session, person):
    with pytest.raises(FormRefused) as refused:
        merge(session, person(), person(), evidence="像", actor=SYSTEM_ACTOR, now=NOW)
    assert "evidence" in refused.value.errors


def test_the_paper_is_kept_with_the_merge_and_must_be_one(session, person):
    merged = join(session, person(), person(), document=("户口簿.pdf", b"%PDF-1.4 paper"))
    assert (merged.document_name, merged.document_type, len(merged.document_sha256)) == (
        "户口簿.pdf",
        "application/pdf",
        64,
    )
    with pytest.raises(FormRefused):
        join(session, person(), person(), document=("户口簿.txt", b"words"))
