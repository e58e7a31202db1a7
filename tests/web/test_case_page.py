"""The case page: what is masked, what is written down, papers in and out."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.web.conftest import PNG
from workflow.models import AccessLog, Document, Person


@pytest.fixture
def case(district):
    return district.submitted()


def looks(district):
    with district.edge.database.reading() as session:
        return [(row.what, row.reason) for row in session.scalars(select(AccessLog).order_by(AccessLog.id))]


def numbers(district):
    with district.edge.database.reading() as session:
        return {row.id: row.id_number for row in session.execute(select(Person.id, Person.id_number))}


def test_the_page_says_who_what_now_and_by_when(case, browser_at):
    text = browser_at("window").get(f"/cases/{case.number}").text
    assert all(
        word in text
        for word in ("周建国", "最低生活保障", "已提交", "还剩 5 个工作日", "9 月 26 日", "茅山村")
    )
    assert text.count('class="button primary"') == 1
    assert re.search(r'class="button primary" href="/cases/[^"]+/actions/accept"', text)


def test_every_look_at_a_case_is_written_down(district, case, browser_at):
    browser = browser_at("window")
    browser.get(f"/cases/{case.number}")
    browser_at("elsewhere").get(f"/cases/{case.number}")
    assert looks(district) == [("case", "")]


def test_citizen_numbers_are_masked_everywhere_until_asked_for_with_a_reason(district, case, browser_at):
    browser = browser_at("window")
    page = browser.get(f"/cases/{case.number}").text
    whole = numbers(district)
    assert not any(number in page for number in whole.values())
    assert page.count("330227********") == 3
    person = district.people()[0]
    place = f"/cases/{case.number}/people/{person}/id-number"
    refused = browser.post(place, {"reason": ""})
    assert (refused.status_code, whole[person] in refused.text) == (422, False)
    shown = browser.post(place, {"reason": "handling"})
    assert whole[person] in shown.text
    assert ("id_number", "handling") in looks(district)


def test_a_number_of_another_household_is_not_shown(district, case, browser_at):
    from sqlalchemy.orm import Session

    from tests.web.conftest import family

    with district.edge.database.acting() as conn:
        stranger = family(Session(conn), order=9).memberships[0].person_id
    answer = browser_at("window").post(
        f"/cases/{case.number}/people/{stranger}/id-number", {"reason": "handling"}
    )
    assert answer.status_code == 404


def test_when_the_look_cannot_be_written_down_nothing_is_shown(district, case, browser_at):
    browser = browser_at("window")
    with district.edge.database.acting() as conn:
        conn.exec_driver_sql("ALTER TABLE access_log RENAME TO access_log_gone")
    answer = browser.get(f"/cases/{case.number}")
    assert answer.status_code == 500
    assert "周建国" not in answer.text


def test_declared_and_found_income_stand_side_by_side_with_the_difference(case, browser_at):
    text = browser_at("window").get(f"/cases/{case.number}").text
    assert all(word in text for word in ("1,000.00", "1,200.00", "少报 200.00"))


def test_a_limit_explains_itself_day_by_day(case, browser_at):
    text = browser_at("window").get(f"/cases/{case.number}").text
    assert "第 5 个工作日（周一）" in text
    assert "周六，不计入" in text


def test_a_paper_goes_in_and_comes_out_as_a_download_in_a_sandbox(district, case, browser_at):
    browser = browser_at("window")
    form = {"kind": "income_proof", "file": (io.BytesIO(PNG), "工资 证明.png")}
    assert (
        browser.post(f"/cases/{case.number}/documents", form, content_type="multipart/form-data").status_code
        == 303
    )
    with district.edge.database.reading() as session:
        document = session.scalars(select(Document).where(Document.kind == "income_proof")).one()
    answer = browser.get(f"/cases/{case.number}/documents/{document.id}")
    assert answer.data == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert looks(district)[-1][0] == "document"


@pytest.mark.parametrize(
    "form, words",
    [
        ({"kind": "income_proof"}, "请选择要上传的文件"),
        ({"kind": "poem", "file": (b"x", "a.png")}, "请选择材料种类"),
        ({"kind": "other", "file": (b"<script>alert(1)</script>", "a.png")}, "不是照片"),
        ({"kind": "other", "file": (b"%PDF-1.7", "a.png")}, "扩展名不符"),
        ({"kind": "other", "file": (b"", "a.png")}, "空文件"),
    ],
)
def test_what_is_no_paper_is_refused_with_the_reason(case, browser_at, form, words):
    sent = {
        name: (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
        for name, value in form.items()
    }
    answer = browser_at("window").post(
        f"/cases/{case.number}/documents", sent, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert words in answer.text


def test_too_large_a_file_is_explained(district, case, browser_at):
    district.app.config["MAX_CONTENT_LENGTH"] = 1000
    form = {"kind": "other", "file": (io.BytesIO(b"0" * 2000), "a.png")}
    answer = browser_at("window").post(
        f"/cases/{case.number}/documents", form, content_type="multipart/form-data"
    )
    assert answer.status_code == 413
    assert "10 MB" in answer.text


def test_who_has_nothing_to_do_with_the_stage_adds_no_papers(case, browser_at):
    form = {"kind": "other", "file": (io.BytesIO(PNG), "a.png")}
    answer = browser_at("audit").post(
        f"/cases/{case.number}/documents", form, content_type="multipart/form-data"
    )
    assert answer.status_code == 403


def test_a_paper_of_another_case_is_not_found(district, case, browser_at):
    other = district.open()
    with district.edge.database.reading() as session:
        document = session.scalars(select(Document)).first()
    assert browser_at("window").get(f"/cases/{other.number}/documents/{document.id}").status_code == 404


def test_the_map_marks_where_the_case_stands(case, browser_at):
    answer = browser_at("window").get(f"/cases/{case.number}/map.svg")
    assert answer.mimetype == "image/svg+xml"
    assert "［现在］已提交" in answer.text


def test_a_late_case_says_so_and_its_working_days(district, case, browser_at):
    district.clock.move(timedelta(days=9))
    text = browser_at("window").get(f"/cases/{case.number}").text
    assert "逾期 2 个工作日" in text
    assert "band late" in text


def test_the_timeline_tells_what_happened(case, browser_at):
    text = browser_at("window").get(f"/cases/{case.number}").text
    assert text.index("提交了申请") < text.index("开办最低生活保障")
