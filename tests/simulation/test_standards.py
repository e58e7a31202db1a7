"""660 becomes 744 over a simulated district: the list beforehand is what is adjusted afterwards, to the fen."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from definitions.rehearsal.play import Plan, run
from definitions.standard_change.checking import faults
from definitions.standard_change.listing import totals
from tests.simulation.conftest import FIRST, LAST, fresh
from web.jobs import JOBS
from workflow.actors import load_actor
from workflow.acts import act, open_case
from workflow.config import Config
from workflow.db import Database
from workflow.models import Case, Entitlement, JournalEntry, RoleAssignment, Setting, Standard, StandardEffect
from workflow.office import Office
from workflow.periods import at_local
from workflow.roles import COUNTY_APPROVER, COUNTY_REVIEWER, Role
from workflow.running.job import Run, run_job

HOUSEHOLDS = 20
BEGINS = date(2017, 3, 1)


@dataclass
class Town:
    """The district after its autumn, with the clock in the test's hand."""

    database: Database
    office: Office
    today: date

    def sweep(self, day: date) -> None:
        self.today = day
        for job in JOBS:
            run_job(job, Run(self.office, self.database, Config(self.database.url), at_local(day, 10)))

    def act(self, case: int, action: str, role: Role, form: dict[str, Any] | None = None) -> None:
        with self.database.acting() as conn:
            session = self.office.session(conn)
            user = session.scalars(
                select(RoleAssignment.user_id).where(RoleAssignment.role == role.code)
            ).first()
            actor = load_actor(session, user, self.today)
            version = session.get_one(Case, case).version
            act(
                self.office,
                conn,
                case,
                action,
                actor=actor,
                form=form,
                seen=version,
                now=at_local(self.today, 11),
            )


@pytest.fixture(scope="module")
def town(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Families decided by 660 yuan a month."""
    database, office = fresh(template, tmp_path_factory.mktemp("standards") / "district.db")
    with database.acting() as conn:
        conn.execute(
            delete(Standard).where(Standard.kind == "standard", Standard.from_date >= date(2016, 1, 1))
        )
        conn.execute(update(Standard).where(Standard.kind == "standard").values(to_date=date(2017, 12, 31)))
    run(Plan(FIRST, LAST, HOUSEHOLDS, 3, {}), office, database, Config(database.url), JOBS)
    return Town(database, office, LAST)


def test_the_list_beforehand_equals_the_adjustments_afterwards(town: Town) -> None:
    town.sweep(LAST + timedelta(days=1))
    with town.database.acting() as conn:
        session = town.office.session(conn)
        county = session.get_one(Setting, "district").value
        user = session.scalars(
            select(RoleAssignment.user_id).where(RoleAssignment.role == COUNTY_REVIEWER.code)
        ).first()
        change = open_case(
            town.office, conn, "standard_change", subject=("standards", int(county[:6])), area_code=county,
            actor=load_actor(session, user, town.today), now=at_local(town.today, 11),
        ).id  # fmt: skip
    amounts = [{"kind": "standard", "setting": setting, "amount": "744.00"} for setting in ("urban", "rural")]
    town.act(change, "draw_up", COUNTY_REVIEWER, {
        "source": "样例文件 744 号", "from_date": BEGINS.isoformat(), "to_date": "2018-02-28", "amounts": amounts,
    })  # fmt: skip
    town.sweep(town.today)
    before, more = _rows(town, change), _totals(town, change)
    rises = {case: row for case, row in before.items() if row.outcome == "adjust"}
    assert len(rises) > HOUSEHOLDS // 4
    assert all(row.new > row.old for row in rises.values())
    town.act(change, "release", COUNTY_APPROVER)
    assert _granted(town, BEGINS) == {}

    day = town.today
    while day < BEGINS + timedelta(days=1):
        day = (
            min(day + timedelta(days=7), BEGINS + timedelta(days=1))
            if day != BEGINS
            else day + timedelta(days=1)
        )
        town.sweep(day)
    town.sweep(day)

    granted = _granted(town, BEGINS)
    signed = {case for case, row in _rows(town, change).items() if row.state == "adjusted" and not row.later}
    assert signed <= set(rises)
    assert {case: granted[case] for case in signed} == {case: rises[case].new for case in signed}
    assert (
        sum(granted[case] - rises[case].old for case in signed)
        == more
        == sum(rises[case].new - rises[case].old for case in signed)
    )
    with town.database.reading() as session:
        assert faults(session, change) == []
        assert session.get_one(Case, change).stage == "settled"
        for case in signed:
            entries = session.scalars(
                select(JournalEntry).where(
                    JournalEntry.case_id == case, JournalEntry.action == "standard_changed"
                )
            ).all()
            assert len(entries) == 1


def _rows(town: Town, change: int) -> dict[int, StandardEffect]:
    with town.database.reading() as session:
        rows = session.scalars(select(StandardEffect).where(StandardEffect.change_id == change)).all()
        session.expunge_all()
        return {row.case_id: row for row in rows}


def _totals(town: Town, change: int) -> Decimal:
    with town.database.reading() as session:
        return totals(session, change).more


def _granted(town: Town, first: date) -> dict[int, Decimal]:
    with town.database.reading() as session:
        rows = select(Entitlement.case_id, Entitlement.amount).where(
            Entitlement.from_month == f"{first:%Y-%m}"
        )
        return {row.case_id: row.amount for row in session.execute(rows)}
