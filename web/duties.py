"""Pages that belong to a duty: closed to whoever does not hold one of its roles."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint
from sqlalchemy import select

from web import context
from workflow.areas import covers
from workflow.errors import NotFound, NotPermitted
from workflow.models import Area
from workflow.policy import area_filter, readable_areas
from workflow.roles import ROLES, Role

READERS = tuple(role for role in ROLES.values() if role.reads)
"""Everybody who sees cases of some area."""


def codes(*roles: Role) -> frozenset[str]:
    """The codes of these roles, as the navigation takes them."""
    return frozenset(role.code for role in roles)


def require(*roles: Role) -> None:
    """Raise NotPermitted where the reader holds none of these roles today."""
    if not context.actor().roles & codes(*roles):
        titles = "、".join(role.title for role in roles)
        raise NotPermitted(f"这一页由{titles}使用，您没有这个岗位。")


def reserve(bp: Blueprint, *roles: Role) -> None:
    """Keep a whole blueprint to these roles."""

    @bp.before_request
    def _check() -> None:
        require(*roles)


def check_area(code: str) -> None:
    """Raise NotFound where the area is not the reader's."""
    if not context.actor().reads(code):
        raise NotFound


def area_choices(*levels: str) -> list[tuple[str, str]]:
    """The areas of these levels the reader sees, villages set in under their towns."""
    rows = context.session().scalars(
        select(Area)
        .where(area_filter(Area.code, readable_areas(context.actor())), Area.level.in_(levels))
        .order_by(Area.code)
    )
    deeper = len(levels) > 1
    return [(area.code, ("　" if deeper and area.level == levels[-1] else "") + area.name) for area in rows]


def narrowed(area: str) -> Sequence[str]:
    """The areas a list shows: the one chosen, else all of the reader's."""
    areas = readable_areas(context.actor())
    if not area:
        return areas
    return [area] if any(covers(scope, area) for scope in areas) else []
