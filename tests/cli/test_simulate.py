"""`simulate`: what it answers and what it refuses."""

import json
from datetime import UTC, datetime

import pytest

SHORT = ("simulate", "--from", "2016-09-05", "--to", "2016-10-31", "--households", "3", "--seed", "2")


def test_it_answers_with_figures_and_leaves_the_district_to_be_looked_at(jiuzhu):
    said = jiuzhu(*SHORT, "--json")
    assert said.code == 0, said.err
    assert said.err == ""
    keys = {
        "acts",
        "cases",
        "on_time",
        "payments",
        "reminders",
        "escalations",
        "invariants",
        "digest",
        "seconds",
    }
    assert keys <= set(said.document)
    assert {"opened", "closed", "by_result"} <= set(said.document["cases"])
    assert not any(said.document["invariants"].values())
    for words in (("verify",), ("journal", "verify"), ("db", "check")):
        assert jiuzhu(*words).code == 0
    again = jiuzhu(*SHORT)
    assert again.code == 1
    assert "已经有案件" in again.err


def test_people_get_lines(jiuzhu):
    said = jiuzhu(*SHORT, "--staff", "investigator=5")
    assert said.code == 0
    assert "日志摘要" in said.out
    assert "dibao.submitted" in said.out


@pytest.mark.parametrize(
    "words, told",
    [
        (("--from", "2016-09-05", "--to", "2016-08-01"), "早于"),
        (("--from", "today", "--to", "2016-08-01"), "today"),
        (("--from", "2016-09-05", "--to", "2016-10-01", "--households", "0"), "正整数"),
        (("--from", "2016-09-05", "--to", "2016-10-01", "--staff", "mayor=2"), "mayor"),
        (("--from", "2016-09-05", "--to", "2016-10-01", "--staff", "investigator"), "investigator"),
        (("--from", "2016-09-05", "--to", "2016-10-01", "--staff", "investigator=-1"), "-1"),
    ],
)
def test_values_that_cannot_be_used_are_refused_by_name(jiuzhu, words, told):
    said = jiuzhu("simulate", *words)
    assert said.code == 1
    assert told in said.err


def test_a_district_without_amounts_for_the_time_is_refused_in_words(jiuzhu):
    said = jiuzhu("simulate", "--from", "2010-01-04", "--to", "2010-03-01", "--households", "2")
    assert said.code == 1
    assert "标准" in said.err
    assert "Traceback" not in said.err


COPY = ("--from", "today", "--to", "2016-11-04")
AFTER = datetime(2016, 11, 1, 1, tzinfo=UTC)


def test_a_copy_of_the_district_runs_on_and_the_district_stays_as_it_is(jiuzhu, tmp_path):
    assert jiuzhu(*SHORT).code == 0
    live, copy = f"sqlite:///{tmp_path / 'district.db'}", tmp_path / "copy.db"
    before = jiuzhu("journal", "verify", "--json").document
    said = jiuzhu("simulate", *COPY, "--copy-of", live, "--into", str(copy), "--json", now=AFTER)
    assert said.code == 0, said.err
    assert {"acts", "cases", "on_time", "digest", "invariants", "refused", "unrehearsed"} <= set(
        said.document
    )
    assert said.document["from"] == "2016-11-01"
    assert said.document["acts"] > before["entries"]
    assert jiuzhu("journal", "verify", "--json").document == before
    assert copy.stat().st_mode & 0o077 == 0
    for words, told in (
        (("--copy-of", live), "原数据库"),
        (("--copy-of", live, "--into", str(copy)), "已经存在"),
        (("--copy-of", "sqlite:////nowhere.db", "--into", str(tmp_path / "other.db")), "nowhere"),
        (("--into", str(tmp_path / "third.db")), "--copy-of"),
    ):
        refused = jiuzhu("simulate", *COPY, *words, now=AFTER)
        assert (refused.code, told in refused.err) == (1, True), refused.err


def test_two_scenarios_are_compared(jiuzhu, tmp_path):
    usual = {"name": "现状", "from": "2016-09-05", "to": "2016-09-30", "households": 3}
    paths = []
    for name, changed in (
        ("a", {}),
        ("b", {"name": "窗口停三周", "off": ["window_clerk=2016-09-08..2016-09-30"]}),
    ):
        (path := tmp_path / f"{name}.json").write_text(json.dumps(usual | changed), encoding="utf-8")
        paths.append(str(path))
    said = jiuzhu("whatif", *paths, "--runs", "2", "--json")
    assert said.code == 0, said.err
    assert (said.document["a"], said.document["b"], said.document["runs"]) == ("现状", "窗口停三周", 2)
    assert said.document["total"]["change"]["expected"] >= 0
    assert {"limit", "a", "b", "change"} == set(said.document["limits"][0])
    (tmp_path / "a.json").write_text("[", encoding="utf-8")
    assert "不是 JSON" in jiuzhu("whatif", *paths).err
