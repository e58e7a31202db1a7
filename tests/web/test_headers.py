"""What every answer carries, and that nothing in a page needs less."""

import re

import pytest

PAGES = ("/", "/cases", "/me/", "/sign-in", "/nowhere")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_security_headers(browser_at, path):
    answer = browser_at("window").get(path)
    head = answer.headers
    policy = head["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert (head["X-Content-Type-Options"], head["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert head["Cross-Origin-Opener-Policy"] == "same-origin"
    assert head["Cache-Control"] == "no-store"
    assert "HttpOnly" in head.get("Set-Cookie", "HttpOnly")


def test_the_nonce_is_new_for_every_answer_and_on_every_script(browser_at):
    browser = browser_at("window")
    nonces = set()
    for _ in range(3):
        answer = browser.get("/")
        nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in tag for tag in scripts)
        nonces.add(nonce)
    assert len(nonces) == 3


def test_pages_have_no_inline_style_and_no_inline_handler(district, browser_at):
    case = district.submitted()
    browser = browser_at("window")
    for path in (
        *PAGES,
        f"/cases/{case.number}",
        f"/cases/{case.number}/actions/accept",
        f"/cases/{case.number}/map.svg",
    ):
        text = browser.get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), path


def test_browser_files_are_kept_for_ever_under_their_digest(district):
    client = district.client()
    address = re.search(r'href="(/static/[0-9a-f]{12}/look\.css)"', client.get("/sign-in").text)[1]
    answer = client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(re.sub(r"[0-9a-f]{12}", "0" * 12, address)).headers["Cache-Control"] == "no-cache"
    assert client.get("/static/000000000000/../context.py").status_code == 404


def test_a_get_changes_nothing_but_who_looked_and_who_fills_in(district, browser_at):
    from sqlalchemy import func, select

    from workflow.models import Base

    case = district.submitted()
    browser = browser_at("window")

    def counts():
        with district.edge.database.reading() as session:
            return {
                name: session.scalar(select(func.count()).select_from(table))
                for name, table in Base.metadata.tables.items()
            }

    before = counts()
    for path in (*PAGES, f"/cases/{case.number}", f"/cases/{case.number}/actions/accept"):
        browser.get(path)
    after = counts()
    assert {name for name in before if before[name] != after[name]} <= {"access_log", "form_presence"}


def test_every_address_that_changes_something_wants_the_token(district, browser_at):
    browser = browser_at("window")
    for rule in district.app.url_map.iter_rules():
        if "POST" not in rule.methods or rule.endpoint.startswith("api."):
            continue
        values = {
            name: {"what": "claim", "action": "accept", "number": "DB-2016-000001", "way": "urge"}.get(
                name, 1
            )
            for name in rule.arguments
        }
        with district.app.test_request_context():
            from flask import url_for

            path = url_for(rule.endpoint, **values)
        answer = browser.client.post(path)
        assert answer.status_code in {400, 403, 404}, (path, answer.status_code)


def test_every_address_but_the_open_ones_asks_for_sign_in(district):
    client = district.app.test_client()
    for rule in district.app.url_map.iter_rules():
        if (
            "GET" not in rule.methods
            or rule.arguments
            or rule.endpoint.startswith(("api.", "static.", "public.", "health.", "shell."))
        ):
            continue
        answer = client.get(rule.rule)
        assert answer.status_code in {200, 302}, rule.rule
        if answer.status_code == 200:
            assert rule.endpoint == "auth.sign_in", rule.rule
        else:
            assert answer.location.startswith("/sign-in"), rule.rule


def test_a_fault_nobody_foresaw_is_explained_and_tells_nothing(district, browser_at, caplog):
    browser = browser_at("window")
    with district.edge.database.acting() as conn:
        conn.exec_driver_sql("ALTER TABLE task RENAME TO task_gone")
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "系统出了故障" in answer.text
    assert "task_gone" not in answer.text
    assert "unforeseen fault" in caplog.text
