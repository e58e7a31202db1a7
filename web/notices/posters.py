"""The posters of the boards: before they are put up, and as they were fixed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.editions.catalogue import edition
from definitions.letters import Letter, letter, number_of
from definitions.shared.board import notice_content
from web import context
from workflow.catalogue import Blueprint
from workflow.errors import NotFound
from workflow.models import Case, Notice
from workflow.periods import parse_rule

_PUT_UP = "put_up_"


def board_of(blueprint: Blueprint, stage: str) -> str:
    """The board that an act of this stage puts a notice on, "" where none does."""
    for word in blueprint.actions.values():
        if stage in word.moves:
            for effect in word.effects:
                if effect.__name__.startswith(_PUT_UP):
                    return effect.__name__.removeprefix(_PUT_UP)
    return ""


def posting_stages() -> list[tuple[str, str]]:
    """(definition, stage) of all stages in which a notice waits to be put up."""
    return [
        (one.code, stage)
        for one in context.edge().office.catalogue
        for stage in one.stages
        if board_of(one, stage)
    ]


def upcoming_poster(case: Case, session: Session, today: date) -> Letter:
    """The poster to be printed and put up today. Raises NotFound where nothing waits, NotPublishable as the board does."""
    office = context.edge().office
    board = board_of(office.catalogue.of(case), case.stage)
    if not board:
        raise NotFound("这个办件现在没有要张贴的公示。")
    rule = parse_rule(edition(case.edition).text("publicity", today))
    work = office.session(session.connection())
    content = notice_content(work, case, board, today, rule.due(today, office.calendar), str(rule))  # type: ignore[arg-type]
    return _poster([content], case)


def poster_of(notice: Notice, session: Session) -> Letter:
    """The poster of a notice, together with the others of the same board, village and period."""
    same = session.scalars(
        select(Notice).where(
            Notice.area_code == notice.area_code, Notice.kind == notice.kind, Notice.posted_on == notice.posted_on,
            Notice.until == notice.until, Notice.taken_down_on.is_(None),
        ).order_by(Notice.id)
    )  # fmt: skip
    alike = [one.content for one in same if _board(one.content) == _board(notice.content)] or [notice.content]
    return _poster(alike, session.get_one(Case, notice.case_id))


def _board(content: dict[str, object]) -> tuple[object, object, object]:
    return content["board"], content["edition"], content["posting"]


def _poster(contents: list[dict[str, object]], case: Case) -> Letter:
    link = f"{context.edge().config.public_url}/public/notices?village={case.area_code}"
    return letter(
        "publicity", {"contents": contents, "number": number_of("publicity", case.number), "link": link}
    )
