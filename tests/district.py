"""A small district for tests: one town, one village, several people in every role, and families as they are needed.

    case = district.application()                      # a draft of a family of two
    district.bring(case, "publicity")                  # the ordinary way, with the right people and papers
    district.do(case, "object_", named=True)           # one act: the form's example, changed where the story needs it
    district.refused(Unmet, case, "take_down")         # the act is refused and changes nothing

The clock stands still until it is moved; nothing happens by itself but by `sweep`.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session, selectinload

from definitions import CATALOGUE
from definitions.jobs import JOBS as PROGRAMME_JOBS
from migrations import schema
from workflow import verify
from workflow.actors import SYSTEM_ACTOR, Actor, actor_of, grant
from workflow.acts import act, open_case
from workflow.catalogue import Catalogue
from workflow.clock import FixedClock
from workflow.config import Config
from workflow.db import Database
from workflow.departments import appoint_liaison, departments_of
from workflow.documents import add_document
from workflow.entries import read
from workflow.entropy import SeededEntropy
from workflow.errors import Refused
from workflow.facts import CaseState, Facts
from workflow.households import register_household
from workflow.identity import make_id_number
from workflow.jobs import JOBS as ENGINE_JOBS
from workflow.models import (
    Area,
    Case,
    Deadline,
    EditionPeriod,
    Entitlement,
    JournalEntry,
    Notice,
    OutboxMessage,
    PaymentLine,
    ScheduledAct,
    Task,
    User,
)
from workflow.office import Office
from workflow.periods import at_local, local_date
from workflow.policy import has_role, missing_documents, scope_of
from workflow.roles import LIAISON, ROLES, WINDOW, Role
from workflow.running.job import Run, run_job
from workflow.sweeps import Swept
from workflow.tasks import release
from workflow.vocabulary import Action

TOWN, VILLAGE = "330212101000", "330212101200"
COUNTY = "330212000000"
EACH = 5
"""People in every role: enough for a case in which each act is done by somebody else, and some are barred."""
LIAISONS = 2
"""A department has a liaison and a deputy."""
ALL_ROUNDERS = 6
"""People who hold every role at once."""
PAPER = b"%PDF-1.4 paper"
JOBS = (*ENGINE_JOBS, *PROGRAMME_JOBS)
START = date(2016, 9, 5)

THE_WAY: dict[str, tuple[str, ...]] = {
    "draft": ("submit",), "submitted": ("accept",), "accepted": ("start",),
    "investigating": ("check", "visit", "conclude"), "appraising": ("appraise",), "opinion": ("propose_approve",),
    "posting": ("post",), "publicity": ("hang", "take_down"), "forwarding": ("forward",),
    "county_visit": ("county_match",), "county_review": ("agree",), "second_posting": ("post_second",),
    "second_publicity": ("hang", "take_down_second"), "decision": ("approve",), "approved": ("certify",),
}  # fmt: skip
"""The ordinary way through dibao in all editions: what is done in which stage."""


def prepare(url: str) -> None:
    """Fill an empty database: tables, reference data, staff. Its connections are closed afterwards."""
    database = Database(url)
    with database.acting() as conn:
        schema.upgrade(conn)
    with database.acting() as conn:
        session = Session(conn)
        for code in (COUNTY, TOWN):
            session.get_one(Area, code).phone = "0574-88880000"
        for role in ROLES.values():
            for number in range(1, EACH + 1):
                user = User(
                    login=f"{role.code}{number}",
                    name=f"{role.title}{number}",
                    created_at=datetime(2016, 1, 1, tzinfo=UTC),
                )
                session.add(user)
                session.flush()
                for area in {scope_of(role, VILLAGE), *({COUNTY} if "county" in role.levels else ())}:
                    grant(session, user, role, area, date(2016, 1, 1))
                if role.of_department:
                    in_departments(session, user, role, number)
        for number in range(1, ALL_ROUNDERS + 1):
            user = User(
                login=f"everything{number}",
                name=f"多岗员{number}",
                created_at=datetime(2016, 1, 1, tzinfo=UTC),
            )
            session.add(user)
            session.flush()
            for role in ROLES.values():
                grant(session, user, role, scope_of(role, VILLAGE), date(2016, 1, 1))
                if role.of_department:
                    in_departments(session, user, role, LIAISONS + number)
        session.flush()
        session.close()
    database.close()


def in_departments(session: Session, user: User, role: Role, number: int) -> None:
    """A post in every department; the first two of the liaisons are liaison and deputy everywhere."""
    session.flush()
    for department in departments_of(session, COUNTY):
        if role is not LIAISON:
            grant(session, user, role, department.code, date(2016, 1, 1))
        elif number <= LIAISONS:
            appoint_liaison(session, department.code, user.id, deputy=number > 1, from_date=date(2016, 1, 1))


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One prepared SQLite file, copied for every test."""
    path = tmp_path_factory.mktemp("district") / "template.db"
    prepare(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(prepared_sqlite: Path) -> str:
    """The address of a fresh prepared SQLite database: always the same, so that compiled statements are kept."""
    path = prepared_sqlite.with_name("district.db")
    for old in prepared_sqlite.parent.glob("district.db*"):
        old.unlink()
    shutil.copy(prepared_sqlite, path)
    return f"sqlite:///{path}"


def address(request: pytest.FixtureRequest, kind: str) -> str:
    """The address of a fresh prepared database of a kind."""
    if kind == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    fresh: Callable[..., str] = request.getfixturevalue("fresh_postgres")
    return fresh(prepare)


BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
"""On both databases, where a folder leaves one of them to the long run."""


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh prepared database, of one kind and then the other."""
    return address(request, request.param)


@pytest.fixture
def district(database_url: str) -> Iterator[District]:
    """The district on Monday, 2016-09-05, on both databases."""
    made = District(database_url)
    yield made
    made.close()


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[District]:
    """The district on SQLite alone, for tables of many rows."""
    made = District(sqlite_url)
    yield made
    made.close()


@cache
def database_at(url: str) -> Database:
    """One engine an address. SQLite does not wait for the disk: a story need not survive a power failure."""
    database = Database(url)
    if database.is_sqlite:
        event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    return database


class District:
    """Office, database, clock and people of a small district.

    `cast` says who does the acts that give a hand, whoever was given the task: `district.cast["opinion"] = district.everything`.
    """

    def __init__(self, url: str, catalogue: Catalogue = CATALOGUE) -> None:
        self.url = url
        self.database = database_at(url)
        self.office = Office(catalogue, SeededEntropy(1))
        self.clock = FixedClock(at_local(START, 10))
        self.cast: dict[str, Actor] = {}
        self._orders = itertools.count(1)
        self.refresh()

    def close(self) -> None:
        self.database.close()

    def refresh(self) -> None:
        """Read the dated settings anew."""
        with self.database.reading() as session:
            self.office.refresh(session)
            users = session.scalars(
                select(User).options(selectinload(User.assignments)).order_by(User.id)
            ).all()
            self._staff = [actor_of(user, self.today) for user in users]

    # Time

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def today(self) -> date:
        return local_date(self.now)

    def day(self, day: str | date, hour: int = 10) -> None:
        """Move the clock to ten o'clock of a day. Nothing else happens: sweep, if something should."""
        wanted = date.fromisoformat(day) if isinstance(day, str) else day
        self.clock.move(at_local(wanted, hour))

    def days(self, number: int) -> None:
        """Move the clock on by so many days."""
        self.clock.move(timedelta(days=number))

    def sweep(self, *, may_fail: bool = False) -> dict[str, Swept]:
        """Run every job once, as the scheduler does. A row that fails fails the test, unless the story is about one."""
        swept = {job.id: run_job(job, Run(self.office, self.database, Config(), self.now)) for job in JOBS}
        assert may_fail or not any(one.failed for one in swept.values()), swept
        return swept

    def live_until(self, day: str | date, step: int = 1) -> None:
        """Let the days pass up to and including `day`, with a sweep at ten o'clock of each."""
        wanted = date.fromisoformat(day) if isinstance(day, str) else day
        while self.today < wanted:
            following = min(self.today + timedelta(days=step), wanted)
            self.clock.move(at_local(following, 10))
            self.sweep()

    def delegate(self, since: date = date(2021, 7, 1)) -> None:
        """From a day on the town confirms instead of the county."""
        with self.database.acting() as conn:
            conn.execute(
                update(EditionPeriod)
                .where(EditionPeriod.from_date == since)
                .values(edition="NAT2021-DELEGATED")
            )
        self.refresh()

    # People

    def staff(self, role: Role | str, number: int = 1) -> Actor:
        """The n-th person of a role."""
        found = [actor for actor in self._staff if str(role) in actor.roles]
        return found[number - 1]

    def person(self, user_id: int | None) -> Actor:
        """Somebody by number."""
        return next(actor for actor in self._staff if actor.id == user_id)

    @property
    def all_rounders(self) -> list[Actor]:
        """People who hold every role: only four eyes and recusal keep them out."""
        return self._staff[-ALL_ROUNDERS:]

    @property
    def everything(self) -> Actor:
        """One of them."""
        return self._staff[-1]

    def family(
        self,
        members: int = 2,
        incomes: tuple[str, ...] = (),
        *,
        minors: int = 0,
        setting: str = "rural",
        **means: str,
    ) -> int:
        """Register a family in the village and return its number; `incomes` a year by member, further means as assets."""
        order = next(self._orders)
        people = []
        for number in range(members):
            child = number >= members - minors
            born = date(2010 if child else 1970 + number, 1, 1) + timedelta(days=order)
            people.append({
                "relation": "head" if not number else "child" if child else "spouse" if number == 1 else "other",
                "name": f"{'王李张刘陈'[order % 5]}{'秀建国英文'[number % 5]}{'甲乙丙丁戊己庚辛壬癸'[order % 10]}",
                "id_number": make_id_number("330212", born, (order * 7 + number) % 999),
            })  # fmt: skip
        with self.database.acting() as conn:
            session = self.office.session(conn)
            household = register_household(
                session, area_code=VILLAGE, setting=setting, address=f"和平路 {order} 号", members=people,
                incomes=[{"member": n, "category": "wage", "annual": a} for n, a in enumerate(incomes, 1) if Decimal(a)],
                assets=[{"kind": kind, "amount": amount} for kind, amount in means.items()],
                actor=self.staff(WINDOW), now=self.now,
            )  # fmt: skip
            return household.id

    def people(self, case: Any) -> list[int]:
        """The members of a case's household today, by their ids, the head first."""
        from workflow.people_queries import household_members

        with self.database.reading() as session:
            return [p.id for p in household_members(session, self.case(case).subject_id, self.today)]

    # Cases

    def open(self, household: int, definition: str = "dibao", by: Role | Actor = WINDOW) -> int:
        """Open a case of a household by hand; its id."""
        actor = by if isinstance(by, Actor) else self.staff(by)
        with self.database.acting() as conn:
            return open_case(
                self.office, conn, definition, subject=("household", household), area_code=VILLAGE, actor=actor,
                now=self.now,
            ).id  # fmt: skip

    def application(self, household: int | None = None, **family: Any) -> int:
        """A draft application of a family, made for it where none is named."""
        return self.open(self.family(**family) if household is None else household)

    def case(self, case: Any) -> Case:
        """The case as it stands in the database."""
        with self.database.reading() as session:
            found = session.get_one(Case, case)
            session.expunge(found)
            return found

    def stage(self, case: Any) -> str:
        return self.case(case).stage

    def child(self, case: int, definition: str) -> int:
        """The newest linked case of a definition."""
        wanted = (
            select(Case.id)
            .where(Case.parent_id == case, Case.definition == definition)
            .order_by(Case.id.desc())
        )
        with self.database.reading() as session:
            found = session.scalars(wanted.limit(1)).first()
        assert found is not None, f"no {definition} of case {case}"
        return found

    def rows(self, table: Any, case: int | None = None, **where: Any) -> list[Any]:
        """All rows of a table, of one case and with these values, oldest first."""
        wanted = select(table).filter_by(**where, **({} if case is None else {"case_id": case}))
        with self.database.reading() as session:
            found = list(session.scalars(wanted.order_by(*table.__table__.primary_key)))
            session.expunge_all()
            return found

    def journal(self, case: int) -> list[JournalEntry]:
        return self.rows(JournalEntry, case)

    def actions_done(self, case: int) -> list[str]:
        return [entry.action for entry in self.journal(case)]

    def deadline(self, case: int, kind: str) -> Deadline:
        """The newest deadline of a kind ("stage:...", "span:...", "minimum:...")."""
        found = self.rows(Deadline, case, kind=kind)
        assert found, f"case {case} has no deadline {kind}"
        return found[-1]  # type: ignore[no-any-return]

    def grants(self, case: int) -> list[Entitlement]:
        return self.rows(Entitlement, case)

    def lines(self, case: int) -> list[PaymentLine]:
        return self.rows(PaymentLine, case)

    def tasks(self, case: int) -> list[Task]:
        """The open tasks."""
        return self.rows(Task, case, state="open")

    def notices(self, case: int) -> list[Notice]:
        return self.rows(Notice, case)

    def planned(self, case: int) -> dict[str, date]:
        """What signed decisions have fixed for which day."""
        return {row.action: row.on_date for row in self.rows(ScheduledAct, case, state="planned")}

    def messages(self, case: int, topic: str) -> list[OutboxMessage]:
        return self.rows(OutboxMessage, case, topic=topic)

    # Acts

    def do(
        self, case: int, action: str, by: Role | Actor | None = None, *, papers: bool = True, **form: Any
    ) -> CaseState:
        """One act, by somebody who may do it unless `by` says who, with the form's example changed by `form`.

        Papers it needs are attached first; `papers=False` leaves that to the story.
        """
        with self.database.acting() as conn:
            state, tasks = read(self.office, conn, case)
            blueprint = self.office.catalogue.of(state)
            word = blueprint.actions[action]
            task = next((t for t in tasks if t.task_part == word.completes), None)
            actor = self._actor(word, state, by, task.task_assignee if task else None)
            if by is None and word.hand in self.cast and task and task.task_assignee not in (None, actor.id):
                holder = self.person(task.task_assignee)
                state = release(self.office, conn, task.task_id, actor=holder, now=self.now)
            facts = Facts(self.office, conn, blueprint, state, actor, self.now, action=action)
            if papers:
                self._attach(facts, missing_documents(word, facts), actor)
            asked = form if set(word.form.fields()) <= set(form) else word.form.example(facts) | form
            return act(
                self.office, conn, case, action, actor=actor, form=asked, seen=state.version, now=self.now
            )

    def refused(
        self, refusal: type[Refused], case: int, action: str, by: Role | Actor | None = None, **form: Any
    ) -> Refused:
        """The act is refused in this way, and the case stands as it stood."""
        before = self.case(case)
        with pytest.raises(refusal) as caught:
            self.do(case, action, by, **form)
        after = self.case(case)
        assert (after.version, after.seq, after.stage) == (before.version, before.seq, before.stage)
        return caught.value

    def attach(self, case: int, *kinds: str, by: Role | Actor = WINDOW) -> None:
        """Put papers into a case."""
        actor = by if isinstance(by, Actor) else self.staff(by)
        with self.database.acting() as conn:
            state, _ = read(self.office, conn, case)
            self._attach(
                Facts(self.office, conn, self.office.catalogue.of(state), state, actor, self.now),
                kinds,
                actor,
            )

    def _attach(self, facts: Facts, kinds: Any, actor: Actor) -> None:
        for kind in kinds:
            add_document(
                facts.session,
                facts.case,
                kind=kind,
                name=f"{kind}.pdf",
                body=PAPER,
                actor=actor,
                now=self.now,
            )

    def _actor(self, word: Action, case: CaseState, by: Role | Actor | None, assignee: int | None) -> Actor:
        if isinstance(by, Actor):
            return by
        if by is None and word.hand in self.cast:
            return self.cast[word.hand]
        roles = (by,) if by is not None else word.by
        for role in roles:
            if role not in ROLES.values():
                continue
            for actor in self._staff:
                had = any(actor.id in case.hands.get(hand, ()) for hand in word.apart_from)
                taken = assignee is not None and assignee != actor.id
                if (
                    role.code in actor.roles
                    and has_role(word, case, actor, "")
                    and not (had or taken or actor.id in case.barred)
                ):
                    return actor
        return next((self.staff(role) for role in roles if role in ROLES.values()), SYSTEM_ACTOR)

    # The ordinary way

    def bring(self, case: int, stage: str, conclusion: str = "match") -> int:
        """Walk the ordinary way until the case stands in this stage, waiting where law says to wait."""
        self.bring_all([case], stage, conclusion)
        return case

    def bring_all(self, cases: Sequence[int], stage: str, conclusion: str = "match") -> None:
        """Walk all of them there together: what hangs on the board hangs at the same time."""
        for _ in range(6):
            waiting = [case for case in cases if self._walk(case, stage, conclusion)]
            if not waiting:
                return
            ends = [self.deadline(case, f"minimum:{self.stage(case)}").due_on for case in waiting]
            self.day(max(self.today, max(ends) + timedelta(days=1)))
        raise AssertionError(f"{cases} never came to {stage}")

    def _walk(self, case: int, stage: str, conclusion: str) -> bool:
        """Go on until the stage is reached, or until a notice has to hang: True."""
        while (at := self.stage(case)) != stage:
            if self._county_must_visit(case):
                self.do(case, "send_visitors")
                continue
            for word in THE_WAY[at]:
                if word == "check":
                    self.check(case, conclusion)
                elif word == "hang":
                    if self.today <= self.deadline(case, f"minimum:{at}").due_on:
                        return True
                else:
                    self.do(case, word)
        return False

    def _county_must_visit(self, case: int) -> bool:
        row = self.case(case)
        visits = self.office.catalogue.of(row).actions["send_visitors"].moves
        return row.stage in visits and bool(row.facts.get("sampled")) and not row.facts.get("county_visited")

    def check(self, case: int, conclusion: str = "match", incomes: tuple[tuple[int, str], ...] = ()) -> int:
        """The information check of a case from order to report; the id of its own case."""
        check = self.child(case, "verification")
        self.do(check, "ask")
        found = [{"person": person, "category": "wage", "annual": annual} for person, annual in incomes]
        self.do(check, "take_answer", incomes=found)
        self.do(check, "report", conclusion=conclusion)
        return check

    def on_benefit(self, **family: Any) -> int:
        """A family on benefit."""
        return self.bring(self.application(**family), "on_benefit")

    def review(
        self,
        case: int,
        result: str,
        *,
        visit: bool = True,
        incomes: Any = (),
        check: str = "match",
        **form: Any,
    ) -> int:
        """The open re-check of a case, from collecting to the served letter; its id."""
        review = self.child(case, "dynamic_review")
        self.do(
            review, "report", incomes=[{"person": p, "category": "wage", "annual": a} for p, a in incomes]
        )
        self.check(review, check)
        if visit:
            self.do(review, "visit")
        self.do(review, "conclude")
        self.do(review, "propose", result=result, **form)
        if self.stage(review) == "reviewing":
            self.do(review, "pass_on")
        self.do(review, "decide")
        self.do(review, "notify")
        return review

    def pay(self, month: str) -> int:
        """Check and record the town's payment list of a month; its id."""
        found = [row.id for row in self.rows(Case, definition="payment") if row.facts["month"] == month]
        assert len(found) == 1, f"{len(found)} lists for {month}"
        self.do(found[0], "check")
        self.do(found[0], "all_paid")
        return found[0]

    # What must hold

    def broken(self) -> dict[str, list[str]]:
        """The invariants that do not hold, by name, with their rows."""
        with self.database.reading() as session:
            found = verify.invariants(session.connection(), self.office.catalogue)
        return {name: rows for name, rows in found.items() if rows}


__all__ = [
    "BOTH",
    "District",
    "address",
    "database_url",
    "district",
    "prepare",
    "prepared_sqlite",
    "quick",
    "sqlite_url",
]
