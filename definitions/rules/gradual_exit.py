"""Leaving benefit by degrees after work has raised the family's income above the standard (M57-33; N22 一(三))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.standards import Standards
from definitions.rules.answers import Derivation, derivation
from definitions.rules.facts import HouseholdFacts
from definitions.rules.means import Means, means_test
from definitions.rules.trace import COUNT, Reason, Trace
from workflow.periods import add_months

EARNED = ("wage", "business")
"""Categories of income from work."""


@dataclass(frozen=True, slots=True)
class GradualExit:
    """Whether it may be decided; for at most how many months (None: the edition has none); the days it begins and ends."""

    allowed: bool
    most: int | None
    first: date | None
    last: date | None
    derivation: Derivation

    @property
    def why(self) -> str:
        """The reason in words."""
        return self.derivation.reasons[-1].text


def gradual_exit(
    facts: HouseholdFacts,
    months: int | None = None,
    *,
    running: bool = False,
    standards: Standards = SAMPLE_STANDARDS,
) -> GradualExit:
    """Judge a family on benefit that is to leave it over so many months (None: as long as it may be).

    It begins on the first of next month. `running` says that the family is in one already. Raises what `means_test`
    raises.
    """
    means = means_test(facts, Trace(), [], standards)
    law, trace = means.law, Trace()
    limit = law.find("gradual_exit_months_max", facts.as_of)
    if limit is None:
        fault = f"规则版本 {law.code} 没有渐退期的规定（就业增收按 ZJ-50 不计入收入处理）"
        return _refused("no_gradual_exit", fault, None, trace)
    most = law.integer(limit.name, facts.as_of)
    if running:
        fault = "这个家庭已在渐退期内，渐退不能再次决定；请选维持、增发、减发或停发"
        return _refused("in_gradual_exit", fault, most, trace)
    if fault := _not_because_of_work(facts, means, trace):
        return _refused("not_because_of_work", fault, most, trace)
    asked = trace.given("渐退月数", most if months is None else months, limit.source, COUNT)
    if not trace.holds(
        "渐退月数", asked, "<=", trace.given("渐退期最多月数", most, limit.source, COUNT), limit.source
    ):
        return _refused("too_long", f"渐退期为 1 到 {most} 个月（{limit.source}）", most, trace)
    first = add_months(facts.as_of.replace(day=1), 1)
    trace.day("next_month", "渐退期开始", "决定的次月起", (facts.as_of.isoformat(),), first, limit.source)
    inputs = (first.isoformat(), str(asked))
    last = add_months(first, int(asked.exact)) - timedelta(days=1)
    trace.day("day_before_months", "渐退期结束", f"满 {asked} 个月的前一日", inputs, last, limit.source)
    reason = Reason("gradual_exit", f"收入因就业超过低保标准，渐退期 {first} 至 {last}。")
    return GradualExit(True, most, first, last, derivation(trace, [reason]))


def _not_because_of_work(facts: HouseholdFacts, means: Means, trace: Trace) -> str:
    """Why the income is not above the standard because of work, "" where it is: without that work it would be below."""
    source = means.law.articles["gradual_exit"]
    standard = trace.given("低保标准", means.standard.exact, source)
    per_capita = trace.given("人均月收入", means.per_capita.exact, source)
    if not trace.holds("收入达到低保标准", per_capita, ">=", standard, source):
        return "家庭人均收入没有超过标准，不适用渐退（M57-33）"
    incomes = [
        trace.given(f"{member.id} 劳动收入", income.monthly, source)
        for member in means.living for income in member.incomes if income.category in EARNED
    ]  # fmt: skip
    earned = trace.total("家庭劳动月收入", incomes, source)
    countable = trace.given("家庭计入月收入", means.countable.exact, source)
    rest = trace.minus("没有劳动收入时的月收入", countable, earned, source=source)
    size = trace.given("家庭人数", len(means.living), source, COUNT)
    without = trace.over("没有劳动收入时的人均月收入", rest, size, source)
    if not earned.exact:
        return "家庭没有劳动收入，收入超过标准不是因为就业，不适用渐退（M57-33）"
    if not trace.holds("没有劳动收入时低于低保标准", without, "<", standard, source):
        return f"不计劳动收入，人均月收入仍有 {without} 元，收入超过标准不是因为就业，不适用渐退（M57-33）"
    return ""


def _refused(code: str, why: str, most: int | None, trace: Trace) -> GradualExit:
    return GradualExit(False, most, None, None, derivation(trace, [Reason(code, why)]))
