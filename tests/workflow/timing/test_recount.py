"""A calendar that is published: seen beforehand, moved once, case by case; nothing that has ended or was used changes."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.district import District
from workflow.calendar import seed_rows
from workflow.imports import HOLIDAYS, ImportRefused, read_table, run
from workflow.models import CalendarDay, Deadline, OutboxMessage, Setting
from workflow.roles import WINDOW
from workflow.timing.recount import moves, recount

NEW_YEAR = [("2027-01-01", "rest", "元旦"), ("2027-01-02", "rest", "元旦"), ("2027-01-03", "rest", "元旦")]
SPRING = [(f"2027-02-{day:02d}", "rest", "春节") for day in range(5, 13)]
LIST = [*NEW_YEAR, ("2027-01-30", "work", "春节"), *SPRING]


@pytest.fixture
def autumn(district: District) -> District:
    """The end of December 2026: next year's holidays are not out yet."""
    district.day("2026-12-28")
    return district


def publish(district: District, days: Any = LIST) -> None:
    text = "day,kind,name\n" + "\n".join(",".join(day) for day in days)
    with district.database.acting() as conn:
        session = Session(conn)
        run(
            HOLIDAYS,
            read_table("2027.csv", text.encode()),
            session,
            actor=district.staff(WINDOW),
            now=district.now,
        )
        session.flush()
    district.refresh()


def waiting(district: District) -> int:
    """Submitted on Monday, 2026-12-28: five working days would end on Monday, 2027-01-04."""
    case = district.application()
    district.do(case, "submit")
    return case


def test_a_limit_into_an_unpublished_year_is_provisional_and_settled_once(autumn: District) -> None:
    case = waiting(autumn)
    row = autumn.deadline(case, "stage:submitted")
    assert (row.due_on, row.provisional) == (date(2027, 1, 4), True)
    publish(autumn)
    with autumn.database.reading() as session:
        seen = {
            one.deadline_id: one for one in moves(session, autumn.office.calendar, autumn.today) if one.moved
        }
    move = seen[row.id]
    assert (move.old, move.new) == (date(2027, 1, 4), date(2027, 1, 5))
    assert autumn.deadline(case, "stage:submitted").due_on == date(2027, 1, 4), "a preview moves nothing"

    before = autumn.case(case)
    assert recount(autumn.office, autumn.database, autumn.now).done > 0
    row = autumn.deadline(case, "stage:submitted")
    assert (row.due_on, row.provisional) == (date(2027, 1, 5), False)
    (task,) = autumn.tasks(case)
    assert task.due_on == date(2027, 1, 5)
    after = autumn.case(case)
    assert (after.stage, after.visit) == (before.stage, before.visit)
    assert autumn.actions_done(case)[-1] == "recount"
    assert [m.topic for m in autumn.rows(OutboxMessage, case)] == ["recounted"]

    for _ in range(2):
        assert recount(autumn.office, autumn.database, autumn.now).done == 0
    assert autumn.actions_done(case).count("recount") == 1
    assert autumn.broken() == {}


def test_what_was_broken_off_is_taken_up_again(autumn: District) -> None:
    cases = [waiting(autumn) for _ in range(3)]
    publish(autumn)
    asked = iter([False, True])
    recount(autumn.office, autumn.database, autumn.now, lambda: next(asked))
    assert [autumn.actions_done(case).count("recount") for case in cases] == [1, 0, 0]
    recount(autumn.office, autumn.database, autumn.now)
    assert [autumn.actions_done(case).count("recount") for case in cases] == [1, 1, 1]
    with autumn.database.reading() as session:
        assert session.get(Setting, "counted_by") is not None


def test_a_limit_that_has_ended_keeps_its_date(autumn: District) -> None:
    case = waiting(autumn)
    autumn.do(case, "accept")
    before = autumn.deadline(case, "stage:submitted")
    publish(autumn)
    recount(autumn.office, autumn.database, autumn.now)
    after = autumn.deadline(case, "stage:submitted")
    assert (after.due_on, after.state, after.met_on) == (before.due_on, "met", date(2026, 12, 28))


def test_a_publicity_is_lengthened_never_shortened(district: District) -> None:
    district.day("2026-12-01")
    case = district.bring(district.application(), "publicity")
    row = district.deadline(case, "minimum:publicity")
    district.office.calendar = type(district.office.calendar).of((), range(2000, 2100))
    shorter = row.due_on
    with district.database.acting() as conn:
        conn.execute(
            Deadline.__table__.update().where(Deadline.id == row.id).values(due_on=date(2027, 3, 31))
        )
    recount(district.office, district.database, district.now)
    assert district.deadline(case, "minimum:publicity").due_on == date(2027, 3, 31) != shorter


def test_a_day_that_was_used_cannot_be_changed_afterwards(quick: District) -> None:
    """2016-09-05 to 2016-09-12 were counted for a limit that was met on the 12th."""
    case = quick.application()
    quick.do(case, "submit")
    quick.day("2016-09-12")
    quick.do(case, "accept")
    days = [(r.day.isoformat(), str(r.kind), r.name) for r in seed_rows() if r.day.year == 2016]
    with pytest.raises(ImportRefused) as refused:
        publish(quick, [*days, ("2016-09-07", "rest", "临时放假")])
    assert "2016-09-07 已计入 1 项办结的时限，不能再改" in str(refused.value.faults[0])
    publish(quick, [*days, ("2016-09-30", "rest", "临时放假")])
    with quick.database.reading() as session:
        assert session.get(CalendarDay, date(2016, 9, 30)) is not None
        assert session.get(CalendarDay, date(2016, 9, 7)) is None


def test_a_span_moves_with_its_case_and_its_next_rung(autumn: District) -> None:
    case = waiting(autumn)
    autumn.do(case, "accept")
    row = autumn.deadline(case, "span:overall")
    publish(autumn)
    recount(autumn.office, autumn.database, autumn.now)
    moved = autumn.deadline(case, "span:overall")
    assert moved.due_on > row.due_on
    assert moved.next_at > row.next_at
    assert autumn.case(case).clocks["overall"] == moved.due_on.isoformat()
    assert {task.due_on for task in autumn.tasks(case)} == {autumn.deadline(case, "stage:accepted").due_on}
    assert autumn.broken() == {}
