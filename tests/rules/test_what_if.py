"""What if: a changed household beside the one that is, line by line."""

from decimal import Decimal

from definitions.rules.benefit import benefit
from definitions.rules.household_document import read_household
from definitions.what_if import added, alter, answers_of, compare
from tests.rules.households import household, member

HOME = household(
    2,
    members=[
        member(
            1,
            {"category": "wage", "annual": "6000.00", "new_employment": False},
            supplement_reasons=["elderly"],
        ),
        member(
            2, {"category": "transfer", "kind": "scholarship", "annual": "1200.00", "new_employment": False}
        ),
    ],
    property={"monetary": "100.00", "vehicles": 0, "floor_area_per_capita": "20"},
    deductions=[{"kind": "illness", "annual": "600"}],
)


def steps(document):
    return [step.as_json() for step in benefit(read_household(document)).steps]


def test_nothing_changed_gives_the_same_derivation():
    lines = compare(steps(HOME), steps(alter(HOME, answers_of(HOME))))
    assert not [line for line in lines if line.differs]
    assert [line.before for line in lines] == steps(HOME)


def test_only_what_follows_from_the_change_differs():
    answers = answers_of(HOME)
    answers["incomes"][0]["annual"] = "8400"
    lines = compare(steps(HOME), steps(alter(HOME, answers)))
    changed = {line.what: (line.before["value"], line.after["value"]) for line in lines if line.differs}
    assert changed["家庭月收入"] == ("500.00", "700.00")
    assert changed["每月救助金额"] == ("1142.00", "942.00")
    assert not {"低保标准", "家庭人数", "m1 分类施保", "家庭货币财产"} & set(changed)


def test_a_member_less_or_more_and_what_is_not_asked_stays():
    answers = answers_of(HOME) | {"members": ["m1"], "more": 2}
    answers["incomes"].append(
        {"person": added(2), "category": "wage", "kind": "", "annual": "12000", "new_employment": False}
    )
    changed = alter(HOME, answers)
    assert [m["id"] for m in changed["members"]] == ["m1", "另加1", "另加2"]
    assert changed["members"][0]["supplement_reasons"] == ["elderly"]
    assert (changed["deductions"], changed["property"]["floor_area_per_capita"]) == (HOME["deductions"], "20")
    assert benefit(read_household(changed)).countable_income == Decimal("1450.00")


def test_a_line_of_one_side_alone_stands_alone():
    without = alter(HOME, answers_of(HOME) | {"members": ["m2"]})
    lines = compare(steps(HOME), steps(without))
    gone = [line for line in lines if line.after is None]
    assert "m1 分类施保" in {line.what for line in gone}
    assert all(line.differs and line.source for line in gone)
    assert len([line for line in lines if line.after]) == len(steps(without))
