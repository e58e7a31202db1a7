"""The refusals of the decision rules."""

from __future__ import annotations

from typing import Any

from definitions.editions.sources import cite
from workflow.errors import Refused


class RuleRefused(Refused):
    """这份资料不能用来计算。"""

    def __init__(self, message: str = "", *, source: str | None = None, **facts: Any) -> None:
        self.source = source
        super().__init__(f"{message}依据：{cite(source)}（{source}）。" if source else message, **facts)
