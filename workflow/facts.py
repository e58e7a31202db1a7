"""What a guard may look at: the case as read under lock, the form, the actor, the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.periods import local_date

if TYPE_CHECKING:
    from workflow.catalogue import Blueprint
    from workflow.office import Office


@dataclass
class CaseState:
    """The working copy of a case during one act: read under lock, changed by effects, written back by the engine.

    Effects may change `facts`, `hands`, `barred`, `title` and `accepted_on`; stage, visit and numbers are the
    engine's alone.
    """

    id: int
    number: str
    definition: str
    edition: str
    stage: str
    visit: int
    version: int
    seq: int
    head_hash: str
    area_code: str
    subject_kind: str
    subject_id: int
    title: str
    parent_id: int | None
    facts: dict[str, Any]
    hands: dict[str, list[int]]
    barred: list[int]
    clocks: dict[str, str]
    progress_code: str
    opened_at: datetime
    accepted_on: date | None
    closed_at: datetime | None
    result: str
    release_id: int | None = None
    software: str = ""
    halt_id: int | None = None

    @property
    def household_id(self) -> int:
        """The household this case is about: its subject, or what its facts name."""
        if self.subject_kind == "household":
            return self.subject_id
        return int(self.facts["household_id"])

    def add_hand(self, hand: str, *user_ids: int | None) -> None:
        """Record that these people have had this hand in the case; four eyes looks here."""
        had = self.hands.get(hand, [])
        new = sorted({*had, *(i for i in user_ids if i is not None)})
        if new != had:
            self.hands = {**self.hands, hand: new}


@dataclass(frozen=True)
class OpenTask:
    """The open task an action works on."""

    id: int
    role: str
    assignee_id: int | None
    owner_id: int | None = None


@dataclass
class Facts:
    """Handed to guards, form fields and the library's machine. `form` is None while one only asks what is open.

    `task` is the open task the act works on; `tasks` (by part, "" for the stage's own) are given where one asks what is
    open.
    """

    office: Office
    conn: Connection
    blueprint: Blueprint
    case: CaseState
    actor: Actor
    now: datetime
    action: str = ""
    form: dict[str, Any] | None = None
    origin: str = ""
    task: OpenTask | None = None
    tasks: Mapping[str, OpenTask] = field(default_factory=dict)
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = local_date(self.now)

    @cached_property
    def session(self) -> Session:
        """An ORM session on the act's own connection."""
        return self.office.session(self.conn)
