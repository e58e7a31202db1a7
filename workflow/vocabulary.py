"""The words a definition is written in: stages, parts, limits, spans and actions on a python-statemachine class.

    class Dibao(Definition):
        code, editions, title, prefix = "dibao", ("NB2016",), "最低生活保障", "DB"
        draft = Stage("草稿", held_by=WINDOW, todo="补齐并提交", no_limit="尚未提交，法律未定时限", initial=True)
        done = Stage("已受理", final=True, result="accepted")
        accept = action("受理", draft.to(done), by=WINDOW, says="受理了申请", source="M220-13")

A definition holds stages, actions and limits, nothing else; it has no callbacks. The library refuses a graph with
an unreachable stage or a dead end; the rest is proved by `workflow.definition_checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from statemachine import Event, State, StateMachine
from statemachine.factory import StateMachineMetaclass
from statemachine.transition_list import TransitionList

from workflow.desk.policies import PULL, Assigns
from workflow.errors import Misdefined
from workflow.forms import Form
from workflow.ladders import ORDINARY, Ladder
from workflow.periods import Period
from workflow.policy import permit
from workflow.roles import Role

if TYPE_CHECKING:
    from workflow.facts import Facts
    from workflow.flow.signing import Signing

Guard = Callable[["Facts"], None]
"""Raises a Refused when the facts do not allow the act."""
Effect = Callable[..., None]
"""effect(session, case, form, actor, now): what the act does in law beyond moving the case."""


Written = Event
"""What `action` gives: an event of the library, which no other module need know by its own name."""
WAITS = {"applicant": "等申请人", "departments": "等有关部门答复"}
"""In whose hands a case can be while a stage is held by a clerk."""


class NoForm(Form):
    """An action that asks nothing."""


@dataclass(frozen=True)
class Extension:
    """A longer limit, allowed once, before the limit ends, for one of the listed reasons (code to label)."""

    to: Period
    reasons: Mapping[str, str]
    source: str


@dataclass(frozen=True)
class Limit:
    """By when a stage or part must be finished. Missing it reminds and escalates and decides nothing."""

    rule: Period
    source: str
    label: str = ""
    ladder: Ladder = ORDINARY


@dataclass(frozen=True)
class PapersLater:
    """Papers that may come after an urgent act, and by when: until then its operator takes no next step (补办手续)."""

    kinds: tuple[str, ...]
    limit: Limit


@dataclass(frozen=True)
class Minimum:
    """How long a stage must last at least (publicity). It cannot be shortened."""

    rule: Period
    source: str


@dataclass(frozen=True)
class Span:
    """A limit over several stages: runs from the action `since` until one of the actions `until`, or the end.

    `held_by` is who is reminded; `restarts` says that each new `since` starts it afresh (a case sent back).
    """

    code: str
    label: str
    since: tuple[str, ...]
    until: tuple[str, ...]
    rule: Period
    source: str
    held_by: Role
    extension: Extension | None = None
    ladder: Ladder = ORDINARY


@dataclass(frozen=True)
class Part:
    """One of several pieces of work inside a stage, with holder, limit, task and row of its own.

    `opens` names a definition of which a linked case is opened when the stage is entered; `ends` is the action that
    ends such a case where the part is closed before it is done. With `signing` it is finished by several signatures.
    """

    code: str
    label: str
    held_by: Role
    todo: str
    limit: Limit | None = None
    required: bool = True
    opens: str = ""
    no_limit: str = ""
    ends: str = ""
    signing: Signing | None = None
    assigns: Assigns = PULL

    @property
    def on_demand(self) -> bool:
        """Whether it begins only when somebody asks for it."""
        return self.signing is not None and self.signing.on_demand


class Stage(State):
    """Where a case can stand: who holds it, by when, and what he has to do.

    A stage that waits for a person has a holder and a limit: its own, or that of the span named by `within`, or a
    stated reason why there is none. A final stage has a `result`; a refusing one says `refusal=True`. Where a stage
    `pauses` the case, an act planned for a day that cannot be carried out here waits until the case has left it.
    `waits_for` says in whose hands the case is meanwhile (`WAITS`): no clerk's workload counts that time. The legal
    limit runs on.
    `assigns` says who gets its new task, as it does in a part.
    """

    def __init__(
        self,
        label: str,
        *,
        held_by: Role | None = None,
        todo: str = "",
        limit: Limit | None = None,
        within: str = "",
        minimum: Minimum | None = None,
        no_limit: str = "",
        parts: tuple[Part, ...] = (),
        public: str = "",
        result: str = "",
        refusal: bool = False,
        keeps: bool = False,
        pauses: bool = False,
        waits_for: str = "",
        assigns: Assigns = PULL,
        initial: bool = False,
        final: bool = False,
    ) -> None:
        self.label, self.held_by, self.todo = label, held_by, todo
        self.limit, self.within, self.minimum, self.no_limit = limit, within, minimum, no_limit
        self.parts, self.public, self.result, self.refusal = parts, public, result, refusal
        self.keeps, self.pauses, self.assigns = keeps, pauses, assigns
        self.waits_for = waits_for
        super().__init__(label, initial=initial, final=final)


@dataclass(frozen=True)
class Action:
    """What may be done: by whom, with which form, under which guards, with which effects, and what the journal says.

    `when` are guards that ask nothing of the form, so that an action not open now is not offered. `hand` is the part
    the actor thereby has in the case; `apart_from` are the hands he must not have had (four eyes). `completes` is the
    part it finishes. `needs` are the kinds of documents that must be there. `binds` takes the edition in force.
    `withdrawable`: while nobody has looked at what follows, the one who did it may take it back, by `undo` where it has
    effects. `papers_later` lets it go ahead of its papers. `sends_back` marks a return to an earlier stage, which keeps
    finished parts of it where it `keeps_parts`; `straight_back` the way back from there. `revokes` ends the case as
    if it should never have been, with the `compensations` its way calls for. `part` is the part whose task it works on
    where it does not finish it.
    """

    label: str
    by: tuple[Role, ...]
    says: str
    form: type[Form] = NoForm
    when: tuple[Guard, ...] = ()
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    source: str = ""
    hand: str = ""
    apart_from: tuple[str, ...] = ()
    completes: str = ""
    needs: Callable[[Facts], Iterable[str]] | None = None
    binds: bool = False
    decides: bool = False
    primary: bool = False
    withdrawable: bool = False
    undo: tuple[Effect, ...] = ()
    papers_later: PapersLater | None = None
    sends_back: bool = False
    straight_back: bool = False
    keeps_parts: bool = False
    revokes: bool = False
    compensations: tuple[Any, ...] = ()
    part: str = ""
    code: str = ""
    moves: Mapping[str, str] = field(default_factory=dict)
    stays: bool = False

    @property
    def works_on(self) -> str:
        """The part whose task this action works on, "" for the stage's own."""
        return self.part or self.completes


def action(
    label: str, transitions: TransitionList, *, by: Role | tuple[Role, ...], says: str, **more: Any
) -> Event:
    """An action over these transitions. Its word rides on a validator: the library rebuilds events and loses theirs."""
    word = Action(label, by if isinstance(by, tuple) else (by,), says, **more)
    if word.papers_later is not None:
        from workflow.flow.papers import owes

        word = replace(word, effects=(*word.effects, owes(word.papers_later, word.by[0])))

    def gate(facts: Facts) -> None:
        permit(facts.blueprint.actions[facts.action], facts)

    gate.word = word  # type: ignore[attr-defined]
    for transition in transitions:
        transition.validators.add(gate)
    return Event(transitions, name=label)


def stays(*stages: Stage) -> TransitionList:
    """An action that leaves the case where it is, in any of these stages: no new visit, no new task."""
    return _join(stage.to(stage, internal=True) for stage in stages)


def again(stage: Stage) -> TransitionList:
    """An action that enters the same stage anew: a new visit, new task, the minimum from the start."""
    joined: TransitionList = stage.to(stage)
    return joined


def from_any(target: Stage, *stages: Stage) -> TransitionList:
    """An action that leads from each of these stages to one."""
    return _join(stage.to(target) for stage in stages)


def _join(lists: Iterable[TransitionList]) -> TransitionList:
    joined: TransitionList | None = None
    for transitions in lists:
        joined = transitions if joined is None else joined | transitions
    assert joined is not None
    return joined


class Several:
    """A word that stands for several actions: the class of the definition has them in its place."""

    def actions(self, name: str, codes: Mapping[int, str]) -> Mapping[str, Event]:
        """The actions by their codes; `name` is what the definition calls the word, `codes` what it calls the stage of
        an `id()`: the library names them later.
        """
        raise NotImplementedError


class Words(StateMachineMetaclass):
    """Writes out the words that stand for several actions before the library reads the class."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Words:  # noqa: PYI034 - a metaclass has no Self
        given = list(attrs.items())
        codes = {id(value): key for key, value in given if isinstance(value, Stage)}
        attrs.clear()  # the library reads the same mapping afterwards
        for key, value in given:
            made: list[Mapping[str, Any]] = [
                value.actions(key, codes) if isinstance(value, Several) else {key: value}
            ]
            if isinstance(value, Stage):
                made += [part.signing.actions(value, part) for part in value.parts if part.signing]
            for words in made:
                if twice := set(words) & (set(attrs) | {other for other, _ in given} - {key}):
                    raise Misdefined(f"{name}.{min(twice)} 有两个同名的词；请给其中一个换名称。")
                attrs |= words
        return super().__new__(cls, name, bases, attrs)


class Definition(StateMachine, metaclass=Words):
    """Base of all definitions. The four strict flags are written out: the library's defaults changed once.

    `opened_by` are the roles that may open a case by hand; none: only another case or a sweep opens it. `papers` names
    the kinds of documents its actions need. `department` is the kind of department whose posts decide; "": which one, the
    case says.
    """

    allow_event_without_transition = False
    enable_self_transition_entries = False
    atomic_configuration_update = True
    catch_errors_as_events = False

    code: ClassVar[str]
    editions: ClassVar[tuple[str, ...]]
    title: ClassVar[str]
    prefix: ClassVar[str]
    subject: ClassVar[str] = "household"
    opened_by: ClassVar[tuple[Role, ...]] = ()
    spans: ClassVar[tuple[Span, ...]] = ()
    steps: ClassVar[tuple[str, ...]] = ()
    papers: ClassVar[Mapping[str, str]] = {}
    department: ClassVar[str] = ""
