"""The worklist, for pages and API: it does not grow with the number of cases.

It is a merge of streams, one for each role and area the actor holds it for, each an ordered walk along one index that
stops after a page. Counts are exact up to `COUNTED` a stream.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, literal_column, or_, select, true, tuple_, union_all
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.calendar import Calendar
from workflow.errors import UnknownValue
from workflow.models import Area, Case, Task, User
from workflow.policy import area_filter

SEVERE, SOON = 2, 3
"""In working days: late by so many is severe (the head of department is told then); so many left is soon."""
COUNTED = 5_000

GROUPS = {
    "severe": "严重逾期",
    "overdue": "已逾期",
    "soon": "即将到期",
    "later": "未到期",
    "waiting": "公示等待中",
}
"""The groups of a worklist in the order they are shown."""

_OPEN = literal_column("task.state") == literal_column("'open'")


@dataclass(frozen=True)
class Bounds:
    """The days at which the groups of a worklist meet. `severe` and `soon` are the last days of theirs."""

    today: date
    severe: date
    soon: date

    @classmethod
    def of(cls, today: date, calendar: Calendar) -> Bounds:
        """Today's bounds. A limit is met on its whole last day and late from the next."""
        late_since = calendar.add_working_days(today + timedelta(days=1), -SEVERE)
        beyond = calendar.add_working_days(today, SOON + 1)
        return cls(today, late_since - timedelta(days=1), beyond - timedelta(days=1))

    def group(self, due: date | None, opens: date | None = None) -> str:
        """The group of a task due on that day, or not yet open."""
        if opens is not None and opens > self.today:
            return "waiting"
        if due is None or due > self.soon:
            return "later"
        if due >= self.today:
            return "soon"
        return "overdue" if due > self.severe else "severe"

    def within(self, group: str) -> Any:
        """SQL: the task belongs to this group."""
        if group == "waiting":
            return Task.opens_on > self.today
        return and_(
            or_(Task.opens_on.is_(None), Task.opens_on <= self.today),
            {
                "": true(),
                "severe": Task.due_on <= self.severe,
                "overdue": and_(Task.due_on > self.severe, Task.due_on < self.today),
                "soon": Task.due_on.between(self.today, self.soon),
                "later": or_(Task.due_on > self.soon, Task.due_on.is_(None)),
            }[group],
        )


@dataclass(frozen=True)
class Filters:
    """What a worklist is narrowed to; "" stands for all."""

    village: str = ""
    programme: str = ""
    stage: str = ""
    deadline: str = ""

    def __post_init__(self) -> None:
        if self.deadline and self.deadline not in GROUPS:
            raise UnknownValue(f"期限一栏没有“{self.deadline}”，可选：{'、'.join(GROUPS)}。")

    def conditions(self) -> list[Any]:
        """SQL of all but the deadline."""
        wanted = ((Task.area_code, self.village), (Task.definition, self.programme), (Task.stage, self.stage))
        return [column == value for column, value in wanted if value]


@dataclass(frozen=True)
class WorkItem:
    """One line of a worklist."""

    task_id: int
    case_id: int
    number: str
    title: str
    version: int
    definition: str
    edition: str
    stage: str
    part: str
    role: str
    village: str
    due_on: date | None
    opens_on: date | None
    assignee_id: int | None
    assignee: str
    group: str


@dataclass(frozen=True)
class Worklist:
    """A page of tasks in order of urgency, the tasks not open yet (first page only), and how many there are of each."""

    items: list[WorkItem]
    waiting: list[WorkItem]
    counts: dict[str, int]
    more: frozenset[str]
    next: str | None

    @property
    def total(self) -> int:
        """How many tasks, those not open yet left out."""
        return sum(count for group, count in self.counts.items() if group != "waiting")


def worklist(
    session: Session,
    actor: Actor,
    today: date,
    calendar: Calendar,
    filters: Filters | None = None,
    cursor: str = "",
    limit: int = 50,
) -> Worklist:
    """The actor's own tasks and those free for his roles, the legally most urgent first. Raises UnknownValue."""
    filters, bounds = filters or Filters(), Bounds.of(today, calendar)
    after = _read_cursor(cursor)
    found = _merge(session, actor, filters, bounds, filters.deadline, after, limit + 1)
    waiting = (
        _merge(session, actor, filters, bounds, "waiting", None, limit)
        if not (filters.deadline or cursor)
        else []
    )
    counts, more = _counts(session, actor, filters, bounds)
    items = _items(session, actor, bounds, [*found[:limit], *waiting])
    last = found[limit - 1] if len(found) > limit else None
    return Worklist(
        items=[item for item in items if item.group != "waiting" or filters.deadline == "waiting"],
        waiting=[item for item in items if item.group == "waiting" and filters.deadline != "waiting"],
        counts=counts,
        more=more,
        next=f"{last[0].isoformat() if last[0] else ''}~{last[1]}" if last else None,
    )


def _streams(actor: Actor, filters: Filters) -> Iterator[list[Any]]:
    """The conditions of each stream: one role for one area, free or the actor's own, and what he stands in for.

    No task is in two of them: what is free in his own posts is not free once more in those lent to him.
    """
    for role, scope in sorted(actor.grants):
        for mine in (Task.assignee_id.is_(None), Task.assignee_id == actor.id):
            yield [_OPEN, Task.role == role, Task.scope == scope, mine, *filters.conditions()]
    free = {(role, scope, "") for role, scope in actor.grants}
    for one in sorted(actor.lent, key=lambda one: (one.definition != "", one.numbers)):
        post = [_OPEN, Task.role == one.role, Task.scope == one.scope, *filters.conditions()]
        if one.definition:
            post.append(Task.definition == one.definition)
        yield [*post, Task.assignee_id == one.principal_id]
        if not {(one.role, one.scope, ""), (one.role, one.scope, one.definition)} & free:
            free.add((one.role, one.scope, one.definition))
            yield [*post, Task.assignee_id.is_(None)]
    if actor.appointed:
        elsewhere = tuple_(Task.role, Task.scope).not_in(sorted(actor.grants)) if actor.grants else true()
        yield [_OPEN, Task.assignee_id == actor.id, elsewhere, *filters.conditions()]


def _merge(
    session: Session,
    actor: Actor,
    filters: Filters,
    bounds: Bounds,
    group: str,
    after: tuple[date | None, int] | None,
    limit: int,
) -> list[tuple[date | None, int]]:
    """(day, id) of the first tasks after a place, over all streams: by their limit, those without one last.

    Tasks not open yet are in the order in which they open.
    """
    within, day = bounds.within(group), Task.opens_on if group == "waiting" else Task.due_on
    found: list[Any] = []
    if after is None or after[0] is not None:
        dated: list[Any] = [day.is_not(None), within]
        if after is not None:
            dated += [day >= after[0], tuple_(day, Task.id) > tuple_(*after)]
        found = _union(session, [[*stream, *dated] for stream in _streams(actor, filters)], day, limit)
    if len(found) < limit and group in {"", "later"}:
        undated = [day.is_(None), within]
        if after is not None and after[0] is None:
            undated.append(Task.id > after[1])
        found += _union(
            session, [[*stream, *undated] for stream in _streams(actor, filters)], day, limit - len(found)
        )
    return [(row.day, row.id) for row in found]


def _union(session: Session, streams: Sequence[list[Any]], day: Any, limit: int) -> list[Any]:
    """The first rows of all streams together."""
    if not streams:
        return []
    parts = [
        select(day.label("day"), Task.id).where(*stream).order_by(day, Task.id).limit(limit).subquery()
        for stream in streams
    ]
    whole = union_all(*(select(part) for part in parts)).subquery()
    return list(session.execute(select(whole).order_by(whole.c.day, whole.c.id).limit(limit)))


def _counts(
    session: Session, actor: Actor, filters: Filters, bounds: Bounds
) -> tuple[dict[str, int], frozenset[str]]:
    """How many tasks of each group, and the groups of which there are more than were counted."""
    parts = [
        select(Task.due_on, Task.opens_on).where(*stream).order_by(Task.due_on).limit(COUNTED).subquery()
        for stream in _streams(actor, filters)
    ]
    if not parts:
        return dict.fromkeys(GROUPS, 0), frozenset()
    rows = union_all(*(select(part) for part in parts)).subquery()
    due, waits = rows.c.due_on, rows.c.opens_on > bounds.today
    group = case(
        (waits, "waiting"), (due <= bounds.severe, "severe"), (due < bounds.today, "overdue"),
        (due <= bounds.soon, "soon"), else_="later",
    )  # fmt: skip
    found: dict[str, int] = dict(
        session.execute(select(group, func.count()).select_from(rows).group_by(group)).all()
    )
    counts = {name: found.get(name, 0) for name in GROUPS}
    capped = sum(counts.values()) >= COUNTED
    last = max(
        (name for name in ("severe", "overdue", "soon", "later") if counts[name]),
        key=list(GROUPS).index,
        default="",
    )
    return counts, frozenset({last} if capped and last else ())


def _items(
    session: Session, actor: Actor, bounds: Bounds, places: Sequence[tuple[date | None, int]]
) -> list[WorkItem]:
    """The lines at these places, in their order; cases the actor must keep out of are left out."""
    rows = session.execute(
        select(Task, Case.number, Case.title, Case.version, Case.edition, Case.barred, Area.name.label("village"),
               User.name.label("assignee"))
        .join(Case, Case.id == Task.case_id)
        .join(Area, Area.code == Task.area_code)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(Task.id.in_([task_id for _, task_id in places]))
    )  # fmt: skip
    lines = {
        row.Task.id: WorkItem(
            task_id=row.Task.id, case_id=row.Task.case_id, number=row.number, title=row.title, version=row.version,
            definition=row.Task.definition, edition=row.edition, stage=row.Task.stage, part=row.Task.part,
            role=row.Task.role, village=row.village, due_on=row.Task.due_on, opens_on=row.Task.opens_on,
            assignee_id=row.Task.assignee_id, assignee=row.assignee or "",
            group=bounds.group(row.Task.due_on, row.Task.opens_on),
        )
        for row in rows
        if actor.id not in row.barred
    }  # fmt: skip
    return [lines[task_id] for _, task_id in places if task_id in lines]


def _read_cursor(text: str) -> tuple[date | None, int] | None:
    if not text:
        return None
    day, _, number = text.partition("~")
    try:
        return (date.fromisoformat(day) if day else None), int(number)
    except ValueError:
        raise UnknownValue("翻页位置无法识别，请从第一页开始。") from None


def worklist_choices(session: Session, actor: Actor) -> list[Area]:
    """The villages an actor can narrow his list to."""
    scopes = sorted({scope for _, scope in actor.grants} | {one.scope for one in actor.lent})
    return list(
        session.scalars(
            select(Area).where(area_filter(Area.code, scopes), Area.level == "village").order_by(Area.code)
        )
    )
