"""The sources of a verification: how each is reached, how its road fares, what waits for it."""

from __future__ import annotations

from typing import Any, cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from notifications.bureaus import settings
from web import context
from web.admin.base import bp, note, page
from web.fields import questions, read_form
from workflow.errors import FormRefused, NotFound
from workflow.facts import Facts
from workflow.models import BureauFile, VerificationSource

FILES_SHOWN = 20
FILE_STATES = {
    "claimed": "正在写", "closed": "正在写", "written": "已发出", "reading": "正在读", "taken": "已收下", "refused": "整份退回",
}  # fmt: skip


@bp.get("/sources")
def sources() -> ResponseReturnValue:
    """All sources with their circuit, last success and queue."""
    return page(
        "sources", rows=settings.standings(context.session(), context.edge().config), transports=settings.TRANSPORTS,
        circuits=settings.CIRCUITS,
    )  # fmt: skip


@bp.get("/sources/<bureau>")
def source(bureau: str) -> ResponseReturnValue:
    """One source: its settings and its last files."""
    found = context.session().get(VerificationSource, bureau)
    if found is None:
        raise NotFound
    return _page(found, MultiDict({name: _shown(value) for name, value in settings.typed(found).items()}), {})


def _shown(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _page(found: VerificationSource, typed: MultiDict[str, str], errors: dict[str, str]) -> str:
    config, session = context.edge().config, context.session()
    files = session.scalars(
        select(BureauFile)
        .where(BureauFile.source == found.code)
        .order_by(BureauFile.id.desc())
        .limit(FILES_SHOWN)
    ).all()
    asked = questions(settings.Settings, cast("Facts", context), typed, errors)
    return page(
        "sources", "source", source=found, questions=asked, errors=errors, lacks=settings.lacking(found, config), files=files,
        states=FILE_STATES, circuits=settings.CIRCUITS,
    )  # fmt: skip


@bp.post("/sources/<bureau>")
def set_source(bureau: str) -> ResponseReturnValue:
    """Set up a source."""
    try:
        with context.acting() as conn:
            found = settings.change(context.write(conn), bureau, read_form(settings.Settings, request.form))
    except FormRefused as refused:
        before = context.session().get_one(VerificationSource, bureau)
        return _page(before, request.form, refused.errors), 422
    note("source_set", f"{bureau}: {found.transport} {found.address}")
    flash(_("%(name)s 已保存，下一轮起按新的设定询问。", name=found.title))
    return redirect(url_for("admin.sources"), 303)
