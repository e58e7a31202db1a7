"""What somebody sees when he turns to a case, and what he answers: a step, or later, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.actors import Actor
from workflow.catalogue import Blueprint
from workflow.facts import CaseState, Facts
from workflow.policy import scope_of
from workflow.roles import Role

if TYPE_CHECKING:
    from workflow.simulation.desk import Desk


@dataclass(frozen=True)
class Work:
    """An open task as the day finds it. `parts` are the case's open parts, `children` its linked cases with open tasks."""

    task_id: int
    case_id: int
    definition: str
    stage: str
    part: str
    role: str
    scope: str
    opens_on: date | None
    due_on: date | None
    assignee_id: int | None
    parts: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """Definition, stage and part in one word."""
        return f"{self.definition}.{self.stage}" + (f".{self.part}" if self.part else "")


@dataclass(frozen=True)
class Step:
    """One act. `form` varies the form's example, or is the `whole` of it; `papers` are attached first.

    `by` names who of several roles does it. `then` are things that come to happen so many days later. `again` is after
    how many working days the task is looked at again where it stays open. `hurries` is a case whose late work is now
    done at once.
    """

    action: str
    form: Mapping[str, Any] = field(default_factory=dict)
    papers: tuple[str, ...] = ()
    by: Role | None = None
    whole: bool = False
    then: tuple[tuple[int, Behaviour], ...] = ()
    again: int = 1
    hurries: int | None = None


@dataclass(frozen=True)
class Later:
    """Not today: look again after so many working days."""

    days: int = 1


@dataclass
class Scene:
    """A case under lock, in the transaction in which the step will be done."""

    desk: Desk
    case: CaseState
    blueprint: Blueprint
    facts: Facts
    work: Work | None

    @property
    def today(self) -> date:
        """The local legal date."""
        return self.facts.today

    @property
    def memory(self) -> dict[str, Any]:
        """What is remembered of this case from scene to scene."""
        return self.desk.memory.setdefault(self.case.id, {})

    @property
    def late(self) -> bool:
        """Whether the task's last day has passed."""
        return self.work is not None and self.work.due_on is not None and self.today > self.work.due_on

    def draw(self, name: str, shares: Mapping[Any, int]) -> Any:
        """A card of a pack."""
        return self.desk.urns.draw(name, shares)

    def can(self, action: str) -> bool:
        """Whether the edition has this action in the present stage."""
        word = self.blueprint.actions.get(action)
        return word is not None and self.case.stage in word.moves

    def holders(self, role: Role) -> list[Actor]:
        """Who holds a role for this case and need not keep out of it."""
        found = self.desk.roster.at(role, scope_of(role, self.case.area_code), self.today)
        return [actor for actor in found if actor.id not in self.case.barred]


Behaviour = Callable[[Scene], "Step | Later | None"]
"""What somebody does who turns to a case."""
