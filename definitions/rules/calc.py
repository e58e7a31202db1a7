"""A decision rule on a JSON document: read strictly, computed, answered with reasons and steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.standards import SETTINGS, Standards
from definitions.rules.answers import Derivation, plain
from definitions.rules.benefit import Assessment, benefit
from definitions.rules.document import Reader
from definitions.rules.errors import RuleRefused
from definitions.rules.household_document import read_household
from definitions.rules.medical import GROUPS, medical_aid
from definitions.rules.payment import first_payment
from definitions.rules.recovery import recovery
from definitions.rules.review import review_due
from definitions.rules.rigid import SPENDING, rigid_family
from definitions.rules.selfcare import ACTIVITIES, selfcare
from definitions.rules.temporary import temporary_aid
from definitions.rules.trace import Reason, Step
from definitions.tables import CLASSES

Answer = dict[str, Any]


def calculate(rule: str, document: object, *, standards: Standards = SAMPLE_STANDARDS) -> Answer:
    """The JSON-ready answer of a rule; raises `workflow.errors.Refused` saying what cannot be used and why."""
    if rule not in RULES:
        raise RuleRefused(f"没有计算规则“{rule}”；可用的：{'、'.join(RULES)}。", rule=rule)
    answer = RULES[rule](document, standards)
    assert isinstance(document, dict), "every rule has refused a document that is no object"
    return answer | {"rule": rule, "edition": document["edition"], "as_of": document["as_of"]}


def _means(document: object, standards: Standards) -> Answer:
    found = benefit(read_household(document), standards)
    limits = {
        "income_per_capita": plain(found.limits.income_per_capita),
        "low_edge_per_capita": plain(found.limits.low_edge_per_capita),
        "monetary_per_capita": plain(found.limits.monetary_per_capita),
    }
    return (
        _household(found)
        | {"property_ok": found.property_ok, "limits": limits}
        | _why(found.reasons, found.steps)
    )


def _benefit(document: object, standards: Standards) -> Answer:
    found = benefit(read_household(document), standards)
    return _household(found) | _why(found.reasons, found.steps)


def _household(found: Assessment) -> Answer:
    names = ("countable_income", "per_capita", "eligible", "low_edge", "base", "supplement", "total")
    return {name: plain(getattr(found, name)) for name in names}


def _temporary(document: object, standards: Standards) -> Answer:
    doc = _reader(document, "standard", "persons", "requested", "exceptional")
    found = temporary_aid(
        doc.text("edition"),
        doc.day("as_of"),
        persons=doc.count("persons", 1),
        requested=doc.amount("requested"),
        exceptional=doc.flag("exceptional"),
        standard=doc.positive("standard", doc.amount) if doc.has("standard") else None,
        standards=standards,
    )
    return _answer(found.derivation, cap=found.cap, granted=found.granted)


def _medical(document: object, _: Standards) -> Answer:
    doc = _reader(
        document, "total", "insurance", "charity", "other_aid", "requested", "group", "deductible", "ratio"
    )
    found = medical_aid(
        doc.text("edition"),
        doc.day("as_of"),
        total=doc.amount("total"),
        insurance=doc.amount("insurance"),
        charity=doc.amount("charity"),
        other_aid=doc.amount("other_aid"),
        requested=doc.amount("requested"),
        group=doc.choice("group", GROUPS),
        deductible=doc.optional(doc.amount, "deductible"),
        ratio=doc.optional(doc.rate, "ratio"),
    )
    return _answer(found.derivation, remaining=found.remaining, aid=found.aid)


def _selfcare(document: object, _: Standards) -> Answer:
    doc = _reader(document, "failed")
    failed = doc.choices("failed", ACTIVITIES, required=True)
    found = selfcare(doc.text("edition"), doc.day("as_of"), failed)
    return _answer(found.derivation, level=found.level, failures=found.failures)


def _rigid(document: object, standards: Standards) -> Answer:
    keys = (
        "standard",
        "persons",
        "annual_income",
        "local_average_income",
        "spending",
        "threshold",
        "property_ok",
    )
    doc = _reader(document, *keys)
    found = rigid_family(
        doc.text("edition"),
        doc.day("as_of"),
        persons=doc.count("persons", 1),
        annual_income=doc.amount("annual_income"),
        local_average_income=doc.amount("local_average_income"),
        spending=[
            (s.choice("kind", SPENDING), s.amount("annual"))
            for s in doc.parts("spending", ("kind", "annual"), required=True)
        ],
        threshold=doc.rate("threshold"),
        property_ok=doc.flag("property_ok"),
        standard=doc.positive("standard", doc.amount) if doc.has("standard") else None,
        standards=standards,
    )
    ratio = None if found.ratio is None else str(found.ratio)
    return _answer(found.derivation, ratio=ratio, eligible=found.eligible, valid_until=found.valid_until)


def _recovery(document: object, _: Standards) -> Answer:
    doc = _reader(document, "months", "amount", "fraud")
    found = recovery(
        doc.text("edition"),
        doc.day("as_of"),
        months=doc.count("months"),
        monthly=doc.amount("amount"),
        fraud=doc.flag("fraud"),
    )
    return _answer(
        found.derivation, fine_min=found.fine_min, fine_max=found.fine_max, **{"return": found.amount}
    )


def _review(document: object, _: Standards) -> Answer:
    doc = _reader(document, "class", "setting", "last")
    found = review_due(
        doc.text("edition"),
        doc.day("as_of"),
        review_class=doc.choice("class", CLASSES),
        last=doc.day("last"),
        setting=_setting(doc),
    )
    return _answer(found.derivation, due=found.due)


def _payment(document: object, _: Standards) -> Answer:
    doc = _reader(document, "approved", "setting", "quarterly")
    found = first_payment(
        doc.text("edition"),
        doc.day("as_of"),
        approved=doc.day("approved"),
        setting=_setting(doc),
        quarterly=doc.flag("quarterly") if doc.has("quarterly") else False,
    )
    return _answer(found.derivation, first_month=f"{found.first_month:%Y-%m}", pay_by=found.pay_by)


def _reader(document: object, *keys: str) -> Reader:
    return Reader(document, ("edition", "as_of", *keys))


def _setting(doc: Reader) -> str | None:
    return doc.choice("setting", SETTINGS) if doc.has("setting") else None


def _answer(derivation: Derivation, **results: object) -> Answer:
    return {key: plain(value) for key, value in results.items()} | _why(derivation.reasons, derivation.steps)


def _why(reasons: tuple[Reason, ...], steps: tuple[Step, ...]) -> Answer:
    return {"reasons": [r.as_json() for r in reasons], "steps": [s.as_json() for s in steps]}


RULES: dict[str, Callable[[object, Standards], Answer]] = {
    "benefit": _benefit,
    "means": _means,
    "temporary": _temporary,
    "medical": _medical,
    "selfcare": _selfcare,
    "rigid": _rigid,
    "recovery": _recovery,
    "review": _review,
    "payment": _payment,
}
"""Name of a rule -> its reading and answering."""
