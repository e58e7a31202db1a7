"""`simulate`: what it answers and what it refuses."""

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
