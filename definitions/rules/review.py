"""When a household is reviewed next (M220-33, M57-31). A schedule date: it does not roll over rest days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from definitions.editions.catalogue import edition
from definitions.rules.answers import Derivation, derivation
from definitions.rules.parameters import note_outside
from definitions.rules.trace import Reason, Trace
from definitions.tables import review_period
from workflow.decision_tables import Decision
from workflow.periods import add_months


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """The day the next review is due, and the row of the table that fixed the interval."""

    due: date
    derivation: Derivation
    decision: Decision


def review_due(
    code: str, day: date, *, review_class: str, last: date, setting: str | None = None
) -> ReviewDue:
    """The corresponding day after the class's interval; raises `NumberMissing` where the setting decides and is missing."""
    law, trace, reasons = edition(code), Trace(), list[Reason]()
    note_outside(law, day, reasons)
    name = f"review_months_{review_class}"
    law.number(name, day, setting)  # where the setting decides and is missing, this says so
    decision = review_period(code, day).decide({"review_class": review_class, "setting": setting})
    months = decision.outputs["months"]
    assert isinstance(months, int)
    due = add_months(last, months)
    formula = f"上次复核 {last}，{review_class} 类家庭每 {months} 个月复核一次"
    trace.day("after_months", "下次复核日期", formula, (last.isoformat(), str(months)), due, decision.source)
    reasons.append(Reason("review_due", f"{formula}，下次 {due}；这是固定日期，遇休息日不顺延。"))
    return ReviewDue(due, derivation(trace, reasons), decision)
