"""Looking back at a case on a day: from its page, closed to others, written down."""

from datetime import timedelta

from sqlalchemy import select

from workflow.models import AccessLog, JournalEntry
from workflow.periods import local_date


def test_a_day_of_the_past_shows_the_stage_and_limits_of_then(desks):
    number, case = desks.numbers["late"], desks.id("late")
    entries = desks.journal(case)
    opened = local_date(entries[0].at)
    browser = desks.browser("auditor1")
    assert f'action="/cases/{number}/as-at"' in browser.get(f"/cases/{number}").text
    page = browser.get(f"/cases/{number}/as-at?day={opened.isoformat()}").text
    last = [entry for entry in entries if local_date(entry.at) == opened][-1]
    blueprint = desks.office.catalogue.of(desks.case(case))
    assert blueprint.stages[last.to_stage].label in page
    assert f"第 {last.seq} 条" in page
    now = browser.get(f"/cases/{number}/as-at?day=2099-01-01").text
    assert f"第 {desks.case(case).seq} 条" in now
    with desks.database.reading() as session:
        looks = session.scalars(
            select(AccessLog).where(AccessLog.what == "case_as_at").order_by(AccessLog.id)
        ).all()
    assert [look.reason for look in looks] == [opened.isoformat(), desks.today.isoformat()]


def test_every_day_of_every_case_can_be_looked_at(desks):
    browser = desks.browser("auditor1")
    for name, number in desks.numbers.items():
        if desks.case(desks.id(name)).definition == "payment":
            continue
        days = {local_date(row.at) for row in desks.rows(JournalEntry, desks.id(name))}
        for day in [*sorted(days)[:3], min(days) - timedelta(days=9)]:
            assert browser.get(f"/cases/{number}/as-at?day={day.isoformat()}").status_code == 200, (name, day)
