"""The administrator's pages under one address; every one of them is closed to everybody else."""

from __future__ import annotations

from web.admin import departments, halts, ladders, law, people, places, sources, stand_ins, system
from web.admin.base import MENU, bp

__all__ = [
    "MENU",
    "bp",
    "departments",
    "halts",
    "ladders",
    "law",
    "people",
    "places",
    "sources",
    "stand_ins",
    "system",
]
