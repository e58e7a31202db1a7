"""`export xes`, `export ocel` and `definitions tables`."""

import json
from xml.etree import ElementTree as ET


def test_an_empty_log_is_a_log(jiuzhu, tmp_path):
    said = jiuzhu("export", "xes", "log.xes", "--json").document
    assert said == {"file": "log.xes", "bytes": (tmp_path / "log.xes").stat().st_size, "plain": False}
    assert ET.parse(tmp_path / "log.xes").getroot().get("xes.version") == "1849-2016"
    assert jiuzhu("export", "ocel", "log.json").code == 0
    assert json.loads((tmp_path / "log.json").read_text())["events"] == []


def test_a_log_says_whether_it_names_people(jiuzhu):
    assert "化名" in jiuzhu("export", "xes", "log.xes").out
    assert "请妥善保管" in jiuzhu("export", "xes", "log.xes", "--plain").out


def test_cases_are_chosen_by_what_there_is(jiuzhu, tmp_path):
    for wrong, word in (
        (("--definition", "nothing"), "没有流程“nothing”"),
        (("--definition", "dibao", "--edition", "NB1999"), "没有“NB1999”版本"),
        (("--area", "33"), "33"),
        (("--from", "yesterday"), "yesterday"),
    ):
        said = jiuzhu("export", "xes", "log.xes", *wrong)
        assert said.code == 1, wrong
        assert word in said.err
    assert not (tmp_path / "log.xes").exists()


def test_what_narrows_a_log_does_not_narrow_a_table(jiuzhu):
    said = jiuzhu("export", "cases", "c.csv", "--definition", "dibao")
    assert (said.code, "只用于导出办理日志" in said.err) == (1, True)


def test_what_cannot_be_written_leaves_nothing(jiuzhu, tmp_path):
    assert jiuzhu("export", "xes", "nowhere/log.xes").code == 1
    assert not list(tmp_path.glob("**/*.part"))


def test_decision_tables_are_listed_for_every_edition_and_exported_one_by_one(jiuzhu):
    listed = jiuzhu("definitions", "tables", "--json").document
    assert {one["table"] for one in listed} == {"review_period", "county_visit", "review_visit"}
    assert {one["edition"] for one in listed} == {"NB2016", "NAT2021", "NAT2021-DELEGATED"}
    shown = jiuzhu("definitions", "tables", "review_period", "--edition", "NB2016").out
    assert "| 3 | C 类：变动较大 | 城市 | 1 | M220-33 |" in shown
    document = jiuzhu("definitions", "tables", "county_visit", "--edition", "NB2016", "--format", "dmn").out
    assert ET.fromstring(document.encode()).get("id") == "definitions_county_visit"
    assert jiuzhu("definitions", "tables", "--format", "dmn").code == 1
    assert jiuzhu("definitions", "tables", "nothing").code == 1
