"""When a household is reviewed next (M220-33, M57-31). A schedule date: it does not roll over rest days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from definitions.editions.catalogue import edition
from definitions.rules.answers import Derivation, derivation
from definitions.rules.parameters import note_outside
from definitions.rules.trace import Reason, Trace
from workflow.periods import add_months

CLASSES = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """The day the next review is due."""

    due: date
    derivation: Derivation


def review_due(
    code: str, day: date, *, review_class: str, last: date, setting: str | None = None
) -> ReviewDue:
    """The corresponding day after the class's interval; raises `NumberMissing` where the setting decides and is missing."""
    law, trace, reasons = edition(code), Trace(), list[Reason]()
    note_outside(law, day, reasons)
    name = f"review_months_{review_class}"
    months = law.integer(name, day, setting)
    due = add_months(last, months)
    formula = f"上次复核 {last}，{review_class} 类家庭每 {months} 个月复核一次"
    source = law.number(name, day, setting).source
    trace.day("after_months", "下次复核日期", formula, (last.isoformat(), str(months)), due, source)
    reasons.append(Reason("review_due", f"{formula}，下次 {due}；这是固定日期，遇休息日不顺延。"))
    return ReviewDue(due, derivation(trace, reasons))
