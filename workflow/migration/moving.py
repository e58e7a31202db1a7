"""One case brought to another edition: worked out on a copy, the same way for a trial and for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from workflow import statements as sql
from workflow.catalogue import Blueprint
from workflow.clocks import begun, deadline_row, ends, next_rung, read_rule
from workflow.entering import due_shown, task_row, whole
from workflow.errors import Misdefined, Refused
from workflow.migration.caseload import Flight
from workflow.migration.outcome import Move, Stays, Ways
from workflow.migration.plan import (
    DROP,
    KEEP,
    NOT,
    RECOUNT,
    RESTART,
    TODAY,
    BeginRule,
    ClockRule,
    ClockWord,
)
from workflow.migration.rows import CLOCK, SET_CLOCK, SET_PART, SET_WORK, WORK, differing, kept, values, write
from workflow.office import Office
from workflow.periods import Hours, OnDate, at_local, local_date
from workflow.sending import Write
from workflow.vocabulary import Part, Stage


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
        return _Mover(office, ways, flight, ways.new.stages[target], now).move()
    except (Refused, Misdefined) as refused:
        return Stays(case.number, case.stage, refused.message, case.area_code)


class _Mover:
    """The steps of one move, on a working copy of the case."""

    def __init__(self, office: Office, ways: Ways, flight: Flight, stage: Stage, now: datetime) -> None:
        self.office, self.ways, self.flight, self.stage, self.now = office, ways, flight, stage, now
        self.today = local_date(now)
        self.was = flight.case
        self.changes_stage = stage.id != self.was.stage
        self.case = replace(
            self.was, stage=stage.id, edition=ways.plan.target, visit=self.was.visit + self.changes_stage,
            version=self.was.version + 1,
        )  # fmt: skip
        self.writes: list[Write] = []
        self.clock_lines: list[dict[str, Any]] = []
        self.begun_lines: list[dict[str, Any]] = []
        self.running: dict[str, dict[str, Any]] = {}
        self.before: dict[str, Any] = {"clocks": [], "tasks": [], "parts": []}
        self.opens: list[Part] = []

    def move(self) -> Move:
        self._may_move()
        for row in self.flight.running:
            self._clock(row)
        parts = self._parts()
        for word in self.ways.clocks.values():
            self._begin(word, parts)
        self.case.clocks = {
            kind.removeprefix("span:"): row["due_on"].isoformat()
            for kind, row in self.running.items()
            if kind.startswith("span:")
        }
        self._tasks(parts)
        self.office.pins.pin(self.case, self.today)
        old = self.was
        self.before |= {"edition": old.edition, "stage": old.stage, "visit": old.visit, "clocks_on_case": old.clocks,
                        "release_id": old.release_id, "software": old.software,
                        "running": [row.id for row in self.flight.running], "tasks_open": [row.id for row in self.flight.tasks],
                        "opened": [part.code for part in self.opens]}  # fmt: skip
        return Move(self.case, old.seq, self.writes, self.opens, self._sheet(), self.before)

    # What stands against it

    def _may_move(self) -> None:
        flight, new = self.flight, self.ways.new
        if lost := [action for action in flight.scheduled if action not in new.actions]:
            raise Refused(
                f"有已签发、待到日执行的“{'、'.join(self.ways.old.label(a) for a in lost)}”，新版本没有这项操作"
            )
        if flight.extending:
            raise Refused("有延期申请等待确认，先确认或退回再迁移")
        if flight.notice_up and self.stage.minimum is None:
            raise Refused("公示还挂着，迁入的环节没有公示")
        targets = {part.code for part in self.stage.parts}
        for code, row in flight.parts.items():
            goes_on = self.ways.plan.parts.get(code) in targets
            if row.state == "open" and code in flight.children and not goes_on:
                raise Refused(f"并行事项“{code}”的关联案件还没有办结，新环节没有这个事项")

    # Clocks

    def _clock(self, row: Any) -> None:
        word = self.ways.former.get(row.kind)
        rule = self.ways.plan.clocks.get(row.kind)
        if rule is None or (rule.how != DROP and rule.to not in self.ways.clocks):
            raise Refused(f"时限“{row.label}”（{row.kind}）没有写明怎样处理")
        late = row.due_on < self.today
        how = KEEP if late and rule.how in {RECOUNT, RESTART} else rule.how
        was = values(row, CLOCK)
        changed = dict(was)
        if how == DROP:
            changed |= {
                "state": "late" if late else "cancelled",
                "met_on": self.today if late else None,
                "next_at": None,
            }
        else:
            after = self.ways.clocks[rule.to]
            if rule.to in self.running:
                raise Refused(f"两项正在计算的时限都要变成“{after.label}”")
            changed |= self._placed(row, after)
            if how != KEEP:
                changed |= self._recounted(row, after, begun(row) if how == RECOUNT else self.now)
            self.running[rule.to] = changed
        if changed != was:
            self.before["clocks"].append(kept(row.id, differing(was, changed)))
            self.writes.append((SET_CLOCK, write(row.id, changed)))
        self.clock_lines.append(self._clock_line(row, word, rule, how, changed))

    def _placed(self, row: Any, after: ClockWord) -> dict[str, Any]:
        """Where a clock that goes on belongs in the new edition; its dates and its source stay what they were."""
        place: dict[str, Any] = {"kind": after.kind}
        if not after.kind.startswith("span:"):
            place |= {"visit": self.case.visit, "stage": self.case.stage, "part": after.part}
        if after.role is not None and row.role != after.role.code:
            made = self._made(after, self.now)
            place |= {"role": made["role"], "scope": made["scope"]}
        return place

    def _recounted(self, row: Any, after: ClockWord, start: date) -> dict[str, Any]:
        """The new edition's limit from a start; a rung that has been climbed is not climbed again."""
        made = self._made(after, _moment(start, self.now))
        names = (
            "label",
            "started_on",
            "started_at",
            "rule",
            "due_on",
            "due_at",
            "source",
            "provisional",
            "ladder",
            "rung",
            "next_at",
        )
        changed = {name: made[name] for name in names}
        if row.rung > made["rung"]:
            at = made["started_at"] or made["started_on"]
            ladder = self.office.ladders.named(made["ladder"])
            rule, due = read_rule(made["rule"]), made["due_at"] or made["due_on"]
            changed["rung"], changed["next_at"] = next_rung(
                ladder, row.rung, rule, at, due, self.office.calendar
            )
        return changed

    def _made(self, word: ClockWord, start: datetime) -> dict[str, Any]:
        """The row of a clock that starts then: counted once for all cases of a village and day."""
        key = (word.kind, local_date(start), self.case.area_code)
        made = self.ways.made.get(key)
        if made is None:
            made = deadline_row(
                self.office, self.case, kind=word.kind, label=word.label, rule=word.rule, source=word.source, role=word.role,
                now=start, ladder=word.ladder, part=word.part, minimum=word.minimum,
            )  # fmt: skip
            if not isinstance(word.rule, OnDate | Hours):
                self.ways.made[key] = made
        return made | {"case_id": self.case.id, "visit": self.case.visit, "stage": self.case.stage}

    def _begin(self, word: ClockWord, parts: Mapping[str, str]) -> None:
        if word.kind in self.running or (start := self._start(word, parts)) is None:
            return
        rule = self.ways.plan.begin.get(word.kind, BeginRule())
        if rule.how == NOT:
            self.begun_lines.append(
                {
                    "kind": word.kind,
                    "label": word.label,
                    "how": NOT,
                    "article": rule.article,
                    "reason": rule.reason,
                }
            )
            return
        row = whole(self._made(word, self.now if rule.how == TODAY else start))
        if any(old.kind == word.kind and old.visit == row["visit"] for old in self.flight.deadlines):
            if all(
                old.state == "cancelled"
                for old in self.flight.deadlines
                if old.kind == word.kind and old.visit == row["visit"]
            ):
                raise Refused(f"时限“{word.label}”在本环节已经取消过一次，请人工处理")
            return  # it ran and was met in this very visit
        self.running[word.kind] = row
        self.writes.append((sql.ADD_DEADLINE, row))
        self.begun_lines.append({
            "kind": word.kind, "label": word.label, "how": rule.how, "started": row["started_on"].isoformat(), "due": row["due_on"].isoformat(),
            "source": word.source, "late": row["due_on"] < self.today, "legal": word.legal, "article": rule.article, "reason": rule.reason,
        })  # fmt: skip

    def _start(self, word: ClockWord, parts: Mapping[str, str]) -> datetime | None:
        """When a clock of the new edition began by the journal; None where it does not run for this case."""
        if word.kind.startswith("span:"):
            span = self.ways.new.spans[word.kind.removeprefix("span:")]
            began = [self.flight.events[a] for a in span.since if a in self.flight.events]
            ended = [self.flight.events[a] for a in span.until if a in self.flight.events]
            if not began or (ended and max(ended) > max(began)):
                return None
            return max(began)[1]
        if word.stage != self.stage.id:
            return None
        if word.part:
            return (
                None
                if parts.get(word.part) != "open"
                else self.now
                if self.changes_stage
                else self.flight.started
            )
        return self.now if self.changes_stage else self.flight.started

    # Parts and tasks

    def _parts(self) -> dict[str, str]:
        """Bring the parts along; gives the state of each part of the new stage."""
        states: dict[str, str] = {}
        new = {part.code: part for part in self.stage.parts}
        for code, row in self.flight.parts.items():
            to = self.ways.plan.parts.get(code, "")
            self.before["parts"].append({"code": code, "to": to if to in new else "", "state": row.state})
            if to in new:
                states[to] = row.state
                if (to, self.case.visit) != (code, row.visit):
                    self._set_part(row, to, self.case.visit, row.state)
            elif row.state == "open":
                self._set_part(row, code, row.visit, "cancelled")
        for part in new.values():
            if part.code not in states and not part.on_demand:
                states[part.code] = "open"
                self.writes.append((sql.ADD_PART, {"case_id": self.case.id, "visit": self.case.visit, "code": part.code, "state": "open",
                                                   "required": part.required, "opened_at": self.now}))  # fmt: skip
                if part.opens:
                    self.opens.append(part)
        return states

    def _set_part(self, row: Any, code: str, visit: int, state: str) -> None:
        self.writes.append((SET_PART, {"case": row.case_id, "old_visit": row.visit, "old_code": row.code,
                                       "new_visit": visit, "new_code": code, "new_state": state}))  # fmt: skip

    def _tasks(self, parts: Mapping[str, str]) -> None:
        """A task that the new stage has too goes on, with its holder where the role is the same; others end or begin."""
        wanted = self._wanted(parts)
        added: list[Write] = []
        for row in self.flight.tasks:
            to = self.ways.plan.parts.get(row.part, "") if row.part else ""
            found = wanted.pop(to, None) if to or not row.part else None
            was = values(row, WORK)
            changed = dict(was)
            if found is None:
                changed |= {"state": "cancelled", "closed_at": self.now}
            else:
                changed |= {name: found[name] for name in ("visit", "stage", "part", "due_on", "opens_on")}
                if row.role != found["role"]:
                    changed |= {
                        "role": found["role"],
                        "scope": found["scope"],
                        "assignee_id": None,
                        "owner_id": None,
                        "taken_at": None,
                        "stranded": None,
                    }
            if changed != was:
                self.before["tasks"].append(kept(row.id, was if found is None else differing(was, changed)))
                self.writes.append((SET_WORK, write(row.id, changed)))
        added += [(sql.ADD_TASK, row) for row in wanted.values()]
        self.writes += added

    def _wanted(self, parts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        stage, case = self.stage, self.case
        minimum, limit = self.running.get(f"minimum:{stage.id}"), self.running.get(f"stage:{stage.id}")
        opens = minimum["due_on"] if minimum else None
        due = limit["due_on"] if limit else due_shown(case, stage)
        wanted: dict[str, dict[str, Any]] = {}
        if stage.held_by is not None:
            wanted[""] = task_row(case, stage.held_by, "", None, opens, due, self.now)
        for part in stage.parts:
            if not part.opens and parts.get(part.code) == "open":
                own = self.running.get(f"part:{part.code}")
                wanted[part.code] = task_row(
                    case, part.held_by, part.code, None, None, own["due_on"] if own else due, self.now
                )
        return wanted

    # What is shown

    def _clock_line(
        self, row: Any, word: ClockWord | None, rule: ClockRule, how: str, changed: Mapping[str, Any]
    ) -> dict[str, Any]:
        after = self.ways.clocks.get(rule.to)
        by_rule = None
        if after is not None and not after.minimum:
            try:
                by_rule = ends_of(self._made(after, _moment(begun(row), self.now)))
            except (Refused, Misdefined):
                by_rule = None
        return {
            "kind": row.kind, "label": row.label, "how": how, "to": rule.to if how != DROP else "", "old_due": row.due_on.isoformat(),
            "new_due": changed["due_on"].isoformat() if how != DROP else None, "by_rule": by_rule, "source": changed["source"],
            "article": rule.article, "reason": rule.reason, "legal": word.legal if word else True,
            "overdue": ends(row) < (self.now if row.due_at else self.today),
        }  # fmt: skip

    def _sheet(self) -> dict[str, Any]:
        old, new = self.ways.old, self.ways.new
        lost, added = steps(old, self.was.stage), steps(new, self.stage.id)
        return {
            "number": self.was.number, "area": self.was.area_code, "old_stage": self.was.stage, "new_stage": self.stage.id,
            "old_stage_label": old.stages[self.was.stage].label, "new_stage_label": self.stage.label,
            "clocks": self.clock_lines, "begun": self.begun_lines,
            "tasks_before": [f"{row.role}:{row.part}" if row.part else row.role for row in self.flight.tasks],
            "tasks_after": self._after_tasks(),
            "steps_lost": [label for code, label in lost.items() if code not in added],
            "steps_added": [label for code, label in added.items() if code not in lost],
        }  # fmt: skip

    def _after_tasks(self) -> list[str]:
        rows = [row for statement, row in self.writes if statement is sql.ADD_TASK]
        gone = {
            row["row"]
            for statement, row in self.writes
            if statement is SET_WORK and row["new_state"] == "cancelled"
        }
        moved = {row["row"]: row for statement, row in self.writes if statement is SET_WORK}
        stay = [
            (moved[row.id]["new_role"], moved[row.id]["new_part"]) if row.id in moved else (row.role, row.part)
            for row in self.flight.tasks if row.id not in gone
        ]  # fmt: skip
        return [
            f"{role}:{part}" if part else role
            for role, part in (*stay, *((row["role"], row["part"]) for row in rows))
        ]


def steps(blueprint: Blueprint, stage: str) -> dict[str, str]:
    """The main line still ahead of a stage: code and label."""
    order = list(blueprint.stages)
    here = order.index(stage)
    return {code: blueprint.stages[code].label for code in blueprint.cls.steps if order.index(code) > here}


def ends_of(row: Mapping[str, Any]) -> str:
    """The last day of a row not yet written, as ISO text."""
    day: date = row["due_on"]
    return day.isoformat()


def _moment(start: date, now: datetime) -> datetime:
    """A moment on the day a limit started: limits in days look at the day alone."""
    return start if isinstance(start, datetime) else at_local(start, 12)
