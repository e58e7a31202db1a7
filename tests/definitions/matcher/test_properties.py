"""What holds for every family."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from tests.definitions.matcher.families import adult, family, judged

TESTED = ("dibao.household", "low_edge.household", "tekun.person", "dibao.one_person")
TOO_HIGH = {"income_not_below_standard", "above_low_edge"}
FEN = st.integers(0, 4_000_00).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
MORE = st.integers(1, 4_000_00).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")


@st.composite
def families(draw):
    members = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        person = adult(
            f"m{number}", *draw(st.lists(FEN, max_size=2)), birth=draw(st.sampled_from(["1950-01-01", "1980-01-01", "2015-01-01"])),
            disability={"kind": "physical", "grade": draw(st.integers(0, 4))}, illness=draw(st.booleans()),
        )  # fmt: skip
        if draw(st.integers(0, 4)) == 0:
            del person["incomes"]
        members.append(person)
    return family(*members, supporters=draw(st.sampled_from(["none", "able"])))


@given(families(), MORE, st.sampled_from(["NB2016", "NAT2021"]))
def test_more_income_never_makes_eligible_what_had_too_much(document, more, edition):
    before = judged(document, edition=edition)
    richer = copy.deepcopy(document)
    incomes = richer["members"][0].setdefault("incomes", [])
    incomes.append({"category": "other", "monthly": more})
    after = judged(richer, edition=edition)
    for item in TESTED:
        refused = before[item].verdict == "cannot" and {r.code for r in before[item].because} & TOO_HIGH
        assert not (refused and after[item].verdict == "can"), item


@given(families(), st.sampled_from(["property", "hukou_here", "supporters", "bill", "housing"]))
def test_knowing_less_never_turns_a_no_into_a_yes_nor_a_yes_into_a_no(document, fact):
    full = judged(document)
    less = judged({key: value for key, value in document.items() if key != fact})
    for item, one in less.items():
        assert one.verdict in (full[item].verdict, "unknown"), item


@given(families())
def test_an_unknown_names_a_fact_and_a_no_says_why(document):
    for one in judged(document).values():
        assert bool(one.missing) == (one.verdict == "unknown")
        assert one.because
        if one.verdict == "cannot":
            assert any(reason.change for reason in one.because), one
