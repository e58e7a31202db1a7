"""The administrator's pages: people, areas, holidays, standards, sign-ins, health, e-mail."""

import io
import re

import pytest
from sqlalchemy import select, update

from tests.district import COUNTY, TOWN, VILLAGE
from workflow.models import Area, CalendarDay, InboxMessage, RoleAssignment, Standard, User, WebSession

YEAR_2027 = "日期,类型,节日,文件依据\n" + "\n".join(f"2027-{md},{kind},{name},国办发明电〔2026〕" for md, kind, name in (
    ("01-01", "放假", "元旦"), ("02-06", "放假", "春节"), ("02-08", "放假", "春节"), ("02-14", "上班", "春节"),
    ("04-05", "放假", "清明节"), ("05-03", "放假", "劳动节"), ("10-01", "放假", "国庆节"), ("10-04", "放假", "国庆节"),
))  # fmt: skip


@pytest.fixture
def admin(desks):
    return desks.browser("administrator1")


def person(desks, login: str) -> User:
    with desks.database.reading() as session:
        return session.scalars(select(User).where(User.login == login)).one()


def test_a_person_is_added_gets_a_link_once_and_a_role_for_an_area(desks, admin):
    answer = admin.post("/admin/people", {"login": "zhang", "name": "张新"}, on="/admin/")
    assert answer.status_code == 200
    (link,) = re.findall(r"http://localhost/password/[\w-]+", answer.text)
    made = person(desks, "zhang")
    assert link not in admin.get(f"/admin/people/{made.id}").text
    place = f"/admin/people/{made.id}/roles"
    wrong = admin.post(
        place,
        {"role": "window_clerk", "area": COUNTY, "from_date": "2016-10-25"},
        on=f"/admin/people/{made.id}",
    )
    assert wrong.status_code == 409
    assert (
        admin.post(
            place,
            {"role": "window_clerk", "area": TOWN, "from_date": "2016-10-25", "to_date": "2016-12-31"},
            on=f"/admin/people/{made.id}",
        ).status_code
        == 303
    )
    with desks.database.reading() as session:
        given = session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == made.id)).one()
    assert (given.role, given.area_code, str(given.to_date)) == ("window_clerk", TOWN, "2016-12-31")
    assert admin.post(f"/admin/roles/{given.id}/end", on=f"/admin/people/{made.id}").status_code == 303
    assert "到10 月 25 日止" in re.sub(r"<[^>]+>", "", admin.get(f"/admin/people/{made.id}").text)


@pytest.mark.parametrize(
    "form, field",
    [
        ({"login": "A B", "name": "张"}, "login"),
        ({"login": "zhang", "name": ""}, "name"),
        ({"login": "auditor1", "name": "张"}, "login"),
    ],
)
def test_a_faulty_account_is_refused_at_its_field(admin, form, field):
    answer = admin.post("/admin/people", form, on="/admin/")
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text


def test_a_disabled_person_is_out_at_once_but_nobody_disables_himself(desks, admin):
    clerk, victim = desks.browser("window_clerk2"), person(desks, "window_clerk2")
    assert clerk.get("/").status_code == 200
    assert (
        admin.post(f"/admin/people/{victim.id}/disable", on=f"/admin/people/{victim.id}").status_code == 303
    )
    assert clerk.get("/").status_code == 302
    me = person(desks, "administrator1")
    assert admin.post(f"/admin/people/{me.id}/disable", on="/admin/").status_code == 409
    own = next(a.id for a in _assignments(desks, me.id))
    assert admin.post(f"/admin/roles/{own}/end", on="/admin/").status_code == 409


def _assignments(desks, user_id):
    with desks.database.reading() as session:
        return session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == user_id)).all()


def test_a_new_link_ends_the_old_password(desks, admin):
    victim = person(desks, "auditor2")
    assert "password/" in admin.post(f"/admin/people/{victim.id}/reset", on=f"/admin/people/{victim.id}").text
    assert person(desks, "auditor2").password_hash == ""


def test_an_offices_telephone_is_changed_and_stands_on_the_public_page(desks, admin):
    place = f"/admin/areas/{COUNTY}"
    assert (
        admin.post(
            place,
            {"office": "社会救助服务联合体", "phone": "0574-12345", "address": "民安东路 1 号"},
            on=place,
        ).status_code
        == 303
    )
    assert "0574-12345" in desks.browser().get("/public/").text
    refused = admin.post(place, {"office": "", "phone": "打我手机", "address": ""}, on=place)
    assert refused.status_code == 422
    assert "打我手机" in refused.text
    assert admin.get("/admin/areas/000000000000").status_code == 404
    with desks.database.reading() as session:
        assert session.get_one(Area, COUNTY).address == "民安东路 1 号"


def test_an_unpublished_year_is_told_loudly_until_it_is_imported_after_a_look(desks, admin):
    assert "2027 年的放假安排还没有导入" in admin.get("/admin/holidays?year=2027").text
    looked = admin.post("/admin/holidays", {"raw": YEAR_2027}, on="/admin/holidays")
    assert "还没有保存" in looked.text
    assert "国庆节" in looked.text
    assert desks.office.calendar.is_provisional(2027)
    assert (
        admin.post("/admin/holidays", {"raw": YEAR_2027, "sure": "yes"}, on="/admin/holidays").status_code
        == 303
    )
    assert not desks.office.calendar.is_provisional(2027)
    with desks.database.reading() as session:
        assert len([row for row in session.scalars(select(CalendarDay)) if row.day.year == 2027]) == 8


def test_limits_that_move_are_shown_before_and_moved_with_the_list(desks):
    """An application of the end of December, counted provisionally into a year that begins with three days of rest."""
    desks.day("2026-12-28")
    case = desks.application()
    desks.do(case, "submit")
    admin = desks.browser("administrator1")
    looked = admin.post("/admin/holidays", {"raw": YEAR_2027}, on="/admin/holidays").text
    number = desks.case(case).number
    assert "正在计算的时限会改日期" in looked
    assert f'<td class="num">{number}</td>' in looked
    assert desks.deadline(case, "stage:submitted").provisional
    admin.post("/admin/holidays", {"raw": YEAR_2027, "sure": "yes"}, on="/admin/holidays")
    row = desks.deadline(case, "stage:submitted")
    assert (row.due_on.isoformat(), row.provisional) == ("2027-01-05", False)
    assert desks.actions_done(case)[-1] == "recount"
    page = desks.browser("window_clerk1").get(f"/cases/{number}/clocks").text
    assert "2027-01-05" in page


def test_a_holiday_file_with_faults_changes_nothing_and_names_each_line(desks, admin):
    file = (io.BytesIO((YEAR_2027 + "\n2027-13-01,放假,怪日,无").encode()), "2027.csv")
    answer = admin.client.post(
        "/admin/holidays", data={"csrf_token": admin.token("/admin/holidays"), "file": file}
    )
    assert answer.status_code == 422
    assert "第 10 行" in answer.text
    assert desks.office.calendar.is_provisional(2027)


STANDARD = {
    "kind": "standard",
    "setting": "urban",
    "amount": "800",
    "from_date": "2017-07-01",
    "to_date": "2018-06-30",
    "source": "甬民发〔2017〕1 号",
}


def test_a_standard_is_released_within_the_band_of_the_law(desks, admin):
    assert admin.post("/admin/standards", STANDARD, on="/admin/standards").status_code == 303
    with desks.database.reading() as session:
        made = session.scalars(select(Standard).where(Standard.sample.is_(False))).one()
    assert (str(made.amount), made.source) == ("800.00", STANDARD["source"])


@pytest.mark.parametrize(
    "amount, fine", [("743.99", False), ("744", True), ("930", True), ("930.01", False), ("很多", False)]
)
def test_the_band_is_forty_to_fifty_per_cent_of_the_minimum_wage(admin, amount, fine):
    answer = admin.post("/admin/standards", STANDARD | {"amount": amount}, on="/admin/standards")
    assert answer.status_code == (303 if fine else 422)
    if not fine:
        assert 'href="#f-amount"' in answer.text
        assert f'value="{amount}"' in answer.text


def test_sign_ins_are_listed_and_ended(desks, admin):
    clerk, user = desks.browser("window_clerk1"), person(desks, "window_clerk1")
    assert user.name in admin.get("/admin/sessions").text
    assert admin.post("/admin/sessions/end", {"user": str(user.id)}, on="/admin/sessions").status_code == 303
    assert clerk.get("/").status_code == 302
    with desks.database.reading() as session:
        assert not session.scalars(select(WebSession).where(WebSession.user_id == user.id)).all()


def test_health_shows_each_job_and_what_the_doctor_finds(admin):
    page = admin.get("/admin/health").text
    assert "提醒与督办" in page
    assert "正在使用样例数值" in page


def test_mail_that_did_not_get_out_is_shown_with_its_reason(desks, admin):
    with desks.database.acting() as conn:
        first = conn.execute(select(InboxMessage.id).limit(1)).scalar_one()
        conn.execute(
            update(InboxMessage)
            .where(InboxMessage.id == first)
            .values(mail_state="failed", mail_error="550 no such user")
        )
    assert "550 no such user" in admin.get("/admin/mail").text


def test_roles_and_editions_are_for_reading(admin):
    assert "没有人任职" not in admin.get("/admin/roles").text
    assert "NB2016" in admin.get("/admin/editions").text
    assert admin.get("/admin/areas?town=" + TOWN).text.count(VILLAGE) >= 1
