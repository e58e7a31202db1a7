"""The pins of a case: edition of the law, release of the definition, form set, version of the software."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from workflow.errors import Unmet
from workflow.models import Release

SHORT = 12
"""So much of a fingerprint is shown to people."""


@cache
def software() -> str:
    """The version of this program."""
    try:
        return version("jiuzhu")
    except PackageNotFoundError:
        return "0"


@dataclass(frozen=True)
class Pin:
    """A signed release, as far as a case needs to know it."""

    id: int
    definition: str
    edition: str
    revision: int
    fingerprint: str
    forms: str
    letters: str
    numbers: str
    from_date: date


class Pins:
    """All signed releases: the newest of each definition and edition, and any by its id."""

    def __init__(self, found: Iterable[Pin] = ()) -> None:
        self._by_id = {pin.id: pin for pin in found}
        newest = sorted(self._by_id.values(), key=lambda pin: pin.revision)
        self._newest = {(pin.definition, pin.edition): pin for pin in newest}

    def newest(self, definition: str, edition: str) -> Pin | None:
        """The release a case of this definition and edition is bound to now."""
        return self._newest.get((definition, edition))

    def pin(self, case: Any, today: date) -> None:
        """Bind a case to the release of its edition and to this software. Raises Unmet before the release's day."""
        found = self.newest(case.definition, case.edition)
        if found is not None and found.from_date > today:
            raise Unmet(
                f"流程“{found.definition}”的 {found.edition} 版本自 {found.from_date} 起实施，今天还不能办理。"
            )
        case.release_id, case.software = (found.id if found else None), software()

    def of(self, case: Any) -> dict[str, Any]:
        """The four pins of a case, as JSON values; what is not known of an unreleased definition is None."""
        found = self._by_id.get(case.release_id)
        return {
            "law": case.edition,
            "definition": found.fingerprint if found else None,
            "revision": found.revision if found else None,
            "forms": found.forms if found else None,
            "software": case.software,
        }


def read_pins(conn: Connection | Session) -> Pins:
    """The signed releases as the database has them."""
    names = tuple(Pin.__dataclass_fields__)
    rows = conn.execute(
        select(*(getattr(Release, name) for name in names)).where(Release.signed_at.is_not(None))
    )
    return Pins(Pin(*row) for row in rows)
