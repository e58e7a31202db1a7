"""Re-checks that share a date are opened spread over the working days of their window, once a household and period."""

from collections import Counter
from datetime import date, timedelta

from tests.district import COUNTY, District
from workflow.models import Case, ScheduledAct
from workflow.sweeps import carry_out
from workflow.timing.spread import quietest_day

FIRST, LAST = date(2017, 8, 1), date(2017, 8, 16)
MANY = 1200


def test_many_that_share_a_date_make_no_wave(quick: District) -> None:
    calendar = quick.office.calendar
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        for n in range(MANY):
            case = Case(number=f"DB-2016-{n:06d}", definition="dibao", edition="NB2016", stage="on_benefit", area_code=COUNTY,
                        subject_kind="household", subject_id=n, opened_at=quick.now)  # fmt: skip
            session.add(case)
            session.flush()
            on = quietest_day(session, "open_review", FIRST, LAST, calendar)
            session.add(ScheduledAct(case_id=case.id, action="open_review", on_date=on, decided_by="x"))
            session.flush()
    days = Counter(row.on_date for row in quick.rows(ScheduledAct))
    mean = MANY / len(days)
    assert sum(days.values()) == MANY
    assert len(days) == calendar.working_days_between(FIRST - timedelta(days=1), LAST)
    assert max(days.values()) <= 1.3 * mean
    assert all(FIRST <= day <= LAST and calendar.is_working(day) for day in days)


def test_a_window_of_rest_days_opens_on_its_first(quick: District) -> None:
    with quick.database.reading() as session:
        holiday = date(2016, 10, 2)
        assert quietest_day(session, "open_review", holiday, holiday, quick.office.calendar) == holiday


def test_other_plans_do_not_count_and_full_days_are_passed_over(quick: District) -> None:
    case = quick.on_benefit(members=1)
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        for action, day in (("open_review", FIRST), ("stop", FIRST + timedelta(days=1))):
            session.add(ScheduledAct(case_id=case, action=action, on_date=day, decided_by="x"))
        session.flush()
        assert quietest_day(session, "open_review", FIRST, LAST, quick.office.calendar) == FIRST + timedelta(
            days=1
        )


def test_families_decided_on_one_day_are_rechecked_on_different_days_and_once(district: District) -> None:
    cases = [district.application() for _ in range(4)]
    district.bring_all(cases, "on_benefit")
    opens = [district.planned(case)["open_review"] for case in cases]
    dues = {district.case(case).facts["review_due"] for case in cases}
    assert len(dues) == 1
    assert len(set(opens)) == len(cases)
    district.day(max(opens))
    for _ in range(2):
        carry_out(district.office, district.database, district.now)
    for case in cases:
        assert len(district.rows(Case, parent_id=case, definition="dynamic_review")) == 1
    assert all(day <= date.fromisoformat(next(iter(dues))) for day in opens)
    assert district.broken() == {}
