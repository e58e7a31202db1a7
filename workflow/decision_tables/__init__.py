"""Decision tables (after DMN): rules as rows that officials can read, checked for gaps and overlaps.

table = Table("period", "复核间隔", Policy.UNIQUE, inputs=(...), outputs=(...), rows=(...))
decision = table.decide({"review_class": "C", "setting": "urban"})
keep(case, decision)       # the row that fired and its inputs stand on the case, covered by the journal
"""

from workflow.decision_tables.checks import faults
from workflow.decision_tables.dmn import dmn
from workflow.decision_tables.model import (
    ANY,
    Column,
    Condition,
    Decision,
    OneOf,
    Policy,
    Range,
    Row,
    Table,
    keep,
)
from workflow.decision_tables.sheet import sheet

__all__ = [
    "ANY", "Column", "Condition", "Decision", "OneOf", "Policy", "Range", "Row", "Table", "dmn", "faults", "keep", "sheet",
]  # fmt: skip
