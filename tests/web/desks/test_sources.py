"""The administrator's page of sources, the letter to one, and the commands."""

import io

import pypdf

from tests.verification.conftest import Order
from workflow.models import AccessLog, VerificationSource

SET = {
    "transport": "http", "address": "https://tax.example.cn/verify", "secret_name": "TAX", "encoding": "utf-8",
    "timeout_seconds": "5", "retry_seconds": "60 300", "poll_seconds": "600", "deadline_days": "7", "breaker_failures": "5",
    "breaker_seconds": "300", "when_silent": "stop", "active": "yes",
}  # fmt: skip


def source(desks, code="tax"):
    return next(row for row in desks.rows(VerificationSource) if row.code == code)


def test_sources_are_listed_with_their_queue_and_what_they_lack(desks):
    Order(desks, members=2)
    page = desks.browser("administrator1").get("/admin/sources")
    assert page.status_code == 200
    for words in ("税务", "市核对平台", "发函"):
        assert words in page.text, words
    assert '<td class="num">2</td>' in page.text


def test_a_source_is_set_up_and_the_change_is_written_down(desks):
    browser = desks.browser("administrator1")
    assert browser.post("/admin/sources/tax", SET, on="/admin/sources/tax").status_code == 303
    row = source(desks)
    assert (row.transport, row.retry_seconds, row.when_silent, row.circuit) == (
        "http",
        [60, 300],
        "stop",
        "closed",
    )
    assert [log.reason for log in desks.rows(AccessLog, what="source_set")] == [
        "tax: http https://tax.example.cn/verify"
    ]
    assert "BUREAU_SECRET_TAX" in browser.get("/admin/sources").text
    assert browser.get("/admin/sources/no-such").status_code == 404


def test_settings_that_cannot_work_are_refused_by_field_and_nothing_changes(desks):
    browser = desks.browser("administrator1")
    for name, value, words in (
        ("address", "ftp://tax", "接口地址应写成"), ("secret_name", "", "接口要有密钥"), ("retry_seconds", "soon", "秒数"),
        ("retry_seconds", "0", "秒数"), ("timeout_seconds", "0", "1"), ("transport", "pigeon", "核对方式"),
    ):  # fmt: skip
        page = browser.post("/admin/sources/tax", SET | {name: value}, on="/admin/sources/tax")
        assert page.status_code == 422, name
        assert words in page.text, name
    page = browser.post(
        "/admin/sources/tax", SET | {"transport": "files", "address": "../etc"}, on="/admin/sources/tax"
    )
    assert "交换文件夹" in page.text
    assert source(desks).transport == "letter"


def test_the_letter_names_everybody_who_was_not_answered_for_and_once_posted_the_verifier_waits_for_it(desks):
    order = Order(desks, members=2)
    number, browser = desks.case(order.case).number, desks.browser("verification_officer1")
    here = f"/cases/{number}/verification"
    order.answers("tax", 1)
    printed = browser.get(f"{here}/letters/tax")
    assert printed.content_type == "application/pdf"
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed.data)).pages)
    names = [order.reply(person).about_name for person in (0, 1)]
    assert names[0] in text
    assert names[1] not in text
    assert [log.reason for log in desks.rows(AccessLog, what="inquiry")] == ["tax"]
    assert browser.post(f"{here}/letters/tax", {}, on=here).status_code == 303
    assert order.query("tax").state == "by_letter"
    assert "登记已寄出" in browser.get(here).text, "other sources can still be written to"
    order.answers("tax", 0, transport="letter")
    assert browser.get(f"{here}/letters/tax").status_code == 409
    assert browser.get(f"{here}/letters/nobody").status_code == 404
