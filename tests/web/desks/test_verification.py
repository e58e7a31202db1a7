"""The verifier's pages: how far each source is, the report on the screen and on paper, a raw answer for a reason, consent."""

import io

import pypdf
import pytest

from tests.verification.conftest import Order, income
from workflow.models import AccessLog, Answer, Authorisation, CheckReport, Document
from workflow.verification.authorisations import withdraw


def pdf_text(answer) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/pdf"
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)


def looks(desks, what: str) -> list[AccessLog]:
    return desks.rows(AccessLog, what=what)


@pytest.fixture
def order(desks) -> Order:
    """A check of a couple: the tax office has answered about him, social security is asked, the rest waits."""
    made = Order(desks, incomes=("12000.00",), monetary="5000.00")
    made.sent("social_security")
    made.answers("tax", 0, income("wage", "20000.00", "salary"), raw={"employer": "某某机械厂"})
    made.answers("city", 0, income("wage", "12500.00"))
    made.answers("finance", 1, {"kind": "monetary", "value": "9000.00"})
    return made


def issued(desks, order: Order) -> CheckReport:
    desks.do(order.case, "report", conclusion="mismatch", note="工资收入少报")
    return desks.rows(CheckReport, order.case)[-1]


def test_the_grid_says_how_far_each_source_is_and_who_moves_it(desks, order):
    number = desks.case(order.case).number
    page = desks.browser("verification_officer1").get(f"/cases/{number}/verification")
    assert page.status_code == 200
    for words in (
        "已答复",
        "已发出",
        "待发出",
        "等来源部门答复",
        "信息核对员发函",
        "少报",
        "来源之间不一致",
        "20,000.00",
    ):
        assert words in page.text, words
    assert (
        f"/cases/{number}/verification" in desks.browser("verification_officer1").get(f"/cases/{number}").text
    )
    assert len(looks(desks, "verification")) == 1


def test_a_raw_answer_is_shown_for_a_reason_and_the_look_is_written_down(desks, order):
    number = desks.case(order.case).number
    browser, here = desks.browser("verification_officer1"), f"/cases/{number}/verification"
    [row] = desks.rows(Answer, query_id=order.query("tax").id)
    place = f"{here}/answers/{row.id}"
    assert browser.post(place, {"reason": ""}, on=here).status_code == 422
    assert not looks(desks, "raw_answer")
    page = browser.post(place, {"reason": "objection"}, on=here)
    assert page.status_code == 200
    assert "某某机械厂" in page.text
    assert [log.reason for log in looks(desks, "raw_answer")] == [f"{row.id} objection"]
    assert desks.browser("window_clerk1").post(place, {"reason": "objection"}, on=here).status_code == 403


def test_the_report_reads_alike_on_the_page_and_on_paper(desks, order):
    report, number = issued(desks, order), desks.case(order.case).number
    place = f"/cases/{number}/verification/reports/{report.id}"
    browser = desks.browser("town_reviewer2")
    page, paper = browser.get(place).text, pdf_text(browser.get(f"{place}.pdf"))
    for words in (
        "不符合",
        "工资收入少报",
        "少报",
        "已询问未答复",
        "20,000.00",
        "12,000.00",
        "全家",
        "不是救助决定",
    ):
        assert words in page, words
        assert words in paper, words
    assert len(looks(desks, "check_report")) == 2
    assert "更正报告" not in page


def test_a_verifier_corrects_a_report_when_an_answer_comes_late(desks, order):
    report, number = issued(desks, order), desks.case(order.case).number
    order.answers("social_security", 0, income("transfer", "8000.00", "pension"))
    here = f"/cases/{number}/verification/reports/{report.id}"
    browser = desks.browser("verification_officer1")
    assert "出具后又收到答复" in browser.get(here).text
    refused = browser.post(f"{here}/correct", {"conclusion": "mismatch", "reason": ""}, on=here)
    assert refused.status_code == 422
    done = browser.post(f"{here}/correct", {"conclusion": "mismatch", "reason": "补充了养老金"}, on=here)
    assert done.status_code == 303
    corrected = browser.get(done.location).text
    assert "与上一版的不同" in corrected
    assert "查得由–改为8,000.00" in corrected
    assert "已有更正的版本" in browser.get(here).text
    again = browser.client.post(
        f"{here}/correct",
        data={"conclusion": "match", "reason": "再更正一次", "csrf_token": browser.token("/me/")},
    )
    assert again.status_code == 409


def test_an_authorisation_is_recorded_from_the_signed_paper_and_taken_back(desks, order):
    here = f"/households/{order.household}/authorisations"
    browser = desks.browser("window_clerk1")
    paper = desks.rows(Document, kind="authorisation")
    mine = next(row for row in paper if row.case_id == order.asker)
    form = {
        "person": str(order.people[1]), "signed_on": "2016-10-20", "valid_to": "2016-12-31", "scope": ["tax", "finance"],
        "document": str(mine.id),
    }  # fmt: skip
    assert browser.post(here, form, on=here).status_code == 303
    made = desks.rows(Authorisation, household_id=order.household)[-1]
    assert (made.person_id, made.scope, made.document_id) == (order.people[1], ["finance", "tax"], mine.id)
    wrong = browser.post(here, form | {"signed_on": "2016-10-26", "guardian": str(order.people[1])}, on=here)
    assert wrong.status_code == 422
    assert 'href="#f-signed_on"' in wrong.text
    taking = f"{here}/{order.query('land', 1).authorisation_id}/withdraw"
    assert browser.post(taking, {"reason": "不"}, on=here).status_code == 422
    assert browser.post(taking, {"reason": "本人书面撤回"}, on=here).status_code == 303
    assert order.query("land", 1).state == "superseded"
    assert browser.post(taking, {"reason": "本人书面撤回"}, on=here).status_code == 409
    assert "已撤回" in browser.get(here).text
    assert desks.browser("auditor1").post(here, form, on=here).status_code == 403


def test_the_form_to_sign_names_everybody_and_every_source(desks, order):
    text = pdf_text(
        desks.browser("window_clerk1").get(f"/households/{order.household}/authorisations/form.pdf")
    )
    for words in ("核对授权书", "人力社保", "监护人", "撤回授权", "户主", "配偶"):
        assert words in text, words


def test_the_page_sends_no_check_out_without_the_signature_of_every_adult(desks):
    made = Order(desks, ask=False)
    made.works(withdraw, made.authorisations()[0].id, "本人书面撤回", now=desks.now)
    case = desks.case(made.case)
    browser, place = desks.browser("verification_officer1"), f"/cases/{case.number}/actions/ask"
    token = browser.token("/me/")
    refused = browser.client.post(place, data={"csrf_token": token, "seen": str(case.version)})
    assert refused.status_code == 409
    assert "还没有签核对授权书" in refused.text
    assert not made.queries()
