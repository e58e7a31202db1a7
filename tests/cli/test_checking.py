"""`definitions check`: what it asks of the files, and with options of the people and the translations."""

from tests.releases import planted
from workflow.roles import WINDOW


def test_what_ships_is_sound_without_a_database_and_with_one(bare, jiuzhu):
    for words in ((), ("--json",)):
        assert bare("definitions", "check", *words).code == 0
    assert jiuzhu("definitions", "check").out.rstrip().endswith("没有问题。")


def test_a_fault_is_told_with_place_rule_and_mend(jiuzhu, monkeypatch):
    monkeypatch.setattr(
        "definitions.CATALOGUE", planted.catalogue("dibao", "NB2016", stage="county_visit", todo="")
    )
    said = jiuzhu("definitions", "check")
    assert said.code == 1
    assert "nb2016.py:" in said.out
    assert "dibao NB2016 county_visit：没有写承办人要做什么；请写 todo=。 [stage_is_held]" in said.out


def test_where_nobody_holds_a_post_is_told_by_stage_role_and_area(jiuzhu):
    assert jiuzhu("definitions", "check").code == 0
    said = jiuzhu("definitions", "check", "--roster")
    assert said.code == 1
    assert any(
        all(
            word in line
            for word in ("“已提交”的“受理”", f"没有{WINDOW.title}", "（330212", "[somebody_holds_the_post]")
        )
        for line in said.out.splitlines()
    )


def test_the_roster_can_only_be_asked_of_a_database(bare):
    said = bare("definitions", "check", "--roster")
    assert (said.code, "jiuzhu db upgrade" in said.err) == (1, True)


def test_a_text_without_translation_is_told(jiuzhu, monkeypatch):
    monkeypatch.setattr(
        "definitions.CATALOGUE",
        planted.catalogue("dibao", "NB2016", stage="decision", label="从来没有译过的环节"),
    )
    said = jiuzhu("definitions", "check", "--translations")
    assert "“从来没有译过的环节”没有译文" in said.out
