"""`db upgrade`, `db check`, `backup`, `restore`, `journal verify`, `verify`."""

import sqlite3
from contextlib import closing

import pytest

TABLES = ("area", "calendar_day", "calendar_year", "edition_period", "standard", "setting")


def counts(path):
    with closing(sqlite3.connect(path)) as db:
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def change(path, statement):
    db = sqlite3.connect(path)
    with db:
        db.execute(statement)
    db.close()


def test_upgrade_brings_schema_and_reference_data_and_twice_changes_nothing(bare, tmp_path):
    assert bare("db", "upgrade").code == 0
    first = counts(tmp_path / "district.db")
    assert first == {
        "area": 448, "calendar_day": 771, "calendar_year": 23, "edition_period": 2, "standard": 66, "setting": 1,
    }  # fmt: skip
    assert bare("db", "upgrade").code == 0
    assert counts(tmp_path / "district.db") == first
    assert bare("db", "check").code == 0


@pytest.mark.parametrize("statement", [
    "UPDATE area SET name = '新名' WHERE code = '330212001005'",
    "UPDATE edition_period SET edition = 'NAT2021-DELEGATED' WHERE from_date = '2021-07-01'",
    "DELETE FROM standard WHERE kind = 'standard' AND from_date > '2020-01-01'",
    "DELETE FROM calendar_day WHERE day = '2026-10-01'",
])  # fmt: skip
def test_upgrade_leaves_what_the_district_has_set(jiuzhu, tmp_path, statement):
    change(tmp_path / "district.db", statement)
    with closing(sqlite3.connect(tmp_path / "district.db")) as db:
        before = list(db.iterdump())
    assert jiuzhu("db", "upgrade").code == 0
    with closing(sqlite3.connect(tmp_path / "district.db")) as db:
        assert list(db.iterdump()) == before


@pytest.mark.parametrize("statement, shown", [
    ("ALTER TABLE person ADD COLUMN nickname TEXT", "nickname"),
    ("DROP TABLE draw", "draw"),
    ("DROP INDEX ix_person_name", "ix_person_name"),
    ("DROP TRIGGER journal_entry_no_update", "journal_entry_no_update"),
])  # fmt: skip
def test_a_schema_that_differs_is_told(jiuzhu, tmp_path, statement, shown):
    change(tmp_path / "district.db", statement)
    said = jiuzhu("db", "check")
    assert said.code == 1
    assert shown in said.out
    assert "不一致" in said.err


def test_postgresql_is_made_the_same(bare, monkeypatch, fresh_postgres):
    monkeypatch.setenv("DATABASE_URL", fresh_postgres())
    for words in (("db", "upgrade"), ("db", "upgrade"), ("db", "check"), ("verify",), ("journal", "verify")):
        said = bare(*words)
        assert (said.code, said.err) == (0, "")


def test_a_database_of_a_newer_program_is_refused(jiuzhu, tmp_path):
    change(tmp_path / "district.db", "UPDATE alembic_version SET version_num = '9999'")
    assert "更新的程序" in jiuzhu("db", "upgrade").err
    assert jiuzhu("user", "list").code == 1


def test_backup_and_restore(jiuzhu, monkeypatch, tmp_path):
    jiuzhu("user", "add", "zhang", "--name", "张三")
    assert jiuzhu("backup", "b.zip").code == 0
    assert jiuzhu("restore", "b.zip").code == 1
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    said = jiuzhu("restore", "b.zip", "--json")
    assert (said.code, said.document["journal_entries"]) == (0, 0)
    assert [u["name"] for u in jiuzhu("user", "list", "--json").document] == ["zhang"]
    assert "恢复" in jiuzhu("doctor").out


def test_journal_verify_on_an_empty_database(jiuzhu):
    assert jiuzhu("journal", "verify", "--json").document == {"entries": 0, "ok": True, "first_broken": None}


def test_verify_names_every_invariant_and_the_row_that_breaks_one(jiuzhu, tmp_path):
    fine = jiuzhu("verify", "--json")
    assert fine.code == 0
    assert set(map(tuple, fine.document.values())) == {()}
    db = sqlite3.connect(tmp_path / "district.db")
    with db:
        db.execute("DROP INDEX uq_membership_open")
        db.execute(
            "INSERT INTO household (id, area_code, setting, address, phone, created_at) "
            "VALUES (1, '330212001005', 'urban', '', '', '2026-01-01T00:00:00Z')"
        )
        db.execute(
            "INSERT INTO person (id, id_kind, id_note, name, pinyin, initials, id_tail, birth, sex, phone, hukou_area, labour, occupation, student,"
            " disability_kind, disability_grade, serious_illness, bank_account) "
            "VALUES (1, 'citizen', '', 'x', '', '', '', '1990-01-01', 'M', '', '', '', '', 0, '', 0, 0, '')"
        )
        for relation in ("head", "other"):
            db.execute(
                "INSERT INTO membership (household_id, person_id, relation, from_date, share_forfeited) VALUES (1, 1, ?, '2026-01-01', 0)",
                (relation,),
            )
    db.close()
    broken = jiuzhu("verify")
    assert broken.code == 1
    assert "人员 1" in broken.out
