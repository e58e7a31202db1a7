import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from notifications import delivery
from notifications.channels.email import Email
from notifications.delivery import BACKOFF, CLAIM, RESTORED, deliver_mail, release
from notifications.dispatch import dispatch
from notifications.inbox import inbox, mail_counts, mark_read, undelivered, unread_count
from notifications.jobs import JOBS
from tests.notifications.conftest import NOW
from tests.notifications.mail_server import mail_server
from workflow.config import Config
from workflow.errors import BadConfiguration
from workflow.models import InboxMessage, Setting, User
from workflow.running.job import Run, run_job

HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    with mail_server() as server:
        yield server


@pytest.fixture
def letters(district):
    """Three messages, each with one e-mail to send (window1 has an address, window2 none)."""
    for key in "abc":
        district.outbox(key)
    dispatch(district.database, district.office, NOW)
    return district


def _config(desk):
    return Config(smtp_url=desk.url, mail_from="jiuzhu@yinzhou.example", public_url="https://jiuzhu.example")


def _states(district):
    return [m.mail_state for m in district.messages() if m.mail_state != "none"]


def test_an_email_says_what_the_inbox_says_and_goes_once(letters, desk):
    assert deliver_mail(letters.database, _config(desk), NOW) == (3, 0)
    assert deliver_mail(letters.database, _config(desk), NOW + HOUR) == (0, 0)
    first = desk.letters[0]
    message = letters.messages()[0]
    assert len(desk.letters) == 3
    assert (first["To"], first["From"], first["Subject"]) == (
        "one@example.cn",
        "jiuzhu@yinzhou.example",
        message.subject,
    )
    assert first["Message-ID"] == f"<{message.outbox_id}.{message.user_id}@yinzhou.example>"
    text = first.get_content().replace("\r\n", "\n")
    assert text.startswith(message.body)
    assert "https://jiuzhu.example/cases/DB-2016-000001" in text
    assert _states(letters) == ["sent"] * 3
    assert desk.conversations == 1


def test_without_a_mail_server_the_letters_wait_where_all_can_see_them(letters):
    assert deliver_mail(letters.database, Config(), NOW) == (3, 0)
    assert _states(letters) == ["held"] * 3
    with letters.database.reading() as session:
        assert len(undelivered(session)) == 3
        assert mail_counts(session) == {"held": 3}


def test_held_letters_go_when_somebody_releases_them(letters, desk):
    deliver_mail(letters.database, Config(), NOW)
    with letters.database.acting() as conn:
        assert release(conn) == 3
    assert deliver_mail(letters.database, _config(desk), NOW) == (3, 0)
    assert len(desk.letters) == 3


def test_after_a_restore_letters_are_held_for_review(letters, desk):
    letters.change(lambda s: s.add(Setting(name=RESTORED, value="2016-09-12T00:00:00Z")))
    deliver_mail(letters.database, _config(desk), NOW)
    assert (_states(letters), desk.letters) == (["held"] * 3, [])


@pytest.mark.parametrize("mood, reason", [("greylists", "451"), ("refuses", "550")])
def test_a_refused_letter_comes_again_by_the_ladder_and_then_has_failed(letters, desk, mood, reason):
    desk.mood, now = mood, NOW
    for wait in BACKOFF:
        assert deliver_mail(letters.database, _config(desk), now) == (0, 3)
        assert _states(letters) == ["queued"] * 3
        assert deliver_mail(letters.database, _config(desk), now + wait - timedelta(seconds=1)) == (0, 0)
        now += wait
    assert deliver_mail(letters.database, _config(desk), now) == (0, 3)
    assert _states(letters) == ["failed"] * 3
    assert all(reason in m.mail_error for m in letters.messages() if m.mail_state == "failed")
    desk.mood = "takes"
    assert deliver_mail(letters.database, _config(desk), now + 24 * HOUR) == (0, 0)
    failed = [m.id for m in letters.messages() if m.mail_state == "failed"]
    with letters.database.acting() as conn:
        assert release(conn, failed[:1]) == 1
    assert deliver_mail(letters.database, _config(desk), now) == (1, 0)


def test_a_greylisted_letter_arrives_at_the_second_try(letters, desk):
    desk.mood = "greylists"
    deliver_mail(letters.database, _config(desk), NOW)
    desk.mood = "takes"
    assert deliver_mail(letters.database, _config(desk), NOW + BACKOFF[0]) == (3, 0)
    assert len(desk.letters) == 3


@pytest.mark.parametrize("mood", ["busy", "drops", "hangs"])
def test_a_server_in_trouble_ends_the_round_and_loses_nothing(letters, desk, mood):
    desk.mood = mood
    slow = Email(desk.url, "jiuzhu@yinzhou.example", timeout=0.2)
    assert deliver_mail(letters.database, _config(desk), NOW, channel=slow) == (0, 1)
    assert desk.conversations == 1
    assert _states(letters) == ["queued"] * 3
    desk.mood = "takes"
    assert deliver_mail(letters.database, _config(desk), NOW + HOUR) == (3, 0)
    ids = [letter["Message-ID"] for letter in desk.letters]
    assert len(set(ids)) == 3
    assert len(ids) == (4 if mood == "drops" else 3)


def test_a_server_that_is_down_for_an_hour_loses_nothing(letters):
    with mail_server() as gone:
        config = _config(gone)
    now = NOW
    while now < NOW + HOUR:
        deliver_mail(letters.database, config, now)
        now += timedelta(minutes=1)
    assert "failed" not in _states(letters)
    with mail_server() as back:
        later = [deliver_mail(letters.database, _config(back), now + i * HOUR) for i in range(5)]
    assert sum(done for done, _ in later) == 3
    assert len({letter["Message-ID"] for letter in back.letters}) == 3


class Killed(BaseException):
    pass


def test_a_kill_between_sending_and_marking_costs_one_duplicate_with_the_same_identity(
    letters, desk, monkeypatch
):
    def dying(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "_mark", dying)
        with pytest.raises(Killed):
            deliver_mail(letters.database, _config(desk), NOW)
    assert len(desk.letters) == 1
    assert deliver_mail(letters.database, _config(desk), NOW + CLAIM - timedelta(seconds=1)) == (2, 0)
    assert deliver_mail(letters.database, _config(desk), NOW + CLAIM) == (1, 0)
    ids = [letter["Message-ID"] for letter in desk.letters]
    assert (len(ids), len(set(ids))) == (4, 3)


@pytest.mark.parametrize("which", ["district", "served_district"])
def test_several_senders_side_by_side_send_each_letter_once(request, desk, which):
    district = request.getfixturevalue(which)
    for i in range(20):
        district.outbox(f"k{i}")
    dispatch(district.database, district.office, NOW)
    start = threading.Barrier(3)

    def run():
        start.wait()
        deliver_mail(district.database, _config(desk), NOW, limit=20)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deliver_mail(district.database, _config(desk), NOW, limit=20)
    assert sorted(letter["Message-ID"] for letter in desk.letters) == sorted(
        delivery.message_id(m.outbox_id, m.user_id, "jiuzhu@yinzhou.example")
        for m in district.messages()
        if m.mail_state == "sent"
    )
    assert len(desk.letters) == 20


def test_somebody_who_left_gets_no_email(letters, desk):
    letters.change(lambda s: s.execute(update(User).where(User.login == "window1").values(disabled_at=NOW)))
    assert deliver_mail(letters.database, _config(desk), NOW) == (0, 3)
    assert desk.conversations == 0


def test_an_address_that_is_none_fails_alone(letters, desk):
    letters.change(
        lambda s: s.execute(update(User).where(User.login == "window1").values(email="a b\r\nBcc: x@y.cn"))
    )
    deliver_mail(letters.database, _config(desk), NOW)
    assert not any("Bcc" in letter for letter in desk.letters)


@pytest.mark.parametrize(
    "url",
    ["mail.example.cn", "http://mail.example.cn", "smtp://", "smtp://host:port", "smtp://host:99999999"],
)
def test_an_address_of_a_server_that_cannot_be_read_is_refused(url):
    with pytest.raises(BadConfiguration, match="SMTP_URL"):
        Email(url, "jiuzhu@localhost")


def test_an_inbox_is_ones_own(letters):
    own, others = letters.users["window1"], letters.users["window2"]
    with letters.database.reading() as session:
        assert [m.outbox_id for m in inbox(session, own)] == [3, 2, 1]
        first = inbox(session, own, limit=1)
        assert [m.outbox_id for m in inbox(session, own, before=first[0].id)] == [2, 1]
        foreign = [m.id for m in inbox(session, others)]
    with letters.database.acting() as conn:
        assert mark_read(conn, own, NOW, foreign) == 0
        assert mark_read(conn, own, NOW, [first[0].id]) == 1
    with letters.database.reading() as session:
        assert (unread_count(session, own), unread_count(session, others)) == (2, 3)
        assert [m.outbox_id for m in inbox(session, own, unread=True)] == [2, 1]
        assert session.get_one(InboxMessage, first[0].id).read_at == NOW


def test_the_jobs_do_one_after_the_other(district, desk):
    district.outbox("a")
    district.outbox("bad", "gossip")
    run = Run(district.office, district.database, _config(desk), NOW)
    swept = {job.id: run_job(job, run) for job in JOBS}
    busy = {name: (found.done, found.failed) for name, found in swept.items() if found.done or found.failed}
    assert busy == {"dispatch_outbox": (1, 1), "deliver_mail": (1, 0)}
    assert len(desk.letters) == 1
