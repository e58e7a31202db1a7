"""A live district moves from SQLite to PostgreSQL and goes on; a restored backup tells nobody twice and says so."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from migrations import head_revision, schema
from notifications.channels import Mail
from notifications.delivery import deliver_mail
from notifications.dispatch import dispatch
from notifications.restored import held, held_since, let_go
from tests.district import District
from workflow import journal
from workflow.backup import back_up, read_manifest, restore
from workflow.config import Config
from workflow.db import Database
from workflow.errors import Unmet
from workflow.models import DeadlinePast, InboxMessage, JournalEntry, User
from workflow.periods import CHINA

HALF = datetime(2016, 9, 8, 9, tzinfo=CHINA)


class Post:
    """Takes every letter."""

    def __init__(self) -> None:
        self.letters: list[Mail] = []

    def deliver(self, mail: Mail) -> str:
        self.letters.append(mail)
        return "sent"

    def close(self) -> None:
        """Nothing was opened."""


def moved(source: District, url: str, path: Path) -> District:
    """The district in another database, restored there now."""
    back_up(source.database, path, head_revision(), source.now)
    target = Database(url)
    manifest = read_manifest(path)
    with target.acting() as conn:
        schema.bring_to(conn, manifest.revision)
        restore(conn, path, manifest, source.now)
    target.close()
    there = District(url)
    there.clock = source.clock
    there.refresh()
    return there


def hashes(district: District) -> list[tuple[int, int, str]]:
    return sorted((row.case_id, row.seq, row.hash) for row in district.rows(JournalEntry))


@pytest.fixture
def email(quick: District) -> None:
    with quick.database.acting() as conn:
        conn.execute(update(User).values(email="clerk@jiuzhu.example"))


def tell(district: District, post: Post) -> None:
    """Sweep, hand out, and send what is due."""
    from workflow.sweeps import sweep_deadlines

    sweep_deadlines(district.office, district.database, HALF)
    dispatch(district.database, district.office, HALF)
    deliver_mail(district.database, Config(), HALF, limit=100, channel=post)


def test_a_live_district_moves_to_postgresql_with_every_hash_and_goes_on(
    quick: District, fresh_postgres, tmp_path: Path
) -> None:
    cases = [quick.bring(quick.application(), stage) for stage in ("submitted", "opinion", "on_benefit")]
    quick.live_until("2016-10-20", step=5)
    with quick.database.acting() as conn:
        conn.execute(update(User).values(email=""))
    before = hashes(quick)
    there = moved(quick, fresh_postgres(), tmp_path / "live.zip")
    try:
        assert hashes(there) == before
        assert there.broken() == quick.broken() == {}
        assert len(there.rows(DeadlinePast)) == len(quick.rows(DeadlinePast))
        there.do(cases[0], "accept")
        there.bring(cases[1], "publicity")
        there.days(1)
        there.sweep()
        assert there.broken() == {}
        assert set(before) < set(hashes(there))
        with there.database.snapshot() as conn:
            assert journal.verify(conn).ok
    finally:
        there.close()


@pytest.mark.usefixtures("email")
def test_a_restored_backup_sends_no_reminder_twice_and_a_person_lets_go(
    quick: District, tmp_path: Path
) -> None:
    quick.do(quick.application(), "submit")
    there = moved(quick, f"sqlite:///{tmp_path / 'there.db'}", tmp_path / "night.zip")
    first, second = Post(), Post()
    tell(quick, first)
    assert len(first.letters) >= 1
    tell(there, second)
    assert second.letters == []
    with there.database.reading() as session:
        assert held_since(session) == quick.now
        assert held(session) == len(first.letters)
    ids = [row.id for row in there.rows(InboxMessage) if row.mail_state == "held"]
    with there.database.acting() as conn:
        assert let_go(conn, ids[:1]) == (1, len(ids) - 1)
    deliver_mail(there.database, Config(), HALF, limit=100, channel=second)
    assert len(second.letters) == 1
    with there.database.acting() as conn, pytest.raises(Unmet):
        let_go(conn, None)
    there.close()
