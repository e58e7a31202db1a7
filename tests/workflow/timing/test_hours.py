"""Limits in hours: from the moment to the moment, over rest days; on the whole way from the rule to the bulletin."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from definitions import DEFINITIONS
from tests.district import BOTH, District
from workflow.calendar import seeded_calendar
from workflow.catalogue import Catalogue
from workflow.errors import Refused
from workflow.models import Deadline, OutboxMessage
from workflow.periods import CHINA, Hours, parse_rule
from workflow.roles import WINDOW
from workflow.sweeps import sweep_deadlines
from workflow.timing.explained import reckon
from workflow.vocabulary import Definition, Limit, Stage, action

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
FRIDAY = datetime(2016, 9, 30, 14, 30, tzinfo=CHINA)
"""The afternoon before the seven days of the National Day."""


class Urgent(Definition):
    """先行救助，24 小时内办结。"""

    code, editions, title, prefix = "urgent_aid", ("NB2016",), "急难救助", "JN"
    opened_by = (WINDOW,)
    asked = Stage(
        "已求助", held_by=WINDOW, todo="核实并发放", limit=Limit(Hours(24), "R649-50"), initial=True
    )
    helped = Stage("已救助", final=True, result="helped")
    help_now = action("发放", asked.to(helped), by=WINDOW, says="发放了急难救助")


@pytest.fixture
def urgent(database_url: str) -> Iterator[District]:
    made = District(database_url, Catalogue((*DEFINITIONS, Urgent)))
    made.clock.move(FRIDAY.astimezone(UTC))
    yield made
    made.close()


CASES = [
    ("2016-09-30T14:30", "24h", "2016-10-01T14:30"),
    ("2016-09-30T00:00", "24h", "2016-10-01T00:00"),
    ("2016-12-31T23:59", "1h", "2017-01-01T00:59"),
    ("2016-02-28T10:00", "48h", "2016-03-01T10:00"),
    ("2016-09-30T14:30", "72h", "2016-10-03T14:30"),
]


@pytest.mark.parametrize("start, rule, end", CASES)
def test_hours_run_from_moment_to_moment_over_rest_days(start: str, rule: str, end: str) -> None:
    begin = datetime.fromisoformat(start).replace(tzinfo=CHINA)
    period = parse_rule(rule)
    assert isinstance(period, Hours)
    assert period.ends(begin) == datetime.fromisoformat(end).replace(tzinfo=CHINA)
    counted = period.count(begin, seeded_calendar())
    assert counted.due == date.fromisoformat(end[:10])
    assert counted.steps[-1].day == counted.due
    assert counted.skipped == []
    assert counted.provisional is False


@pytest.mark.parametrize("text", ["0h", "-1h", "99999999h", "24H", "1.5h"])
def test_impossible_hours_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_rule(text)


def test_hours_need_their_hour() -> None:
    with pytest.raises(Refused, match="时刻"):
        Hours(24).count(date(2016, 9, 30), seeded_calendar())


@BOTH
def test_the_ladder_of_hours_stands_on_moments(urgent: District) -> None:
    case = urgent.open(urgent.family(), "urgent_aid")
    row = urgent.deadline(case, "stage:asked")
    assert (row.started_at, row.due_at, row.due_on) == (FRIDAY, FRIDAY + 24 * HOUR, date(2016, 10, 1))
    assert row.next_at == FRIDAY + 12 * HOUR
    assert reckon(row, urgent.office.calendar).agrees
    expected = [
        (FRIDAY + 12 * HOUR, "remind"), (FRIDAY + 24 * HOUR + SECOND, "overdue"),
        (datetime(2016, 10, 9, 9, tzinfo=CHINA), "head"),
    ]  # fmt: skip
    for moment, code in expected:
        sweep_deadlines(urgent.office, urgent.database, moment - SECOND)
        assert code not in urgent.actions_done(case)
        sweep_deadlines(urgent.office, urgent.database, moment)
        assert urgent.actions_done(case).count(code) == 1
    assert {m.facts["due"] for m in urgent.rows(OutboxMessage, case)} == {"2016-10-01 14:30"}
    assert all(m.facts.get("urgent") for m in urgent.rows(OutboxMessage, case))
    assert urgent.stage(case) == "asked"


@BOTH
@pytest.mark.parametrize("late, state", [(timedelta(), "met"), (SECOND, "late"), (-HOUR, "met")])
def test_hours_are_met_at_their_last_second(urgent: District, late: timedelta, state: str) -> None:
    case = urgent.open(urgent.family(), "urgent_aid")
    urgent.clock.move((FRIDAY + 24 * HOUR + late).astimezone(UTC))
    urgent.do(case, "help_now")
    (row,) = urgent.rows(Deadline, case)
    assert row.state == state
