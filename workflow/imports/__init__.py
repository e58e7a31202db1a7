"""Tables that a district brings along: areas, holidays, households, released standards."""

from workflow.imports.base import ImportRefused, Kind, Outcome, run
from workflow.imports.households import HOUSEHOLDS
from workflow.imports.places import AREAS, HOLIDAYS
from workflow.imports.standards import Released, standards_kind
from workflow.imports.tables import Fault, Table, read_file, read_table

__all__ = [
    "AREAS", "HOLIDAYS", "HOUSEHOLDS", "Fault", "ImportRefused", "Kind", "Outcome", "Released", "Table",
    "read_file", "read_table", "run", "standards_kind",
]  # fmt: skip
