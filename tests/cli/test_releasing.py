"""`definitions release|releases|order|diff|new` and `migrate`: two people by name, plans as files, tables of effects."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from definitions import CATALOGUE
from tests.releases import planted
from workflow.actors import grant
from workflow.db import Database
from workflow.models import User
from workflow.periods import Workdays
from workflow.roles import ADMINISTRATOR, HEAD, WINDOW

MADE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def people(jiuzhu, tmp_path: Path) -> None:
    """Two who may sign and one who may not."""
    database = Database(f"sqlite:///{tmp_path / 'district.db'}")
    with database.acting() as conn:
        session = Session(conn)
        for login, role, area in (
            ("anna", ADMINISTRATOR, "330212000000"),
            ("bo", HEAD, "330212000000"),
            ("clerk", WINDOW, "330212001000"),
        ):
            user = User(login=login, name=login, created_at=MADE)
            session.add(user)
            session.flush()
            grant(session, user, role, area, MADE.date())
        session.flush()
    database.close()


def test_everything_that_ships_is_released(jiuzhu):
    rows = jiuzhu("definitions", "releases", "--json").document
    assert {(r["definition"], r["edition"]) for r in rows} == {
        (b.code, e) for b in CATALOGUE for e in b.editions
    }
    assert all(r["sound"] and r["signed_by"] == "随产品发布" for r in rows)


def test_a_changed_definition_fails_the_check_until_two_have_released_it(jiuzhu, people, monkeypatch):
    monkeypatch.setattr(
        "definitions.CATALOGUE", planted.catalogue("dibao", "NB2016", span="town", rule=Workdays(12))
    )
    failed = jiuzhu("definitions", "check")
    assert failed.code == 1
    assert (
        "dibao:NB2016 发布后被改动：总时限“镇级审核”（town）的期限：15 个工作日 → 12 个工作日" in failed.out
    )
    assert jiuzhu("definitions", "release", "dibao:NB2016", "--by", "clerk").code == 1
    written = jiuzhu("definitions", "release", "dibao:NB2016", "--by", "anna", "--json")
    assert [one["code"] for one in written.document["effects"]["differences"]] == ["town"]
    assert jiuzhu("definitions", "release", "dibao:NB2016", "--by", "anna", "--confirm").code == 1
    assert jiuzhu("definitions", "release", "dibao:NB2016", "--by", "bo", "--confirm").code == 0
    assert "发布后被改动" not in jiuzhu("definitions", "check").out


def test_an_edition_is_put_in_force(jiuzhu, people):
    words = ("definitions", "order", "NAT2021-DELEGATED", "--by")
    made = jiuzhu(*words, "anna", "--from", "2027-01-01", "--source", "甬民发〔2026〕9 号", "--json").document
    assert made["signed"] is False
    assert jiuzhu(*words, "anna", "--confirm", str(made["id"])).code == 1
    signed = jiuzhu(*words, "bo", "--confirm", str(made["id"]), "--json").document
    assert signed["timetable"][-1] == {"from": "2027-01-01", "to": None, "edition": "NAT2021-DELEGATED"}


def test_two_editions_are_told_apart_in_words_and_drawn(jiuzhu, tmp_path):
    found = jiuzhu(
        "definitions", "diff", "dibao:NB2016", "dibao:NAT2021", "--svg", "both.svg", "--json"
    ).document
    assert {"kind": "stage", "code": "second_publicity", "change": "removed"}.items() <= next(
        one for one in found["differences"] if one["code"] == "second_publicity"
    ).items()  # fmt: skip
    assert (tmp_path / "both.svg").read_text(encoding="utf-8").count("<title") == 2
    assert jiuzhu("definitions", "diff", "dibao:NB2016", "dibao:NB2016").out.strip() == "没有不同。"
    assert jiuzhu("definitions", "diff", "dibao", "dibao:NB2016").code == 1
    assert jiuzhu("definitions", "diff", "dibao:NB2016", "nothing:NB2016").code == 1


def test_a_migration_goes_from_file_to_file(jiuzhu, people, tmp_path):
    assert jiuzhu("migrate", "plan", "dibao", "NB2016", "NAT2021", "--out", "plan.json").code == 0
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert plan["clocks"]["span:town"] == {
        "to": "",
        "how": "drop",
        "article": "M57-22",
        "reason": plan["clocks"]["span:town"]["reason"],
    }
    tried = jiuzhu("migrate", "dry-run", "plan.json", "--csv", "sheet.csv", "--json").document
    assert tried["totals"]["cases"] == 0
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig") as file:
        assert next(csv.reader(file))[0] == "受理号"
    assert (
        jiuzhu(
            "migrate", "draft", "plan.json", "--by", "anna", "--reason", "按新办法办理", "--json"
        ).document["id"]
        == 1
    )
    assert jiuzhu("migrate", "run", "1").code == 1
    assert jiuzhu("migrate", "confirm", "1", "--by", "anna").code == 1
    assert jiuzhu("migrate", "confirm", "1", "--by", "bo").code == 0
    assert jiuzhu("migrate", "run", "1", "--json").document["state"] == "done"
    assert jiuzhu("migrate", "list", "--json").document[0]["tally"] == {
        "done": 0,
        "skipped": 0,
        "failed": 0,
        "waiting": 0,
    }
    assert jiuzhu("migrate", "undo", "1", "--by", "anna", "--reason", "试").code == 1
    (tmp_path / "torn.json").write_text("{", encoding="utf-8")
    assert "第 1 行" in jiuzhu("migrate", "dry-run", "torn.json").err


@pytest.mark.parametrize("code", ["Winter", "1coat", "dibao", "class", "a-b", "x" * 41])
def test_a_new_definition_needs_a_code_of_its_own(jiuzhu, tmp_path, code):
    folder = tmp_path / "definitions"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from workflow.catalogue import Catalogue\nDEFINITIONS = (\n)\n", encoding="utf-8"
    )
    before = sorted(folder.iterdir())
    assert jiuzhu("definitions", "new", code).code == 1
    assert sorted(folder.iterdir()) == before
