"""Accounts, passwords, one-time links, tokens, dated roles."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.workflow.families import DISTRICT, TOWN, VILLAGE
from workflow import staff
from workflow.actors import actor_of
from workflow.entropy import SeededEntropy
from workflow.errors import FormRefused, NotFound, Refused
from workflow.models import ApiToken, User, WebSession
from workflow.passwords import verify_password

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
GOOD = "a whole sentence is a password"


def fits(user, password):
    return verify_password(user.password_hash, password)


@pytest.fixture
def zhang(session):
    return staff.create_user(session, login=" Zhang.San ", name="张三", now=NOW, password=GOOD)


def entropy():
    return SeededEntropy(1)


def test_an_account_is_made_with_a_plain_login(session, zhang):
    assert (zhang.login, zhang.name) == ("zhang.san", "张三")
    assert staff.find_user(session, "ZHANG.SAN") is zhang


@pytest.mark.parametrize("login, name, place", [
    ("张", "张三", "login"), ("a b", "张三", "login"), ("x", "张三", "login"), (".ab", "张三", "login"),
    ("zhang.san", "别人", "login"), ("li", " ", "name"),
])  # fmt: skip
def test_an_unusable_account_is_refused(session, zhang, login, name, place):
    with pytest.raises(FormRefused) as refused:
        staff.create_user(session, login=login, name=name, now=NOW)
    assert list(refused.value.errors) == [place]


@pytest.mark.parametrize("password", [
    "short one", "x" * 14, "abab" * 4, "zhang.san 19700101 zhang.san", "password 123 password", "word " * 60,
])  # fmt: skip
def test_a_weak_password_is_refused(session, zhang, password):
    with pytest.raises(FormRefused):
        staff.set_password(session, zhang, password)
    assert fits(zhang, GOOD)


def test_only_the_right_password_fits(zhang):
    assert fits(zhang, GOOD)
    assert not fits(zhang, GOOD + " ")
    assert not verify_password("", GOOD)


def test_the_password_itself_is_nowhere(session, zhang):
    assert zhang.password_hash.startswith("$argon2id$")
    assert GOOD not in zhang.password_hash


def test_a_link_sets_the_password_once_and_ends_everything_before(session, zhang):
    session.add(WebSession(key_hash="k", user_id=zhang.id, created_at=NOW, seen_at=NOW))
    secret = staff.start_reset(session, zhang, entropy(), NOW)
    assert not fits(zhang, GOOD)
    assert session.scalar(select(func.count()).select_from(WebSession)) == 0
    new = "another whole sentence"
    assert staff.finish_reset(session, secret, new, NOW + timedelta(hours=24)) is zhang
    assert fits(zhang, new)
    with pytest.raises(NotFound):
        staff.finish_reset(session, secret, new, NOW)


@pytest.mark.parametrize(
    "secret, later", [(None, timedelta(hours=24, seconds=1)), ("", timedelta()), ("wrong", timedelta())]
)
def test_a_link_that_is_old_empty_or_wrong_opens_nothing(session, zhang, secret, later):
    real = staff.start_reset(session, zhang, entropy(), NOW)
    with pytest.raises(NotFound):
        staff.reset_user(session, real if secret is None else secret, NOW + later)


def test_a_token_opens_its_account_until_it_is_revoked(session, zhang):
    token = staff.issue_token(session, zhang, entropy(), NOW, "脚本")
    assert staff.find_by_token(session, token) is zhang
    assert staff.find_by_token(session, token[:-1]) is None
    row = session.scalars(select(ApiToken)).one()
    assert token not in vars(row).values()
    staff.revoke_token(session, zhang, row.id, NOW)
    session.flush()
    assert staff.find_by_token(session, token) is None


def test_nobody_revokes_another_ones_token(session, zhang):
    li = staff.create_user(session, login="li", name="李四", now=NOW)
    staff.issue_token(session, li, entropy(), NOW)
    with pytest.raises(NotFound):
        staff.revoke_token(session, zhang, session.scalars(select(ApiToken.id)).one(), NOW)


def test_a_closed_account_opens_by_nothing(session, zhang):
    token = staff.issue_token(session, zhang, entropy(), NOW)
    staff.assign(session, zhang, "window_clerk", TOWN, date(2026, 1, 1))
    staff.disable(session, zhang, NOW)
    session.flush()
    assert staff.find_by_token(session, token) is None
    assert zhang.disabled_at is not None
    session.refresh(zhang)
    assert actor_of(zhang, date(2026, 3, 2)).grants == frozenset()
    for attempt in (staff.issue_token, staff.start_reset):
        with pytest.raises(Refused, match="停用"):
            attempt(session, zhang, entropy(), NOW)


@pytest.mark.parametrize("role, area, fits", [
    ("window_clerk", TOWN, True), ("village_agent", VILLAGE, True), ("supervisor", TOWN, True),
    ("supervisor", DISTRICT, True), ("window_clerk", DISTRICT, False), ("window_clerk", VILLAGE, False),
    ("county_approver", TOWN, False), ("king", TOWN, False), ("window_clerk", "330212999000", False),
])  # fmt: skip
def test_a_role_is_held_at_its_level_of_area(session, zhang, role, area, fits):
    if fits:
        assert staff.assign(session, zhang, role, area, date(2026, 1, 1)).id
    else:
        with pytest.raises(Refused):
            staff.assign(session, zhang, role, area, date(2026, 1, 1))


@pytest.mark.parametrize("day, held", [
    (date(2026, 1, 4), False), (date(2026, 1, 5), True), (date(2026, 2, 6), True), (date(2026, 2, 7), False),
])  # fmt: skip
def test_a_role_is_held_from_its_first_to_its_last_day(session, zhang, day, held):
    given = staff.assign(session, zhang, "window_clerk", TOWN, date(2026, 1, 5))
    staff.end_assignment(session, given, date(2026, 2, 6))
    session.refresh(zhang)
    assert (("window_clerk", TOWN) in actor_of(zhang, day).grants) is held
    with pytest.raises(Refused):
        staff.end_assignment(session, given, date(2026, 1, 4))


def test_passwords_of_two_accounts_that_are_alike_have_different_hashes(session, zhang):
    li = staff.create_user(session, login="li", name="李四", now=NOW, password=GOOD)
    assert li.password_hash != zhang.password_hash
    assert session.scalar(select(func.count()).select_from(User)) == 2
