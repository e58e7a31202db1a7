"""Tables for other programs, without names or numbers of persons."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.catalogue import Catalogue
from workflow.identity import mask_name
from workflow.models import Area, Case, Deadline
from workflow.periods import local_date
from workflow.releases.pins import SHORT, read_pins

CASE_TITLES = (
    "受理号", "流程", "规则版本", "环节", "区划代码", "村(社区)", "申请人", "开始日期", "受理日期", "办结日期", "结果", "最近时限", "流程版本",
    "表单版本", "软件版本",
)  # fmt: skip
_AT_A_TIME = 1000


def case_rows(session: Session, catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    """All cases, oldest first, names masked; the first row holds the titles."""
    yield CASE_TITLES
    pins = read_pins(session)
    areas = {row.code: row.name for row in session.execute(select(Area.code, Area.name))}
    due = (
        select(func.min(Deadline.due_on))
        .where(Deadline.case_id == Case.id, Deadline.state == "open")
        .scalar_subquery()
    )
    for case, next_due in session.execute(
        select(Case, due).order_by(Case.id).execution_options(yield_per=_AT_A_TIME)
    ):
        blueprint, pinned = catalogue.get(case.definition, case.edition), pins.of(case)
        yield (
            case.number,
            blueprint.title,
            case.edition,
            blueprint.stages[case.stage].label,
            case.area_code,
            areas.get(case.area_code, ""),
            mask_name(case.title),
            local_date(case.opened_at).isoformat(),
            case.accepted_on.isoformat() if case.accepted_on else "",
            local_date(case.closed_at).isoformat() if case.closed_at else "",
            case.result,
            next_due.isoformat() if next_due else "",
            (pinned["definition"] or "")[:SHORT],
            (pinned["forms"] or "")[:SHORT],
            case.software,
        )
