"""The administrator's pages under one address; every one of them is closed to everybody else."""

from __future__ import annotations

from web.admin import halts, ladders, law, people, places, stand_ins, system
from web.admin.base import MENU, bp

__all__ = ["MENU", "bp", "halts", "ladders", "law", "people", "places", "stand_ins", "system"]
