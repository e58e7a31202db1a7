"""One case brought to another edition: worked out on a copy, the same way for a trial and for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflow.catalogue import Blueprint
from workflow.errors import Misdefined, Refused
from workflow.migration.caseload import Flight
from workflow.migration.clocks import Clocks
from workflow.migration.outcome import Move, Stays, Ways
from workflow.migration.trial import Trial
from workflow.migration.work import Work
from workflow.office import Office


def move(office: Office, ways: Ways, flight: Flight, now: datetime) -> Move | Stays:
    """What becomes of this case. Nothing is written; the entry in the journal is added by `entered`."""
    case, plan = flight.case, ways.plan
    stage = ways.old.stages[case.stage]
    if case.closed_at is not None or case.edition != plan.source:
        return Stays(case.number, case.stage, "已经办结，或者已不在原版本", case.area_code)
    if case.stage in plan.stay:
        return Stays(case.number, case.stage, plan.stay[case.stage], case.area_code)
    target = plan.stages.get(case.stage, "")
    if target not in ways.new.stages:
        return Stays(case.number, case.stage, f"环节“{stage.label}”没有对应的环节", case.area_code)
    try:
        return _moved(Trial(office, ways, flight, ways.new.stages[target], now))
    except (Refused, Misdefined) as refused:
        return Stays(case.number, case.stage, refused.message, case.area_code)


def _moved(on: Trial) -> Move:
    _check(on)
    clocks, work, flight, was = Clocks(on), Work(on), on.flight, on.was
    for row in flight.running:
        clocks.go_on(row)
    parts = work.parts()
    for word in on.ways.clocks.values():
        clocks.begin(word, parts)
    on.case.clocks = {
        kind.removeprefix("span:"): row["due_on"].isoformat()
        for kind, row in on.running.items()
        if kind.startswith("span:")
    }
    work.tasks(parts)
    on.office.pins.pin(on.case, on.today)
    on.before |= {
        "edition": was.edition, "stage": was.stage, "visit": was.visit, "clocks_on_case": was.clocks,
        "release_id": was.release_id, "software": was.software, "running": [row.id for row in flight.running],
        "tasks_open": [row.id for row in flight.tasks], "opened": [part.code for part in on.opens],
    }  # fmt: skip
    return Move(on.case, was.seq, on.writes, on.opens, _sheet(on, clocks, work), on.before)


def _check(on: Trial) -> None:
    """Raise Refused where something in flight stands against it."""
    flight, new = on.flight, on.ways.new
    if lost := [action for action in flight.scheduled if action not in new.actions]:
        raise Refused(
            f"有已签发、待到日执行的“{'、'.join(on.ways.old.label(a) for a in lost)}”，新版本没有这项操作"
        )
    if flight.extending:
        raise Refused("有延期申请等待确认，先确认或退回再迁移")
    if flight.notice_up and on.stage.minimum is None:
        raise Refused("公示还挂着，迁入的环节没有公示")
    targets = {part.code for part in on.stage.parts}
    for code, row in flight.parts.items():
        goes_on = on.ways.plan.parts.get(code) in targets
        if row.state == "open" and code in flight.children and not goes_on:
            raise Refused(f"并行事项“{code}”的关联案件还没有办结，新环节没有这个事项")


def _sheet(on: Trial, clocks: Clocks, work: Work) -> dict[str, Any]:
    old, new = on.ways.old, on.ways.new
    lost, added = _steps(old, on.was.stage), _steps(new, on.stage.id)
    return {
        "number": on.was.number, "area": on.was.area_code, "old_stage": on.was.stage, "new_stage": on.stage.id,
        "old_stage_label": old.stages[on.was.stage].label, "new_stage_label": on.stage.label,
        "clocks": clocks.lines, "begun": clocks.begun,
        "tasks_before": [f"{row.role}:{row.part}" if row.part else row.role for row in on.flight.tasks],
        "tasks_after": work.after,
        "steps_lost": [label for code, label in lost.items() if code not in added],
        "steps_added": [label for code, label in added.items() if code not in lost],
    }  # fmt: skip


def _steps(blueprint: Blueprint, stage: str) -> dict[str, str]:
    """The main line still ahead of a stage: code and label."""
    order = list(blueprint.stages)
    here = order.index(stage)
    return {code: blueprint.stages[code].label for code in blueprint.cls.steps if order.index(code) > here}
