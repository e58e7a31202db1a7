"""`import` and `export`."""

import csv
import io
import sqlite3
from contextlib import closing
from datetime import date

from tests.workflow.families import VILLAGE_NAME, number

HEAD, SON = number(date(1950, 3, 4), 2), number(date(1975, 3, 4), 3)
TITLES = "户编号,村(社区)名称,住址,姓名,身份证号,与户主关系"
ROWS = [f"1,{VILLAGE_NAME},东兴路 1 号,王秀英,{HEAD},户主", f"1,,,王小明,{SON},子女"]


def write(path, *rows):
    path.write_text("\n".join([TITLES, *rows]), encoding="utf-8")


def people(tmp_path):
    with closing(sqlite3.connect(tmp_path / "district.db")) as db:
        return db.execute("SELECT count(*) FROM person").fetchone()[0]


def test_a_trial_run_stores_nothing_and_then_the_import_does(jiuzhu, tmp_path):
    write(tmp_path / "h.csv", *ROWS)
    said = jiuzhu("import", "households", "h.csv", "--dry-run", "--json")
    assert (said.code, said.document["stored"], said.document["dry_run"], people(tmp_path)) == (0, 2, True, 0)
    said = jiuzhu("import", "households", "h.csv", "--json")
    assert said.document == {
        "dry_run": False,
        "rows": 2,
        "stored": 2,
        "unchanged": 0,
        "failed": 0,
        "faults": [],
    }
    assert people(tmp_path) == 2


def test_one_bad_row_in_a_hundred_stores_nothing_and_is_written_into_the_report(jiuzhu, tmp_path):
    many = [f"{n},{VILLAGE_NAME},东兴路 {n} 号,王秀英,{number(date(1950, 1, 1), n)},户主" for n in range(100)]
    many[40] = many[40].replace(number(date(1950, 1, 1), 40), "330212195001010401")
    write(tmp_path / "h.csv", *many)
    said = jiuzhu("import", "households", "h.csv", "--report", "bad.csv")
    assert said.code == 1
    assert "第 42 行“身份证号”" in said.out
    assert people(tmp_path) == 0
    report = list(csv.DictReader(io.StringIO((tmp_path / "bad.csv").read_text(encoding="utf-8-sig"))))
    assert [(r["行"], r["栏目"], r["原值"]) for r in report] == [("42", "身份证号", "330212195001010401")]
    assert report[0]["原因"]


def test_the_refusal_is_a_document_too(jiuzhu, tmp_path):
    write(tmp_path / "h.csv", ROWS[1])
    said = jiuzhu("import", "households", "h.csv", "--json")
    assert said.code == 1
    assert said.document["failed"] == 1
    assert {f["line"] for f in said.document["faults"]} == {2}


def test_cases_are_exported_as_both_kinds_of_table(jiuzhu, tmp_path):
    for name in ("c.csv", "c.xlsx"):
        assert jiuzhu("export", "cases", name, "--json").document == {"rows": 0, "file": name}
        assert (tmp_path / name).stat().st_size > 50
    assert (tmp_path / "c.csv").read_text(encoding="utf-8-sig").startswith("受理号,")


def test_a_calendar_shows_the_limits_it_moves_before_and_after(jiuzhu, tmp_path):
    rows = [f"2027-01-0{n},放假,元旦" for n in range(1, 8)]
    (tmp_path / "h.csv").write_text("\n".join(["日期,类型,节日", *rows]))
    looked = jiuzhu("import", "holidays", "h.csv", "--dry-run", "--json").document
    assert (looked["dry_run"], looked["moves"]) == (True, [])
    said = jiuzhu("import", "holidays", "h.csv")
    assert said.code == 0
    assert "没有时限因此移动" in said.out
