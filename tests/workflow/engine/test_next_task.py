"""The next task is the most urgent free one its asker may do, and never anybody else's."""

import threading
from datetime import date

import pytest
from sqlalchemy import update

from workflow import tasks
from workflow.desk.next_task import claim_next
from workflow.models import Case, Task
from workflow.roles import TOWN_REVIEWER, WINDOW


def change(district, case: int, **values) -> None:
    """Set what an act would, on the case's open tasks."""
    with district.database.acting() as conn:
        conn.execute(update(Task).where(Task.case_id == case).values(assignee_id=None, **values))


def submitted(district, due: date | None, **values) -> int:
    """The task of a case that waits at the window."""
    case = district.bring(district.application(), "submitted")
    change(district, case, due_on=due, **values)
    return district.tasks(case)[0].id


def ask(district, actor, **more) -> int | None:
    with district.database.acting() as conn:
        found = claim_next(district.office, conn, actor=actor, now=district.now, **more)
        if found is not None:
            tasks.claim(district.office, conn, found, actor=actor, now=district.now)
    return found


def test_the_most_urgent_comes_first_and_what_has_no_limit_last(district):
    undated, late, soon = (
        submitted(district, None),
        submitted(district, date(2016, 9, 1)),
        submitted(district, date(2016, 9, 9)),
    )
    clerk = district.staff(WINDOW)
    assert [ask(district, clerk) for _ in range(4)] == [late, soon, undated, None]


def test_of_two_due_on_one_day_the_older_comes_first(district):
    older, younger = submitted(district, date(2016, 9, 9)), submitted(district, date(2016, 9, 9))
    assert [ask(district, district.staff(WINDOW)) for _ in range(2)] == [older, younger]


def test_what_somebody_has_taken_is_passed_over(district):
    first, second = submitted(district, date(2016, 9, 1)), submitted(district, date(2016, 9, 2))
    assert ask(district, district.staff(WINDOW, 1)) == first
    assert ask(district, district.staff(WINDOW, 2)) == second


def test_what_is_not_wanted_now_is_passed_over(district):
    first, second = submitted(district, date(2016, 9, 1)), submitted(district, date(2016, 9, 2))
    assert ask(district, district.staff(WINDOW), skip=[first]) == second


def test_what_opens_later_is_left_out_until_its_day(district):
    waiting = submitted(district, date(2016, 9, 1), opens_on=date(2016, 9, 6))
    assert ask(district, district.staff(WINDOW)) is None
    district.day("2016-09-06")
    assert ask(district, district.staff(WINDOW)) == waiting


def test_another_post_gets_none_of_it(district):
    submitted(district, date(2016, 9, 1))
    assert ask(district, district.staff(TOWN_REVIEWER)) is None


def test_all_posts_of_a_person_are_one_list(district):
    window = submitted(district, date(2016, 9, 8))
    case = district.bring(district.application(), "appraising")
    change(district, case, due_on=date(2016, 9, 7))
    review = district.tasks(case)[0].id
    assert [ask(district, district.everything) for _ in range(2)] == [review, window]


def test_recusal_keeps_a_task_from_him_and_him_alone(district):
    first, second = submitted(district, date(2016, 9, 1)), submitted(district, date(2016, 9, 2))
    clerk = district.staff(WINDOW)
    with district.database.acting() as conn:
        conn.execute(update(Case).where(Case.id == 1).values(barred=[clerk.id]))
    assert district.rows(Task, 1, state="open")[0].id == first
    assert ask(district, clerk) == second
    assert ask(district, district.staff(WINDOW, 2)) == first


def test_many_he_may_not_do_at_the_head_do_not_hide_the_one_he_may(quick):
    barred = [submitted(quick, date(2016, 9, 1)) for _ in range(10)]
    wanted = submitted(quick, date(2016, 9, 2))
    clerk = quick.staff(WINDOW)
    with quick.database.acting() as conn:
        conn.execute(update(Case).where(Case.id <= len(barred)).values(barred=[clerk.id]))
    assert ask(quick, clerk) == wanted
    assert ask(quick, clerk) is None


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_somebody_holds_at_this_moment_is_passed_over_without_waiting(district):
    first, second = submitted(district, date(2016, 9, 1)), submitted(district, date(2016, 9, 2))
    with district.database.acting() as conn:
        assert claim_next(district.office, conn, actor=district.staff(WINDOW), now=district.now) == first
        assert ask(district, district.staff(WINDOW, 2)) == second


def test_clerks_who_ask_at_once_get_one_each(district):
    free = {submitted(district, date(2016, 9, 1)) for _ in range(6)}
    given: list[int | None] = []
    start = threading.Barrier(6)

    def go(number: int) -> None:
        actor = district.staff(WINDOW, number % 5 + 1)
        start.wait()
        given.append(ask(district, actor))

    threads = [threading.Thread(target=go, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == sorted(free)
