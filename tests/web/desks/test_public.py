"""The public side: progress by number and code, standards, calculator, notices; nobody signs in, no name is shown."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.district import VILLAGE
from web import throttle
from web.public.calculator import PER_PLACE
from workflow.models import Attempt, Case, Household, Membership, Notice, Person

PROGRESS = "/public/progress"


def code_of(desks, name: str) -> str:
    return desks.case(desks.id(name)).progress_code


def test_number_and_code_show_the_step_the_office_and_the_date_and_no_name(desks):
    number, code = desks.numbers["late"], code_of(desks, "late")
    for answer in (
        desks.browser().get(f"{PROGRESS}?number={number}&code={code}"),
        desks.browser().post(PROGRESS, {"number": f" {number.lower()} ", "code": code.lower()}, on=PROGRESS),
    ):
        assert answer.status_code == 200
        assert "正在核对信息、入户走访" in answer.text
        assert "现已超期，上级已在督办" in answer.text
        assert "0574-88880000" in answer.text
        assert 'aria-current="step"' in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        with desks.database.reading() as session:
            assert not [name for name in session.scalars(select(Person.name)) if name in answer.text]


def test_an_amount_is_never_told(desks):
    page = (
        desks.browser()
        .get(f"{PROGRESS}?number={desks.numbers['benefit']}&code={code_of(desks, 'benefit')}")
        .text
    )
    assert "已在享受救助" in page
    assert "1,032" not in page
    assert "1032" not in page


@pytest.mark.parametrize("number", ["DB-2016-000004", "DB-2016-999999", "nonsense"])
def test_wrong_code_and_unknown_number_get_the_same_answer(desks, number):
    answer = desks.browser().post(PROGRESS, {"number": number, "code": "AAAAAAAA"}, on=PROGRESS)
    assert answer.status_code == 404
    assert "受理号或查询码不对" in answer.text


def test_a_receipt_has_five_tries_in_a_quarter_of_an_hour_the_right_code_too(desks):
    number, browser = desks.numbers["late"], desks.browser()
    for _ in range(5):
        assert browser.get(f"{PROGRESS}?number={number}&code=WRONG").status_code == 404
    answer = browser.get(f"{PROGRESS}?number={number}&code={code_of(desks, 'late')}")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "请 15 分钟后再试" in answer.text
    desks.clock.move(timedelta(minutes=15))
    assert browser.get(f"{PROGRESS}?number={number}&code={code_of(desks, 'late')}").status_code == 200


def test_an_address_has_thirty_tries_an_hour_over_all_numbers(desks):
    browser = desks.browser()
    for number in range(30):
        if number == 20:
            desks.clock.move(timedelta(minutes=16))
        assert browser.get(f"{PROGRESS}?number=DB-2015-{number:06d}&code=WRONG").status_code == 404
    good = f"{PROGRESS}?number={desks.numbers['late']}&code={code_of(desks, 'late')}"
    assert browser.get(good).status_code == 429
    desks.clock.move(timedelta(hours=1, minutes=16))
    assert browser.get(good).status_code == 200
    with desks.database.reading() as session:
        assert session.scalars(select(Attempt)).all()


def test_a_check_of_means_is_nobodys_business(desks):
    with desks.database.reading() as session:
        check = session.scalars(select(Case).where(Case.definition == "verification").limit(1)).one()
    answer = desks.browser().get(f"{PROGRESS}?number={check.number}&code={check.progress_code}")
    assert answer.status_code == 404
    assert "不在网上公布" in answer.text


def test_a_village_shows_what_hangs_there_now_with_names_shortened(desks):
    browser = desks.browser()
    page = browser.get(f"/public/notices?village={VILLAGE}")
    with desks.database.reading() as session:
        hanging = session.scalars(
            select(Notice).where(Notice.taken_down_on.is_(None), Notice.until >= desks.today)
        ).all()
        names = session.scalars(select(Person.name).join(Membership)).all()
    assert page.text.count("<dt>申请人</dt>") == len(hanging) == 1
    assert re.search(r"<dt>申请人</dt><dd>.\*</dd>", page.text)
    assert not [name for name in names if name in page.text]
    assert 'content="noindex"' in page.text
    desks.day(max(notice.until for notice in hanging) + timedelta(days=1))
    assert "<dt>申请人</dt>" not in browser.get(f"/public/notices?village={VILLAGE}").text
    assert browser.get("/public/notices?village=330212000000").status_code == 400
    assert browser.get("/public/notices?all=1").status_code == 400


FAMILY = {
    "setting": "rural", "members-0-age": "52", "members-0-wage": "1200", "members-1-age": "50", "members-2-age": "13", "savings": "3000",
}  # fmt: skip


def test_the_calculator_answers_by_the_rules_of_today_and_keeps_nothing(desks):
    with desks.database.reading() as session:
        before = session.scalars(select(Household)).all()[-1].id
    page = desks.browser().post("/public/calculator", FAMILY, on="/public/calculator")
    assert page.status_code == 200
    assert "可能符合低保条件" in page.text
    assert "NB2016" in page.text
    assert "400.00" in page.text
    with desks.database.reading() as session:
        assert session.scalars(select(Household)).all()[-1].id == before


@pytest.mark.parametrize(
    "change, words",
    [
        ({"members-0-wage": "9000"}, "收入可能高于低保标准"),
        ({"savings": "900000"}, "财产可能超过规定"),
        ({"members-0-wage": "2700"}, "低保边缘"),
    ],
)
def test_the_calculator_says_what_stands_against_it(desks, change, words):
    assert words in desks.browser().post("/public/calculator", FAMILY | change, on="/public/calculator").text


NEEDS = FAMILY | {
    "hukou_here": "yes", "members-0-work": "unemployed", "members-2-school": "compulsory", "bill": "30000", "insured": "18000",
}  # fmt: skip


def test_the_calculator_shows_every_item_with_what_to_bring_and_why_not(desks):
    page = desks.browser().post("/public/calculator", NEEDS, on="/public/calculator").text
    can, rest = page.split("还要知道一些情况才能判断")
    unknown, cannot = rest.split("按填写的情况不能享受")
    assert "义务教育阶段资助" in can
    assert "第3人 在读小学、初中" in can
    assert "最多 8,400.00 元" in can
    assert "医疗费用票据" in can
    assert "住房情况、" in unknown
    assert "第2人的就读情况" in unknown
    assert "可以申请低保" in cannot
    assert "不能享受" not in can


def test_an_income_too_high_is_told_with_its_limit_and_what_would_change_it(desks):
    page = (
        desks.browser()
        .post("/public/calculator", NEEDS | {"members-0-wage": "9000"}, on="/public/calculator")
        .text
    )
    assert "家庭计入月收入须少于 2232.00 元，现为 9000.00 元" in page
    assert "限额 744.00，您家 3000.00" in page


def test_the_calculator_is_for_a_family_not_for_a_crowd(desks):
    crowd = {f"members-{number}-age": "30" for number in range(21)}
    answer = desks.browser().post("/public/calculator", {"setting": "rural"} | crowd, on="/public/calculator")
    assert answer.status_code == 422
    assert "最多填 20 人" in answer.text


def test_the_calculator_is_for_people_not_for_machines(desks):
    with desks.database.acting() as conn:
        for _ in range(PER_PLACE - 1):
            throttle.fail(conn, desks.now, "calculator:@127.0.0.1")
    browser = desks.browser()
    assert browser.post("/public/calculator", FAMILY, on="/public/calculator").status_code == 200
    busy = browser.post("/public/calculator", FAMILY, on="/public/calculator")
    assert busy.status_code == 429
    assert 'value="1200"' in busy.text
    desks.clock.move(timedelta(minutes=15))
    assert browser.post("/public/calculator", FAMILY, on="/public/calculator").status_code == 200


def test_the_calculator_names_what_to_mend(desks):
    answer = desks.browser().post(
        "/public/calculator", {"setting": "", "members-0-age": "很老"}, on="/public/calculator"
    )
    assert answer.status_code == 422
    assert 'href="#f-setting"' in answer.text
    assert 'value="很老"' in answer.text


def test_standards_say_that_they_are_samples(desks):
    page = desks.browser().get("/public/standards").text
    assert "744.00" in page
    assert "样例数值，未经核实" in page


def test_larger_type_is_switched_on_and_off_and_stays(desks):
    browser = desks.browser()
    answer = browser.post("/public/elder", {"elder": "yes", "back": "/public/standards"}, on="/public/")
    assert answer.location.endswith("/public/standards")
    assert 'class="public elder"' in browser.get("/public/").text
    browser.post("/public/elder", {"elder": "no", "back": "//evil.example/public/"}, on="/public/")
    assert 'class="public"' in browser.get("/public/").text


def test_complaints_name_offices_and_remedies(desks):
    page = desks.browser().get("/public/complaints").text
    assert "60 日内申请行政复议" in page
    assert "0574-88880000" in page
