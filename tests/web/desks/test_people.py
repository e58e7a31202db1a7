"""People: found, looked at, recognised as one or two, merged and parted on pages."""

import io
import re
from datetime import date

import pytest
from sqlalchemy import select

from tests.district import VILLAGE
from workflow.identity import make_id_number
from workflow.models import AccessLog, KinTie, Membership, NotSame, Person, PersonFact, PersonMerge

BORN = date(1950, 3, 4)
NUMBER = make_id_number("330212", BORN, 2)


@pytest.fixture
def pair(desks):
    """Two rows that look like one woman, outside any household."""
    with desks.database.acting() as conn:
        session = desks.office.session(conn)
        made = [Person(name=name, birth=BORN, sex="F", hukou_area=VILLAGE) for name in ("陳桂花", "陈桂花")]
        made[0].id_number = NUMBER
        session.add_all(made)
        session.flush()
        return [one.id for one in made]


def row(desks, kind, number):
    with desks.database.reading() as session:
        return session.get(kind, number)


def rows(desks, kind):
    with desks.database.reading() as session:
        return session.scalars(select(kind).order_by(kind.id)).all()


@pytest.mark.parametrize(
    "typed", ["陈桂花", "陳桂", "陈贵华", "chenguihua", "chengu", "cgh", NUMBER, NUMBER[-4:]]
)
def test_people_are_found_by_what_is_said_at_the_counter(desks, pair, typed):
    page = desks.browser("window_clerk1").post("/people/find", {"q": typed}, on="/people").text
    assert f"/people/{pair[0]}" in page
    assert (NUMBER in page) == (typed == NUMBER)
    assert rows(desks, AccessLog)[-1].what == "people_search"


def test_nobody_is_found_outside_the_own_areas(desks, pair):
    with desks.database.acting() as conn:
        session = desks.office.session(conn)
        for number in pair:
            session.get_one(Person, number).hukou_area = "330212105200"
        session.flush()
    clerk = desks.browser("window_clerk1")
    assert "没有找到" in clerk.post("/people/find", {"q": "陈桂花"}, on="/people").text
    assert clerk.get(f"/people/{pair[0]}").status_code == 404
    assert desks.browser("county_reviewer1").get(f"/people/{pair[0]}").status_code == 200


def test_a_page_shows_all_and_every_look_is_written_down(desks):
    person = desks.people(desks.id("benefit"))[0]
    page = desks.browser("town_reviewer1").get(f"/people/{person}")
    assert page.status_code == 200
    assert row(desks, Person, person).id_number not in page.text
    assert "最近的发放" in page.text
    assert "户内登记" in page.text
    looked = rows(desks, AccessLog)[-1]
    assert (looked.what, looked.person_id) == ("person", person)


def test_who_looks_alike_stands_on_the_page_and_is_decided_to_be_two(desks, pair):
    clerk, place = desks.browser("window_clerk1"), f"/people/{pair[0]}"
    assert "姓名、生日、乡镇相同" in clerk.get(place).text
    decided = {"other": str(pair[1]), "because": "同村同名的两姐妹"}
    assert clerk.post(f"{place}/not-same", decided | {"because": "否"}, on=place).status_code == 422
    assert clerk.post(f"{place}/not-same", decided, on=place).status_code == 303
    assert [one.because for one in rows(desks, NotSame)] == ["同村同名的两姐妹"]
    assert "姓名、生日、乡镇相同" not in clerk.get(place).text
    assert clerk.post(f"{place}/not-same", decided, on=place).status_code == 409


def test_two_are_merged_on_evidence_and_parted_again(desks, pair):
    clerk, place = desks.browser("window_clerk1"), f"/people/{pair[1]}/merge/{pair[0]}"
    page = clerk.get(place).text
    assert "两条登记并列" in page
    assert "登记内容：2 条转到编号" in page
    assert NUMBER not in page
    assert clerk.post(place, {"evidence": "像"}, on=place).status_code == 422
    form = {"evidence": "户口簿曾用名一页写明", "file": (io.BytesIO(b"%PDF-1.4 paper"), "户口簿.pdf")}
    merged = clerk.post(place, form, on=place)
    assert merged.status_code == 303, merged.text
    assert row(desks, Person, pair[1]).id_number == NUMBER
    shown = clerk.get(f"/people/{pair[1]}").text
    assert "户口簿曾用名一页写明" in shown
    assert "这条登记已经并入" in clerk.get(f"/people/{pair[0]}").text
    (made,) = rows(desks, PersonMerge)
    paper = clerk.get(f"/people/merges/{made.id}/document")
    assert (paper.data, paper.headers["Content-Type"]) == (b"%PDF-1.4 paper", "application/pdf")
    back = f"/people/merges/{made.id}/undo"
    assert clerk.post(back, {"because": ""}, on=back).status_code == 422
    assert clerk.post(back, {"because": "查明是两个人"}, on=back).status_code == 303
    assert (row(desks, Person, pair[0]).id_number, row(desks, Person, pair[1]).id_number) == (NUMBER, None)
    assert "已撤销" in clerk.get(f"/people/{pair[1]}").text
    assert clerk.post(back, {"because": "查明是两个人"}, on=f"/people/{pair[1]}").status_code == 409


def test_two_in_two_active_households_are_not_merged(desks):
    one, other = desks.people(desks.id("benefit"))[0], desks.people(desks.id("late"))[0]
    with desks.database.acting() as conn:
        session = desks.office.session(conn)
        session.get_one(Person, other).sex = session.get_one(Person, one).sex
        session.flush()
    page = desks.browser("window_clerk1").get(f"/people/{one}/merge/{other}")
    assert page.status_code == 200
    assert "请先在其中一户办理离户" in page.text
    assert "合并为编号" not in page.text


def test_facts_stand_side_by_side(desks, pair):
    verifier, place = desks.browser("verification_officer1"), f"/people/{pair[0]}/facts/illness"
    said = {"present": "yes", "name": "尿毒症", "source": "department", "as_of": "2016-10-01", "certificate": "M1",
            "valid_from": "2016-01-01", "valid_to": "2016-09-30"}  # fmt: skip
    assert verifier.post(place, said | {"valid_to": "2015-01-01"}, on=place).status_code == 422
    assert verifier.post(place, said, on=place).status_code == 303
    page = verifier.get(f"/people/{pair[0]}").text
    for words in ("尿毒症", "M1", "说法不一", "没有重大疾病", "已过期"):
        assert words in page, words
    assert row(desks, Person, pair[0]).serious_illness
    assert [fact.source for fact in rows(desks, PersonFact)] == ["declared", "department"]


def test_kin_are_registered_and_ended(desks, pair):
    clerk, place = desks.browser("window_clerk1"), f"/people/{pair[0]}/kin/new"
    said = {"other": str(pair[1]), "relation": "sibling", "source": "declared"}
    assert clerk.post(place, said | {"other": str(pair[0])}, on=place).status_code == 409
    assert clerk.post(place, said | {"other": "999999"}, on=place).status_code == 422
    assert clerk.post(place, said, on=place).status_code == 303
    (tie,) = rows(desks, KinTie)
    end = f"/people/{pair[0]}/kin/{tie.id}/end"
    assert end in clerk.get(f"/people/{pair[0]}").text
    assert clerk.post(end, {"on": "2016-10-24"}, on=end).status_code == 303
    assert "没有登记亲属" in clerk.get(f"/people/{pair[0]}").text


def test_a_wrong_number_finds_its_person_before_he_is_entered(desks, pair):
    clerk = desks.browser("window_clerk1")
    wrong = NUMBER[:8] + NUMBER[9] + NUMBER[8] + NUMBER[10:]
    page = clerk.post("/people/check", {"name": "陈桂花", "id_number": wrong}, on="/people/check").text
    assert "第 9、10 位颠倒，姓名相同" in page
    assert "未核对" in page
    nobody = clerk.post("/people/check", {"name": "查无此人", "birth": "1971-01-01"}, on="/people/check").text
    assert "用能核对的办法没有找到" in nobody
    assert "没有号码" in nobody


FAMILY = {
    "area_code": VILLAGE, "setting": "rural", "address": "和平路 99 号", "phone": "", "members-0-relation": "head",
    "members-0-name": "陈桂花", "members-0-birth": "1950-03-04", "members-0-sex": "F",
}  # fmt: skip


@pytest.mark.parametrize("answer", ["same_as", "not_same"])
def test_the_clerk_decides_about_who_looks_alike_when_a_family_is_entered(desks, pair, answer):
    clerk, new = desks.browser("window_clerk1"), "/households/new"
    assert "members-0-same_as" not in clerk.get(new).text
    refused = clerk.post(new, FAMILY, on=new)
    assert refused.status_code == 422
    assert f"编号 {pair[0]}" in refused.text
    assert re.search(r'id="f-members-0-same_as"[^>]*aria-invalid="true"', refused.text)
    said = {"same_as": str(pair[0]), "not_same": "同村同名，出生证不同"}
    taken = clerk.post(new, FAMILY | {f"members-0-{answer}": said[answer]}, on=new)
    assert taken.status_code == 303, taken.text
    with desks.database.reading() as session:
        newest = session.scalars(select(Membership).order_by(Membership.id.desc()).limit(1)).one()
        parted = len(session.scalars(select(NotSame)).all())
    assert (newest.person_id == pair[0], parted) == ((True, 0) if answer == "same_as" else (False, 2))


def test_a_household_page_shows_whom_its_members_look_like(desks, pair):
    with desks.database.acting() as conn:
        session = desks.office.session(conn)
        session.add(
            Membership(household_id=1, person_id=pair[0], relation="other", from_date=date(2016, 10, 1))
        )
        session.flush()
    page = desks.browser("window_clerk1").get("/households/1").text
    assert "疑似重复的登记" in page
    assert f"/people/{pair[0]}/merge/{pair[1]}" in page


def test_a_member_of_staff_declares_who_he_is_and_who_is_near_to_him(desks):
    clerk, place = desks.browser("window_clerk1"), "/me/relatives"
    own = make_id_number("330212", date(1980, 5, 6), 31)
    assert clerk.post(place, {"id_number": own[:-1] + "5"}, on=place).status_code == 409
    assert clerk.post(place, {"id_number": own}, on=place).status_code == 303
    head = row(desks, Person, desks.people(desks.id("late"))[0])
    said = {"relation": "sibling", "name": head.name, "id_number": head.id_number}
    assert clerk.post(place, said | {"name": "别人"}, on=place).status_code == 409
    assert clerk.post(place, said, on=place).status_code == 303
    page = clerk.get(place).text
    assert head.name in page
    assert head.id_number not in page
    assert clerk.get(f"/cases/{desks.numbers['late']}").status_code == 200
    desks.sweep()
    assert clerk.get(f"/cases/{desks.numbers['late']}").status_code == 404
