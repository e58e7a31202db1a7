"""Taking a migration back: the rows as they were before it, by a further act, until the first entry after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from workflow.catalogue import Catalogue
from workflow.migration.caseload import Flight
from workflow.migration.outcome import Move, Stays
from workflow.migration.rows import (
    CLOCK,
    REMOVE_CLOCK,
    REMOVE_PART,
    SET_CLOCK,
    SET_PART,
    SET_WORK,
    WORK,
    ended,
    restored,
    values,
    write,
)


def take_back(
    catalogue: Catalogue, flight: Flight, body: dict[str, Any], seq: int, now: datetime
) -> Move | Stays:
    """The case as it stood before the migration whose form is `body` and whose entry is `seq`."""
    case, before = flight.case, body["before"]
    if case.seq != seq:
        return Stays(case.number, case.stage, "迁移以后又有新的办理或提醒，不能退回", case.area_code)
    if before["opened"]:
        return Stays(case.number, case.stage, "迁移时开办了关联案件，不能退回", case.area_code)
    changes = before["stage"] != case.stage
    back = replace(
        case, edition=before["edition"], stage=before["stage"], visit=case.visit + changes, version=case.version + 1,
        clocks=before["clocks_on_case"], release_id=before["release_id"], software=before["software"],
    )  # fmt: skip
    writes: list[Any] = []
    running = set(before["running"])
    writes += [(REMOVE_CLOCK, {"row": row.id}) for row in flight.running if row.id not in running]
    rows = {row.id: row for row in flight.deadlines}
    for one in before["clocks"]:
        was = values(rows[one["id"]], CLOCK) | restored(one)
        if changes and not was["kind"].startswith("span:"):
            was["visit"] = back.visit
        writes.append((SET_CLOCK, write(one["id"], was)))
    tasks = {row.id: values(row, WORK) for row in flight.tasks}
    given = {one["id"]: tasks.get(one["id"], {}) | restored(one) for one in before["tasks"]}
    for row in flight.tasks:
        if row.id not in before["tasks_open"]:
            writes.append(ended(row.id, now))
    for row_id, was in given.items():
        if changes:
            was["visit"] = back.visit
        writes.append((SET_WORK, write(row_id, was)))
    writes += _parts(flight, before, back.visit)
    old, new = catalogue.get(case.definition, case.edition), catalogue.get(case.definition, before["edition"])
    sheet = {
        "number": case.number, "area": case.area_code, "old_stage": case.stage, "new_stage": back.stage,
        "old_stage_label": old.stages[case.stage].label, "new_stage_label": new.stages[back.stage].label,
        "clocks": [], "begun": [], "tasks_before": [], "tasks_after": [], "steps_lost": [], "steps_added": [],
    }  # fmt: skip
    return Move(back, case.seq, writes, [], sheet, {})


def _parts(flight: Flight, before: dict[str, Any], visit: int) -> list[Any]:
    writes: list[Any] = []
    case = flight.case
    came = {part["to"] or part["code"]: part for part in before["parts"]}
    for code, row in flight.parts.items():
        if code not in came:
            writes.append((REMOVE_PART, {"case": case.id, "old_visit": row.visit, "old_code": code}))
    for part in before["parts"]:
        here = part["to"] or part["code"]
        at = case.visit if part["to"] else before["visit"]
        if (here, at, part["state"]) != (part["code"], visit, "cancelled"):
            writes.append((SET_PART, {"case": case.id, "old_visit": at, "old_code": here, "new_visit": visit,
                                      "new_code": part["code"], "new_state": part["state"]}))  # fmt: skip
    return writes
