"""What all imports share: columns by title, all rows checked before any is stored, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.errors import Refused
from workflow.imports.tables import Fault, Row, Table, fold
from workflow.periods import local_date


class ImportRefused(Refused):
    """文件里有不能导入的行，什么都没有导入。"""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults, key=lambda f: (f.line, f.column))
        bad = len({f.line for f in self.faults})
        super().__init__(f"有 {bad} 行不能导入，什么都没有导入。请改正后再导入。")


@dataclass
class Work:
    """One import under way: where it stores, who imports, when, and what it has found wrong."""

    session: Session
    actor: Actor
    now: datetime
    faults: list[Fault] = field(default_factory=list)
    stored: int = 0
    unchanged: int = 0

    @property
    def today(self) -> date:
        """The local legal date."""
        return local_date(self.now)

    def wrong(self, row: Row, column: str, reason: str) -> None:
        """Note a fault."""
        self.faults.append(row.fault(column, reason.rstrip("。")))

    def stop_if_faulty(self) -> None:
        """End the checking: raise ImportRefused where anything is wrong."""
        if self.faults:
            raise ImportRefused(self.faults)


@dataclass(frozen=True)
class Outcome:
    """What an import did; `rows` = `stored` + `unchanged`."""

    rows: int
    stored: int
    unchanged: int


@dataclass(frozen=True)
class Kind:
    """A kind of table: its columns (code -> titles, the first being the usual one) and how checked rows are stored."""

    code: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    load: Callable[[Work, Columns, Sequence[Row]], None]


class Columns:
    """Which title in this file stands for which column."""

    def __init__(self, kind: Kind, titles: Sequence[str]) -> None:
        by_title = {fold(title): code for code, names in kind.columns.items() for title in (code, *names)}
        unknown = [title for title in titles if title not in by_title]
        if unknown:
            usual = "、".join(names[0] for names in kind.columns.values())
            raise Refused(
                f"不认识的栏目：{'、'.join(unknown)}。{kind.title}可用的栏目：{usual}。", columns=unknown
            )
        self._title: dict[str, str] = {}
        for title in titles:
            code = by_title[title]
            if code in self._title:
                raise Refused(f"栏目“{self._title[code]}”和“{title}”是同一项，请只留一栏。")
            self._title[code] = title
        missing = [kind.columns[code][0] for code in kind.required if code not in self._title]
        if missing:
            raise Refused(f"缺少栏目：{'、'.join(missing)}。第 1 行应是表头。", columns=missing)

    def title(self, code: str) -> str:
        """What the file calls this column, "" where it has none."""
        return self._title.get(code, "")

    def text(self, row: Row, code: str) -> str:
        """A cell, "" where empty or where the file has no such column."""
        return row.cells.get(self.title(code), "")

    def given(self, codes: Iterable[str]) -> list[str]:
        """Those of the columns this file has."""
        return [code for code in codes if code in self._title]


def run(kind: Kind, table: Table, session: Session, *, actor: Actor, now: datetime) -> Outcome:
    """Check all rows, then store all. Raises ImportRefused with every fault, Refused for unknown or missing columns.

    The caller commits; for a trial run he does not.
    """
    work = Work(session, actor, now)
    kind.load(work, Columns(kind, table.columns), table.rows)
    work.stop_if_faulty()
    session.flush()
    outcome = Outcome(len(table.rows), work.stored, work.unchanged)
    assert outcome.rows == outcome.stored + outcome.unchanged, outcome
    return outcome
