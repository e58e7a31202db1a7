"""Two clocks: the legal one never pauses, the workload clock leaves out what was spent waiting for the applicant."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions import CATALOGUE
from tests.district import District
from workflow.calendar import seeded_calendar
from workflow.models import Deadline
from workflow.periods import at_local, local_date
from workflow.roles import WINDOW
from workflow.tasks import assign, claim, release
from workflow.timing.intervals import Stay, stays, workload

BLUEPRINT = CATALOGUE.get("dibao", "NB2016")


def load(district: District, case: int):
    row = district.case(case)
    with district.database.reading() as session:
        return workload(
            district.office.catalogue.of(row), stays(session, case), district.office.calendar, district.today
        )


def test_waiting_for_the_applicant_is_no_clerks_time_and_the_legal_limit_runs_on(district: District) -> None:
    """Handed in on Monday the 5th, sent back on the 7th, mended on the 19th (the 18th was worked), started on the 20th."""
    case = district.application()
    district.do(case, "submit")
    district.day("2016-09-07")
    district.do(case, "notify_missing")
    legal = district.deadline(case, "stage:correcting").due_on
    district.day("2016-09-19")
    assert district.deadline(case, "stage:correcting").due_on == legal
    assert load(district, case).own == 2
    district.do(case, "complete")
    district.day("2016-09-20")
    district.do(case, "start")
    found = load(district, case)
    assert (found.own, found.waiting) == (3, 7)
    (wait,) = found.waits
    assert (wait.stage, wait.first, wait.last, wait.waited) == (
        "correcting",
        date(2016, 9, 7),
        date(2016, 9, 19),
        "等申请人",
    )
    assert found.own + found.waiting == district.office.calendar.working_days_between(
        date(2016, 9, 5), district.today
    )


def test_a_later_ladder_or_edition_alters_no_time_that_has_passed(quick: District) -> None:
    case = quick.bring(quick.application(), "opinion")
    before = load(quick, case)
    quick.delegate()
    quick.days(0)
    assert load(quick, case) == before


MOMENTS = st.lists(st.integers(0, 400 * 24), min_size=1, max_size=12, unique=True).map(sorted)
STAGES = st.sampled_from(
    [code for code, stage in BLUEPRINT.stages.items() if not stage.final and not stage.keeps]
)


@given(hours=MOMENTS, data=st.data())
def test_own_and_waiting_days_add_up_whatever_the_way(hours: list[int], data: st.DataObject) -> None:
    from datetime import timedelta

    begin, calendar = at_local(date(2016, 3, 1), 9), seeded_calendar()
    moments = [begin + timedelta(hours=n) for n in hours]
    been = [
        Stay(data.draw(STAGES), since, until, "NB2016")
        for since, until in zip(moments, [*moments[1:], None], strict=True)
    ]
    today = local_date(moments[-1]) + timedelta(days=data.draw(st.integers(0, 60)))
    found = workload(BLUEPRINT, been, calendar, today)
    assert found.own >= 0
    assert found.waiting >= 0
    assert found.own + found.waiting == calendar.working_days_between(local_date(moments[0]), today)


def doing(district: District, act, *words, **more):
    with district.database.acting() as conn:
        return act(district.office, conn, *words, now=district.now, **more)


@pytest.mark.parametrize("given_on", ["2016-09-06", "2016-09-08"])
def test_the_clock_of_a_person_starts_when_he_takes_the_task(district: District, given_on: str) -> None:
    case = district.application()
    district.do(case, "submit")
    (task,) = district.tasks(case)
    assert task.taken_at is None
    one, other = district.staff(WINDOW, 2), district.staff(WINDOW, 3)
    doing(district, claim, task.id, actor=one)
    assert district.tasks(case)[0].taken_at == district.now
    district.day(given_on)
    doing(district, assign, task.id, to=other.id, reason="请假，改由同事办理", actor=one)
    taken = district.tasks(case)[0].taken_at
    assert taken is not None
    assert local_date(taken) == date.fromisoformat(given_on)
    doing(district, release, task.id, actor=other)
    assert district.tasks(case)[0].taken_at is None
    assert {row.due_on for row in district.rows(Deadline, case, kind="stage:submitted")} == {
        date(2016, 9, 12)
    }
