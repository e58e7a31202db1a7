"""What a forecast starts from, read from the database: open tasks, staff with leave and stand-ins, the past weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow.calendar import Calendar
from workflow.catalogue import Catalogue
from workflow.desk.eligible import hands_apart
from workflow.forecast.ahead import HORIZONS, LATE, Arrival, Open, World
from workflow.forecast.pace import Pace, Past, learn
from workflow.forecast.queue import Holder, Piece, Post
from workflow.models import Case, Leave, RoleAssignment, Substitution, Task, User
from workflow.periods import at_local, local_date
from workflow.rungs import ESCALATION

WEEKS = 8
"""So many past weeks of five working days teach the pace."""


def place_of(definition: str, stage: str, part: str) -> str:
    """A task's kind in one word; see `stage_of`."""
    return f"{definition}:{stage}:{part}" if part else f"{definition}:{stage}"


def stage_of(piece: Piece) -> str:
    """The stage a piece belongs to, as definition:stage."""
    return ":".join(piece.place.split(":")[:2])


@dataclass(frozen=True)
class Axis:
    """Working days as numbers: 0 is the first of the days looked back at, `now` the first day ahead."""

    calendar: Calendar
    first: date
    now: int
    today: date

    @classmethod
    def of(cls, calendar: Calendar, today: date, weeks: int) -> Axis:
        """The axis of a forecast made today; on a rest day the next working day is the first."""
        start = calendar.next_working(today)
        first = calendar.add_working_days(start, -5 * weeks)
        return cls(calendar, first, calendar.working_days_between(first, start), today)

    def at(self, day: date) -> int:
        """The working day a day is, or the last one before it."""
        return self.calendar.working_days_between(self.first, day)

    def start(self, day: date) -> int:
        """The working day a day is, or the first one after it."""
        return self.at(day - timedelta(days=1)) + 1

    def days(self, n: int) -> list[date]:
        """The first so many days ahead."""
        return [self.calendar.add_working_days(self.first, self.now + k) for k in range(n)]

    def ready(self, row: Any) -> int:
        """The first working day on which a task could be done."""
        ready = self.start(local_date(row.opened_at))
        return max(ready, self.at(row.opens_on) + 1) if row.opens_on else ready

    def last(self, due: date | None, zero: int) -> int | None:
        """The last working day in time, counted from `zero`."""
        return None if due is None else self.at(due) - zero


def read_world(
    session: Session, catalogue: Catalogue, calendar: Calendar, today: date, weeks: int = WEEKS
) -> World:
    """Everything that is open anywhere and everybody who works: offices of several towns draw on the same people."""
    axis = Axis.of(calendar, today, weeks)
    rows = _tasks(session, axis)
    staff = Staff.read(session, axis)
    pace = learn_pace(rows, staff, axis)
    work = _open(session, rows, catalogue, axis, pace)
    ahead = axis.days(max(HORIZONS))
    posts = {task.piece.post for task in work} | {(row.role, row.scope) for row in rows}
    return World(ahead, work, staff.holders(pace, posts, len(ahead)), pace, _arrivals(rows, axis))


def learn_pace(rows: Sequence[Any], staff: Staff, axis: Axis) -> Pace:
    """The pace of the weeks looked back at."""
    posts = {(row.role, row.scope) for row in rows}
    return learn(_past(rows, axis), staff.there(posts), axis.now)


def read_pace(session: Session, calendar: Calendar, today: date, weeks: int = WEEKS) -> Pace:
    """The pace alone."""
    axis = Axis.of(calendar, today, weeks)
    return learn_pace(_tasks(session, axis), Staff.read(session, axis), axis)


def _tasks(session: Session, axis: Axis) -> Sequence[Any]:
    """The tasks that were open at any time since the first day, with what a forecast needs of their cases."""
    wanted = (
        select(
            Task.id, Task.case_id, Task.definition, Task.stage, Task.part, Task.role, Task.scope, Task.area_code,
            Task.opens_on, Task.due_on, Task.opened_at, Task.closed_at, Task.closed_by, Task.assignee_id, Task.state,
        )
        .where(or_(Task.state == "open", Task.closed_at >= at_local(axis.first)), Task.definition != ESCALATION)
        .order_by(Task.id)
    )  # fmt: skip
    return session.execute(wanted).all()


def _past(rows: Sequence[Any], axis: Axis) -> Iterator[Past]:
    for row in rows:
        ready = axis.ready(row)
        until = axis.now if row.closed_at is None else axis.at(local_date(row.closed_at))
        if until >= 0 and ready <= axis.now:
            done = row.state == "done"
            place = place_of(row.definition, row.stage, row.part)
            yield Past(place, (row.role, row.scope), min(ready, until), until, done, row.closed_by)


def _arrivals(rows: Sequence[Any], axis: Axis) -> list[list[Arrival]]:
    """What came on each working day before today; what the system opened on a rest day came on the next."""
    came: list[list[Arrival]] = [[] for _ in range(axis.now)]
    for row in rows:
        day = axis.start(local_date(row.opened_at))
        if 0 <= day < axis.now:
            place = place_of(row.definition, row.stage, row.part)
            post, last = (row.role, row.scope), axis.last(row.due_on, day)
            came[day].append(Arrival(place, row.area_code, post, axis.ready(row) - day, last))
    return came


def _open(session: Session, rows: Sequence[Any], catalogue: Catalogue, axis: Axis, pace: Pace) -> list[Open]:
    wanted = select(Case.id, Case.definition, Case.edition, Case.hands, Case.barred).where(
        Case.id.in_(select(Task.case_id).where(Task.state == "open"))
    )
    cases = {row.id: row for row in session.execute(wanted)}
    apart: dict[tuple[str, ...], frozenset[str]] = {}
    found = []
    for row in rows:
        if row.state != "open":
            continue
        case = cases[row.case_id]
        key = (case.definition, case.edition, row.stage, row.part, row.role)
        if key not in apart:
            apart[key] = frozenset(hands_apart(catalogue.of(case), row))
        out = frozenset(who for hand in apart[key] for who in case.hands.get(hand, ())) | frozenset(
            case.barred
        )
        ready, post = axis.ready(row), (row.role, row.scope)
        late = row.due_on is not None and row.due_on < axis.today
        last = LATE if late else axis.last(row.due_on, axis.now)
        piece = Piece(
            row.id, place_of(*key[:1], row.stage, row.part), row.area_code, post, last, row.assignee_id, out
        )
        found.append(Open(piece, pace.own_days(post, ready, axis.now), max(0, ready - axis.now)))
    return found


@dataclass(frozen=True)
class Staff:
    """Posts with their first and last working day, leave as days, and stand-ins, by person."""

    axis: Axis
    posts: Mapping[int, Sequence[tuple[Post, int, int]]]
    leave: Mapping[int, frozenset[int]]
    stands: Mapping[int, Sequence[tuple[int, int, int]]]
    lent: Mapping[int, Sequence[tuple[Post, int, int]]]

    @classmethod
    def read(cls, session: Session, axis: Axis) -> Staff:
        """Everybody whose account is open."""
        ever = axis.now + max(HORIZONS)
        posts: defaultdict[int, list[tuple[Post, int, int]]] = defaultdict(list)
        for row in session.execute(
            select(RoleAssignment).join(User).where(User.disabled_at.is_(None)).order_by(RoleAssignment.id)
        ).scalars():
            last = ever if row.to_date is None else axis.at(row.to_date)
            posts[row.user_id].append(((row.role, row.area_code), axis.start(row.from_date), last))
        leave: defaultdict[int, set[int]] = defaultdict(set)
        for away in session.scalars(
            select(Leave).where(Leave.cancelled_at.is_(None), Leave.to_date >= axis.first)
        ):
            leave[away.user_id] |= set(
                range(max(axis.start(away.from_date), 0), min(axis.at(away.to_date), ever) + 1)
            )
        stands: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        lent: defaultdict[int, list[tuple[Post, int, int]]] = defaultdict(list)
        for one in session.scalars(
            select(Substitution).where(
                Substitution.revoked_at.is_(None),
                Substitution.definition == "",
                Substitution.to_date >= axis.today,
            )
        ):
            first, last = axis.start(one.from_date), axis.at(one.to_date)
            stands[one.stand_in_id].append((one.principal_id, first, last))
            theirs = [post for post in posts[one.principal_id] if one.role in ("", post[0][0])]
            lent[one.stand_in_id] += [(post, max(a, first), min(b, last)) for post, a, b in theirs]
        return cls(axis, posts, {who: frozenset(days) for who, days in leave.items()}, stands, lent)

    def there(self, wanted: set[Post]) -> dict[Post, list[int]]:
        """How many held each post and were not away, on each day looked back at."""
        found = {post: [0] * self.axis.now for post in wanted}
        for who, posts in self.posts.items():
            away = self.leave.get(who, frozenset())
            for post, first, last in posts:
                if post in found:
                    for day in range(max(first, 0), min(last + 1, self.axis.now)):
                        found[post][day] += day not in away
        return found

    def holders(self, pace: Pace, wanted: set[Post], days: int) -> dict[int, Holder]:
        """Those who hold, or stand in for, one of these posts in the days ahead, which are counted from 0."""
        now, found = self.axis.now, {}
        for who in sorted({*self.posts, *self.lent}):
            posts = [
                (post, first - now, last - now)
                for post, first, last in (*self.posts.get(who, ()), *self.lent.get(who, ()))
                if post in wanted and last >= now and first < now + days
            ]
            if posts:
                most = max(pace.of(post) for post, _first, _last in posts)
                away = frozenset(day - now for day in self.leave.get(who, ()) if day >= now)
                stands = tuple((whom, a - now, b - now) for whom, a, b in self.stands.get(who, ()))
                found[who] = Holder(who, most, tuple(posts), away, stands)
        return found
