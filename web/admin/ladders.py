"""Who is told when, as limits run out; and in which hours no e-mail goes out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from notifications.digests import DEFAULT, QUIET, quiet_hours
from web import context, kept
from web.admin.base import bp, note, page
from workflow import settings
from workflow.errors import FormRefused
from workflow.ladders import CODES, HOLDER, ORDINARY, Rung, read_rungs
from workflow.models import LadderRow
from workflow.roles import ROLES
from workflow.rungs import words_of
from workflow.timing.set_ladders import limits_of, set_ladder

_HOURS = re.compile(r"-|([01]?[0-9]|2[0-3])-([01]?[0-9]|2[0-3])")


def _page(typed: Mapping[str, str], *, errors: Mapping[str, str] | None = None, message: str = "") -> str:
    catalogue, session = context.edge().office.catalogue, context.session()
    limits = limits_of(catalogue)
    rows = [
        (row, limits.get(f"{row.definition}/{row.limit}") or (catalogue.editions(row.definition)[-1].title if row.definition else ""),
         _words(read_rungs(row.rungs)))
        for row in session.scalars(select(LadderRow).order_by(LadderRow.id.desc()))
    ]  # fmt: skip
    programmes = [(code, catalogue.editions(code)[-1].title) for code in catalogue.codes]
    editions = sorted({edition for one in catalogue for edition in one.editions})
    tellers = [(HOLDER, "承办人"), *((role.code, role.title) for role in ROLES.values() if role.reads)]
    return page(
        "ladders", rows=rows, ordinary=_words(ORDINARY.rungs), limits=limits, programmes=programmes, editions=editions,
        tellers=tellers, codes=CODES, typed=typed, errors=errors or {}, message=message, quiet=quiet_hours(session),
    )  # fmt: skip


def _words(rungs: tuple[Rung, ...]) -> list[tuple[str, str, int]]:
    return [(words_of(rung), "" if rung.tells == HOLDER else rung.tells, rung.hour) for rung in rungs]


@bp.get("/ladders")
def ladders() -> ResponseReturnValue:
    """The ladders there are, the built-in one first."""
    return _page({})


@bp.post("/ladders")
@kept.reshows
def add_ladder() -> ResponseReturnValue:
    """A further ladder; it holds for limits that start from its day on."""
    typed = {name: value.strip() for name, value in request.form.items()}
    if message := kept.only_show():
        return _page(typed, message=message)
    edge = context.edge()
    try:
        with context.acting() as conn:
            row = set_ladder(
                context.write(conn), edge.office.catalogue, typed, actor=context.actor(), now=context.now(), today=context.today()
            )  # fmt: skip
            said = f"{row.id} {row.definition}/{row.limit} {row.source}"
    except FormRefused as refused:
        return _page(typed, errors=refused.errors), 422
    edge.refresh()
    note("ladder_set", said)
    flash(_("已保存。新开始的时限按它提醒和督办，正在计算的不变。"))
    return redirect(url_for("admin.ladders"), 303)


@bp.post("/ladders/quiet")
def set_quiet() -> ResponseReturnValue:
    """The hours in which no e-mail goes out."""
    text = request.form.get("quiet", "").replace(" ", "") or DEFAULT
    if not _HOURS.fullmatch(text):
        return _page({}, errors={"quiet": "写成 20-8 的样子；不设静默时段写 -"}), 422
    with context.acting() as conn:
        settings.put(conn, QUIET, text)
    note("quiet_hours", text)
    flash(_("静默时段已保存。"))
    return redirect(url_for("admin.ladders"), 303)
