"""The clocks of a case on trial: kept, counted anew, ended or begun, as the plan says and by what the journal knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from workflow import statements as sql
from workflow.clocks import begun, deadline_row, ends, next_rung, read_rule
from workflow.entering import whole
from workflow.errors import Misdefined, Refused
from workflow.migration.plan import DROP, KEEP, NOT, RECOUNT, RESTART, TODAY, BeginRule, ClockRule, ClockWord
from workflow.migration.rows import CLOCK, SET_CLOCK, differing, kept, values, write
from workflow.migration.trial import Trial
from workflow.periods import Hours, OnDate, at_local, local_date


class Clocks:
    """Their way over. `lines` and `begun` are what the effect sheet says of them."""

    def __init__(self, on: Trial) -> None:
        self.on = on
        self.lines: list[dict[str, Any]] = []
        self.begun: list[dict[str, Any]] = []

    def go_on(self, row: Any) -> None:
        """What the plan makes of a running clock. Raises Refused."""
        word = self.on.ways.former.get(row.kind)
        rule = self.on.ways.plan.clocks.get(row.kind)
        if rule is None or (rule.how != DROP and rule.to not in self.on.ways.clocks):
            raise Refused(f"时限“{row.label}”（{row.kind}）没有写明怎样处理")
        late = row.due_on < self.on.today
        how = KEEP if late and rule.how in {RECOUNT, RESTART} else rule.how
        was = values(row, CLOCK)
        changed = dict(was)
        if how == DROP:
            changed |= {
                "state": "late" if late else "cancelled",
                "met_on": self.on.today if late else None,
                "next_at": None,
            }
        else:
            after = self.on.ways.clocks[rule.to]
            if rule.to in self.on.running:
                raise Refused(f"两项正在计算的时限都要变成“{after.label}”")
            changed |= self._placed(row, after)
            if how != KEEP:
                changed |= self._recounted(row, after, begun(row) if how == RECOUNT else self.on.now)
            self.on.running[rule.to] = changed
        if changed != was:
            self.on.before["clocks"].append(kept(row.id, differing(was, changed)))
            self.on.writes.append((SET_CLOCK, write(row.id, changed)))
        self.lines.append(self._line(row, word, rule, how, changed))

    def _placed(self, row: Any, after: ClockWord) -> dict[str, Any]:
        """Where a clock that goes on belongs in the new edition; its dates and its source stay what they were."""
        place: dict[str, Any] = {"kind": after.kind}
        if not after.kind.startswith("span:"):
            place |= {"visit": self.on.case.visit, "stage": self.on.case.stage, "part": after.part}
        if after.role is not None and row.role != after.role.code:
            made = self._made(after, self.on.now)
            place |= {"role": made["role"], "scope": made["scope"]}
        return place

    def _recounted(self, row: Any, after: ClockWord, start: date) -> dict[str, Any]:
        """The new edition's limit from a start; a rung that has been climbed is not climbed again."""
        made = self._made(after, _moment(start, self.on.now))
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
            ladder = self.on.office.ladders.named(made["ladder"])
            rule, due = read_rule(made["rule"]), made["due_at"] or made["due_on"]
            changed["rung"], changed["next_at"] = next_rung(
                ladder, row.rung, rule, at, due, self.on.office.calendar
            )
        return changed

    def _made(self, word: ClockWord, start: datetime) -> dict[str, Any]:
        """The row of a clock that starts then: counted once for all cases of a village and day."""
        key = (word.kind, local_date(start), self.on.case.area_code)
        made = self.on.ways.made.get(key)
        if made is None:
            made = deadline_row(
                self.on.office, self.on.case, kind=word.kind, label=word.label, rule=word.rule, source=word.source, role=word.role,
                now=start, ladder=word.ladder, part=word.part, minimum=word.minimum,
            )  # fmt: skip
            if not isinstance(word.rule, OnDate | Hours):
                self.on.ways.made[key] = made
        return made | {"case_id": self.on.case.id, "visit": self.on.case.visit, "stage": self.on.case.stage}

    def begin(self, word: ClockWord, parts: Mapping[str, str]) -> None:
        """Start a clock of the new edition that runs for this case and does not yet. Raises Refused."""
        if word.kind in self.on.running or (start := self._start(word, parts)) is None:
            return
        rule = self.on.ways.plan.begin.get(word.kind, BeginRule())
        if rule.how == NOT:
            self.begun.append(
                {
                    "kind": word.kind,
                    "label": word.label,
                    "how": NOT,
                    "article": rule.article,
                    "reason": rule.reason,
                }
            )
            return
        row = whole(self._made(word, self.on.now if rule.how == TODAY else start))
        if any(old.kind == word.kind and old.visit == row["visit"] for old in self.on.flight.deadlines):
            if all(
                old.state == "cancelled"
                for old in self.on.flight.deadlines
                if old.kind == word.kind and old.visit == row["visit"]
            ):
                raise Refused(f"时限“{word.label}”在本环节已经取消过一次，请人工处理")
            return  # it ran and was met in this very visit
        self.on.running[word.kind] = row
        self.on.writes.append((sql.ADD_DEADLINE, row))
        self.begun.append({
            "kind": word.kind, "label": word.label, "how": rule.how, "started": row["started_on"].isoformat(), "due": row["due_on"].isoformat(),
            "source": word.source, "late": row["due_on"] < self.on.today, "legal": word.legal, "article": rule.article, "reason": rule.reason,
        })  # fmt: skip

    def _start(self, word: ClockWord, parts: Mapping[str, str]) -> datetime | None:
        """When a clock of the new edition began by the journal; None where it does not run for this case."""
        if word.kind.startswith("span:"):
            span = self.on.ways.new.spans[word.kind.removeprefix("span:")]
            began = [self.on.flight.events[a] for a in span.since if a in self.on.flight.events]
            ended = [self.on.flight.events[a] for a in span.until if a in self.on.flight.events]
            if not began or (ended and max(ended) > max(began)):
                return None
            return max(began)[1]
        if word.stage != self.on.stage.id:
            return None
        if word.part:
            return (
                None
                if parts.get(word.part) != "open"
                else self.on.now
                if self.on.changes_stage
                else self.on.flight.started
            )
        return self.on.now if self.on.changes_stage else self.on.flight.started

    def _line(
        self, row: Any, word: ClockWord | None, rule: ClockRule, how: str, changed: Mapping[str, Any]
    ) -> dict[str, Any]:
        after = self.on.ways.clocks.get(rule.to)
        by_rule = None
        if after is not None and not after.minimum:
            try:
                by_rule = _ends_of(self._made(after, _moment(begun(row), self.on.now)))
            except (Refused, Misdefined):
                by_rule = None
        return {
            "kind": row.kind, "label": row.label, "how": how, "to": rule.to if how != DROP else "", "old_due": row.due_on.isoformat(),
            "new_due": changed["due_on"].isoformat() if how != DROP else None, "by_rule": by_rule, "source": changed["source"],
            "article": rule.article, "reason": rule.reason, "legal": word.legal if word else True,
            "overdue": ends(row) < (self.on.now if row.due_at else self.on.today),
        }  # fmt: skip


def _ends_of(row: Mapping[str, Any]) -> str:
    day: date = row["due_on"]
    return day.isoformat()


def _moment(start: date, now: datetime) -> datetime:
    """A moment on the day a limit started: limits in days look at the day alone."""
    return start if isinstance(start, datetime) else at_local(start, 12)
