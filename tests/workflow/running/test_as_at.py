"""A case on any day of its past is what a snapshot taken on that very day shows."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from tests.district import District
from tests.journeys.test_flow_verbs import WHY, verb
from tests.migration import caseload as load
from tests.workflow.engine.test_extensions import ask as ask_to_extend
from tests.workflow.engine.test_extensions import confirm
from tests.workflow.timing.test_recount import publish
from workflow.households import add_member
from workflow.identity import make_id_number
from workflow.models import Case, CaseForm, Deadline, Household, JournalEntry, Task
from workflow.people_queries import household_members
from workflow.roles import TOWN_REVIEWER, WINDOW
from workflow.running.as_at import as_at
from workflow.timing.recount import recount

Night = dict[str, Any]


def snapshot(district: District, case: int) -> Night:
    """The rows as they stand in the evening."""
    row = district.case(case)
    with district.database.reading() as session:
        last = session.scalars(
            select(JournalEntry).where(JournalEntry.case_id == case).order_by(JournalEntry.seq.desc())
        ).first()
        forms = session.scalars(select(CaseForm.seq).where(CaseForm.case_id == case)).all()
        members = [person.id for person in household_members(session, row.subject_id, district.today)]
    return {
        "stage": row.stage, "edition": last.edition, "version": row.version, "seq": row.seq, "closed": row.closed_at is not None,
        "limits": sorted((d.kind, d.started_on, d.due_on, d.rule, d.state, d.met_on) for d in district.rows(Deadline, case)),
        "tasks": sorted((t.role, t.part, t.stage) for t in district.rows(Task, case) if t.state == "open"),
        "forms": sorted(forms), "members": sorted(members),
    }  # fmt: skip


def looked_up(district: District, case: int, day: date) -> Night:
    """The same from today, by looking back."""
    with district.database.reading() as session:
        found = as_at(session, district.office.catalogue, session.get_one(Case, case), day)
        assert found is not None
        return {
            "stage": found.stage, "edition": found.last.edition, "version": found.last.version, "seq": found.last.seq, "closed": found.closed,
            "limits": sorted((d.kind, d.started_on, d.due_on, d.rule, d.state, d.met_on) for d in found.limits),
            "tasks": sorted((t.role, t.part, t.stage) for t in found.tasks),
            "forms": sorted(form.seq for _entry, form in found.forms), "members": sorted(m.person_id for m in found.members),
        }  # fmt: skip


class Diary:
    """Snapshots by day, the last of each day."""

    def __init__(self, district: District, case: int) -> None:
        self.district, self.case, self.nights = district, case, {}

    def night(self) -> None:
        """The day is over: look, and go on to the next."""
        self.nights[self.district.today] = snapshot(self.district, self.case)

    def holds(self) -> None:
        """Every day looked up from now is as it was."""
        assert len(self.nights) > 2
        for day, night in self.nights.items():
            assert looked_up(self.district, self.case, day) == night, day


def through(diary: Diary, stage: str) -> None:
    """Bring the case on, a day and a night at a time."""
    district = diary.district
    order = (
        "draft",
        "submitted",
        "accepted",
        "investigating",
        "opinion",
        "publicity",
        "decision",
        "approved",
        "on_benefit",
    )
    for step in order[order.index(district.stage(diary.case)) + 1 :]:
        district.bring(diary.case, step)
        district.sweep()
        diary.night()
        if step == stage:
            return
        district.days(1)


def test_the_whole_way_of_a_family_that_grows_with_an_extension_on_the_way(district: District) -> None:
    district.day("2021-07-05")
    case = district.application()
    diary = Diary(district, case)
    with district.database.reading() as session:
        assert (
            as_at(session, district.office.catalogue, session.get_one(Case, case), date(2021, 7, 4)) is None
        )
    diary.night()
    district.days(1)
    through(diary, "investigating")
    district.days(1)
    asked = ask_to_extend(district, case)
    diary.night()
    district.days(1)
    confirm(district, asked)
    diary.night()
    district.days(1)
    with district.database.acting() as conn:
        session = district.office.session(conn)
        child = {
            "relation": "child",
            "name": "王小满",
            "id_number": make_id_number("330212", date(2021, 7, 1), 77),
        }
        add_member(session, session.get_one(Household, district.case(case).subject_id), child, on=district.today,
                   actor=district.staff(WINDOW), now=district.now)  # fmt: skip
        session.flush()
    diary.night()
    district.days(1)
    through(diary, "on_benefit")
    district.days(40)
    district.sweep()
    diary.night()
    assert len({str(night["limits"]) for night in diary.nights.values()}) >= 8
    assert {len(night["members"]) for night in diary.nights.values()} == {2, 3}
    diary.holds()


def test_what_was_concluded_and_taken_back_is_both_there(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    district.check(case)
    district.do(case, "visit")
    diary, me = Diary(district, case), district.staff(TOWN_REVIEWER, 2)
    diary.night()
    district.days(1)
    district.do(case, "conclude", me)
    diary.night()
    district.days(1)
    verb(district, case, "take_back", me, reason=WHY)
    diary.night()
    district.days(1)
    district.do(case, "conclude", me)
    diary.night()
    stages = [night["stage"] for night in diary.nights.values()]
    assert stages[0] == stages[2] == "investigating" != stages[1]
    diary.holds()


def test_a_limit_moved_by_a_published_calendar_had_its_old_date_before(district: District) -> None:
    district.day("2026-12-28")
    case = district.application()
    district.do(case, "submit")
    diary = Diary(district, case)
    diary.night()
    district.days(1)
    publish(district)
    recount(district.office, district.database, district.now)
    diary.night()
    district.days(1)
    diary.night()
    dues = [
        next(one[2] for one in night["limits"] if one[0] == "stage:submitted")
        for night in diary.nights.values()
    ]
    assert dues == [date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 5)]
    diary.holds()


def test_before_a_migration_the_case_had_its_old_edition_and_limits_and_after_it_is_undone_again(
    district: District,
) -> None:
    cases = load.caseload(district, ("opinion", "investigating"))
    diaries = [Diary(district, case) for case in cases.values()]
    made = load.signed(district)
    for step in (
        lambda: None,
        lambda: load.carry_out(district, made.id),
        lambda: load.take_back(district, made.id),
    ):
        step()
        for diary in diaries:
            diary.night()
        district.clock.move(timedelta(days=1))
    for diary in diaries:
        assert [night["edition"] for night in diary.nights.values()] == ["NB2016", "NAT2021", "NB2016"]
        diary.holds()
