"""What the journeys went through is read from the journals they leave."""

import pytest

from definitions import CATALOGUE
from tests.district import District
from tests.journeys.coverage import Coverage


def test_an_act_counts_for_the_edition_it_was_done_in(quick: District) -> None:
    found = Coverage()
    case = quick.bring(quick.application(), "accepted")
    found.note(quick)
    left = {one.editions[0]: found.left(one) for one in CATALOGUE if one.code == "dibao"}
    assert {"submit", "accept"}.isdisjoint(left["NB2016"][0])
    assert {"submit", "accept"} <= set(left["NAT2021"][0])
    assert "start" in left["NB2016"][0]
    assert {"draft", "submitted", quick.stage(case)}.isdisjoint(left["NB2016"][1])
    assert "dibao:NB2016.start" in found.missing(CATALOGUE)
    assert not [name for name in found.missing(CATALOGUE) if name == "dibao:NB2016.submit"]


def test_an_action_of_a_definition_for_all_editions_counts_in_any(quick: District) -> None:
    found = Coverage(acts={("objection", "NAT2021", "inquire")})
    [objection] = [one for one in CATALOGUE if one.code == "objection"]
    assert found.left(objection)[0] == ["reject", "uphold"]


@pytest.mark.parametrize("acts, told", [(set(), 0), ({("dibao", "NB2016", "submit")}, 1)])
def test_a_definition_that_was_not_gone_through_is_not_spoken_of(
    acts: set[tuple[str, str, str]], told: int
) -> None:
    lines = list(Coverage(acts=acts).lines(CATALOGUE))
    assert len(lines) == told
    assert all("actions 1/" in line and "not: " in line for line in lines)
