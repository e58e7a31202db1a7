"""What happens as a limit runs out: the rungs of the ladder, as data. Each takes effect once; none decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from workflow.calendar import Calendar
from workflow.errors import Refused
from workflow.periods import Hours, Period, Workdays, at_local, local_date, parse_rule
from workflow.roles import CENTRE_DIRECTOR, HEAD, ROLES

_SECOND = timedelta(seconds=1)
HALF = 50
"""Percent of a limit gone at the ordinary reminder."""
HOLDER = "holder"
"""Who has the work in hand, or all holders of its role while nobody has taken it."""
CODES = {
    "remind": "提醒承办人", "again": "再次提醒承办人", "lead": "报负责人", "overdue": "列为逾期，提请督办", "head": "报部门负责人",
    "bulletin": "列入通报",
}  # fmt: skip
"""What a rung can be, in the order in which they come."""


@dataclass(frozen=True)
class Rung:
    """One step of a ladder. Its moment: a `share` of the limit gone (percent of its units, rounded up), so many working
    days `before` its last day, or a period `after` it; `overdue` comes as the limit passes.

    `hour` is local, `tells` is the holder or a role, `escalates` opens an escalation case.
    """

    code: str
    hour: int = 9
    share: int = 0
    before: int = 0
    after: Period | None = None
    tells: str = HOLDER
    escalates: bool = False

    def at(self, rule: Period, started: date, due: date, calendar: Calendar) -> datetime | None:
        """When this rung is due, or None where the limit has none (no reminder for one or two days).

        `started` and `due` are moments for a limit of hours.
        """
        last = local_date(due) if isinstance(due, datetime) else due
        if self.code == "overdue":
            return (
                due + _SECOND if isinstance(due, datetime) else at_local(due + timedelta(days=1), self.hour)
            )
        if self.after is not None:
            return at_local(self.after.due(last, calendar), self.hour)
        if self.before:
            day = calendar.add_working_days(last, -self.before)
            return at_local(day, self.hour) if day > local_day(started) else None
        part = rule.part(self.share)
        if part is None:
            return None
        if isinstance(part, Hours) and isinstance(started, datetime):
            return part.ends(started)
        day = part.due(started, calendar)
        return None if day > last else at_local(day, self.hour)

    def as_json(self) -> dict[str, Any]:
        """As it is kept in a row."""
        after = {"after": str(self.after)} if self.after else {}
        kept = {
            "code": self.code,
            "hour": self.hour,
            "share": self.share,
            "before": self.before,
            "tells": self.tells,
        }
        return kept | after | {"escalates": self.escalates}


def local_day(start: date) -> date:
    """The day of a start that may be a moment."""
    return local_date(start) if isinstance(start, datetime) else start


@dataclass(frozen=True)
class Ladder:
    """A named sequence of rungs."""

    code: str
    rungs: tuple[Rung, ...]

    def next(
        self, index: int, rule: Period, started: date, due: date, calendar: Calendar
    ) -> tuple[int, datetime | None]:
        """The first rung from `index` on that this limit has, and its moment; (number of rungs, None) at the top."""
        for position in range(index, len(self.rungs)):
            if (moment := self.rungs[position].at(rule, started, due, calendar)) is not None:
                return position, moment
        return len(self.rungs), None


_REMIND = Rung("remind", share=HALF)
_HEAD = Rung("head", after=Workdays(2), tells=HEAD.code)

ORDINARY = Ladder("ordinary", (_REMIND, Rung("overdue", 0, escalates=True), _HEAD))
"""Reminder to the holder; overdue flag and escalation to the supervisor; head of department and bulletin."""
UNESCALATED = Ladder("unescalated", (_REMIND, Rung("overdue", 0), _HEAD))
"""For escalation cases themselves: an overdue escalation goes to the head and opens no further one."""
DIRECTED = Ladder("directed", (_REMIND, Rung("overdue", 0, tells=CENTRE_DIRECTOR.code), _HEAD))
"""For what the service centre asks of departments: once overdue it goes to the director of the centre (SEED 三(一))."""
SILENT = Ladder("silent", ())
"""A clock that is shown and never escalates (receipt clock, minimum duration)."""

LADDERS = {ladder.code: ladder for ladder in (ORDINARY, UNESCALATED, DIRECTED, SILENT)}


@dataclass(frozen=True)
class Chosen:
    """A ladder the district has set for some limits from a day on; "" stands for all of them."""

    ladder: Ladder
    definition: str
    edition: str
    limit: str
    from_date: date

    def fits(self, definition: str, edition: str, limit: str, day: date) -> bool:
        """Whether it holds for a limit that starts on this day."""
        pairs = ((self.definition, definition), (self.edition, edition), (self.limit, limit))
        return self.from_date <= day and all(mine in ("", theirs) for mine, theirs in pairs)

    @property
    def rank(self) -> tuple[bool, bool, bool, date, int]:
        """The one that names more wins, then the later one."""
        return (
            bool(self.limit),
            bool(self.edition),
            bool(self.definition),
            self.from_date,
            number_of(self.ladder),
        )


def number_of(ladder: Ladder) -> int:
    """The row of a ladder the district has set."""
    return int(ladder.code.rpartition(":")[2])


@dataclass(frozen=True)
class Ladders:
    """The ladders there are: those in code and those the district has set. A running limit keeps the one it began with."""

    chosen: tuple[Chosen, ...] = ()

    def named(self, code: str) -> Ladder:
        """The ladder a deadline row names."""
        return LADDERS.get(code) or next(one.ladder for one in self.chosen if one.ladder.code == code)

    def of(self, definition: str, edition: str, limit: str, day: date, default: Ladder) -> Ladder:
        """The ladder of a limit that starts on this day. What only counts stays silent; an escalation opens no other."""
        if default is not ORDINARY or not self.chosen:
            return default
        fitting = [one for one in self.chosen if one.fits(definition, edition, limit, day)]
        return max(fitting, key=lambda one: one.rank).ladder if fitting else default


def read_rungs(rows: Iterable[Mapping[str, Any]]) -> tuple[Rung, ...]:
    """The rungs of a ladder as kept or typed in. Raises Refused for one that could not work or would let a limit pass
    silently.
    """
    rungs = tuple(_rung(row) for row in rows)
    codes = [rung.code for rung in rungs]
    if codes.count("overdue") != 1 or not rungs[codes.index("overdue")].escalates:
        raise Refused("阶梯里必须有一级“列为逾期，提请督办”：时限不能悄悄过去。")
    if len(set(codes)) < len(codes):
        raise Refused("同一级不能出现两次。")
    place = codes.index("overdue")
    early, late = rungs[:place], rungs[place + 1 :]
    if any(rung.after for rung in early) or not all(rung.after for rung in late):
        raise Refused("逾期之前的各级按比例或提前天数，逾期之后的各级按逾期多久；请调整先后。")
    shares, days = (
        [rung.share for rung in early if rung.share],
        [rung.before for rung in early if rung.before],
    )
    if shares and days:
        raise Refused("逾期之前的各级请统一用比例，或者统一用提前天数。")
    if shares != sorted(shares) or days != sorted(days, reverse=True):
        raise Refused("逾期之前的各级请按先后排列。")
    spans = [getattr(rung.after, "n", 0) for rung in late]
    if spans != sorted(spans) or len({type(rung.after) for rung in late}) > 1:
        raise Refused("逾期之后的各级请用同一种单位，并按先后排列。")
    return rungs


_HOURS, _PERCENT, _DAYS = range(24), range(1, 100), range(1, 60)


def _rung(row: Mapping[str, Any]) -> Rung:
    code, tells = str(row.get("code", "")), str(row.get("tells") or HOLDER)
    hour, share, before = (int(row.get(name) or 0) for name in ("hour", "share", "before"))
    after = parse_rule(str(row["after"])) if row.get("after") else None
    if code not in CODES:
        raise Refused(f"没有“{code}”这一级；可选：{'、'.join(CODES)}。")
    if hour not in _HOURS or (share and share not in _PERCENT) or (before and before not in _DAYS):
        raise Refused(f"“{CODES[code]}”的时点不对：整点 0 到 23，比例 1 到 99，提前 1 到 59 个工作日。")
    if tells != HOLDER and tells not in ROLES:
        raise Refused(f"没有岗位“{tells}”。")
    if code == "overdue":
        return Rung(code, 0, escalates=True)
    if bool(share) + bool(before) + bool(after) != 1 or (after and code in ("remind", "again")):
        raise Refused(f"“{CODES[code]}”请写一个时点：过了几成、提前几天，或者逾期多久。")
    return Rung(code, hour, share, before, after, tells)
