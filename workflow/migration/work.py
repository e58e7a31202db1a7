"""The parts and tasks of a case on trial: they go on with their holder, change hands, end or begin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow import statements as sql
from workflow.entering import due_shown, task_row
from workflow.migration.rows import SET_PART, SET_WORK, WORK, differing, ended, kept, values, write
from workflow.migration.trial import Trial

_NOBODYS = dict.fromkeys(("assignee_id", "owner_id", "taken_at", "stranded"))
"""A task that changes hands lies free."""


class Work:
    """Their way over. `after` names the tasks as they will stand, for the effect sheet."""

    def __init__(self, on: Trial) -> None:
        self.on = on
        self.after: list[str] = []

    def parts(self) -> dict[str, str]:
        """Bring the parts along; gives the state of each part of the new stage."""
        states: dict[str, str] = {}
        new = {part.code: part for part in self.on.stage.parts}
        for code, row in self.on.flight.parts.items():
            to = self.on.ways.plan.parts.get(code, "")
            self.on.before["parts"].append({"code": code, "to": to if to in new else "", "state": row.state})
            if to in new:
                states[to] = row.state
                if (to, self.on.case.visit) != (code, row.visit):
                    self._set_part(row, to, self.on.case.visit, row.state)
            elif row.state == "open":
                self._set_part(row, code, row.visit, "cancelled")
        for part in new.values():
            if part.code not in states and not part.on_demand:
                states[part.code] = "open"
                self.on.writes.append((sql.ADD_PART, {"case_id": self.on.case.id, "visit": self.on.case.visit, "code": part.code, "state": "open",
                                                   "required": part.required, "opened_at": self.on.now}))  # fmt: skip
                if part.opens:
                    self.on.opens.append(part)
        return states

    def _set_part(self, row: Any, code: str, visit: int, state: str) -> None:
        self.on.writes.append((SET_PART, {"case": row.case_id, "old_visit": row.visit, "old_code": row.code,
                                       "new_visit": visit, "new_code": code, "new_state": state}))  # fmt: skip

    def tasks(self, parts: Mapping[str, str]) -> None:
        """A task that the new stage has too goes on, with its holder where the role is the same; others end or begin."""
        on, wanted = self.on, self._wanted(parts)
        for row in on.flight.tasks:
            to = on.ways.plan.parts.get(row.part, "") if row.part else ""
            found = wanted.pop(to, None) if to or not row.part else None
            was = values(row, WORK)
            if found is None:
                on.before["tasks"].append(kept(row.id, was))
                on.writes.append(ended(row.id, on.now))
                continue
            changed = was | {name: found[name] for name in ("visit", "stage", "part", "due_on", "opens_on")}
            if row.role != found["role"]:
                changed |= {name: found[name] for name in ("role", "scope")} | _NOBODYS
            if changed != was:
                on.before["tasks"].append(kept(row.id, differing(was, changed)))
                on.writes.append((SET_WORK, write(row.id, changed)))
            self.after.append(_named(changed))
        on.writes += [(sql.ADD_TASK, row) for row in wanted.values()]
        self.after += map(_named, wanted.values())

    def _wanted(self, parts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        stage, case = self.on.stage, self.on.case
        minimum, limit = self.on.running.get(f"minimum:{stage.id}"), self.on.running.get(f"stage:{stage.id}")
        opens = minimum["due_on"] if minimum else None
        due = limit["due_on"] if limit else due_shown(case, stage)
        wanted: dict[str, dict[str, Any]] = {}
        if stage.held_by is not None:
            wanted[""] = task_row(case, stage.held_by, "", None, opens, due, self.on.now)
        for part in stage.parts:
            if not part.opens and parts.get(part.code) == "open":
                own = self.on.running.get(f"part:{part.code}")
                wanted[part.code] = task_row(
                    case, part.held_by, part.code, None, None, own["due_on"] if own else due, self.on.now
                )
        return wanted


def _named(task: Mapping[str, Any]) -> str:
    return f"{task['role']}:{task['part']}" if task["part"] else task["role"]
