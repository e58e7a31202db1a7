"""Many households judged at once, without their derivations: the same verdicts as `benefit`, in whole numbers.

Amounts are counted in twelfths of a fen a month, so that a year's amount is whole and nothing is rounded before the end.
A household that states numbers of its own, or that needs a rule met rarely, is given to `benefit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from definitions.editions.catalogue import edition
from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.standards import LocalAmount, Standards, find_local, local
from definitions.rules.benefit import benefit
from definitions.rules.facts import HouseholdFacts, Income, MemberFacts, PropertyFacts
from definitions.rules.tiers import tiers_of
from definitions.rules.trace import yuan

UNITS = 1200
"""Twelfths of a fen in a yuan."""


class Verdict(NamedTuple):
    """What `Assessment` says of a household, without its steps and reasons. Yuan a month with two decimals."""

    eligible: bool
    property_ok: bool | None
    low_edge: bool
    countable_income: Decimal
    per_capita: Decimal
    base: Decimal
    supplement: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a household of a setting is held against: the standard in units, the low-edge limit as units over a number,
    and the money a head in fen where the years are known.
    """

    standard: int
    low_edge: tuple[int, int]
    monetary: int | None


class Judge:
    """Judges households by one edition on one day. Raises what `benefit` raises, when the household needs it."""

    def __init__(self, code: str, as_of: date, standards: Standards = SAMPLE_STANDARDS) -> None:
        law = edition(code)
        self._law, self._day, self._standards = law, as_of, standards
        self._rounding = law.text("rounding", as_of)
        self._inclusive = law.flag("low_edge_inclusive", as_of)
        self._most = {
            name: law.integer(name, as_of)
            for name in ("vehicles_max", "commercial_premises_max", "dwellings_free", "dwellings_by_area")
        }
        self._limits = cache(self._limits_of)
        self._tiered = cache(lambda setting: bool(tiers_of(law, standards, setting, as_of)))
        self._local = cache(self._local_of)
        self._excluded = cache(lambda kind: law.excluded(kind, as_of) is not None)
        self._deductible = cache(lambda kind: law.deductible(kind, as_of) is not None)

    def judge(self, facts: HouseholdFacts) -> Verdict:
        """The verdict on a household of this edition and day."""
        assert (facts.edition, facts.as_of) == (self._law.code, self._day)
        living = [m for m in facts.members if m.alive]
        counted = None if self._unusual(facts, living) else self._countable(facts, living)
        if counted is None:
            found = benefit(facts, self._standards)
            return Verdict(*(getattr(found, name) for name in Verdict._fields))
        limits, size = self._limits(facts.setting), len(living)
        eligible = counted < limits.standard * size
        over, under = limits.low_edge
        within = counted * under <= over * size if self._inclusive else counted * under < over * size
        base = supplement = 0
        if eligible:
            keeping = sum(not m.share_forfeited for m in living)
            base = self._rounded((limits.standard * size - counted) * keeping, size)
            supplement = sum(self._supplement(m, facts.setting) for m in living if m.supplement_reasons)
        return Verdict(
            eligible,
            self._property_ok(facts, limits, size),
            within and not eligible,
            yuan((2 * counted + 12) // 24),
            yuan((2 * counted + 12 * size) // (24 * size)),
            yuan(base),
            yuan(supplement),
            yuan(base + supplement),
        )

    def _unusual(self, facts: HouseholdFacts, living: Sequence[MemberFacts]) -> bool:
        owned = facts.property
        return (
            not living
            or self._tiered(facts.setting)
            or facts.standard is not None
            or facts.minimum_wage is not None
            or facts.low_edge_multiple is not None
            or facts.rounding is not None
            or bool(facts.supplement_rates)
            or facts.disregard_months_used is not None
            or (owned is not None and self._is_unusual(owned, facts.setting))
        )

    def _is_unusual(self, owned: PropertyFacts, setting: str | None) -> bool:
        many = owned.dwellings > self._most["dwellings_free"]
        return owned.monetary_years is not None or (setting is None and many)

    def _countable(self, facts: HouseholdFacts, living: Sequence[MemberFacts]) -> int | None:
        """The countable income in units; None where it is not whole in them, or a deduction is to be refused."""
        income = 0
        for member in living:
            for one in member.incomes:
                if one.kind and self._excluded(one.kind):
                    continue
                amount = _units(one)
                if amount is None:
                    return None
                income += amount
        taken = 0
        for deduction in facts.deductions:
            if not self._deductible(deduction.kind):
                return None
            taken += int(deduction.annual * 100)
        return max(0, income - taken)

    def _property_ok(self, facts: HouseholdFacts, limits: _Limits, size: int) -> bool | None:
        owned = facts.property
        if owned is None:
            return None
        if limits.monetary is None:
            local(self._standards, "monetary_years", facts.setting, self._day)
            raise AssertionError("the years of the standard are there")
        return (
            int(owned.monetary * 100) < limits.monetary * size
            and owned.vehicles <= self._most["vehicles_max"]
            and owned.commercial_premises <= self._most["commercial_premises_max"]
            and self._dwellings_ok(owned, facts.setting)
        )

    def _dwellings_ok(self, owned: PropertyFacts, setting: str | None) -> bool:
        if owned.dwellings <= self._most["dwellings_free"] or setting == "rural":
            return True
        area, limit = owned.floor_area_per_capita, owned.floor_area_limit
        few = owned.dwellings <= self._most["dwellings_by_area"]
        return few and area is not None and limit is not None and area < limit

    def _rounded(self, amount: int, size: int) -> int:
        """Fen, of units over the number of members."""
        if self._rounding == "fen":
            return (2 * amount + 12 * size) // (24 * size)
        if self._rounding == "yuan_ceil":
            return -(-amount // (UNITS * size)) * 100
        return (2 * amount + UNITS * size) // (2 * UNITS * size) * 100

    def _supplement(self, member: MemberFacts, setting: str | None) -> int:
        """Fen: the highest rate among the member's reasons."""
        return max(
            int(self._local(f"supplement_{reason}", setting).amount * 100)
            for reason in member.supplement_reasons
        )

    def _local_of(self, kind: str, setting: str | None) -> LocalAmount:
        return local(self._standards, kind, setting, self._day)

    def _limits_of(self, setting: str | None) -> _Limits:
        law, day, standards = self._law, self._day, self._standards
        standard = self._local("standard", setting).amount
        multiple = law.decimal("low_edge_multiple", day)
        limit = standard * multiple
        if law.flag("low_edge_capped", day) and (wage := find_local(standards, "minimum_wage", setting, day)):
            limit = min(limit, wage.amount)
        over, under = limit.as_integer_ratio()
        years = find_local(standards, "monetary_years", setting, day)
        monetary = None if years is None else standard * 12 * years.amount * 100
        assert monetary is None or monetary == int(monetary), "years with a fraction finer than a fen"
        return _Limits(
            int(standard * UNITS), (over * UNITS, under), None if monetary is None else int(monetary)
        )


def _units(income: Income) -> int | None:
    """A month's part of an income in units; None where it is not whole in them."""
    if income.annual is not None:
        return int(income.annual * 100)
    over, under = income.monthly.as_integer_ratio()
    whole, rest = divmod(over * UNITS, under)
    return None if rest else whole
