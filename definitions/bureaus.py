"""The bureaus that a verification asks, as every installation starts with them."""

from __future__ import annotations

from collections.abc import Iterable

from definitions.verification.sources import SOURCES
from workflow.models import VerificationSource

DEADLINE_DAYS = 7
"""Working days a bureau has to answer: 内部要求：各部门答复期限; no text of law gives one."""
RETRY_SECONDS = (60, 300, 1800, 14400)
"""How long after each failed try the next one comes; a design choice."""


def bureaus() -> Iterable[VerificationSource]:
    """The eight sectors of the district platform and the city's, none of them connected yet: each is written to."""
    return [
        VerificationSource(
            code=code, title=title, transport="letter", address="", secret_name=code.upper(),
            retry_seconds=list(RETRY_SECONDS), deadline_days=DEADLINE_DAYS,
        )
        for code, title in SOURCES.items()
    ]  # fmt: skip
