"""What a scenario changes: who is away, how many come at once, how long a legal limit is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow.catalogue import Catalogue
from workflow.errors import Refused
from workflow.periods import parse_rule
from workflow.roles import ROLES
from workflow.simulation.roster import Roster
from workflow.vocabulary import Part, Stage

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERYBODY = "all"


@dataclass(frozen=True)
class Off:
    """Everybody of a role (or `all`) is away, from a day to a day, or on one weekday (0 Monday) throughout."""

    role: str
    first: date | None = None
    last: date | None = None
    weekday: int | None = None

    @classmethod
    def parse(cls, text: str) -> Off:
        """`ROLE=DATE..DATE`, `ROLE=DATE` or `ROLE=fri`. Raises Refused."""
        role, _, when = (part.strip() for part in text.partition("="))
        if role != EVERYBODY and role not in ROLES:
            raise Refused(f"没有“{role}”这个角色；现有：{EVERYBODY}、{'、'.join(ROLES)}。")
        if when in WEEKDAYS:
            return cls(role, weekday=WEEKDAYS.index(when))
        first, dots, last = when.partition("..")
        try:
            begins = date.fromisoformat(first)
            ends = date.fromisoformat(last) if dots else begins
        except ValueError:
            raise Refused(f"不在岗请写成 角色=日期..日期 或 角色=fri，现在是“{text}”。") from None
        if ends < begins:
            raise Refused(f"不在岗的结束日期早于开始日期：“{text}”。")
        return cls(role, begins, ends)

    def days(self, first: date, last: date) -> list[date]:
        """The days of a run on which they are away."""
        every = (first + timedelta(days=n) for n in range((last - first).days + 1))
        if self.weekday is not None:
            return [day for day in every if day.weekday() == self.weekday]
        return [day for day in every if self.first and self.last and self.first <= day <= self.last]


def send_away(roster: Roster, absences: Sequence[Off], first: date, last: date) -> None:
    """Let them be away."""
    for one in absences:
        days = [(day, day) for day in one.days(first, last)]
        for colleague in roster.by_id.values():
            if one.role == EVERYBODY or any(held.role == one.role for held in colleague.user.assignments):
                colleague.leave += days


@dataclass(frozen=True)
class Flood:
    """So many families more within so many days, from a day on (None: the first of the run)."""

    families: int
    days: int
    since: date | None = None

    @classmethod
    def parse(cls, text: str) -> Flood:
        """`800/3` or `800/3@2026-08-03`. Raises Refused."""
        amount, _, since = text.partition("@")
        families, _, days = amount.partition("/")
        try:
            found = cls(int(families), int(days), date.fromisoformat(since) if since else None)
        except ValueError:
            found = cls(0, 0)
        if found.families < 1 or found.days < 1:
            raise Refused(f"集中申请请写成 户数/天数，如 800/3 或 800/3@2026-08-03，现在是“{text}”。")
        return found


@contextmanager
def other_limits(catalogue: Catalogue, rules: Mapping[str, str]) -> Iterator[None]:
    """Meanwhile other limits hold, by definition.stage, definition.stage.part or definition.span in all editions.

    Only limits that begin meanwhile are counted by them. Raises Refused for one that no edition has.
    """
    kept: list[tuple[Stage, object, tuple[Part, ...]]] = []
    spans: list[tuple[dict[str, object], str, object]] = []
    try:
        for place, text in rules.items():
            code, _, rest = place.partition(".")
            rule, changed = parse_rule(text), 0
            for blueprint in catalogue.editions(code) if code in catalogue.codes else ():
                name, _, part = rest.partition(".")
                stage, span = blueprint.stages.get(name), blueprint.spans.get(rest)
                if span is not None:
                    spans.append((blueprint.spans, rest, span))  # type: ignore[arg-type]
                    blueprint.spans[rest] = replace(span, rule=rule)
                    changed += 1
                elif stage is not None and not part and stage.limit is not None:
                    kept.append((stage, stage.limit, stage.parts))
                    stage.limit = replace(stage.limit, rule=rule)
                    changed += 1
                elif stage is not None and any(one.code == part and one.limit for one in stage.parts):
                    kept.append((stage, stage.limit, stage.parts))
                    stage.parts = tuple(
                        replace(one, limit=replace(one.limit, rule=rule))
                        if one.code == part and one.limit
                        else one
                        for one in stage.parts
                    )
                    changed += 1
            if not changed:
                raise Refused(
                    f"没有“{place}”这项时限；请写 流程.环节、流程.环节.部分 或 流程.跨环节时限 的代码。"
                )
        yield
    finally:
        for stage, limit, parts in reversed(kept):
            stage.limit, stage.parts = limit, parts  # type: ignore[assignment]
        for table, code, old in reversed(spans):
            table[code] = old
