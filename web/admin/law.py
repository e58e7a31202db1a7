"""The district's released amounts, and which edition of the law is in force when."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from definitions.editions.catalogue import EDITIONS
from definitions.editions.names import NAMES
from definitions.editions.standards import KINDS
from web import context, kept
from web.admin.base import bp, note, page
from web.tables import TABLES
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.imports import ImportRefused, run
from workflow.imports.tables import Row, Table
from workflow.models import EditionPeriod, Entitlement, Standard

SETTINGS = {"urban": "城镇", "rural": "农村"}
TITLES = {
    "kind": "项目",
    "setting": "城乡",
    "from_date": "起始日期",
    "to_date": "截止日期",
    "amount": "标准",
    "source": "文件依据",
}
"""Field of the form -> column of the imported table: a page releases an amount as a file of one row does."""


def _standards(
    typed: Mapping[str, str], *, errors: Mapping[str, str] | None = None, message: str = ""
) -> str:
    rows = (
        context.session()
        .scalars(select(Standard).order_by(Standard.kind, Standard.setting, Standard.from_date.desc()))
        .all()
    )
    groups: dict[str, list[Standard]] = {}
    for row in rows:
        groups.setdefault(row.kind, []).append(row)
    order = [(kind, label, groups[kind]) for kind, label in KINDS.items() if kind in groups]
    return page(
        "standards",
        groups=order,
        kinds=KINDS,
        settings=SETTINGS,
        typed=typed,
        errors=errors or {},
        message=message,
        fields=TITLES,
    )


@bp.get("/standards")
def standards() -> ResponseReturnValue:
    """All released amounts; samples are told apart."""
    return _standards({})


@bp.post("/standards")
@kept.reshows
def release() -> ResponseReturnValue:
    """Release an amount: checked as an imported row is, with the band the law sets (ZJ-10)."""
    typed = {name: request.form.get(name, "").strip() for name in TITLES}
    if message := kept.only_show():
        return _standards(typed, message=message)
    table = Table(tuple(TITLES.values()), (Row(2, {TITLES[name]: text for name, text in typed.items()}),))
    try:
        with context.acting() as conn:
            writing = context.write(conn)
            actor: Actor = context.actor()
            run(TABLES["standards"](writing), table, writing, actor=actor, now=context.now())
            writing.flush()
    except ImportRefused as refused:
        by_title = {title: name for name, title in TITLES.items()}
        return _standards(
            typed, errors={by_title.get(f.column, "amount"): f.reason for f in refused.faults}
        ), 422
    except Refused as refused:
        return _standards(typed, message=refused.message), 422
    note("standard_released", " ".join(typed.values()))
    flash(_("标准已发布。"))
    if (running := _benefits()) and typed["to_date"] >= context.today().isoformat():
        flash(
            _(
                "有 %(n)s 户正在享受救助，金额不会因为这样发布而调整；要调整的，请由县级审核人办理“调整标准”。",
                n=running,
            )
        )
    return redirect(url_for("admin.standards"), 303)


def _benefits() -> int:
    """How many grants are open: amounts released here leave them as they are."""
    return (
        context.session().scalar(
            select(func.count()).select_from(Entitlement).where(Entitlement.to_month.is_(None))
        )
        or 0
    )


@bp.get("/editions")
def editions() -> ResponseReturnValue:
    """The timetable of the editions, and each one's numbers with dates and sources."""
    timetable = list(context.session().scalars(select(EditionPeriod).order_by(EditionPeriod.from_date)))
    return page(
        "editions",
        timetable=timetable,
        editions=EDITIONS,
        labels=NAMES,
        now_in_force=context.edge().office.edition_on(context.today()),
    )
