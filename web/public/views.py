"""Home, standards, notices now on the boards, and how to object or complain."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from definitions.editions.sources import cite
from definitions.editions.standards import KINDS
from definitions.letters.publicity import BOARDS, PublicityContent
from web import context
from web.problems import UnknownFilter
from web.public import calculator, progress
from web.public.base import bp, county, page
from workflow.models import Area, Notice, Standard

SETTINGS = {"urban": "城镇", "rural": "农村"}
SHOWN_KINDS = ("standard", "minimum_wage")

__all__ = ["bp", "calculator", "progress"]


@bp.get("/")
def home() -> ResponseReturnValue:
    """What can be done here."""
    return page("home")


@bp.get("/standards")
def standards() -> ResponseReturnValue:
    """The monthly standard of today and of the years before."""
    rows = context.session().scalars(
        select(Standard)
        .where(
            Standard.area_code == county().code,
            Standard.kind.in_(SHOWN_KINDS),
            Standard.from_date <= context.today(),
        )
        .order_by(Standard.kind, Standard.from_date.desc(), Standard.setting.desc())
    )
    groups: dict[str, list[Standard]] = {kind: [] for kind in SHOWN_KINDS}
    for row in rows:
        groups[row.kind].append(row)
    return page("standards", groups=groups, kinds=KINDS, settings=SETTINGS, cite=cite)


@bp.get("/notices")
def notices() -> ResponseReturnValue:
    """What hangs on the board of one village today, names shortened; nothing once it is taken down or its time is over."""
    if strange := [name for name in request.args if name != "village"]:
        raise UnknownFilter(f"没有“{'、'.join(strange)}”这个筛选条件，可以用的是：village。")
    today, session = context.today(), context.session()
    hanging = (Notice.taken_down_on.is_(None), Notice.posted_on <= today, Notice.until >= today)
    villages = session.execute(
        select(Area.code, Area.name, func.count(Notice.id))
        .join(Notice, Notice.area_code == Area.code)
        .where(*hanging)
        .group_by(Area.code, Area.name)
        .order_by(Area.code)
    ).all()
    chosen = session.get(Area, request.args["village"]) if request.args.get("village") else None
    if request.args.get("village") and (chosen is None or chosen.level != "village"):
        raise UnknownFilter("没有这个村（社区），请从列表里选。")
    contents: Sequence[PublicityContent] = []
    if chosen is not None:
        rows = session.scalars(
            select(Notice).where(Notice.area_code == chosen.code, *hanging).order_by(Notice.until, Notice.id)
        )
        contents = [PublicityContent.from_json(row.content).masked() for row in rows]
    return page("notices", villages=villages, chosen=chosen, contents=contents, boards=BOARDS)


@bp.get("/complaints")
def complaints() -> ResponseReturnValue:
    """Whom to tell: the towns' windows, the district, and the two remedies against a decision."""
    towns = context.session().scalars(select(Area).where(Area.level == "town").order_by(Area.code))
    return page("complaints", towns=list(towns))
