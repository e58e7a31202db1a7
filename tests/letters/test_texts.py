from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from definitions.editions.sources import known
from definitions.letters import LETTERS, letter
from definitions.letters.clauses import CLAUSES, EDITIONS, LetterNotForEdition
from definitions.letters.sheet import LetterIncomplete
from tests.letters.sample import facts_for
from workflow.errors import NotFound

SNAPSHOTS = Path(__file__).parent / "texts"


@pytest.mark.parametrize("kind", LETTERS)
def test_a_letter_says_what_was_agreed(kind):
    said = "\n".join(letter(kind, facts_for(kind)).texts()) + "\n"
    assert said == (SNAPSHOTS / f"{kind}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [kind for kind, what in LETTERS.items() if what.refuses])
def test_a_letter_against_somebody_gives_reasons_and_both_remedies(kind):
    written = letter(kind, facts_for(kind))
    assert "机动车" in "".join(written.texts())
    assert "60日内，向鄞州区人民政府申请行政复议" in written.remedy
    assert "6个月内" in written.remedy
    assert "人民法院提起行政诉讼" in written.remedy
    with pytest.raises(LetterIncomplete, match="理由"):
        letter(kind, facts_for(kind, reasons=[]))


@pytest.mark.parametrize(
    "signed, law", [("2016-10-28", "2017年修正"), ("2023-12-31", "2017年修正"), ("2024-01-01", "2023年修订")]
)
def test_the_remedy_cites_the_law_of_its_day(signed, law):
    assert law in letter("refusal", facts_for("refusal", signed_on=signed)).remedy


def test_a_missing_fact_is_named():
    with pytest.raises(LetterIncomplete, match=r"还缺“行政复议机关”（review_body）"):
        letter("refusal", facts_for("refusal", review_body=""))


@pytest.mark.parametrize("amount", ["12.345", "NaN", "十元", ""])
def test_an_amount_that_is_no_money_is_refused(amount):
    with pytest.raises(LetterIncomplete, match="每月金额"):
        letter("approval", facts_for("approval", amount=amount))


@pytest.mark.parametrize("new, word", [("1300.00", "增发"), ("1100.00", "减发")])
def test_an_adjustment_is_named_by_its_direction(new, word):
    assert (
        letter("adjustment", facts_for("adjustment", amount=Decimal(new))).title
        == f"最低生活保障{word}通知书"
    )


@pytest.mark.parametrize("amount", ["0.00", "1200.00"])
def test_no_adjustment_to_nothing_or_to_the_same(amount):
    with pytest.raises(LetterIncomplete):
        letter("adjustment", facts_for("adjustment", amount=amount))


@pytest.mark.parametrize(
    "edition, approve, refuse",
    [("NB2016", "审批", "不予批准"), ("NAT2021-DELEGATED", "审核确认", "不予确认")],
)
def test_the_edition_has_its_own_words_for_deciding(edition, approve, refuse):
    facts = facts_for("approval", edition=edition, signed_on="2024-03-01")
    assert letter("approval", facts).title == f"最低生活保障{approve}通知书"
    assert letter("refusal", facts).title == f"{refuse}最低生活保障通知书"


def test_an_edition_without_gradual_exit_has_no_such_letter():
    with pytest.raises(LetterNotForEdition, match="NB2016"):
        letter("gradual_exit", facts_for("gradual_exit", edition="NB2016"))


def test_the_correction_notice_lists_every_gap():
    gaps = [f"材料{i}" for i in range(1, 31)]
    table = letter("correction", facts_for("correction", gaps=gaps)).table
    assert [row[1] for row in table.body] == gaps


def test_an_unknown_letter_is_refused():
    with pytest.raises(NotFound):
        letter("poem", {})


def test_every_letter_has_articles_that_are_known():
    for kind in LETTERS:
        assert kind in CLAUSES or any(name.startswith(f"{kind}_") for name in CLAUSES)
    assert all(known(source) for pair in CLAUSES.values() for source in pair if source)
    assert set(EDITIONS) == {"NB2016", "NAT2021", "NAT2021-DELEGATED"}


def test_a_letter_as_json_has_its_date_in_words():
    written = letter("stop", facts_for("stop"))
    assert written.as_json()["signed_on"] == "2016年10月28日"
    assert replace(written, addressee="").texts()[2] != "王秀英"
