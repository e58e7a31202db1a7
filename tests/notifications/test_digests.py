"""Quiet hours, one letter a day, and what was missed while the machine stood still."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from notifications.delivery import deliver_mail
from notifications.digests import Quiet, make_digests, quiet_hours
from notifications.dispatch import dispatch
from tests.notifications.conftest import FACTS, NOW, District
from workflow.config import Config
from workflow.models import InboxMessage, Setting, User
from workflow.periods import CHINA

HOUR = timedelta(hours=1)
EVENING = datetime(2016, 9, 12, 21, 15, tzinfo=CHINA)
MORNING = datetime(2016, 9, 13, 8, tzinfo=CHINA)

HOURS = [
    (Quiet(20, 8), 19, False), (Quiet(20, 8), 20, True), (Quiet(20, 8), 23, True), (Quiet(20, 8), 0, True),
    (Quiet(20, 8), 7, True), (Quiet(20, 8), 8, False), (Quiet(12, 14), 13, True), (Quiet(12, 14), 14, False),
    (Quiet(0, 0), 3, False), (Quiet(8, 8), 8, False),
]  # fmt: skip


@pytest.mark.parametrize("quiet, hour, holds", HOURS)
def test_quiet_hours(quiet: Quiet, hour: int, holds: bool) -> None:
    now = datetime(2016, 9, 12, hour, 30, tzinfo=CHINA)
    assert quiet.holds(now) is holds
    wake = quiet.wake(now)
    assert (wake is not None) is holds
    if wake is not None:
        assert wake > now
        assert not quiet.holds(wake)
        assert wake - now <= 12 * HOUR


class Way:
    """Takes every letter."""

    def __init__(self) -> None:
        self.letters: list = []

    def deliver(self, mail):
        self.letters.append(mail)
        return "sent"

    def close(self) -> None:
        pass


def mailed(district: District, now: datetime) -> list:
    way = Way()
    deliver_mail(district.database, Config(), now, channel=way)  # type: ignore[arg-type]
    return way.letters


def with_email(district: District, login: str, **more) -> int:
    with district.database.acting() as conn:
        conn.execute(update(User).where(User.login == login).values(email=f"{login}@nb.gov.cn", **more))
        return conn.execute(select(User.id).where(User.login == login)).scalar_one()


@pytest.fixture
def clerk(district: District) -> int:
    return with_email(district, next(iter(district.users)))


def test_at_night_the_inbox_is_filled_and_the_letter_waits_for_the_morning(
    district: District, clerk: int
) -> None:
    district.outbox("a", user_id=clerk)
    dispatch(district.database, district.office, EVENING)
    assert [m.user_id for m in district.messages()] == [clerk]
    for moment in (EVENING, EVENING + HOUR, MORNING - timedelta(seconds=1)):
        assert mailed(district, moment) == []
    assert len(mailed(district, MORNING)) == 1
    assert mailed(district, MORNING) == []


def test_what_counts_in_hours_does_not_wait(district: District, clerk: int) -> None:
    district.outbox("a", user_id=clerk, facts=FACTS | {"urgent": True})
    dispatch(district.database, district.office, EVENING)
    assert len(mailed(district, EVENING)) == 1


def test_the_district_sets_its_own_hours(district: District) -> None:
    with district.database.acting() as conn:
        conn.execute(Setting.__table__.insert().values(name="quiet_hours", value="-"))
    with district.database.reading() as session:
        assert not quiet_hours(session).holds(EVENING)


def test_who_wants_a_digest_gets_one_letter_a_day_oldest_first(district: District) -> None:
    clerk = with_email(district, next(iter(district.users)), digest=True)
    for n, key in enumerate("abc"):
        district.outbox(key, user_id=clerk, facts=FACTS | {"label": f"第{n}项"})
    noon = NOW + 3 * HOUR
    dispatch(district.database, district.office, noon)
    assert mailed(district, noon) == []
    assert make_digests(district.database, EVENING) == 0
    assert make_digests(district.database, MORNING) == 1
    (letter,) = mailed(district, MORNING)
    places = [letter.body.index(f"第{n}项") for n in range(3)]
    assert letter.subject.startswith("3 条消息汇总")
    assert places == sorted(places)
    district.outbox("later", user_id=clerk)
    dispatch(district.database, district.office, MORNING + HOUR)
    assert make_digests(district.database, MORNING + HOUR) == 0, "one a day"
    assert make_digests(district.database, MORNING + 24 * HOUR) == 1
    assert len(mailed(district, MORNING + 24 * HOUR)) == 1


def test_what_was_missed_comes_as_one_letter_once_all_of_it_is_told(district: District, clerk: int) -> None:
    for key in "abcd":
        district.outbox(key, user_id=clerk, facts=FACTS | {"since": "2016-09-01T01:00:00+00:00"})
    dispatch(district.database, district.office, NOW, limit=2)
    assert make_digests(district.database, NOW) == 0, "two are still to be told"
    dispatch(district.database, district.office, NOW)
    assert make_digests(district.database, NOW) == 1
    (letter,) = mailed(district, NOW)
    assert letter.subject.startswith("4 条消息汇总")
    assert make_digests(district.database, NOW) == 0
    with district.database.reading() as session:
        assert sorted(session.scalars(select(InboxMessage.mail_state))) == [
            "merged",
            "merged",
            "merged",
            "sent",
        ]
