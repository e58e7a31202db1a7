"""Leaving one stage and entering the next: the rows of tasks, parts and deadlines that end and begin with an act."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from workflow import statements as sql
from workflow.actors import Actor
from workflow.catalogue import Blueprint
from workflow.clocks import deadline_row
from workflow.facts import CaseState, OpenTask
from workflow.ladders import ORDINARY
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import post_of
from workflow.sending import Write
from workflow.vocabulary import Action, Span, Stage


def consequences(
    office: Office, blueprint: Blueprint, case: CaseState, word: Action, stage_after: str, task: OpenTask | None,
    actor: Actor, now: datetime, kept: frozenset[str] = frozenset(),
) -> list[Write]:  # fmt: skip
    """Tasks, parts and deadlines that end and begin with this act; moves the working copy to its new stage.

    `kept` are the parts of the new stage that stand as they were done before.
    """
    today = local_date(now)
    writes: list[Write] = []
    closing = {"case": case.id, "of_visit": case.visit, "at": now, "by": actor.id, "today": today}
    if word.completes:
        writes.append((sql.FINISH_PART, closing | {"part_code": word.completes}))
        writes.append(
            (
                sql.CLOSE_DEADLINE,
                {"case": case.id, "today": today, "at": now, "of_kind": f"part:{word.completes}"},
            )
        )
        if task and word.stays:
            writes.append((sql.CLOSE_TASK, {"done_task": task.id, "at": now, "by": actor.id}))
    for code in [code for code in case.clocks if word.code in blueprint.spans[code].until]:
        case.clocks = {key: due for key, due in case.clocks.items() if key != code}
        writes.append(
            (sql.CLOSE_DEADLINE, {"case": case.id, "today": today, "at": now, "of_kind": f"span:{code}"})
        )
    if not word.stays:
        old, new = blueprint.stages[case.stage], blueprint.stages[stage_after]
        writes.append(
            (
                sql.CLOSE_TASKS,
                {"case": case.id, "at": now, "by": actor.id, "done_task": task.id if task else 0},
            )
        )
        if old.parts:
            writes.append((sql.CLOSE_PARTS, {"case": case.id, "of_visit": case.visit, "at": now}))
        if old.limit or old.minimum or any(part.limit for part in old.parts):
            writes.append(
                (
                    sql.CLOSE_STAGE_DEADLINES,
                    {"case": case.id, "of_visit": case.visit, "today": today, "at": now},
                )
            )
        case.stage = stage_after
        if new.final:
            case.visit += 1
            case.closed_at, case.result, case.clocks = now, case.facts.get("result") or new.result, {}
            writes.append((sql.CLOSE_ALL_DEADLINES, {"case": case.id, "today": today, "at": now}))
            writes.append((sql.CANCEL_SCHEDULED, {"case": case.id}))
        else:
            starting: list[Write] = []
            run_spans(office, blueprint, case, word.code, starting, now, visit=case.visit + 1)
            enter(office, blueprint, case, writes, None, now, kept)
            writes.extend(starting)
    else:
        run_spans(office, blueprint, case, word.code, writes, now)
    return writes


def enter(
    office: Office,
    blueprint: Blueprint,
    case: CaseState,
    writes: list[Write],
    opener: Actor | None,
    now: datetime,
    kept: frozenset[str] = frozenset(),
) -> None:
    """A new visit of the case's stage: its task, its parts with theirs, and their deadlines."""
    case.visit += 1
    stage = blueprint.stages[case.stage]
    due, opens = due_shown(case, stage), None
    if stage.minimum:
        row = deadline_row(office, case, kind=f"minimum:{stage.id}", label=stage.label, rule=stage.minimum.rule,
                           source=stage.minimum.source, role=stage.held_by, now=now, ladder=ORDINARY, minimum=True)  # fmt: skip
        writes.append((sql.ADD_DEADLINE, whole(row)))
        opens = row["due_on"]
    if stage.limit:
        row = deadline_row(office, case, kind=f"stage:{stage.id}", label=stage.limit.label or stage.label, rule=stage.limit.rule,
                           source=stage.limit.source, role=stage.held_by, now=now, ladder=stage.limit.ladder)  # fmt: skip
        writes.append((sql.ADD_DEADLINE, whole(row)))
        due = row["due_on"]
    if stage.held_by is not None:
        writes.append(
            (
                sql.ADD_TASK,
                task_row(case, stage.held_by, "", opener.desk_id if opener else None, opens, due, now),
            )
        )
    for part in stage.parts:
        if part.on_demand:
            continue
        if part.code in kept:
            writes.append((sql.ADD_PART, {"case_id": case.id, "visit": case.visit, "code": part.code, "state": "done",
                                               "required": part.required, "opened_at": now, "done_at": now}))  # fmt: skip
            continue
        part_due = due
        if part.limit:
            row = deadline_row(office, case, kind=f"part:{part.code}", label=part.limit.label or part.label, rule=part.limit.rule,
                               source=part.limit.source, role=part.held_by, now=now, ladder=part.limit.ladder, part=part.code)  # fmt: skip
            writes.append((sql.ADD_DEADLINE, whole(row)))
            part_due = row["due_on"]
        writes.append((sql.ADD_PART, {"case_id": case.id, "visit": case.visit, "code": part.code,
                                      "state": "open", "required": part.required, "opened_at": now}))  # fmt: skip
        if not part.opens:
            writes.append((sql.ADD_TASK, task_row(case, part.held_by, part.code, None, None, part_due, now)))


def due_shown(case: CaseState, stage: Stage) -> Any:
    """The date a task shows where the stage has no limit of its own: its span's, else the nearest running clock's."""
    dues = [case.clocks[stage.within]] if stage.within in case.clocks else list(case.clocks.values())
    return date.fromisoformat(min(dues)) if dues else None


def task_row(
    case: CaseState, role: Any, part: str, assignee: int | None, opens: Any, due: Any, now: datetime
) -> dict[str, Any]:
    """A new open task of a role in the case's stage."""
    return {
        "case_id": case.id, "visit": case.visit, "stage": case.stage, "part": part, "definition": case.definition,
        "role": role.code, "scope": post_of(role, case), "area_code": case.area_code,
        "assignee_id": assignee, "owner_id": None, "state": "open", "opens_on": opens, "due_on": due, "opened_at": now,
        "taken_at": now if assignee else None,
    }  # fmt: skip


def whole(row: dict[str, Any]) -> dict[str, Any]:
    """A deadline's row with what every new one has."""
    return row | {"state": "open", "overdue": False}


def run_spans(
    office: Office,
    blueprint: Blueprint,
    case: CaseState,
    action: str,
    writes: list[Write],
    now: datetime,
    visit: int = 0,
) -> None:
    """Start the spans this action begins; one already running goes on."""
    for span in blueprint.spans.values():
        if action in span.since and span.code not in case.clocks:
            row = _span_row(office, case, span, now) | ({"visit": visit} if visit else {})
            writes.append((sql.ADD_DEADLINE, whole(row)))
            case.clocks = {**case.clocks, span.code: row["due_on"].isoformat()}


def _span_row(office: Office, case: CaseState, span: Span, now: datetime) -> dict[str, Any]:
    return deadline_row(office, case, kind=f"span:{span.code}", label=span.label, rule=span.rule, source=span.source,
                        role=span.held_by, now=now, ladder=span.ladder)  # fmt: skip
