"""The legal effect sheet: what a plan would do to every running case, tried on the real rows and not written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from workflow.catalogue import Catalogue
from workflow.migration.caseload import read_flights
from workflow.migration.moving import move
from workflow.migration.outcome import Move, Stays, Ways
from workflow.migration.plan import BEGINS, HOWS, KEEP, NOT, Load, Plan, faults
from workflow.models import Case, CasePart, Deadline
from workflow.office import Office
from workflow.roles import ROLES

BATCH = 250
TITLES = (
    "受理号",
    "区划",
    "原环节",
    "新环节",
    "能否迁移",
    "原因",
    "时限变化",
    "新起算的时限",
    "原待办",
    "新待办",
    "减少的步骤",
    "增加的步骤",
)
"""The columns of the sheet as a table."""


def ways_of(catalogue: Catalogue, plan: Plan) -> Ways:
    """The plan with its two definitions. Raises NotFound."""
    return Ways(
        plan, catalogue.get(plan.definition, plan.source), catalogue.get(plan.definition, plan.target)
    )


def load_of(conn: Connection | Session, definition: str, edition: str) -> Load:
    """What runs now in an edition of a definition."""
    mine = (Case.definition == definition) & (Case.edition == edition) & Case.closed_at.is_(None)
    stages = conn.execute(select(Case.stage, func.count()).where(mine).group_by(Case.stage))
    clocks = conn.execute(
        select(Deadline.kind, func.count())
        .join(Case, Case.id == Deadline.case_id)
        .where(mine, Deadline.state == "open")
        .group_by(Deadline.kind)
    )
    parts = conn.execute(
        select(CasePart.code, func.count())
        .join(Case, (Case.id == CasePart.case_id) & (Case.visit == CasePart.visit))
        .where(mine, CasePart.state == "open")
        .group_by(CasePart.code)
    )
    return Load(dict(stages.all()), dict(clocks.all()), dict(parts.all()))


def plan_faults(office: Office, conn: Connection | Session, plan: Plan) -> list[str]:
    """Why this plan may not be carried out on what runs now."""
    ways = ways_of(office.catalogue, plan)
    return faults(plan, ways.old, ways.new, load_of(conn, plan.definition, plan.source))


def dry_run(office: Office, conn: Connection | Session, plan: Plan, now: datetime) -> Iterator[Move | Stays]:
    """What becomes of every open case of the edition, oldest first."""
    ways = ways_of(office.catalogue, plan)
    last = 0
    while True:
        ids = list(
            conn.scalars(_cases(plan).where(Case.id > last).order_by(Case.id).limit(BATCH))
            if isinstance(conn, Session)
            else conn.execute(_cases(plan).where(Case.id > last).order_by(Case.id).limit(BATCH)).scalars()
        )
        if not ids:
            return
        for flight in read_flights(conn, ids, ways.actions):
            yield move(office, ways, flight, now)
        last = ids[-1]


def _cases(plan: Plan) -> Any:
    return select(Case.id).where(
        Case.definition == plan.definition, Case.edition == plan.source, Case.closed_at.is_(None)
    )


class Totals:
    """The sums of an effect sheet."""

    def __init__(self) -> None:
        self.moves = self.stays = 0
        self.ways: Counter[str] = Counter()
        self.why: Counter[str] = Counter()
        self.clocks: Counter[str] = Counter()
        self.late: Counter[str] = Counter()

    def add(self, found: Move | Stays) -> None:
        """Count one case."""
        if isinstance(found, Stays):
            self.stays += 1
            self.why[found.reason] += 1
            return
        self.moves += 1
        sheet = found.sheet
        self.ways[f"{sheet['old_stage']} → {sheet['new_stage']}"] += 1
        for line in sheet["clocks"]:
            self.clocks[f"{line['label']}：{HOWS[line['how']]}"] += 1
        for line in sheet["begun"]:
            self.clocks[f"{line['label']}：新{BEGINS[line['how']]}"] += 1
            if line.get("late"):
                self.late[line["label"]] += 1

    def as_json(self) -> dict[str, Any]:
        """The sums as JSON values."""
        return {"cases": self.moves + self.stays, "moves": self.moves, "stays": self.stays, "ways": dict(self.ways.most_common()),
                "why": dict(self.why.most_common()), "clocks": dict(self.clocks.most_common()), "late": dict(self.late)}  # fmt: skip


def totals(found: Iterator[Move | Stays]) -> dict[str, Any]:
    """The sums over all cases."""
    sums = Totals()
    for one in found:
        sums.add(one)
    return sums.as_json()


def line(found: Move | Stays, ways: Ways) -> tuple[str, ...]:
    """A case as a row of the table."""
    if isinstance(found, Stays):
        stage = ways.old.stages[found.stage].label if found.stage in ways.old.stages else found.stage
        return (found.number, found.area_code, stage, stage, "不能", found.reason, "", "", "", "", "", "")
    sheet = found.sheet
    return (
        sheet["number"], sheet["area"], sheet["old_stage_label"], sheet["new_stage_label"], "能", "",
        "；".join(clock_words_of(one) for one in sheet["clocks"]), "；".join(begun_words_of(one) for one in sheet["begun"]),
        "、".join(map(_task, sheet["tasks_before"])), "、".join(map(_task, sheet["tasks_after"])),
        "、".join(sheet["steps_lost"]), "、".join(sheet["steps_added"]),
    )  # fmt: skip


def clock_words_of(one: dict[str, Any]) -> str:
    """What becomes of a running clock, in words."""
    if one["how"] == KEEP:
        other = (
            f"，按新期限应为 {one['by_rule']}" if one["by_rule"] and one["by_rule"] != one["new_due"] else ""
        )
        return f"{one['label']} {one['old_due']} 不变{other}"
    why = f"（{one['article']}：{one['reason']}）" if one["article"] else ""
    return f"{one['label']} {one['old_due']} → {one['new_due'] or '终止'}{why}"


def begun_words_of(one: dict[str, Any]) -> str:
    """How a new clock begins, in words."""
    if one["how"] == NOT:
        return f"{one['label']} 不起算（{one['article']}：{one['reason']}）"
    return f"{one['label']} {one['started']} 起至 {one['due']}{'，已过期' if one['late'] else ''}"


def _task(code: str) -> str:
    role, _, part = code.partition(":")
    title = ROLES[role].title if role in ROLES else role
    return f"{title}（{part}）" if part else title
