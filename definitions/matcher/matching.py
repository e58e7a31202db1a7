"""Which items a household can have, cannot have, or nobody can tell yet: one answer for the window, the public and the scan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from definitions.editions.catalogue import edition as edition_of
from definitions.editions.standards import Standards
from definitions.matcher.amounts import AMOUNTS, Amount
from definitions.matcher.conditions import HOUSEHOLD_TESTS, TIER_TESTS, TIERS
from definitions.matcher.items import ITEMS, PROGRAMMES, PolicyItem
from definitions.matcher.needs import read_needs
from definitions.matcher.persons import MEMBER_TESTS
from definitions.matcher.situation import Finding, Situation, all_of, failed, met
from definitions.rules.answers import plain
from definitions.rules.errors import RuleRefused
from definitions.rules.trace import Reason, Step
from workflow.errors import Refused

Verdict = Literal["can", "cannot", "unknown"]
_VERDICTS: dict[bool | None, Verdict] = {True: "can", False: "cannot", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Match:
    """An item judged for a household. Amounts in yuan (None: not fixed here); `per` is "month", "year" or "once".

    `people` are the members it is for (none: the household). `missing` are the paths of the facts that decide and are
    not known. `steps` derive the amount, or the test that failed.
    """

    programme: str
    item: str
    label: str
    department: str
    verdict: Verdict
    because: tuple[Reason, ...]
    missing: tuple[str, ...]
    people: tuple[str, ...]
    amount_from: Decimal | None
    amount_to: Decimal | None
    per: str
    bring: tuple[str, ...]
    group: str
    source: str
    steps: tuple[Step, ...]

    def as_json(self) -> dict[str, Any]:
        """The match as a JSON object."""
        lists = {"missing": self.missing, "people": self.people, "bring": self.bring}
        words = (
            "programme",
            "item",
            "label",
            "department",
            "verdict",
            "amount_from",
            "amount_to",
            "per",
            "group",
            "source",
        )
        return (
            {name: plain(getattr(self, name)) for name in words}
            | {name: list(found) for name, found in lists.items()}
            | {"because": [r.as_json() for r in self.because], "steps": [s.as_json() for s in self.steps]}
        )


def match(
    document: dict[str, Any], *, edition: str, as_of: date, standards: Standards, have: Collection[str] = ()
) -> tuple[Match, ...]:
    """Every item in force judged for the household of a document (see `needs`), `have` being the programmes it has.

    Raises `RuleRefused` for a key, word or programme that does not exist, `NoEdition` for an edition. A fact that is
    not known makes "unknown", never a guess; one failed condition makes "cannot" whatever else is not known.
    """
    strange = sorted(set(have) - set(PROGRAMMES))
    if strange:
        raise RuleRefused(
            f"不认识的救助项目：{'、'.join(strange)}。可用的：{'、'.join(PROGRAMMES)}。", keys=strange
        )
    edition_of(edition)
    at = Situation(read_needs(document, edition, as_of), standards, frozenset(have))
    return tuple(_match(item, at) for item in ITEMS if item.in_force(edition, as_of))


def _match(item: PolicyItem, at: Situation) -> Match:
    people: tuple[str, ...] = ()
    if not at.members:
        refused = at.judged
        assert isinstance(refused, Refused), "the rules judge nobody"
        found = at.not_judged(refused)
    else:
        conditions = [_not_held(item, at), *([_tier(item, at)] if item.tiers else [])]
        conditions += [HOUSEHOLD_TESTS[name](at) for name in item.tests]
        if item.person:
            persons, people = _persons(item, at)
            conditions.append(persons)
        found = all_of(conditions)
    amount = AMOUNTS[item.amount](item, at, people, found.holds) if item.amount and at.members else Amount()
    return Match(
        programme=item.programme, item=item.item, label=item.label, department=item.department, verdict=_VERDICTS[found.holds],
        because=(*found.reasons, *amount.reasons), missing=found.missing, people=people if found.holds else (),
        amount_from=amount.from_, amount_to=amount.to, per=amount.per, bring=item.materials, group=item.exclusion_group,
        source=item.legal_basis[at.law.code], steps=amount.steps,
    )  # fmt: skip


def _not_held(item: PolicyItem, at: Situation) -> Finding:
    held = [PROGRAMMES[code] for code in item.excluded_by if code in at.have]
    if not held:
        return Finding(True)
    return failed(
        "held", f"家庭已享受或正在办理{'、'.join(held)}，不能重复享受。", change="已享受的结束后可以申请。"
    )


def _tier(item: PolicyItem, at: Situation) -> Finding:
    """One of the tiers is held already, or the family would be found to belong to it."""
    held = next((tier for tier in item.tiers if tier in at.have), None)
    if held is not None:
        return met("tier_held", f"属于{TIERS[held]}。")
    found = {tier: _belongs(tier, at) for tier in item.tiers}
    would = next((tier for tier, one in found.items() if one.holds), None)
    if would is not None:
        return met("tier_expected", f"按现有情况符合{TIERS[would]}条件，认定后可以享受。")
    open_ones = [one for one in found.values() if one.holds is None]
    if open_ones:
        return all_of(open_ones)
    names = "、".join(TIERS[tier] for tier in item.tiers)
    return failed("not_in_tier", f"不属于{names}。", change="家庭情况变化、被认定后可以申请。", limit=names)


def _belongs(tier: str, at: Situation) -> Finding:
    if tier not in at.tiers:
        tests, person = TIER_TESTS[tier]
        found = [HOUSEHOLD_TESTS[name](at) for name in tests]
        if person:
            found.append(_any_member(person, at, "没有这样的成员。")[0])
        at.tiers[tier] = all_of(found)
    return at.tiers[tier]


def _persons(item: PolicyItem, at: Situation) -> tuple[Finding, tuple[str, ...]]:
    return _any_member(item.person, at, item.nobody)


def _any_member(names: tuple[str, ...], at: Situation, nobody: str) -> tuple[Finding, tuple[str, ...]]:
    """Who meets all of the conditions; where nobody does for certain, whether somebody still may."""
    found = {member.id: all_of(MEMBER_TESTS[name](at, member) for name in names) for member in at.members}
    people = tuple(member for member, one in found.items() if one.holds)
    if people:
        return Finding(True, tuple(r for m in people for r in found[m].reasons)), people
    open_ones = [one for one in found.values() if one.holds is None]
    if open_ones:
        return all_of(open_ones), ()
    changes = dict.fromkeys(r.change for one in found.values() for r in one.reasons if r.change)
    return failed("nobody", nobody, change="".join(changes)), ()
