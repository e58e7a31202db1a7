"""Releases of definitions, editions put in force, and two editions side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from definitions.releasing import bound
from web import context
from web.headers import SANDBOX
from web.releases import migrations
from web.releases.base import MENU, bp, changed, page, read_date
from workflow.catalogue import Blueprint as Definition
from workflow.errors import NotFound, Refused
from workflow.models import EditionOrder, EditionPeriod, Release
from workflow.pictures import document
from workflow.pictures.side_by_side import side_by_side
from workflow.releases import release as releases
from workflow.releases.compare import CHANGES, KINDS, NAMES, compare
from workflow.releases.timetable import confirm_order, propose_order


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every edition of every definition beside its release."""
    rows = list(releases.standings(context.session(), context.edge().office.catalogue, bound()))
    return page("index", "index", rows=rows)


@bp.post("/propose")
def propose() -> ResponseReturnValue:
    """Write the release of what runs."""

    def work(session: Any) -> None:
        code, _colon, edition = request.form.get("name", "").partition(":")
        blueprint = context.edge().office.catalogue.get(code, edition)
        day = read_date(request.form.get("from_date", ""), "实施日期")
        releases.propose(
            session, blueprint, edition, bound(), from_date=day, actor=context.actor(), now=context.now()
        )

    return changed(
        url_for("releases.index"), _("发布单已起草，请另一位有权的人签发。"), work, "release_written"
    )


@bp.get("/<int:release_id>")
def show(release_id: int) -> ResponseReturnValue:
    """A release: what differs from the one before, and whom it touches."""
    row = context.session().get(Release, release_id)
    if row is None:
        raise NotFound
    items = _items(row.effects["differences"])
    stages = {stage["code"]: stage.get("label", stage["code"]) for stage in row.record["stages"]}
    return page(
        "show",
        "index",
        row=row,
        effects=row.effects,
        items=items,
        stages=stages,
        kinds=KINDS,
        changes=CHANGES,
    )


@bp.post("/<int:release_id>/confirm")
def confirm(release_id: int) -> ResponseReturnValue:
    """The second signature."""

    def work(session: Any) -> None:
        releases.confirm(
            session,
            context.edge().office.catalogue,
            bound(),
            release_id,
            actor=context.actor(),
            now=context.now(),
        )

    return changed(url_for("releases.show", release_id=release_id), _("已签发。"), work, "release_signed")


@bp.get("/orders")
def orders() -> ResponseReturnValue:
    """The timetable of the editions and the orders that made it."""
    session = context.session()
    catalogue = context.edge().office.catalogue
    return page(
        "orders", "orders", timetable=list(session.scalars(select(EditionPeriod).order_by(EditionPeriod.from_date))),
        orders=list(session.scalars(select(EditionOrder).order_by(EditionOrder.id.desc()))),
        editions=list(dict.fromkeys(edition for blueprint in catalogue for edition in blueprint.editions)),
        now_in_force=context.edge().office.edition_on(context.today()),
    )  # fmt: skip


@bp.post("/orders")
def propose_edition() -> ResponseReturnValue:
    """Write the order that an edition be in force from a day on."""

    def work(session: Any) -> None:
        propose_order(
            session, context.edge().office.catalogue, request.form.get("edition", ""), from_date=read_date(request.form.get("from_date", ""), "生效日期"),
            source=request.form.get("source", ""), actor=context.actor(), now=context.now(),
        )  # fmt: skip

    return changed(
        url_for("releases.orders"), _("生效令已起草，请另一位有权的人签发。"), work, "order_written"
    )


@bp.post("/orders/<int:order_id>/confirm")
def confirm_edition(order_id: int) -> ResponseReturnValue:
    """The second signature."""

    def work(session: Any) -> None:
        confirm_order(
            session, context.edge().office.catalogue, order_id, actor=context.actor(), now=context.now()
        )

    return changed(url_for("releases.orders"), _("已签发。"), work, "order_signed")


@bp.get("/diff")
def diff() -> ResponseReturnValue:
    """Two editions in words and as a picture."""
    names = [f"{b.code}:{edition}" for b in context.edge().office.catalogue for edition in b.editions]
    chosen = request.args.get("before", ""), request.args.get("after", "")
    if not all(chosen):
        return page("diff", "diff", names=names, chosen=chosen, groups={}, kinds=KINDS, changes=CHANGES)
    before, after = (_named(name) for name in chosen)
    groups: dict[str, list[Item]] = {}
    minor: list[Item] = []
    for item in _items(one.as_json() for one in compare(document(before), document(after))):
        (minor if item.minor else groups.setdefault(item.kind, [])).append(item)
    return page(
        "diff",
        "diff",
        names=names,
        chosen=chosen,
        groups=groups,
        minor=minor,
        kinds=KINDS,
        changes=CHANGES,
        compared=True,
    )


@bp.get("/diff.svg")
def diff_picture() -> ResponseReturnValue:
    """The picture of both, with what differs marked."""
    before, after = (_named(request.args.get(side, "")) for side in ("before", "after"))
    answer = make_response(side_by_side(before, after, _))
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


class Item(NamedTuple):
    """A stage, limit, action or question with all that differs of it."""

    kind: str
    code: str
    label: str
    found: list[dict[str, Any]]

    @property
    def minor(self) -> bool:
        """Whether only the articles or the wording differ."""
        return all(one["wording"] or one["what"] == NAMES["source"] for one in self.found)


def _items(found: Iterable[dict[str, Any]]) -> list[Item]:
    items: dict[tuple[str, str], Item] = {}
    for one in found:
        place = one["kind"], one["code"]
        items.setdefault(place, Item(*place, one["label"], [])).found.append(one)
    return list(items.values())


def _named(name: str) -> Definition:
    code, _colon, edition = name.partition(":")
    try:
        return context.edge().office.catalogue.get(code, edition)
    except Refused as refused:
        raise NotFound(refused.message) from None


__all__ = ["MENU", "bp", "migrations"]
