"""The pages of departments: open referrals by department and age, the centre's ledger, liaisons and their roster."""

from datetime import date

import pytest

from workflow.departments import departments_of, liaisons_on
from workflow.models import Case
from workflow.roles import LIAISON

UNION = "330212D08000"


def referral(desks, department: str = "housing") -> int:
    case = desks.open(desks.family(), "referral")
    desks.do(case, "refer", department=department)
    return case


def post(desks, login: str, path: str, start: str, **form):
    browser = desks.browser(login)
    return browser.client.post(path, data={"csrf_token": browser.token(start)} | form)


def test_open_referrals_stand_by_department_the_oldest_first(desks):
    first = referral(desks)
    desks.days(3)
    second, other = referral(desks), referral(desks, "education")
    desks.do(first, "hasten")
    page = desks.browser("window_clerk1").get("/departments/").text
    numbers = [desks.case(one).number for one in (first, second)]
    assert page.index(numbers[0]) < page.index(numbers[1])
    assert "鄞州区住房和城乡建设局" in page
    assert "已催办 1 次" in page
    assert desks.case(other).number in page


def test_a_liaison_sees_his_departments_cases_and_no_others(desks):
    mine, other = referral(desks, "housing"), referral(desks, "education")
    with desks.database.acting() as conn:
        from sqlalchemy import delete, update

        from workflow.models import Liaison, RoleAssignment

        away = [
            one
            for one in departments_of(desks.office.session(conn), UNION[:6] + "000000")
            if one.kind != "housing"
        ]
        codes = [one.code for one in away]
        conn.execute(delete(Liaison).where(Liaison.department.in_(codes)))
        conn.execute(
            update(RoleAssignment).where(RoleAssignment.area_code.in_(codes)).values(to_date=date(2016, 9, 1))
        )
    browser = desks.browser("liaison1")
    page = browser.get("/departments/").text
    assert desks.case(mine).number in page
    assert desks.case(other).number not in page
    shown = browser.get(f"/cases/{desks.case(mine).number}")
    assert shown.status_code == 200
    assert "住房漏雨" in shown.text
    assert "家庭成员与收入" not in shown.text
    assert browser.get(f"/cases/{desks.case(other).number}").status_code == 404
    assert browser.get("/").text.count(desks.case(mine).number)


def test_the_centre_gives_a_task_and_its_ledger_shows_it(desks):
    form = {
        "department": "finance",
        "subject": "核实补助资金",
        "question": "请核实",
        "answer_by": "2016-11-10",
    }
    answer = post(desks, "centre_staff1", "/departments/coordination", "/departments/coordination", **form)
    assert answer.status_code == 303
    page = desks.browser("centre_director1").get("/departments/coordination").text
    assert "核实补助资金" in page
    assert "鄞州区财政局" in page


@pytest.mark.parametrize(
    "form, status, words",
    [
        ({"department": ""}, 422, "请选择交给哪个部门"),
        ({"answer_by": "2016-10-25"}, 422, "反馈期限应晚于今天"),
        ({"about": "DB-2016-999999"}, 404, "没有编号为"),
    ],
)
def test_a_task_that_cannot_be_given_is_shown_again_with_what_is_wrong(desks, form, status, words):
    typed = {
        "department": "finance",
        "subject": "核实",
        "question": "请核实",
        "answer_by": "2016-11-10",
    } | form
    answer = post(desks, "centre_staff1", "/departments/coordination", "/departments/coordination", **typed)
    assert answer.status_code == status
    assert words in answer.text
    assert 'value="核实"' in answer.text
    assert not desks.rows(Case, definition="coordination")


def test_the_roster_names_liaison_and_deputy_of_every_department(desks):
    page = desks.browser("window_clerk1").get("/departments/roster").text
    assert page.count("部门联络员1") == page.count("部门联络员2") == 15


def test_an_administrator_changes_the_liaison(desks):
    start, path = f"/admin/departments/{UNION}", f"/admin/departments/{UNION}/liaisons"
    user = str(desks.staff("department_reviewer", 1).id)
    refused = post(desks, "administrator1", path, start, user=user, deputy="no", from_date="2016-10-25")
    assert refused.status_code == 422
    assert "同一时间只能有一人" in refused.text
    with desks.database.reading() as session:
        old = liaisons_on(session, [UNION], desks.today)[UNION][0].id
    assert post(desks, "administrator1", f"/admin/liaisons/{old}/end", start).status_code == 303
    desks.days(1)
    assert (
        post(desks, "administrator1", path, start, user=user, deputy="no", from_date="2016-10-26").status_code
        == 303
    )
    with desks.database.reading() as session:
        names = [one.user.name for one in liaisons_on(session, [UNION], date(2016, 10, 26))[UNION]]
    assert names == ["部门审核人1", "部门联络员2"]


def test_a_department_is_registered_and_renamed(desks):
    start = "/admin/departments"
    twice = post(desks, "administrator1", start, start, kind="union", name="区总工会")
    assert twice.status_code == 422
    assert "这一类部门已登记为鄞州区总工会" in twice.text
    path = f"{start}/{UNION}"
    changed = post(
        desks,
        "administrator1",
        path,
        path,
        name="鄞州区总工会（新）",
        aid="yes",
        phone="0574-1",
        address="天童路 1 号",
    )
    assert changed.status_code == 303
    assert "鄞州区总工会（新）" in desks.browser("administrator1").get(start).text
    assert post(desks, "administrator1", path, path, name=" ").status_code == 422


def test_a_liaison_is_not_made_on_the_page_of_people(desks):
    person = desks.staff("window_clerk", 1).id
    start = f"/admin/people/{person}"
    answer = post(desks, "administrator1", f"{start}/roles", start, role=LIAISON.code, area=UNION)
    assert "请在“部门”页任命" in answer.text
    given = post(desks, "administrator1", f"{start}/roles", start, role="department_reviewer", area=UNION)
    assert given.status_code == 303


@pytest.mark.parametrize("acts, kind, words", [
    (("agree", "approve"), "aid_granted", "救助金额"),
    (("disagree", "refuse"), "aid_refused", "60日"),
])  # fmt: skip
def test_a_department_signs_its_own_letters(desks, acts, kind, words):
    case = desks.open(desks.family(), "medical")
    desks.do(case, "submit", group="low_edge", certificate="DB-1", valid_until="2017-06-30")
    for act in ("accept", "pass_on", *acts):
        desks.do(case, act)
    place = f"/cases/{desks.case(case).number}/letters/{kind}"
    browser = desks.browser("window_clerk1")
    page = browser.get(place)
    assert page.status_code == 200, page.text
    assert words in page.text
    assert "鄞州区医疗保障局" in page.text
    assert browser.get(place + ".pdf").data.startswith(b"%PDF")
    shown = browser.get(f"/cases/{desks.case(case).number}").text
    assert place in shown
    assert "低保边缘家庭成员（DB-1）" in shown


def test_a_window_opens_an_application_to_a_department_from_the_familys_page(desks):
    household = desks.family()
    start = f"/households/{household}"
    assert 'value="medical"' in desks.browser("window_clerk1").get(start).text
    opened = post(desks, "window_clerk1", f"/departments{start}/open", start, definition="referral")
    assert opened.status_code == 303
    [case] = desks.rows(Case, definition="referral")
    assert opened.location.endswith(case.number)
    assert case.subject_id == household
    assert (
        post(desks, "window_clerk1", f"/departments{start}/open", start, definition="dibao").status_code
        >= 400
    )
