"""How the district has set its clocks: the ladders of its limits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key


class LadderRow(Base):
    """Who is told when, as the limits named run out; "" stands for all. A row is never changed: a new one follows it,
    and a limit under way keeps the ladder it began with.
    """

    __tablename__ = "ladder"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    definition: Mapped[str] = mapped_column(String(40), default="")
    edition: Mapped[str] = mapped_column(String(30), default="")
    limit: Mapped[str] = mapped_column(String(60), default="")
    rungs: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    source: Mapped[str]
    from_date: Mapped[date]
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
