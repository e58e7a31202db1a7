"""The administrator's pages under one address; every one of them is closed to everybody else."""

from __future__ import annotations

from web.admin import halts, law, people, places, system
from web.admin.base import MENU, bp

__all__ = ["MENU", "bp", "halts", "law", "people", "places", "system"]
