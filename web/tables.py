"""The tables that may be imported, by page or command, each with the checks the law asks for."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from definitions.standard_change.publishing import standards
from workflow.imports import AREAS, HOLIDAYS, HOUSEHOLDS, Kind

TABLES: dict[str, Callable[[Session], Kind]] = {
    "areas": lambda _: AREAS,
    "holidays": lambda _: HOLIDAYS,
    "households": lambda _: HOUSEHOLDS,
    "standards": standards,
}
"""Name of a table -> its import."""
