"""Whatever is done in whatever order, no open case is forgotten: seeded walks over everything the engine offers.

Each step is an act, a return, a straight back, a signature, a signer added or dropped, something taken back, suspended,
resumed or declined, by somebody who may, chosen by the seed. After each the case has an open task, an open linked case, a dated
wait or a suspension; each open round of signatures has its tasks; and at the end of a walk every invariant holds.
"""

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import Connection, select

from tests.workflow.flow.conftest import Stories
from workflow.acts import act
from workflow.entries import read
from workflow.errors import Refused
from workflow.facts import Facts, OpenTask
from workflow.flow import verbs
from workflow.flow.seen import look
from workflow.models import Case, CasePart, Deadline, Signature, Task
from workflow.roles import LINKED

STEPS = 30
SHORT, LONG = 300, 100_000
"""How many different sequences are tried: every step makes a new one of those before it."""


def walk(stories: Stories, seed: int) -> set[tuple[str, ...]]:
    """One walk of many steps on a case in its first, a late or its last stage; the sequences of acts that led somewhere and were looked at."""
    chance = random.Random(seed)
    case = stories.begin(chance.choice(("filed", "county", "deciding")))
    done: tuple[str, ...] = ()
    seen: set[tuple[str, ...]] = set()
    for _ in range(STEPS):
        with suppress(Refused, LookupError), stories.database.acting() as conn:
            done = (*done, step(stories, conn, case, chance))
        with stories.database.acting() as conn:
            held(stories, conn, case)
        seen.add(done)
    return seen


def step(stories: Stories, conn: Connection, case: int, chance: random.Random) -> str:
    """One thing somebody may do now. Raises what it is refused with, LookupError where there is nothing: nothing is done then."""
    state, tasks = read(stories.office, conn, case)
    if state.closed_at is not None:
        raise LookupError
    if chance.random() < 0.1:
        look(conn, case, chance.choice(stories._staff), stories.now)
    blueprint = stories.office.catalogue.of(state)
    session = stories.office.session(conn)
    signer = session.scalars(
        select(Signature.user_id).where(Signature.case_id == case, Signature.state == "waiting")
    ).all()
    last = session.scalars(select(Task.closed_by).where(Task.case_id == case, Task.state == "done")).all()
    near = {*signer, *last, *(t.task_assignee for t in tasks)}
    people = [a for a in stories._staff if a.id in near] * 2 + [
        chance.choice(stories._staff),
        *stories.all_rounders,
    ]
    actor = chance.choice(people)
    facts = Facts(stories.office, conn, blueprint, state, actor, stories.now,
                  tasks={t.task_part: OpenTask(t.task_id, t.task_role, t.task_assignee) for t in tasks})  # fmt: skip
    words = [
        word.code
        for word, against in blueprint.open_actions(facts)
        if against is None and LINKED not in word.by
    ]
    own = [
        verb.code
        for verb, against in verbs.offers(facts)
        if against is None and verb.code != "confirm_revoke"
    ]
    waiting = session.scalars(select(Case.id).where(Case.parent_id == case, Case.closed_at.is_(None))).first()
    if waiting is not None and chance.random() < 0.3:
        words = ["child"]
    elif "take_back" in own and chance.random() < 0.4:
        words = ["take_back"]
    elif own and (chance.random() < 0.08 or not words or state.halt_id is not None):
        words = own
    if not words:
        raise LookupError
    code = chance.choice(words)
    if code == "child":
        answer(stories, conn, case)
    elif code in verbs.VERBS:
        verbs.run(stories.office, conn, case, code, actor=actor, form=verbs.VERBS[code].form.example(facts), seen=state.version,
                  now=stories.now)  # fmt: skip
    else:
        form = blueprint.actions[code].form.example(facts)
        if "opinion" in form:
            form = {"opinion": chance.choice(["agreed", "agreed", "disagreed"]), "note": "意见"}
        act(stories.office, conn, case, code, actor=actor, form=form, seen=state.version, now=stories.now)
    return code


def answer(stories: Stories, conn: Connection, case: int) -> None:
    """The linked inquiry is answered, where there is one."""
    session = stories.office.session(conn)
    found = session.scalars(select(Case).where(Case.parent_id == case, Case.closed_at.is_(None))).first()
    if found is not None:
        act(
            stories.office,
            conn,
            found.id,
            "answer",
            actor=stories.all_rounders[3],
            form={},
            seen=found.version,
            now=stories.now,
        )


def held(stories: Stories, conn: Connection, case: int) -> None:
    """Somebody has the case, or a date, or an order that it stands still; and the engine's rows agree."""
    state, tasks = read(stories.office, conn, case)
    session = stories.office.session(conn)
    if state.closed_at is not None:
        assert not tasks
        return
    stage = stories.office.catalogue.of(state).stages[state.stage]
    assert [t.task_part for t in tasks].count("") == 1, f"{stage.id}: {tasks}"
    for part in session.scalars(
        select(CasePart).where(
            CasePart.case_id == case, CasePart.visit == state.visit, CasePart.state == "open"
        )
    ):
        rows = session.scalars(select(Signature).where(Signature.case_id == case, Signature.visit == state.visit,
                                                       Signature.part == part.code, Signature.state == "waiting")).all()  # fmt: skip
        mine = {t.task_part for t in tasks if t.task_part.partition(".")[0] == part.code}
        turn = min((row.turn for row in rows), default=0)
        spec = next(p for p in stage.parts if p.code == part.code)
        assert mine == (
            {f"{part.code}.{row.id}" for row in rows if row.turn == turn}
            or (set() if spec.opens else {part.code})
        )
    running = {d.kind.removeprefix("span:") for d in session.scalars(select(Deadline).where(
        Deadline.case_id == case, Deadline.state == "open", Deadline.kind.startswith("span:")))}  # fmt: skip
    assert running == set(state.clocks)


@pytest.fixture
def walked(quick_stories: Stories) -> Iterator[Stories]:
    """A district that is checked as a whole at the end."""
    yield quick_stories
    quick_stories.sound()


def walks(stories: Stories, seed: int, wanted: int) -> None:
    """Walks until so many different sequences were tried."""
    seen: set[tuple[str, ...]] = set()
    while len(seen) < wanted:
        seen |= walk(stories, seed)
        seed += 1


def test_no_sequence_of_what_is_offered_loses_a_case(walked: Stories) -> None:
    walks(walked, 0, SHORT)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("share", range(10))
def test_no_sequence_of_a_hundred_thousand_loses_a_case(walked: Stories, share: int) -> None:
    walks(walked, 1_000_000 * (share + 1), LONG // 10)
