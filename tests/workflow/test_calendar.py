from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar import (
    SEEDED_YEARS,
    Calendar,
    DayKind,
    DayRow,
    parse_day_row,
    seed_rows,
    seeded_calendar,
)
from workflow.errors import Refused

CALENDAR = seeded_calendar()
SEEDED_DAYS = [date(2004, 1, 1) + timedelta(days=n) for n in range(8401)]
ANY_DAY = st.dates(date(2003, 6, 1), date(2028, 6, 1))


def test_the_seed_agrees_with_its_source_on_every_day():
    assert SEEDED_DAYS[-1] == date(2026, 12, 31)
    assert [d for d in SEEDED_DAYS if CALENDAR.is_working(d) != chinese_calendar.is_workday(d)] == []


def test_every_seeded_year_has_rows_and_no_other_year_has():
    assert {row.day.year for row in seed_rows()} == SEEDED_YEARS


@pytest.mark.parametrize(
    "day, works, why",
    [
        ("2016-09-14", True, "周三"),
        ("2016-09-15", False, "中秋节"),
        ("2016-09-18", True, "调休上班"),
        ("2016-09-24", False, "周六"),
        ("2016-10-01", False, "国庆节"),
        ("2016-10-08", True, "调休上班"),
        ("2015-09-03", False, "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
        ("2024-04-04", False, "清明节"),
        ("2024-06-10", False, "端午节"),
    ],
)
def test_a_day_tells_whether_offices_work_and_why(day, works, why):
    assert (CALENDAR.is_working(date.fromisoformat(day)), CALENDAR.why(date.fromisoformat(day))) == (
        works,
        why,
    )


def test_an_unpublished_year_is_plain_monday_to_friday_and_says_so():
    assert CALENDAR.is_provisional(2027)
    assert CALENDAR.is_provisional(2003)
    assert not CALENDAR.is_provisional(2026)
    assert CALENDAR.is_working(date(2027, 10, 1))
    assert CALENDAR.provisional_between(date(2026, 12, 31), date(2027, 1, 1))
    assert not CALENDAR.provisional_between(date(2026, 1, 1), date(2026, 12, 31))


def test_rows_of_a_year_whose_list_is_incomplete_count_and_the_year_stays_provisional():
    calendar = Calendar.of([DayRow(date(2027, 10, 1), DayKind.REST, "国庆节")], [2026])
    assert not calendar.is_working(date(2027, 10, 1))
    assert calendar.is_provisional(2027)


def test_a_later_row_for_a_day_replaces_the_earlier():
    day = date(2026, 10, 1)
    calendar = Calendar.of([DayRow(day, DayKind.REST, "国庆节"), DayRow(day, DayKind.WORK, "更正")], [2026])
    assert calendar.is_working(day)
    assert calendar.add_working_days(date(2026, 9, 30), 1) == day


@given(ANY_DAY, st.integers(1, 400))
def test_adding_working_days_lands_on_a_working_day_that_far_away(day, n):
    later, earlier = CALENDAR.add_working_days(day, n), CALENDAR.add_working_days(day, -n)
    assert CALENDAR.is_working(later)
    assert CALENDAR.is_working(earlier)
    assert earlier < day < later
    assert CALENDAR.working_days_between(day, later) == n
    assert CALENDAR.working_days_between(earlier - timedelta(days=1), day - timedelta(days=1)) == n


@given(ANY_DAY, ANY_DAY, ANY_DAY)
def test_working_days_between_add_up_and_change_sign(a, b, c):
    between = CALENDAR.working_days_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)


def test_days_left_are_those_after_today_and_negative_when_overdue():
    due = date(2016, 9, 19)
    left = {day: CALENDAR.working_days_between(date(2016, 9, day), due) for day in (14, 17, 18, 19, 20, 21)}
    assert left == {14: 2, 17: 2, 18: 1, 19: 0, 20: -1, 21: -2}


@pytest.mark.parametrize(
    "day, working",
    [
        ("2016-10-01", "2016-10-08"),
        ("2016-10-08", "2016-10-08"),
        ("2016-10-09", "2016-10-09"),
        ("2016-09-24", "2016-09-26"),
    ],
)
def test_the_next_working_day_is_the_day_itself_if_it_is_one(day, working):
    assert CALENDAR.next_working(date.fromisoformat(day)).isoformat() == working


def test_zero_working_days_stay_where_they_are():
    assert CALENDAR.add_working_days(date(2016, 10, 1), 0) == date(2016, 10, 1)


def test_a_calendar_in_which_nobody_works_for_a_year_is_still_counted_across():
    year = [date(2010, 1, 1) + timedelta(days=n) for n in range(365)]
    calendar = Calendar.of([DayRow(day, DayKind.REST, "停工") for day in year], [2010])
    assert calendar.add_working_days(date(2009, 12, 31), 1) == date(2011, 1, 3)
    assert calendar.add_working_days(date(2011, 1, 3), -1) == date(2009, 12, 31)


@pytest.mark.parametrize("day, n", [(date.max, 1), (date(9999, 12, 1), 500), (date.min, -1)])
def test_counting_past_the_ends_of_time_is_refused(day, n):
    with pytest.raises(Refused, match="范围"):
        CALENDAR.add_working_days(day, n)


@pytest.mark.parametrize(
    "row, kind",
    [
        ({"day": "2027-02-06", "kind": "rest", "name": "春节"}, DayKind.REST),
        ({"day": "2027/2/6", "kind": " 放假 ", "name": " 春节 "}, DayKind.REST),
        ({"day": date(2027, 2, 6), "kind": "work", "name": "春节"}, DayKind.WORK),
        ({"day": datetime(2027, 2, 6), "kind": "上班", "name": "春节"}, DayKind.WORK),  # noqa: DTZ001
    ],
)
def test_an_imported_row_is_read(row, kind):
    assert parse_day_row(row) == DayRow(date(2027, 2, 6), kind, "春节", "导入")


@pytest.mark.parametrize(
    "row, column, message",
    [
        ({"day": "2027-02-30", "kind": "rest", "name": "春节"}, "day", "没有“2027-02-30”这一天"),
        ({"day": "明天", "kind": "rest", "name": "春节"}, "day", "2027-02-06"),
        ({"kind": "rest", "name": "春节"}, "day", "day"),
        ({"day": "2027-02-06", "kind": "holiday", "name": "春节"}, "kind", "holiday"),
        ({"day": "2027-02-06", "kind": "rest", "name": " "}, "name", "name"),
        ({"day": "2027-02-06", "kind": "rest", "name": "春节", "nmae": "x"}, "nmae", "nmae"),
    ],
)
def test_a_bad_row_is_refused_with_its_column(row, column, message):
    with pytest.raises(Refused, match=message) as refusal:
        parse_day_row(row)
    assert refusal.value.facts["column"] == column
