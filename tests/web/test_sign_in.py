"""Signing in and out: sessions on the server, the same answer for everybody who may not, and an end to every one."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from tests.web.conftest import PASSWORD
from web.auth.sessions import end_all, hash_of
from workflow.errors import FormRefused
from workflow.models import Attempt, User, WebSession
from workflow.passwords import check_new_password


def key_in(browser):
    with browser.client.session_transaction() as session:
        return session.get("key", "")


def rows(district):
    with district.edge.database.reading() as session:
        return session.scalars(select(WebSession)).all()


def is_in(browser):
    return browser.get("/").status_code == 200


def test_every_page_asks_for_sign_in_and_goes_on_to_the_page_asked_for(district):
    browser = district.client()
    answer = browser.get("/cases?state=open")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/cases?state%3Dopen"
    done = browser.sign_in("window", next="/cases?state=open")
    assert (done.status_code, done.location) == (303, "/cases?state=open")


@pytest.mark.parametrize(
    "foreign", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_never_leads_to_another_site(district, foreign):
    assert district.client().sign_in("window", next=foreign).location == "/"


def test_unknown_user_wrong_password_and_disabled_user_get_the_same_answer(district):
    with district.edge.database.acting() as conn:
        conn.execute(update(User).where(User.login == "visit1").values(disabled_at=district.clock.now()))
    answers = [
        district.client().sign_in("nobody", "some wrong password"),
        district.client().sign_in("window", "some wrong password"),
        district.client().sign_in("visit1"),
    ]
    assert [a.status_code for a in answers] == [401, 401, 401]
    assert all("用户名或密码不对" in a.text for a in answers)


def test_only_the_hash_of_the_key_is_kept_and_it_is_new_at_every_sign_in(district):
    browser = district.client("window")
    first = key_in(browser)
    assert [row.key_hash for row in rows(district)] == [hash_of(first)]
    browser.post("/sign-out")
    browser.sign_in("window")
    assert key_in(browser) not in {"", first}


def test_a_cookie_sent_again_after_sign_out_opens_nothing(district):
    browser = district.client("window")
    stolen = browser.client.get_cookie("sid").value
    answer = browser.post("/sign-out")
    assert answer.headers["Clear-Site-Data"]
    browser.client.set_cookie("sid", stolen)
    assert not is_in(browser)


@pytest.mark.parametrize(
    "idle, alive", [(timedelta(minutes=29, seconds=59), True), (timedelta(minutes=30), False)]
)
def test_an_idle_session_ends_after_thirty_minutes(district, idle, alive):
    browser = district.client("window")
    district.clock.move(idle)
    assert is_in(browser) is alive


@pytest.mark.parametrize("hours, alive", [(11, True), (12, False)])
def test_a_busy_session_ends_after_twelve_hours(district, hours, alive):
    browser = district.client("window")
    for _ in range(hours * 4):
        assert is_in(browser)
        district.clock.move(timedelta(minutes=15))
    assert is_in(browser) is alive


def test_disabling_a_user_ends_what_he_has_open(district):
    browser = district.client("window")
    with district.edge.database.acting() as conn:
        conn.execute(update(User).where(User.login == "window").values(disabled_at=district.clock.now()))
    assert not is_in(browser)


def test_a_role_taken_away_is_gone_at_the_next_click(district):
    from workflow.models import RoleAssignment

    browser = district.client("window")
    case = district.submitted()
    assert browser.get(f"/cases/{case.number}").status_code == 200
    with district.edge.database.acting() as conn:
        conn.execute(
            update(RoleAssignment)
            .where(RoleAssignment.role == "window_clerk")
            .values(to_date=district.clock.now().date())
        )
    district.clock.move(timedelta(days=1))
    browser.sign_in("window")
    assert browser.get(f"/cases/{case.number}").status_code == 404


def test_own_sessions_are_listed_and_ended(district):
    here, there = district.client("window"), district.client("window")
    assert here.get("/me/").text.count('name="which" value=') == 2
    here.post("/me/sessions/end", {"which": "others"})
    assert (is_in(here), is_in(there)) == (True, False)


def test_nobody_ends_the_session_of_somebody_else(district):
    mine, other = district.client("window"), district.client("review")
    mine.post("/me/sessions/end", {"which": hash_of(key_in(other))})
    assert is_in(other)


def test_end_all_keeps_the_one_named(district):
    here, there = district.client("window"), district.client("window")
    with district.edge.database.acting() as conn:
        end_all(conn, district.actor("window").id, but=hash_of(key_in(here)))
    assert (is_in(here), is_in(there)) == (True, False)


def test_five_wrong_tries_slow_down_that_place_but_lock_nobody_out(district):
    attacker, owner = district.client(), district.client()
    for _ in range(5):
        assert attacker.sign_in("window", "some wrong password").status_code == 401
    refused = attacker.sign_in("window")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    owner.client.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    assert owner.sign_in("window").status_code == 303
    district.clock.move(timedelta(minutes=15))
    assert attacker.sign_in("window").status_code == 303


def test_old_tries_are_forgotten(district):
    browser = district.client()
    browser.sign_in("window", "some wrong password")
    district.clock.move(timedelta(days=2))
    browser.sign_in("window", "some wrong password")
    with district.edge.database.reading() as session:
        assert session.scalar(select(func.max(Attempt.count))) == 1


def test_a_changed_password_ends_the_other_sessions(district):
    here, there = district.client("window"), district.client("window")
    new = "four unrelated words together"
    answer = here.post("/me/password", {"password": PASSWORD, "new_password": new})
    assert answer.status_code == 303
    assert (is_in(here), is_in(there)) == (True, False)
    assert district.client().sign_in("window").status_code == 401
    assert district.client().sign_in("window", new).status_code == 303


@pytest.mark.parametrize(
    "text, fine",
    [
        ("short", False),
        ("a" * 14, False),
        ("passwordpassword", False),
        ("minzheng123456789", False),
        ("1234567890123456", False),
        ("lumin-lumin-lumin", False),
        ("蓝色 水壶 昨天 跑过 三条 街", True),
        ("blue kettle ran yesterday", True),
        ("x" * 129, False),
    ],
)
def test_which_new_passwords_are_taken(text, fine):
    if fine:
        check_new_password(text, "lumin", "陆敏")
    else:
        with pytest.raises(FormRefused):
            check_new_password(text, "lumin", "陆敏")


def test_a_token_is_shown_once_and_kept_as_a_hash(district):
    import re

    from workflow.models import ApiToken

    browser = district.client("window")
    token = re.search(r'secret">([^<]+)<', browser.post("/me/tokens", {"label": "报表"}).text)[1]
    assert token not in browser.get("/me/").text
    with district.edge.database.reading() as session:
        row = session.scalars(select(ApiToken)).one()
        assert (row.token_hash, row.label, row.revoked_at) == (hash_of(token), "报表", None)
    browser.post(f"/me/tokens/{row.id}/revoke")
    with district.edge.database.reading() as session:
        assert session.scalars(select(ApiToken)).one().revoked_at == district.clock.now()


def test_a_secure_address_makes_cookies_and_headers_secure(district):
    from dataclasses import replace

    from web import create_app
    from web.edge import Edge

    config = replace(district.edge.config, public_url="https://jiuzhu.example")
    edge = Edge(config, district.edge.database, district.edge.office, district.clock)
    answer = create_app(config, edge).test_client().get("/sign-in", base_url="https://jiuzhu.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sid=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
