"""Setting a ladder for some limits from a day on. Nothing is set back in time, and no running limit changes its ladder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.catalogue import Catalogue
from workflow.errors import FormRefused, Refused
from workflow.ladders import CODES, read_rungs
from workflow.models import LadderRow

_WHEN = re.compile(r"([0-9]{1,2})%|-([0-9]{1,2})wd|\+([0-9]{1,2}(?:wd|d))")


def limits_of(catalogue: Catalogue) -> dict[str, str]:
    """Kind of a limit -> programme and limit in words: what a ladder can be set for."""
    found: dict[str, str] = {}
    for one in catalogue:
        for span in one.spans.values():
            found.setdefault(f"{one.code}/span:{span.code}", f"{one.title} · {span.label}")
        for stage in one.stages.values():
            if stage.limit:
                found.setdefault(
                    f"{one.code}/stage:{stage.id}", f"{one.title} · {stage.limit.label or stage.label}"
                )
            for part in stage.parts:
                if part.limit:
                    found.setdefault(
                        f"{one.code}/part:{part.code}", f"{one.title} · {part.limit.label or part.label}"
                    )
    return found


def set_ladder(
    session: Session,
    catalogue: Catalogue,
    given: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> LadderRow:
    """Add a ladder: `limit` (code/kind, or a programme, or "" for all), `edition`, `source`, `from_date`, and for each rung
    `CODE_when` (`50%` gone, `-3wd` before, `+2wd` after), `CODE_hour`, `CODE_tells`. Raises FormRefused.
    """
    errors: dict[str, str] = {}
    definition, _slash, kind = given.get("limit", "").partition("/")
    if given.get("limit") and given["limit"] not in {*limits_of(catalogue), *catalogue.codes}:
        errors["limit"] = "请从列表里选时限"
    editions = {edition for one in catalogue for edition in one.editions}
    if given.get("edition") and given["edition"] not in editions:
        errors["edition"] = "请从列表里选规则版本"
    if not given.get("source", "").strip():
        errors["source"] = "请写明依据的文件"
    since = _day(given.get("from_date", ""))
    if since is None or since < today:
        errors["from_date"] = "请写今天或以后的日期，不能倒填"
    try:
        rungs = [rung.as_json() for rung in read_rungs(_rows(given))]
    except Refused as refused:
        errors["rungs"] = refused.message
    if errors or since is None:
        raise FormRefused(errors)
    row = LadderRow(definition=definition, edition=given.get("edition", ""), limit=kind, rungs=rungs, from_date=since,
                    source=given["source"].strip()[:200], made_by=actor.id, made_at=now)  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _rows(given: Mapping[str, str]) -> list[dict[str, Any]]:
    early: list[dict[str, Any]] = []
    late: list[dict[str, Any]] = []
    for code in CODES:
        text = given.get(f"{code}_when", "").replace(" ", "")
        if code == "overdue" or not text:
            continue
        found = _WHEN.fullmatch(text)
        if found is None:
            raise Refused(
                f"“{CODES[code]}”的时点写成 50%（过了五成）、-3wd（提前三个工作日）或 +2wd（逾期两个工作日）。"
            )
        hour = given.get(f"{code}_hour", "9")
        row = {
            "code": code,
            "hour": hour if hour.isdigit() else "99",
            "tells": given.get(f"{code}_tells", ""),
        }
        when = {"share": found[1], "before": found[2], "after": found[3]}
        (late if found[3] else early).append(row | {name: value for name, value in when.items() if value})
    return [*early, {"code": "overdue"}, *late]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
