"""Releasing an edition of a definition, and refusing to run one that was changed after its release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from workflow import pictures
from workflow.actors import Actor
from workflow.catalogue import Blueprint, Catalogue
from workflow.errors import BadConfiguration, NotFound, Unmet
from workflow.models import Case, Release
from workflow.periods import local_date
from workflow.releases.compare import Difference, compare
from workflow.releases.pins import software
from workflow.releases.signing import SHIPPED, author, sign

EVER = date(1900, 1, 1)
"""From when on what the product ships is in force: before any case there is."""


@dataclass(frozen=True)
class Bound:
    """Fingerprints of what a definition is released with: letter templates, and each edition's rule numbers."""

    letters: str
    numbers: Mapping[str, str]


@dataclass(frozen=True)
class Standing:
    """One edition of one definition: as it runs, as it was released, and where the two differ."""

    blueprint: Blueprint
    edition: str
    newest: Release | None
    pending: Release | None
    differences: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether what runs is what was released."""
        return self.newest is not None and not self.differences

    @property
    def name(self) -> str:
        """How commands name it."""
        return f"{self.blueprint.code}:{self.edition}"


def standings(session: Session, catalogue: Catalogue, bound: Bound) -> Iterator[Standing]:
    """Every edition of every definition beside its newest release."""
    signed: dict[tuple[str, str], Release] = {}
    pending: dict[tuple[str, str], Release] = {}
    for row in session.scalars(select(Release).order_by(Release.revision)):
        (signed if row.signed_at else pending)[row.definition, row.edition] = row
    for blueprint in catalogue:
        for edition in blueprint.editions:
            place = blueprint.code, edition
            newest = signed.get(place)
            differences = tuple(_differences(newest, blueprint, edition, bound)) if newest else ()
            yield Standing(blueprint, edition, newest, pending.get(place), differences)


def _differences(newest: Release, blueprint: Blueprint, edition: str, bound: Bound) -> Iterator[str]:
    if newest.fingerprint != pictures.fingerprint(blueprint):
        now = pictures.document(blueprint)
        named = [str(one) for one in compare(newest.record, now, wording=False)]
        yield from named or ["流程的内容与发布时不同"]
    if newest.letters != bound.letters:
        yield "文书样式与发布时不同"
    if newest.numbers != bound.numbers[edition]:
        yield f"{edition} 的规则数值与发布时不同"


def require_released(session: Session, catalogue: Catalogue, bound: Bound, today: date) -> None:
    """Refuse to start on what nobody has signed. Raises BadConfiguration with the first difference, in one line."""
    for one in standings(session, catalogue, bound):
        order = f"请运行 jiuzhu definitions release {one.name}，由两人签发"
        if one.newest is None:
            raise BadConfiguration(f"{one.name} 还没有发布。{order}。")
        if one.differences:
            more = f"（另有 {len(one.differences) - 1} 处）" if len(one.differences) > 1 else ""
            raise BadConfiguration(
                f"{one.name} 发布后被改动：{one.differences[0]}{more}。改回原样，或{order}新的一版。"
            )
        if one.newest.revision > 1 and one.newest.from_date > today:
            raise BadConfiguration(
                f"{one.name} 的第 {one.newest.revision} 版自 {one.newest.from_date} 起实施，今天还不能启动。"
            )


def propose(
    session: Session,
    blueprint: Blueprint,
    edition: str,
    bound: Bound,
    *,
    from_date: date,
    actor: Actor,
    now: datetime,
) -> Release:
    """Write the release of a definition as it runs, with its effect sheet; it waits for a second signature.

    Raises NotPermitted, and Unmet where nothing has changed since the last release, or the day is past.
    """
    paper = author(actor, now)
    if from_date < local_date(now):
        raise Unmet(f"实施日期 {from_date} 已经过了，请写今天或以后的日期。")
    newest = _newest(session, blueprint.code, edition)
    if newest is not None and not tuple(_differences(newest, blueprint, edition, bound)):
        raise Unmet(f"{blueprint.code}:{edition} 与第 {newest.revision} 版相同，不用再发布。")
    session.execute(
        delete(Release).where(
            Release.definition == blueprint.code, Release.edition == edition, Release.signed_at.is_(None)
        )
    )
    row = _row(blueprint, edition, bound, newest.revision + 1 if newest else 1, from_date)
    row.effects = effects(session, blueprint, edition, newest)
    row.written_by, row.written_name, row.written_at = (
        paper["written_by"],
        paper["written_name"],
        paper["written_at"],
    )
    session.add(row)
    session.flush()
    return row


def confirm(
    session: Session, catalogue: Catalogue, bound: Bound, release_id: int, *, actor: Actor, now: datetime
) -> Release:
    """The second signature, by another person who has seen differences and effects.

    Raises NotFound, NotPermitted, and Unmet where the definition was changed again or a stage with cases would vanish.
    """
    row = session.get(Release, release_id)
    if row is None:
        raise NotFound
    blueprint = catalogue.get(row.definition, row.edition)
    if row.signed_at is None and tuple(_differences(row, blueprint, row.edition, bound)):
        raise Unmet("起草以后流程又改过，请重新起草发布单。")
    sheet = effects(session, blueprint, row.edition, _newest(session, row.definition, row.edition))
    if stranded := sheet["stranded"]:
        raise Unmet(
            f"还有案件停在被取消的环节：{'、'.join(f'{code} {n} 件' for code, n in stranded.items())}。先迁移或办完这些案件。"
        )
    sign(row, actor, now)
    row.effects = sheet
    row.from_date = max(row.from_date, local_date(now))
    session.flush()
    return row


def effects(session: Session, blueprint: Blueprint, edition: str, newest: Release | None) -> dict[str, Any]:
    """The effect sheet of a release: what differs from the one before, and which running cases it touches."""
    rows = session.execute(
        select(Case.stage, func.count()).where(
            Case.definition == blueprint.code, Case.edition == edition, Case.closed_at.is_(None)
        ).group_by(Case.stage)
    )  # fmt: skip
    by_stage = {stage: number for stage, number in rows}  # noqa: C416 - rows are no pairs for mypy
    found: list[Difference] = compare(newest.record, pictures.document(blueprint)) if newest else []
    return {
        "previous": newest.revision if newest else None,
        "differences": [one.as_json() for one in found],
        "open_cases": sum(by_stage.values()),
        "by_stage": by_stage,
        "stranded": {stage: number for stage, number in by_stage.items() if stage not in blueprint.stages},
    }


def ship(session: Session, catalogue: Catalogue, bound: Bound, now: datetime) -> None:
    """On a new installation: what the product ships is released by the product. Later arrivals need two people."""
    if session.scalar(select(Release.id).limit(1)) is not None:
        return
    for blueprint in catalogue:
        for edition in blueprint.editions:
            row = _row(blueprint, edition, bound, 1, EVER)
            row.effects = {
                "previous": None,
                "differences": [],
                "open_cases": 0,
                "by_stage": {},
                "stranded": {},
            }
            row.written_name = row.signed_name = SHIPPED
            row.written_at = row.signed_at = now
            session.add(row)
    session.flush()


def _row(blueprint: Blueprint, edition: str, bound: Bound, revision: int, from_date: date) -> Release:
    return Release(
        definition=blueprint.code, edition=edition, revision=revision, fingerprint=pictures.fingerprint(blueprint),
        forms=pictures.form_set(blueprint), letters=bound.letters, numbers=bound.numbers[edition], software=software(),
        record=pictures.document(blueprint), from_date=from_date,
    )  # fmt: skip


def _newest(session: Session | Connection, definition: str, edition: str) -> Release | None:
    found: Release | None = session.scalar(
        select(Release)
        .where(Release.definition == definition, Release.edition == edition, Release.signed_at.is_not(None))
        .order_by(Release.revision.desc())
        .limit(1)
    )
    return found
