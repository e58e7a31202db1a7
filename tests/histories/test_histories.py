"""Recorded histories played on every change: the same stages on the same days, the same clocks with the same due dates."""

from pathlib import Path

import pytest

from definitions import CATALOGUE
from tests.district import District
from tests.histories.stories import BEGINS, STORIES
from tests.histories.tape import FOLDER, play, read, written
from tests.releases import planted
from workflow.catalogue import Catalogue
from workflow.periods import Workdays

RECORDED = sorted(FOLDER.glob("*.json"))


def played(url: str, path: Path, catalogue: Catalogue = CATALOGUE) -> dict:
    district = District(url, catalogue)
    try:
        play(district, read(path)["steps"])
        assert district.broken() == {}
        return written(district)
    finally:
        district.close()


def test_every_story_is_recorded_under_every_edition():
    assert {path.stem for path in RECORDED} == {f"{edition}-{name}" for edition in BEGINS for name in STORIES}
    cases = [case for path in RECORDED for case in read(path)["cases"].values()]
    shipped = {(code, edition) for code in STORIED for edition in BEGINS}
    assert {(case["definition"], case["edition"]) for case in cases} >= shipped


STORIED = ("dibao", "verification", "objection", "dynamic_review", "payment", "escalation")
"""The definitions whose histories are recorded."""


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_history_comes_out_the_same(sqlite_url: str, path: Path):
    assert played(sqlite_url, path) == read(path)["cases"]


@pytest.mark.parametrize("edition, name, change", [
    ("NB2016", "granted", {"span": "town", "rule": Workdays(16)}),
    ("NB2016", "refused", {"span": "county", "rule": Workdays(4)}),
    ("NAT2021", "granted", {"span": "overall", "rule": Workdays(20)}),
    ("NAT2021-DELEGATED", "corrected", {"span": "overall", "rule": Workdays(30)}),
])  # fmt: skip
def test_a_planted_change_of_a_limit_is_seen(sqlite_url: str, edition: str, name: str, change: dict):
    path = FOLDER / f"{edition}-{name}.json"
    assert played(sqlite_url, path, planted.catalogue("dibao", edition, **change)) != read(path)["cases"]
