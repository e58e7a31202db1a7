"""Who has which form of a case open: a hint for colleagues, never a lock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base


class FormPresence(Base):
    """One person at one form of one case, as last heard of. Rows lapse by their age."""

    __tablename__ = "form_presence"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    action: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen_at: Mapped[datetime]
