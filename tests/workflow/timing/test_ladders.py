"""Ladders set by the district: which limits they hold for, from when, what they may not be; and each rung once."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.district import District
from workflow.calendar import seeded_calendar
from workflow.errors import Refused
from workflow.ladders import ORDINARY, SILENT, Chosen, Ladder, Ladders, read_rungs
from workflow.models import Deadline, JournalEntry, LadderRow, OutboxMessage
from workflow.periods import CHINA, Days, Hours, Months, Workdays, at_local
from workflow.roles import ADMINISTRATOR
from workflow.sweeps import sweep_deadlines

OVERDUE = {"code": "overdue"}
COUNTY = [
    {"code": "remind", "share": 50, "hour": 9}, {"code": "again", "share": 80, "hour": 9},
    {"code": "lead", "share": 90, "hour": 14, "tells": "town_reviewer"}, OVERDUE,
    {"code": "head", "after": "1wd", "hour": 9, "tells": "department_head"}, {"code": "bulletin", "after": "5wd", "hour": 9},
]  # fmt: skip

REFUSED = [
    ([], "悄悄"), ([{"code": "remind", "share": 50}], "悄悄"), ([OVERDUE, OVERDUE], "悄悄"),
    ([{"code": "remind", "share": 50}, {"code": "remind", "share": 60}, OVERDUE], "两次"),
    ([{"code": "remind", "share": 50}, {"code": "again", "before": 2}, OVERDUE], "统一"),
    ([{"code": "remind", "share": 80}, {"code": "again", "share": 50}, OVERDUE], "先后"),
    ([{"code": "head", "after": "2wd"}, OVERDUE], "先后"), ([OVERDUE, {"code": "remind", "share": 50}], "先后"),
    ([{"code": "approve", "share": 50}, OVERDUE], "没有“approve”"),
    ([{"code": "remind", "share": 100}, OVERDUE], "时点"), ([{"code": "remind", "share": 50, "hour": 24}, OVERDUE], "时点"),
    ([{"code": "remind"}, OVERDUE], "写一个时点"), ([{"code": "lead", "share": 50, "tells": "mayor"}, OVERDUE], "没有岗位"),
    ([OVERDUE, {"code": "head", "after": "2wd"}, {"code": "bulletin", "after": "1m"}], "同一种单位"),
]  # fmt: skip


@pytest.mark.parametrize("rungs, why", REFUSED)
def test_a_ladder_that_lets_a_limit_pass_or_decides_is_refused(rungs: list, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_rungs(rungs)


def test_a_ladder_is_kept_as_it_was_set() -> None:
    rungs = read_rungs(COUNTY)
    assert read_rungs([rung.as_json() for rung in rungs]) == rungs


def chosen(
    number: int, definition: str = "", edition: str = "", limit: str = "", since: str = "2016-01-01"
) -> Chosen:
    return Chosen(Ladder(f"row:{number}", ()), definition, edition, limit, date.fromisoformat(since))


FITS = [
    ([chosen(1)], "row:1"),
    ([chosen(1, "verification")], "ordinary"),
    ([chosen(1, since="2016-09-06")], "ordinary"),
    ([chosen(1), chosen(2)], "row:2"),
    ([chosen(1, limit="span:town"), chosen(2, "dibao")], "row:1"),
    ([chosen(1, edition="NB2016"), chosen(2, "dibao")], "row:1"),
    ([chosen(1, limit="span:county"), chosen(2)], "row:2"),
]


@pytest.mark.parametrize("rows, code", FITS)
def test_the_closest_ladder_holds_from_its_day(rows: list[Chosen], code: str) -> None:
    ladders = Ladders(tuple(rows))
    assert ladders.of("dibao", "NB2016", "span:town", date(2016, 9, 5), ORDINARY).code == code
    assert ladders.of("dibao", "NB2016", "span:town", date(2016, 9, 5), SILENT) is SILENT


def set_ladder(district: District, rungs: list, **where: str) -> None:
    with district.database.acting() as conn:
        session = district.office.session(conn)
        session.add(LadderRow(rungs=rungs, source="鄞民〔2016〕9号", from_date=date(2016, 1, 1), made_at=district.now,
                              made_by=district.staff(ADMINISTRATOR).id, **where))  # fmt: skip
        session.flush()
    district.refresh()


def sweep(district: District, now: datetime) -> int:
    swept = sweep_deadlines(district.office, district.database, now)
    assert not swept.failed, swept.error
    return swept.done


def test_a_set_ladder_tells_the_lead_and_the_bulletin_and_changes_no_running_limit(
    district: District,
) -> None:
    old = district.application()
    district.do(old, "submit")
    set_ladder(district, COUNTY, definition="dibao", limit="stage:submitted")
    new = district.application()
    district.do(new, "submit")
    sweep(district, at_local(date(2016, 9, 30), 12))
    codes = ["remind", "again", "lead", "overdue", "head", "bulletin"]
    assert [c for c in district.actions_done(new) if c in codes] == codes
    assert [c for c in district.actions_done(old) if c in codes] == ["remind", "overdue", "head"]
    (lead,) = district.messages(new, "lead")
    assert (lead.role, lead.scope) == ("town_reviewer", "330212101000")
    assert district.messages(new, "bulletin") == []
    assert len(district.messages(new, "again")) == 1
    assert district.broken() == {}


def test_a_reminder_at_another_share_says_no_half(quick: District) -> None:
    early = [{"code": "remind", "share": 30, "hour": 9}, {"code": "again", "share": 60, "hour": 9}, OVERDUE]
    set_ladder(quick, early, definition="dibao", limit="stage:submitted")
    case = quick.application()
    quick.do(case, "submit")
    sweep(quick, at_local(date(2016, 9, 9), 12))
    assert [message.topic for message in quick.rows(OutboxMessage, case)] == ["again", "again"]


@settings(max_examples=200, deadline=None)
@given(
    rule=st.one_of(
        st.builds(Workdays, st.integers(1, 60)), st.builds(Days, st.integers(1, 90)), st.builds(Months, st.integers(1, 6)),
        st.builds(Hours, st.integers(1, 200)),
    ),
    start=st.dates(date(2010, 1, 1), date(2025, 1, 1)), hour=st.integers(0, 23),
    shares=st.lists(st.integers(1, 99), min_size=0, max_size=2, unique=True).map(sorted), after=st.integers(1, 9),
)  # fmt: skip
def test_moments_go_up_the_ladder_whatever_the_limit(rule, start, hour, shares, after) -> None:
    """Reminders before the end, overdue right after it, the rest later; each moment lies after the start."""
    calendar = seeded_calendar()
    early = [
        {"code": code, "share": share, "hour": 9}
        for code, share in zip(("remind", "again"), shares, strict=False)
    ]
    ladder = Ladder("x", read_rungs([*early, OVERDUE, {"code": "head", "after": f"{after}wd", "hour": 9}]))
    begin = at_local(start, hour)
    started = begin if isinstance(rule, Hours) else start
    due = rule.ends(begin) if isinstance(rule, Hours) else rule.due(start, calendar)
    index, moments = 0, {}
    while index < len(ladder.rungs):
        index, moment = ladder.next(index, rule, started, due, calendar)
        if moment is not None:
            moments[ladder.rungs[index].code] = moment
        index += 1
    end = due if isinstance(due, datetime) else at_local(due + timedelta(days=1))
    assert list(moments.values()) == sorted(moments.values())
    assert moments["overdue"] == (end + timedelta(seconds=1) if isinstance(due, datetime) else end)
    assert all(
        begin.replace(hour=0) - timedelta(days=1) < moment <= end
        for code, moment in moments.items()
        if code in ("remind", "again")
    )
    assert moments["head"] > moments["overdue"]


JUMPS = st.lists(
    st.sampled_from([timedelta(hours=1), timedelta(hours=-1), timedelta(days=3), timedelta(minutes=1), timedelta(days=10),
                     timedelta(hours=72), timedelta(days=-2)]), min_size=1, max_size=12)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(jumps=JUMPS)
def test_a_clock_that_jumps_fires_nothing_twice_and_moves_no_date(
    quick: District, jumps: list[timedelta]
) -> None:
    case = quick.application()
    quick.do(case, "submit")
    dues = {row.id: (row.due_on, row.rule, row.started_on) for row in quick.rows(Deadline, case)}
    now = quick.now
    for jump in jumps:
        now += jump
        sweep(quick, now)
        sweep(quick, now)
    fired = [
        entry.action
        for entry in quick.rows(JournalEntry, case)
        if entry.action in ("remind", "overdue", "head")
    ]
    assert len(fired) == len(set(fired))
    assert fired == ["remind", "overdue", "head"][: len(fired)]
    keys = [message.key for message in quick.rows(OutboxMessage)]
    assert len(keys) == len(set(keys))
    assert {row.id: (row.due_on, row.rule, row.started_on) for row in quick.rows(Deadline, case)} == dues
    assert quick.stage(case) == "submitted"


@pytest.mark.parametrize("down", [timedelta(hours=72), timedelta(days=10), timedelta(days=40)])
def test_after_a_standstill_everything_is_caught_up_in_the_order_of_law(
    district: District, down: timedelta
) -> None:
    """Applications of four days: in the order in which their rungs were due, whichever case they belong to."""
    cases = []
    for day in ("2016-09-05", "2016-09-06", "2016-09-08", "2016-09-09"):
        district.day(day)
        case = district.application()
        district.do(case, "submit")
        cases.append(case)
    sweep(district, datetime(2016, 9, 9, 12, tzinfo=CHINA) + down)
    told = [message for message in district.rows(OutboxMessage) if message.facts.get("since")]
    since = [message.facts["since"] for message in told if message.topic != "escalated"]
    assert since == sorted(since)
    assert len(since) >= 2
    for case in cases:
        fired = [c for c in district.actions_done(case) if c in ("remind", "overdue", "head")]
        assert fired == ["remind", "overdue", "head"][: len(fired)]
    assert sweep(district, datetime(2016, 9, 9, 12, tzinfo=CHINA) + down) == 0
    assert district.broken() == {}
