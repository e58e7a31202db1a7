"""Migrating running cases: a definition in two editions, one limit counted anew, one begun, a task that changes hands."""

from __future__ import annotations

import time
from datetime import date, timedelta

from sqlalchemy.orm import Session

from migrations import schema
from tests.bench.acts import NOW, VILLAGE
from workflow.actors import Actor
from workflow.acts import act, open_case
from workflow.calendar import seeded_calendar
from workflow.catalogue import Catalogue
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.migration import papers, running
from workflow.migration.plan import RECOUNT, ClockRule, generate
from workflow.models import User
from workflow.office import Office
from workflow.periods import Workdays
from workflow.roles import TOWN_REVIEWER, WINDOW
from workflow.verify import invariants
from workflow.vocabulary import Definition, Limit, Span, Stage, action

COUNTY, TOWN = "330212000000", "330212001000"
AT_ONCE = 500


class Before(Definition):
    """The edition the cases run under."""

    code, editions, title, prefix = "queue", ("NB2016",), "排队", "BM"
    opened_by = (WINDOW,)
    spans = (
        Span(
            "whole",
            "总时限",
            since=("pass_on",),
            until=("end",),
            rule=Workdays(15),
            source="bench 1",
            held_by=TOWN_REVIEWER,
        ),
    )

    here = Stage("窗口", held_by=WINDOW, todo="传出", limit=Limit(Workdays(5), "bench 2"), initial=True)
    there = Stage("审核", held_by=TOWN_REVIEWER, todo="结束", limit=Limit(Workdays(10), "bench 3"))
    over = Stage("结束", final=True, result="over")

    pass_on = action("传出", here.to(there), by=WINDOW, says="传出", source="bench", hand="intake")
    end = action(
        "结束", there.to(over), by=TOWN_REVIEWER, says="结束", source="bench", apart_from=("intake",)
    )


class After(Definition):
    """The edition they are brought to: the review lies with the window, the limit is longer, one more is counted."""

    code, editions, title, prefix = "queue", ("NAT2021",), "排队", "BM"
    opened_by = (WINDOW,)
    spans = (
        Span(
            "whole",
            "总时限",
            since=("pass_on",),
            until=("end",),
            rule=Workdays(30),
            source="bench 4",
            held_by=TOWN_REVIEWER,
        ),
        Span(
            "receipt",
            "收件起",
            since=("open",),
            until=("end",),
            rule=Workdays(40),
            source="bench 5",
            held_by=TOWN_REVIEWER,
        ),
    )

    here = Stage("窗口", held_by=WINDOW, todo="传出", limit=Limit(Workdays(5), "bench 2"), initial=True)
    there = Stage("复核", held_by=WINDOW, todo="结束", limit=Limit(Workdays(10), "bench 3"))
    over = Stage("结束", final=True, result="over")

    pass_on = action("传出", here.to(there), by=WINDOW, says="传出", source="bench", hand="intake")
    end = action("结束", there.to(over), by=WINDOW, says="结束", source="bench")


def measure(url: str, count: int) -> dict[str, float]:
    """Cases a second of a dry run, of the migration, and of the way back; the books are proved after each."""
    database = Database(url)
    with database.acting() as conn:
        schema.upgrade(conn)
    office = Office(
        Catalogue((Before, After)), SeededEntropy(1), seeded_calendar(), ((date(2010, 1, 1), None, "NB2016"),)
    )
    with database.acting() as conn, Session(conn) as session:
        session.add_all(User(login=f"u{i}", name=f"经办{i}", created_at=NOW) for i in (1, 2, 3))
        session.flush()
    clerk = Actor(1, "经办1", frozenset({("window_clerk", TOWN)}))
    for start in range(0, count, AT_ONCE):
        with database.acting() as conn:
            for _ in range(min(AT_ONCE, count - start)):
                case = open_case(
                    office, conn, "queue", subject=("household", 1), area_code=VILLAGE, actor=clerk, now=NOW
                )
                act(office, conn, case.id, "pass_on", actor=clerk, seen=1, now=NOW)
    writer, signer = (Actor(i, f"经办{i}", frozenset({("administrator", COUNTY)})) for i in (2, 3))
    plan = generate(
        office.catalogue.get("queue", "NB2016"), office.catalogue.get("queue", "NAT2021"), "NB2016", "NAT2021"
    )
    plan = type(plan).from_json(plan.as_json() | {
        "clocks": plan.as_json()["clocks"] | {"span:whole": vars(ClockRule("span:whole", RECOUNT, "bench 4", "期限改为 30 个工作日"))}
    })  # fmt: skip
    now, found = NOW + timedelta(days=3), {}
    with database.acting() as conn:
        session, begun = office.session(conn), time.perf_counter()
        number = papers.propose(office, session, plan, reason="量一量", actor=writer, now=now).id
        found["dry run"] = count / (time.perf_counter() - begun)
        papers.confirm(office, session, number, actor=signer, now=now)
    found["migration"] = _timed(office, database, number, now, count)
    with database.acting() as conn:
        session = office.session(conn)
        back = papers.propose_undo(session, number, reason="退回", actor=writer, now=now).id
        papers.confirm(office, session, back, actor=signer, now=now)
    found["way back"] = _timed(office, database, back, now, count)
    database.close()
    return found


def _timed(office: Office, database: Database, number: int, now: object, count: int) -> float:
    begun = time.perf_counter()
    swept = running.run(office, database, number, now)  # type: ignore[arg-type]
    took = time.perf_counter() - begun
    assert (swept.done, swept.failed) == (count, 0), swept
    with database.reading() as session:
        broken = {
            name: rows[:3]
            for name, rows in invariants(session.connection(), office.catalogue).items()
            if rows
        }
    assert not broken, broken
    return count / took
