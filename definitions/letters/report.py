"""A report with several tables (the monthly bulletin), laid out like the letters."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from definitions.letters.sheet import Table, day_words


@dataclass(frozen=True, slots=True)
class Report:
    """Plain texts and tables, in order; `signed_on` is the day it was made."""

    title: str
    number: str
    office: str
    signed_on: date
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]
    link: str = ""
    sheet: str = "report"

    def as_json(self) -> dict[str, Any]:
        """As JSON, its date in words."""
        return asdict(self) | {"signed_on": day_words(self.signed_on), "caption": ""}
