"""Extending the overall limit after an objection, where the edition allows it: asked by the town, confirmed by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from definitions.rehearsal import shares
from workflow.extensions import ask_extension, confirm_extension
from workflow.models import Deadline
from workflow.policy import scope_of
from workflow.roles import SUPERVISOR, TOWN_REVIEWER
from workflow.simulation.desk import Desk
from workflow.simulation.scene import Scene

SPAN, CODE = "overall", "objection"
MARGIN = timedelta(days=7)
"""Asked for only while the limit has so long to run: it is confirmed before it ends."""


def after_objection(scene: Scene) -> None:
    """Every other objection makes the town ask for the longer limit."""
    span = scene.blueprint.spans.get(SPAN)
    if span is None or span.extension is None or CODE not in span.extension.reasons:
        return
    if scene.draw("extension", shares.EXTENSION) == "asked":
        scene.desk.after(1, _ask(scene.case.id, scene.case.area_code))


def _ask(case_id: int, area_code: str) -> Callable[[Desk], None]:
    def ask(desk: Desk) -> None:
        scope = scope_of(TOWN_REVIEWER, area_code)
        asker = next(desk.roster.free([(TOWN_REVIEWER.code, scope)], desk.today), None)
        if asker is None or not _runs(desk, case_id, MARGIN):
            return
        with desk.acting() as conn:
            asked = ask_extension(
                desk.office,
                conn,
                case_id,
                SPAN,
                code=CODE,
                reason="公示期间有异议，须核查后再办理",
                actor=asker,
                now=desk.now,
            ).id
        desk.after(1, _confirm(case_id, asked, area_code))

    return ask


def _confirm(case_id: int, asked: int, area_code: str) -> Callable[[Desk], None]:
    def confirm(desk: Desk) -> None:
        boss = next(desk.roster.free([(SUPERVISOR.code, scope_of(SUPERVISOR, area_code))], desk.today), None)
        if not _runs(desk, case_id, timedelta(0)):
            return
        if boss is None:
            desk.after(1, confirm)
            return
        with desk.acting() as conn:
            confirm_extension(desk.office, conn, asked, actor=boss, now=desk.now)

    return confirm


def _runs(desk: Desk, case_id: int, margin: timedelta) -> bool:
    """Whether the limit is running, was not extended, and has so long to go."""
    wanted = select(Deadline.due_on).where(
        Deadline.case_id == case_id,
        Deadline.kind == f"span:{SPAN}",
        Deadline.state == "open",
        Deadline.extended_from.is_(None),
    )
    with desk.database.reading() as session:
        due = session.scalar(wanted)
    return due is not None and desk.today + margin <= due
