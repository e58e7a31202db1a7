"""Backups taken while acts go on, restored on either database, and refused when they are not whole."""

import json
import subprocess
import sys
import threading
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session

from migrations import head_revision, schema
from tests.workflow.families import VILLAGE, household
from workflow import journal
from workflow.actors import SYSTEM_ACTOR, Actor
from workflow.acts import act, open_case
from workflow.backup import PASSING, back_up, read_manifest, restore
from workflow.calendar import seeded_calendar
from workflow.catalogue import Catalogue
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.errors import Refused
from workflow.households import register
from workflow.models import Case, DocumentContent, JournalEntry, Setting, Standard, User
from workflow.office import Office
from workflow.periods import Workdays
from workflow.roles import WINDOW
from workflow.vocabulary import Definition, Limit, Stage, action, stays

NOW = datetime(2016, 9, 5, 1, tzinfo=UTC)
CLERK = Actor(1, "窗口", frozenset({("window_clerk", "330212001000")}))


class Note(Definition):
    """A case one can write on for ever."""

    code, editions, title, prefix = "note", ("NB2016",), "记事", "JS"
    opened_by = (WINDOW,)
    open_ = Stage("记事中", held_by=WINDOW, todo="记事", limit=Limit(Workdays(5), "X-1"), initial=True)
    closed = Stage("已结束", final=True, result="approved")
    write = action("记一笔", stays(open_), by=WINDOW, says="记了一笔")
    close = action("结束", open_.to(closed), by=WINDOW, says="结束了")


@pytest.fixture
def office(district):
    """A district with a clerk, a household, a document and two cases."""
    made = Office(Catalogue((Note,)), SeededEntropy(1), seeded_calendar())
    with district.reading() as session:
        made.refresh(session)
    with district.acting() as conn:
        session = Session(conn)
        session.add(User(login="window", name="窗口", created_at=NOW))
        session.add(DocumentContent(sha256="0" * 64, body=bytes(range(256))))
        register(session, household(), actor=SYSTEM_ACTOR, now=NOW)
        session.flush()
    for _ in range(2):
        with district.acting() as conn:
            case = open_case(
                made, conn, "note", subject=("household", 1), area_code=VILLAGE, actor=CLERK, now=NOW
            )
    with district.acting() as conn:
        act(made, conn, case.id, "write", actor=CLERK, seen=case.version, now=NOW + timedelta(minutes=1))
    return made


def backed_up(database, path):
    return back_up(database, path, head_revision(), NOW)


def restored(url, path):
    database = Database(url)
    with database.acting() as conn:
        manifest = read_manifest(path)
        schema.bring_to(conn, manifest.revision)
        restore(conn, path, manifest, NOW)
    return database


def contents(database):
    """All rows of all tables in the form of a backup, but for the marks that backing up and restoring leave."""
    metadata = MetaData()
    with database.snapshot() as conn:
        metadata.reflect(conn)
        return {
            table.name: [
                tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                for row in conn.execute(select(table).order_by(*table.primary_key.columns))
                if row[0] not in ("restored_at", "backed_up_at")
            ]
            for table in metadata.sorted_tables
            if table.name not in PASSING
        }


def verdict(database):
    with database.snapshot() as conn:
        return journal.verify(conn)


def test_a_restored_database_holds_the_same_and_its_journal_is_whole(district, office, tmp_path):
    manifest = backed_up(district, tmp_path / "b.zip")
    assert manifest == read_manifest(tmp_path / "b.zip")
    fresh = restored(f"sqlite:///{tmp_path / 'fresh.db'}", tmp_path / "b.zip")
    assert contents(fresh) == contents(district)
    assert (verdict(fresh).ok, verdict(fresh).entries) == (True, 3)
    with fresh.reading() as session:
        assert session.get_one(Setting, "restored_at").value == "2016-09-05T01:00:00Z"
        assert schema.differences(session.connection()) == []
    fresh.close()


def test_from_sqlite_to_postgresql_and_back_nothing_changes(district, office, tmp_path, fresh_postgres):
    backed_up(district, tmp_path / "there.zip")
    between = restored(fresh_postgres(), tmp_path / "there.zip")
    assert contents(between) == contents(district)
    assert verdict(between).ok
    with between.acting() as conn:
        open_case(office, conn, "note", subject=("household", 1), area_code=VILLAGE, actor=CLERK, now=NOW)
        session = Session(conn)
        session.add(User(login="later", name="后来", created_at=NOW))
        session.flush()
    backed_up(between, tmp_path / "back.zip")
    back = restored(f"sqlite:///{tmp_path / 'back.db'}", tmp_path / "back.zip")
    assert contents(back) == contents(between)
    assert (verdict(back).ok, verdict(back).entries) == (True, 4)
    for database in (between, back):
        database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_under_writing_shows_one_moment(district, office, tmp_path, fresh_postgres, kind):
    backed_up(district, tmp_path / "start.zip")
    url = fresh_postgres() if kind == "postgresql" else f"sqlite:///{tmp_path / 'busy.db'}"
    database = restored(url, tmp_path / "start.zip")
    stop, written, failures = threading.Event(), [], []

    def write():
        try:
            while not stop.is_set():
                with database.acting() as conn:
                    case = open_case(
                        office,
                        conn,
                        "note",
                        subject=("household", 1),
                        area_code=VILLAGE,
                        actor=CLERK,
                        now=NOW,
                    )
                    act(office, conn, case.id, "write", actor=CLERK, seen=case.version, now=NOW)
                written.append(case.id)
        except Exception as error:  # noqa: BLE001 - told in the test's own thread
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    entries = []
    try:
        for n in range(4):
            before = len(written)
            backed_up(database, tmp_path / f"{n}.zip")
            with zipfile.ZipFile(tmp_path / f"{n}.zip") as packed:
                entries.append(packed.read("journal_entry.jsonl").count(b"\n") - 1)
            assert entries[-1] >= 3 + 2 * before
    finally:
        stop.set()
        writer.join()
    assert failures == []
    assert written
    for n in range(4):
        copy = restored(f"sqlite:///{tmp_path / f'{n}.db'}", tmp_path / f"{n}.zip")
        assert (verdict(copy).ok, verdict(copy).entries) == (True, entries[n])
        with copy.reading() as session:
            assert all(case.seq in (1, 2) for case in session.scalars(select(Case)))
        copy.close()
    database.close()


def test_a_database_with_data_is_not_overwritten(district, office, tmp_path):
    backed_up(district, tmp_path / "b.zip")
    before = contents(district)
    with pytest.raises(Refused, match="只能恢复到空的"), district.acting() as conn:
        restore(conn, tmp_path / "b.zip", read_manifest(tmp_path / "b.zip"), NOW)
    assert contents(district) == before


def test_reference_data_of_an_empty_database_gives_way(district, office, tmp_path):
    with district.acting() as conn:
        conn.execute(Standard.__table__.delete())
    backed_up(district, tmp_path / "b.zip")
    target = Database(f"sqlite:///{tmp_path / 'target.db'}")
    with target.acting() as conn:
        schema.upgrade(conn)
    target.close()
    target = restored(target.url, tmp_path / "b.zip")
    assert contents(target) == contents(district)
    target.close()


def rewritten(path, target, change):
    """A copy of a backup with its files changed by `change(name, content)`; None leaves a file out."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)


def other_amount(name, content):
    return content.replace("窗口".encode(), "别人".encode()) if name == "journal_entry.jsonl" else content


def row_missing(name, content):
    return b"".join(content.splitlines(keepends=True)[:-1]) if name == "journal_entry.jsonl" else content


def table_missing(name, content):
    return None if name == "person.jsonl" else content


def other_format(name, content):
    return json.dumps(json.loads(content) | {"version": 2}).encode() if name == "manifest.json" else content


def other_revision(name, content):
    return (
        json.dumps(json.loads(content) | {"revision": "9999"}).encode()
        if name == "manifest.json"
        else content
    )


@pytest.mark.parametrize("change, says", [
    (other_amount, "校验值不符"), (row_missing, "校验值不符"), (table_missing, "不完整"), (other_format, "更新的版本"),
    (other_revision, "更新的程序"),
])  # fmt: skip
def test_an_altered_backup_is_refused_and_leaves_nothing(district, office, tmp_path, change, says):
    backed_up(district, tmp_path / "b.zip")
    rewritten(tmp_path / "b.zip", tmp_path / "altered.zip", change)
    with pytest.raises(Refused, match=says):
        restored(f"sqlite:///{tmp_path / 'fresh.db'}", tmp_path / "altered.zip")
    fresh = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    with fresh.snapshot() as conn:
        metadata = MetaData()
        metadata.reflect(conn)
    assert not metadata.tables
    fresh.close()


@pytest.mark.parametrize("share", [0, 0.3, 0.9, 0.999])
def test_a_backup_cut_short_is_refused(district, office, tmp_path, share):
    backed_up(district, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Refused, match="不是完整的备份"):
        read_manifest(tmp_path / "cut.zip")


def test_where_it_cannot_be_written_the_refusal_says_so(district, tmp_path):
    with pytest.raises(Refused, match="写不进"):
        backed_up(district, tmp_path / "nowhere" / "b.zip")


def test_a_backup_is_for_its_owner_alone(district, office, tmp_path):
    backed_up(district, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0


BACK_UP_FOR_EVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from workflow.backup import back_up
from workflow.db import Database
database = Database(sys.argv[1])
print("ready", flush=True)
while True:
    back_up(database, Path(sys.argv[2]), "0001", datetime(2016, 9, 5, tzinfo=UTC))
    print("done", flush=True)
"""


def test_a_backup_killed_at_any_moment_leaves_the_last_whole_one(district, office, tmp_path):
    path = tmp_path / "b.zip"
    backed_up(district, path)
    for n in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", BACK_UP_FOR_EVER, district.url, str(path)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        for _ in range(n):
            assert process.stdout.readline() == b"done\n"
        process.kill()
        process.wait()
        process.stdout.close()
        fresh = restored(f"sqlite:///{tmp_path / f'fresh{n}.db'}", path)
        assert verdict(fresh).entries == 3
        with fresh.reading() as session:
            assert session.scalar(select(JournalEntry.case_id).limit(1))
        fresh.close()
