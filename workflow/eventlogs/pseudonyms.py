"""Names for those who must not be named: the same thing has the same name in every export of one installation."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from workflow.errors import BadConfiguration

SHOWN = 16
"""Hex digits of a pseudonym: 64 bits, so that a million cases do not meet."""


@dataclass(frozen=True)
class Pseudonyms:
    """Keyed hashes of cases, households and staff. Whoever has no key cannot try all numbers there are.

    `plain` keeps the true numbers and names, for those who may see them. Raises BadConfiguration without a key.
    """

    key: str
    plain: bool = False

    def __post_init__(self) -> None:
        if not self.key and not self.plain:
            raise BadConfiguration("没有 SECRET_KEY，不能生成化名；请设置后再导出。")

    def of(self, kind: str, true: Any, shown: str = "") -> str:
        """The name of a thing of this kind; with `plain`, what is `shown` of it, or the true one."""
        if self.plain:
            return shown or str(true)
        made = hmac.new(f"event-log:{self.key}".encode(), f"{kind}:{true}".encode(), hashlib.sha256)
        return made.hexdigest()[:SHOWN]
