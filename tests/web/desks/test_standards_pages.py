"""Changing the standards in the browser: drawn up, listed, released by another, the list shown; and who might be missed."""

from sqlalchemy import select

from workflow.models import Case


def change_of(desks) -> str:
    with desks.database.reading() as session:
        return session.scalars(select(Case.number).where(Case.definition == "standard_change")).one()


def test_a_standard_is_drawn_up_listed_and_released_by_two(desks):
    reviewer = desks.browser("county_reviewer1")
    assert "拟定新标准" in reviewer.get("/standards").text
    answer = reviewer.post("/standards/changes", {}, on="/standards")
    number = change_of(desks)
    place = f"/cases/{number}/actions/draw_up"
    assert (answer.status_code, answer.location) == (303, place)
    form = {"source": "样例文件 8 号", "from_date": "2016-12-01", "to_date": "2017-11-30", "seen": "1"}
    form |= {"amounts-0-kind": "standard", "amounts-0-setting": "rural", "amounts-0-amount": "810"}
    form |= {"amounts-1-kind": "standard", "amounts-1-setting": "urban", "amounts-1-amount": "810"}
    wrong = reviewer.post(place, form | {"amounts-1-amount": "999"}, on=place)
    assert wrong.status_code == 422
    assert "744.00 至 930.00" in wrong.text
    assert reviewer.post(place, form, on=place).status_code == 303
    desks.sweep()
    page = reviewer.get(f"/cases/{number}").text
    assert "调整 1 户，每月增加 198.00 元" in page
    listed = reviewer.get(f"/standards/changes/{number}").text
    assert "1,032.00" in listed
    assert "1,230.00" in listed
    assert "+198.00" in listed
    assert reviewer.get(f"/cases/{number}/actions/release").status_code in (403, 409)
    approver = desks.browser("county_approver1")
    place = f"/cases/{number}/actions/release"
    version = str(desks.case(case_id(desks, number)).version)
    assert approver.post(place, {"seen": version}, on=place).status_code == 303
    assert "到日执行" in approver.get(f"/standards/changes/{number}").text
    desks.live_until("2016-12-02", step=20)
    approver = desks.browser("county_approver1")
    assert "与名单一致" in approver.get(f"/standards/changes/{number}").text


def case_id(desks, number: str) -> int:
    with desks.database.reading() as session:
        return session.scalars(select(Case.id).where(Case.number == number)).one()


def test_a_family_that_could_have_help_and_has_none_is_listed_once_and_no_other(desks):
    poor = desks.family(members=1, incomes=("1200",), monetary="100")
    with desks.database.acting() as conn:
        from workflow.models import Household

        session = desks.office.session(conn)
        for member in session.get_one(Household, poor).members(desks.today):
            member.person.hukou_area = "330212101200"
        session.flush()
    clerk = desks.browser("window_clerk1")
    page = clerk.get("/missed-aid").text
    assert f'href="/households/{poor}"' in page
    assert "最低生活保障" in page
    assert "644.00" in page
    assert page.count('href="/households/') == 1
    desks.application(poor)
    assert f'href="/households/{poor}"' not in clerk.get("/missed-aid").text
    assert clerk.get("/missed-aid?colour=red").status_code == 400
