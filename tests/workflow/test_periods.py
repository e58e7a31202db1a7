"""The counting rule against a slow count of its own, from the raw holiday data, one day after another."""

import os
import random
import subprocess
import sys
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar import seeded_calendar
from workflow.clock import FixedClock, SystemClock
from workflow.errors import Refused
from workflow.periods import (
    Days,
    Months,
    OnDate,
    Step,
    Workdays,
    add_months,
    at_local,
    half,
    local_date,
    parse_rule,
)

CALENDAR = seeded_calendar()
DAY = timedelta(days=1)
STARTS = st.dates(date(2004, 1, 1), date(2025, 6, 1))
RULES = st.one_of(
    st.integers(1, 60).map(Workdays), st.integers(1, 200).map(Days), st.integers(1, 12).map(Months)
)


def d(text):
    return date.fromisoformat(text)


class SlowCount:
    """Counts on a strip of days, each marked by the source itself; shares nothing with the product."""

    def __init__(self):
        first, last = date(2004, 1, 1), date(2026, 12, 31)
        self.days = [first + n * DAY for n in range((last - first).days + 1)]
        self.works = [chinese_calendar.is_workday(day) for day in self.days]
        self.place = {day: n for n, day in enumerate(self.days)}

    def due(self, start, n, unit):
        at = self.place[start]
        if unit == "wd":
            while n:
                at += 1
                n -= self.works[at]
            return self.days[at]
        if unit == "d":
            at += n
        else:
            year, month = start.year, start.month
            for _ in range(n):
                year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            day = start.day
            while day > monthrange(year, month)[1]:
                day -= 1
            at = self.place[date(year, month, day)]
        while not self.works[at]:
            at += 1
        return self.days[at]


def disagreements(cases, seed):
    slow, chance = SlowCount(), random.Random(seed)
    starts = slow.days[: slow.place[date(2025, 9, 1)]]
    most = {"wd": 60, "d": 200, "m": 14}
    wrong = []
    for _ in range(cases):
        unit = chance.choice(("wd", "wd", "d", "m"))
        start, n = chance.choice(starts), chance.randint(1, most[unit])
        fast, want = parse_rule(f"{n}{unit}").due(start, CALENDAR), slow.due(start, n, unit)
        if fast != want:
            wrong.append((start, n, unit, fast, want))
    return wrong


def test_deadlines_agree_with_the_slow_count():
    assert disagreements(100_000, seed=2016) == []


@pytest.mark.soak
def test_a_million_deadlines_agree_with_the_slow_count():
    assert disagreements(1_000_000, seed=122) == []


@pytest.mark.parametrize(
    "start, rule, due",
    [
        ("2016-09-05", "5wd", "2016-09-12"),
        ("2016-09-14", "2wd", "2016-09-19"),  # Mid-Autumn, and Sunday the 18th is worked
        ("2016-09-30", "7d", "2016-10-08"),  # ends in the holiday, the 8th is a worked Saturday
        ("2016-10-08", "15d", "2016-10-24"),
        ("2016-09-19", "6m", "2017-03-20"),
        ("2017-01-31", "1m", "2017-02-28"),
        ("2016-01-31", "1m", "2016-02-29"),
        ("2016-02-29", "12m", "2017-02-28"),
        ("2016-02-29", "48m", "2020-03-02"),  # 29 February is a Saturday
        ("2016-03-31", "1m", "2016-05-03"),  # 30 April is a Saturday, then Labour Day
        ("2016-12-31", "1d", "2017-01-03"),
        ("2016-12-30", "1wd", "2017-01-03"),
        ("2016-10-01", "1wd", "2016-10-08"),  # starts on a rest day
        ("2015-02-17", "1wd", "2015-02-25"),
        ("2016-09-05", "1d", "2016-09-06"),
    ],
)  # fmt: skip
def test_worked_examples(start, rule, due):
    assert parse_rule(rule).due(d(start), CALENDAR) == d(due)


@given(STARTS, RULES)
def test_a_period_ends_after_its_start_on_a_working_day(start, rule):
    due = rule.due(start, CALENDAR)
    assert due > start
    assert CALENDAR.is_working(due)


@given(STARTS, RULES)
def test_a_later_start_or_a_longer_period_never_ends_earlier(start, rule):
    due = rule.due(start, CALENDAR)
    assert rule.due(start + DAY, CALENDAR) >= due
    assert type(rule)(rule.n + 1).due(start, CALENDAR) >= due


@given(STARTS, st.integers(1, 60), st.integers(1, 60))
def test_working_days_can_be_counted_in_two_goes(start, first, then):
    middle = Workdays(first).due(start, CALENDAR)
    assert Workdays(then).due(middle, CALENDAR) == Workdays(first + then).due(start, CALENDAR)


@given(STARTS, RULES)
def test_the_explanation_leads_from_the_start_to_the_end(start, rule):
    counted = rule.count(start, CALENDAR)
    steps = counted.steps
    assert steps[0] == Step(start, False, "起算日不计入（民法典第 201 条）")
    assert counted.due == rule.due(start, CALENDAR) == steps[-1].day
    assert [step.day for step in steps] == sorted({step.day for step in steps})
    if not isinstance(rule, Months):
        assert sum(step.counted for step in steps) == rule.n
        assert [step.day for step in steps] == [start + n * DAY for n in range(len(steps))]
    assert all(not CALENDAR.is_working(step.day) for step in counted.skipped)


def test_skipped_days_tell_why():
    assert [(s.day, s.reason) for s in parse_rule("2wd").count(d("2016-09-14"), CALENDAR).skipped] == [
        (d("2016-09-15"), "中秋节"), (d("2016-09-16"), "中秋节"), (d("2016-09-17"), "中秋节"),
    ]  # fmt: skip
    assert [(s.day, s.reason) for s in parse_rule("15d").count(d("2016-10-08"), CALENDAR).skipped] == [
        (d("2016-10-23"), "周日"),
    ]  # fmt: skip
    assert parse_rule("7d").count(d("2016-09-05"), CALENDAR).skipped == []


def test_a_short_month_is_explained():
    steps = Months(1).count(d("2017-01-31"), CALENDAR).steps
    assert steps[-1] == Step(
        d("2017-02-28"), True, "满 1 个月，当月没有 31 日，以月末日为准（民法典第 202 条）"
    )


def test_a_moved_end_is_explained():
    steps = Days(5).count(d("2016-09-26"), CALENDAR).steps
    assert [(s.day.day, s.counted) for s in steps[-8:]] == [
        (1, True), (2, False), (3, False), (4, False), (5, False), (6, False), (7, False), (8, False),
    ]  # fmt: skip
    assert steps[-2].reason == "国庆节，顺延"
    assert steps[-1].reason == "末日是休息日（国庆节），顺延到这个工作日（民法典第 203 条）"


@pytest.mark.parametrize(
    "start, rule, provisional",
    [
        ("2026-12-18", "5wd", False),
        ("2026-12-28", "5wd", True),
        ("2026-12-31", "1d", True),
        ("2026-06-01", "30d", False),
        ("2026-12-01", "1m", True),
        ("2030-05-05", "3wd", True),
        ("2003-12-31", "1d", False),  # only the end, 2 January 2004, was looked up
        ("2003-12-30", "2wd", True),
    ],
)
def test_a_date_that_rests_on_an_unpublished_year_is_provisional(start, rule, provisional):
    assert parse_rule(rule).count(d(start), CALENDAR).provisional is provisional


def test_a_scheduled_date_stays_on_its_rest_day():
    rule = OnDate("stop_from")
    day = rule.read({"stop_from": "2016-10-01"})
    counted = rule.count(day, CALENDAR)
    assert (rule.due(day, CALENDAR), counted.due, counted.skipped, counted.provisional) == (
        day,
        day,
        [],
        False,
    )
    assert counted.steps == [Step(day, True, "所定日期，不因休息日顺延")]
    assert OnDate("review").count(d("2030-01-01"), CALENDAR).provisional is False


@pytest.mark.parametrize("facts", [{}, {"stop_from": None}, {"stop_from": "soon"}])
def test_a_scheduled_date_that_is_not_there_is_refused(facts):
    with pytest.raises(Refused, match="还没有定下"):
        OnDate("stop_from").read(facts)


@pytest.mark.parametrize(
    "code, rule, label",
    [
        ("10wd", Workdays(10), "10 个工作日"),
        ("7d", Days(7), "7 天"),
        ("3m", Months(3), "3 个月"),
        ("on:stop_from", OnDate("stop_from"), "所定日期"),
        ("2500wd", Workdays(2500), "2500 个工作日"),
        ("120m", Months(120), "120 个月"),
    ],
)
def test_a_code_names_a_period_and_back(code, rule, label):
    assert parse_rule(code) == rule
    assert str(rule) == code
    assert rule.label == label


@pytest.mark.parametrize(
    "code",
    ["5xx", "", "wd", "10", "1.5d", "10WD", "１０wd", "10 wd", "d7", "on:", "on:a b", "9" * 5000 + "d", "٣d"],
)
def test_a_code_that_names_nothing_is_refused(code):
    with pytest.raises(Refused, match="看不懂期限"):
        parse_rule(code)


@pytest.mark.parametrize("code, message", [
    ("0wd", "至少是 1 个工作日"), ("-3d", "至少是 1 天"), ("121m", "超过十年"), ("3654d", "超过十年"), ("2501wd", "超过十年"),
])  # fmt: skip
def test_a_length_that_cannot_be_is_refused(code, message):
    with pytest.raises(Refused, match=message):
        parse_rule(code)


@pytest.mark.parametrize("rule", ["1wd", "1d", "1m"])
def test_counting_past_the_last_date_is_refused(rule):
    with pytest.raises(Refused, match="范围"):
        parse_rule(rule).count(date.max, CALENDAR)


@pytest.mark.parametrize(
    "rule, shorter",
    [
        ("1wd", None), ("2wd", None), ("3wd", "2wd"), ("5wd", "3wd"), ("10wd", "5wd"), ("15wd", "8wd"),
        ("1d", None), ("2d", None), ("3d", "2d"), ("7d", "4d"), ("1m", None), ("2m", "1m"), ("3m", "2m"),
        ("on:stop_from", None),
    ],
)  # fmt: skip
def test_the_reminder_comes_when_half_is_gone(rule, shorter):
    start = d("2016-09-14")
    want = None if shorter is None else parse_rule(shorter).due(start, CALENDAR)
    assert half(parse_rule(rule), start, CALENDAR) == want


@given(STARTS, RULES)
def test_the_reminder_never_comes_after_the_last_day(start, rule):
    reminder = half(rule, start, CALENDAR)
    assert reminder is None or start < reminder <= rule.due(start, CALENDAR)


@pytest.mark.parametrize(
    "start, n, end",
    [
        ("2016-01-31", 1, "2016-02-29"), ("2016-01-31", 13, "2017-02-28"), ("2016-12-01", 1, "2017-01-01"),
        ("2016-03-31", -1, "2016-02-29"), ("2016-01-15", -1, "2015-12-15"), ("2016-11-30", 0, "2016-11-30"),
    ],
)  # fmt: skip
def test_months_are_added_on_the_corresponding_day(start, n, end):
    assert add_months(d(start), n) == d(end)


@pytest.mark.parametrize(
    "moment, day",
    [
        (datetime(2016, 12, 31, 16, tzinfo=UTC), "2017-01-01"),
        (datetime(2016, 12, 31, 15, 59, 59, tzinfo=UTC), "2016-12-31"),
        (datetime(2016, 12, 31, 23, tzinfo=timezone(timedelta(hours=8))), "2016-12-31"),
        (datetime(2016, 12, 31, 11, tzinfo=timezone(timedelta(hours=-5))), "2017-01-01"),
    ],
)
def test_the_day_is_the_day_in_china(moment, day):
    assert local_date(moment) == d(day)


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(ValueError):
        local_date(datetime(2016, 12, 31))  # noqa: DTZ001


@pytest.mark.parametrize("hour, moment", [(0, "2016-09-04T16:00:00+00:00"), (9, "2016-09-05T01:00:00+00:00")])
def test_an_hour_in_china_is_a_moment(hour, moment):
    assert at_local(d("2016-09-05"), hour).isoformat() == moment
    assert local_date(at_local(d("2016-09-05"), hour)) == d("2016-09-05")


PROGRAM = """
from datetime import UTC, date, datetime
from workflow.calendar import seeded_calendar
from workflow.periods import at_local, half, local_date, parse_rule
c, start = seeded_calendar(), date(2016, 9, 14)
for code in ("5wd", "30wd", "7d", "15d", "6m"):
    rule = parse_rule(code)
    print(code, rule.due(start, c), half(rule, start, c))
print(local_date(datetime(2016, 12, 31, 16, tzinfo=UTC)), at_local(start, 9), at_local(date(2016, 3, 13), 2))
"""


def test_the_host_time_zone_changes_nothing():
    def printed(zone):
        host = {name: value for name, value in os.environ.items() if name != "TZ"}
        env = host | ({} if zone is None else {"TZ": zone})
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True
        )
        return done.stdout

    zones = (None, "UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Nowhere/Atall")
    outputs = {printed(zone) for zone in zones}
    assert len(outputs) == 1
    assert "2017-01-01 2016-09-14 01:00:00+00:00" in outputs.pop()


def test_a_fixed_clock_moves_on_when_told_and_never_back():
    clock = FixedClock(datetime(2016, 9, 5, tzinfo=UTC))
    assert clock.now() == clock.now() == datetime(2016, 9, 5, tzinfo=UTC)
    assert clock.move(timedelta(hours=3)) == clock.now() == datetime(2016, 9, 5, 3, tzinfo=UTC)
    clock.move(datetime(2016, 9, 6, tzinfo=UTC))
    with pytest.raises(ValueError):
        clock.move(datetime(2016, 9, 5, tzinfo=UTC))
    with pytest.raises(ValueError):
        FixedClock(datetime(2016, 9, 5))  # noqa: DTZ001


def test_the_machines_clock_knows_its_zone():
    assert SystemClock().now().utcoffset() == timedelta(0)
