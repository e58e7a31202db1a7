"""The definitions that run here, each made ready for use: stages, actions, and machines to decide with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from statemachine.exceptions import TransitionNotAllowed

from workflow.errors import Misdefined, NotFound, NotNow, Refused
from workflow.facts import Facts, OpenTask
from workflow.periods import local_date
from workflow.vocabulary import Action, Definition, Span, Stage


class _Place:
    """The neutral model of a machine: one attribute, so that the library finds nothing else to call."""

    state: str | None = None


class Blueprint:
    """One edition of one definition, read once: `stages`, `actions`, `spans` by code."""

    def __init__(self, cls: type[Definition]) -> None:
        self.cls = cls
        self.code, self.title, self.prefix = cls.code, cls.title, cls.prefix
        self.editions, self.subject = cls.editions, cls.subject
        self.stages: dict[str, Stage] = {state.id: state for state in cls.states}
        self.spans: dict[str, Span] = {span.code: span for span in cls.spans}
        self.actions: dict[str, Action] = {event.id: self._action(event.id) for event in _events(cls)}
        self.lends = any(word.papers_later for word in self.actions.values())
        for word in (*self.stages, *self.actions):
            if hasattr(Definition, word):
                raise Misdefined(f"{cls.__name__}.{word}：这个名字是状态机自己的，请换一个。")
        self.initial = next(state.id for state in cls.states if state.initial)
        self._idle: list[Definition] = []

    def _action(self, code: str) -> Action:
        moves: dict[str, str] = {}
        word: Action | None = None
        inside = True
        for stage in self.cls.states:
            for transition in stage.transitions:
                if transition.match(code):
                    moves[stage.id] = transition.target.id
                    inside = inside and transition.internal
                    word = _word(transition) or word
        if word is None:
            raise Misdefined(f"{self.cls.__name__}.{code} 不是用 action(...) 写的操作。")
        return replace(word, code=code, moves=moves, stays=inside)

    def decide(self, stage: str, action: str, facts: Facts) -> str:
        """The stage after this action, decided by the library's engine. Raises NotNow or what a guard refuses."""
        facts.action = action
        machine = self._idle.pop() if self._idle else self.cls(_Place())
        machine.current_state_value = stage
        try:
            machine.send(action, facts=facts)
        except TransitionNotAllowed:
            raise NotNow(f"案件现在处于“{self.stages[stage].label}”，不能“{self.label(action)}”。") from None
        after = str(machine.current_state_value)
        if not self.stages[after].final:
            self._idle.append(machine)
        return after

    def not_now(self, case: Any, action: str) -> NotNow:
        """The refusal of an action that is not open in the case's stage, or to a case that has ended."""
        stage = self.stages[case.stage]
        if case.closed_at is not None:
            return NotNow(
                f"案件已于 {local_date(case.closed_at).isoformat()} 办结（{stage.label}），不能再“{self.label(action)}”。"
            )
        return NotNow(f"案件现在处于“{stage.label}”，不能“{self.label(action)}”。")

    def label(self, action: str) -> str:
        """The action's label, or the word itself where there is none such."""
        return self.actions[action].label if action in self.actions else action

    def open_actions(
        self, facts: Facts, tasks: Mapping[str, OpenTask] | None = None
    ) -> Iterator[tuple[Action, Refused | None]]:
        """The actions of the case's stage that this actor's roles allow, each with what still stands against it.

        `tasks` are the open tasks by part: somebody else's claimed task then stands against its actions.
        """
        from workflow.policy import has_role, permit

        facts.tasks = facts.tasks if tasks is None else tasks
        for word in self.actions.values():
            if facts.case.stage not in word.moves or has_role(word, facts.case, facts.actor, "") is None:
                continue
            facts.action, facts.form, facts.task = word.code, None, facts.tasks.get(word.works_on)
            try:
                permit(word, facts)
            except Refused as refused:
                yield word, refused
            else:
                yield word, None


def _word(transition: Any) -> Action | None:
    """The action that rides on a transition's validator."""
    specs = transition._specs  # noqa: SLF001 - the library has no public way to a transition's functions
    return next((word for spec in specs if (word := getattr(spec.func, "word", None))), None)


def _events(cls: type[Definition]) -> Iterator[Any]:
    """The events of the class: a property of the library's metaclass that its stubs give as a method."""
    events: Any = cls.events
    yield from events


class Catalogue:
    """All blueprints by definition code and edition. Refuses two for one place.

    `near_kin` are the relations that bar a member of staff from a relative's case.
    """

    def __init__(self, definitions: tuple[type[Definition], ...], *, near_kin: tuple[str, ...] = ()) -> None:
        self.near_kin = near_kin
        self._by_place: dict[tuple[str, str], Blueprint] = {}
        self._codes: dict[str, list[Blueprint]] = {}
        for cls in definitions:
            blueprint = Blueprint(cls)
            for edition in blueprint.editions:
                if (blueprint.code, edition) in self._by_place:
                    raise Misdefined(f"流程 {blueprint.code} 的版本 {edition} 定义了两次。")
                self._by_place[blueprint.code, edition] = blueprint
            self._codes.setdefault(blueprint.code, []).append(blueprint)

    def __iter__(self) -> Iterator[Blueprint]:
        return (blueprint for blueprints in self._codes.values() for blueprint in blueprints)

    @property
    def codes(self) -> list[str]:
        """The codes of all definitions."""
        return list(self._codes)

    def get(self, code: str, edition: str) -> Blueprint:
        """The blueprint of a definition in an edition. Raises NotFound."""
        try:
            return self._by_place[code, edition]
        except KeyError:
            raise NotFound(f"没有流程“{code}”的“{edition}”版本。") from None

    def of(self, case: Any) -> Blueprint:
        """The blueprint a case is bound to."""
        return self.get(case.definition, case.edition)

    def editions(self, code: str) -> list[Blueprint]:
        """All editions of one definition. Raises NotFound for an unknown code."""
        if code not in self._codes:
            raise NotFound(f"没有流程“{code}”。可用：{'、'.join(self._codes)}。")
        return self._codes[code]
