"""Whole answers of the rules, word for word: a wording, a source or a number that changes is seen and read.

`python -m tests.rules.recorded` records them anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from definitions.rules.calc import calculate
from tests.rules.households import Document, annual, household, member, monthly
from tests.rules.test_worked_examples import MEDICAL, NAT, NB, RIGID, TEMPORARY
from workflow.errors import Refused

FILE = Path(__file__).parent / "recorded.json"
EDITIONS = {"NB2016": "2016-10-01", "NAT2021": "2024-03-01", "NAT2021-DELEGATED": "2024-03-01"}
OWNED = {"monetary": "90000", "dwellings": 1}
JOB = {"category": "wage", "monthly": "2500", "new_employment": True}


def documents() -> Iterator[tuple[str, str, object]]:
    """(name, rule, document): every branch of every rule, in the editions where it differs."""
    for name, document in _households():
        yield f"benefit: {name}", "benefit", document
    for edition, day in EDITIONS.items():
        document = _bare(household(2, monthly("700"), property=OWNED, edition=edition, as_of=day))
        yield f"means: {edition}", "means", document
    yield from _others()


def _households() -> Iterator[tuple[str, object]]:
    for edition, day in EDITIONS.items():
        law = {"edition": edition, "as_of": day}
        yield f"{edition}, below", household(3, monthly("1200.55"), **law)
        yield f"{edition}, exactly", household(1, monthly("744"), **law)
        yield f"{edition}, above the low edge", household(2, annual("40000"), **law)
        yield f"{edition}, at the low edge", household(1, monthly("1116"), **law)
        yield (
            f"{edition}, from the district's table",
            _bare(household(2, monthly("700"), property=OWNED, **law)),
        )
        yield (
            f"{edition}, kinds",
            household(2, *(annual("1200", kind=k) for k in ("scholarship", "base_pension", "rent")), **law),
        )
        yield (
            f"{edition}, new job",
            household(2, monthly("500"), JOB, employment_disregard={"months_used": 0}, **law),
        )
        yield (
            f"{edition}, deductions",
            household(
                2,
                monthly("900"),
                deductions=[{"kind": k, "annual": "1200.60"} for k in ("illness", "other")],
                **law,
            ),
        )
    yield "outside the edition", household(1, as_of="2022-01-01")
    yield "before the edition", household(1, edition="NAT2021", as_of="2021-06-30")
    yield "the job's last months", household(1, JOB, employment_disregard={"months_used": 11})
    yield "the job's months used up", household(1, JOB, employment_disregard={"months_used": 12})
    yield "a job that earns nothing", household(1, monthly("3"), employment_disregard={"months_used": 3})
    yield (
        "a job above the cap",
        household(1, JOB | {"monthly": "4000"}, employment_disregard={"months_used": 1}),
    )
    yield (
        "deductions above income",
        household(1, monthly("10"), deductions=[{"kind": "disability", "annual": "9999"}]),
    )
    for how in ("fen", "yuan_half_up", "yuan_ceil"):
        yield f"rounded {how}", household(3, annual("1000.01"), rounding=how)
        yield f"rounded {how} at the half", household(2, monthly("0.99"), rounding=how, standard="744.49")
    two = household(3, monthly("100"))
    two["members"][1] |= {"alive": False, "incomes": [monthly("9999")]}
    two["members"][2] |= {"share_forfeited": True, "supplement_reasons": ["minor", "severe_disability"]}
    yield "one dead, one without his share", two
    several = household(3, standard="1000")
    for place, reasons in enumerate((["elderly"], ["elderly", "serious_illness"], [])):
        several["members"][place]["supplement_reasons"] = reasons
    yield "supplements by the table", several
    yield (
        "supplements as stated",
        several | {"supplement_rates": {"elderly": "33.33", "serious_illness": "12"}},
    )
    for name, owned in {
        "money at the limit": {"monetary": "53568"},
        "four years": {"monetary": "60000", "monetary_years": "4"},
        "five years": {"monetary_years": "5"},
        "a car": {"vehicles": 1},
        "a shop": {"commercial_premises": 2},
        "two dwellings, no area": {"dwellings": 2},
        "two small dwellings": {"dwellings": 2, "floor_area_per_capita": "39.9", "floor_area_limit": "40"},
        "two large dwellings": {"dwellings": 2, "floor_area_per_capita": "40", "floor_area_limit": "40"},
        "three dwellings": {"dwellings": 3},
        "everything": {"monetary": "999999", "vehicles": 2, "commercial_premises": 1, "dwellings": 4},
    }.items():
        yield f"property: {name}", household(2, monthly("10"), property=owned)
        yield f"property in the country: {name}", household(2, monthly("10"), property=owned, setting="rural")
    nowhere = household(1, property={"dwellings": 2})
    del nowhere["setting"]
    yield "property: two dwellings, no setting", nowhere
    yield "wide low edge", household(1, monthly("1860.01"), low_edge_multiple="3")
    yield (
        "wide low edge, wage of the table",
        _without(household(1, monthly("1800"), low_edge_multiple="2"), "minimum_wage"),
    )
    yield "no standard", _bare(household(1, as_of="1990-01-01"))
    yield from _wrong()


def _wrong() -> Iterator[tuple[str, object]]:
    yield "no object", [1]
    yield "nothing", {}
    for name, change in {
        "unknown key": {"memebrs": []},
        "no members": {"members": []},
        "unknown edition": {"edition": "NB2015"},
        "null": {"standard": None},
        "zero standard": {"standard": "0"},
        "negative": {"standard": "-1"},
        "a number": {"standard": 744},
        "three places": {"standard": "744.001"},
        "too much": {"standard": "1000000000001"},
        "low multiple": {"low_edge_multiple": "0.9"},
        "rounding": {"rounding": "up"},
        "day": {"as_of": "2016-02-30"},
        "year": {"as_of": "1899-12-31"},
        "no day": {"as_of": "yesterday"},
        "setting": {"setting": "suburb"},
        "deduction": {"deductions": [{"kind": "rent", "annual": "1"}]},
        "deductions no list": {"deductions": {}},
        "negative months": {"employment_disregard": {"months_used": -1}},
        "months as text": {"employment_disregard": {"months_used": "1"}},
        "many dwellings": {"property": {"dwellings": 1001}},
    }.items():
        yield f"wrong: {name}", household(1) | change
    for name, one in {
        "twice": member(1),
        "flag": member(2, alive="yes"),
        "reason": member(2, supplement_reasons=["poor"]),
        "reason twice": member(2, supplement_reasons=["minor", "minor"]),
        "both": member(2, {"category": "other", "monthly": "1", "annual": "12"}),
        "neither": member(2, {"category": "other"}),
        "category": member(2, {"category": "gift", "annual": "1"}),
        "new pension": member(2, {"category": "transfer", "annual": "1", "new_employment": True}),
        "no id": {"relation": "other"},
        "empty id": member(2) | {"id": " "},
    }.items():
        yield f"wrong member: {name}", household(1) | {"members": [member(1), one]}
    dead = household(1)
    dead["members"][0]["alive"] = False
    yield "all dead", dead


def _others() -> Iterator[tuple[str, str, object]]:
    def each(rule: str, base: Document, **ways: Document) -> Iterator[tuple[str, str, object]]:
        for name, change in ways.items():
            yield f"{rule}: {name}", rule, {k: v for k, v in (base | change).items() if v is not ...}

    yield from each("temporary", TEMPORARY, over={}, within={"requested": "100"}, at={"requested": "13392"},
                    exceptional={"exceptional": True}, over_exceptional={"exceptional": True, "requested": "99999"},
                    national=NAT, table={"standard": ...}, nobody={"persons": 0}, word={"exceptional": "no"})  # fmt: skip
    yield from each("medical", MEDICAL, all={}, little={"requested": "1"}, terms={"deductible": "3000", "ratio": "0.6"},
                    below={"deductible": "99999", "ratio": "0.6"}, only_ratio={"ratio": "0.335"}, covered={"insurance": "50000"},
                    steep={"ratio": "1.01"}, group={"group": "rich"}, national=NAT, late=NB | {"as_of": "2022-01-01"})  # fmt: skip
    for failed in (
        [],
        ["eat"],
        ["eat", "dress", "bed"],
        ["eat", "dress", "bed", "toilet"],
        ["eat", "eat"],
        ["fly"],
    ):
        for law in (NB, NAT):
            yield (
                f"selfcare: {len(failed)} {failed[-1:]} {law['edition']}",
                "selfcare",
                law | {"failed": failed},
            )
    yield "selfcare: not said", "selfcare", NB
    yield from each("rigid", RIGID, yes={}, share={"spending": [{"kind": "medical", "annual": "30000"}]},
                    poor={"annual_income": "30000"}, rich={"annual_income": "210000"}, nothing={"annual_income": "0"},
                    owns={"property_ok": False}, none={"spending": []}, early={"as_of": "2024-12-31"}, old=NB,
                    several={"spending": [{"kind": k, "annual": "12000.33"} for k in ("living", "education", "rehabilitation", "other")]},
                    table={"standard": ...}, spent={"spending": [{"kind": "travel", "annual": "1"}]})  # fmt: skip
    owed = NB | {"months": 7, "amount": "744.33", "fraud": False}
    yield from each(
        "recovery",
        owed,
        plain={},
        fraud={"fraud": True},
        nothing={"months": 0},
        outside={"as_of": "2023-01-01"},
    )
    seen = NB | {"class": "A", "setting": "urban", "last": "2016-08-31"}
    yield from each("review", seen, a={}, b={"class": "B"}, c={"class": "C"}, rural={"class": "C", "setting": "rural"},
                    nowhere={"class": "C", "setting": ...}, national={**NAT, "class": "C", "setting": ...},
                    wrong={"class": "D"}, leap={"last": "2016-02-29"})  # fmt: skip
    decided = NB | {"approved": "2016-12-31", "setting": "rural"}
    yield from each("payment", decided, month={}, quarter={"quarterly": True}, town={"quarterly": True, "setting": "urban"},
                    nowhere={"quarterly": True, "setting": ...}, national=NAT, national_quarter=NAT | {"quarterly": True},
                    next_quarter={"quarterly": True, "approved": "2016-10-01"}, first={"approved": "2016-11-30"})  # fmt: skip
    yield "no such rule", "beneft", {}


def _bare(document: Document) -> Document:
    return _without(document, "standard", "minimum_wage")


def _without(document: Document, *keys: str) -> Document:
    return {key: value for key, value in document.items() if key not in keys}


def answers() -> dict[str, Any]:
    """What each document is answered, or why it is refused."""
    return {name: answer_of(rule, document) for name, rule, document in documents()}


def answer_of(rule: str, document: object) -> Any:
    try:
        answer = calculate(rule, document)
    except Refused as refused:
        return {"refused": str(refused)}
    steps = [
        f"{s['id']} {s['what']}：{s['formula']} = {s['value']} [{s['source']}] {s['op']}{s['inputs']} {s['exact']}"
        for s in answer["steps"]
    ]
    return answer | {"steps": steps}


if __name__ == "__main__":
    FILE.write_text(json.dumps(answers(), ensure_ascii=False, indent=1) + "\n", "utf-8")
