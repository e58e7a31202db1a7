"""Each night what changed is rebuilt from its journal, and what nobody would ever look at is found."""

from datetime import timedelta

import pytest

from tests.district import District
from workflow.config import Config
from workflow.jobs import JOBS
from workflow.models import Case, CaseForm, Deadline, Incident, Setting, Task
from workflow.roles import ADMINISTRATOR
from workflow.running import mending, nightly
from workflow.running.job import Run, run_job


def job(district: District, name: str):
    return run_job(
        next(one for one in JOBS if one.id == name),
        Run(district.office, district.database, Config(), district.now),
    )


def night(district: District) -> int:
    """The next day's first runs: how many cases were rebuilt."""
    district.days(1)
    job(district, "checkpoint")
    return job(district, nightly.REBUILD).done


def incidents(district: District) -> list[tuple[str, int, str]]:
    return [(row.kind, row.ref, row.state) for row in district.rows(Incident)]


def test_only_what_changed_is_rebuilt_and_a_sound_district_has_no_difference(district: District) -> None:
    cases = [district.bring(district.application(), stage) for stage in ("accepted", "opinion")]
    assert night(district) == len(district.rows(Case))
    assert night(district) == 0
    district.do(cases[0], "start")
    changed = 1 + len([row for row in district.rows(Case) if row.parent_id == cases[0]])
    assert night(district) == changed
    assert incidents(district) == []
    assert job(district, nightly.REBUILD).done == 0


@pytest.mark.parametrize("name, value", [
    ("stage", "decision"), ("visit", 9), ("version", 99), ("edition", "NAT2021"), ("title", "别人"), ("facts", {"amount": "9999.00"}),
    ("hands", {}), ("head_hash", "0" * 64), ("result", "approved"),
])  # fmt: skip
def test_a_row_changed_behind_the_journal_is_an_incident(quick: District, name: str, value: object) -> None:
    case, sound = quick.bring(quick.application(), "accepted"), quick.application()
    with quick.database.acting() as conn:
        conn.execute(Case.__table__.update().where(Case.id == case).values({name: value}))
    night(quick)
    assert incidents(quick) == [(nightly.REBUILD, case, "open")]
    assert sound


def test_a_changed_form_is_an_incident_that_stays_until_the_form_is_right_again(district: District) -> None:
    case = district.bring(district.application(), "accepted")
    form = district.rows(CaseForm, case)[0]
    table = CaseForm.__table__
    mine = (table.c.case_id == case) & (table.c.seq == form.seq)
    with district.database.acting() as conn:
        conn.execute(table.update().where(mine).values(body=form.body | {"by_agent": "forged"}))
    night(district)
    (row,) = district.rows(Incident)
    assert "表单" in row.cause
    run, administrator = (
        Run(district.office, district.database, Config(), district.now),
        district.staff(ADMINISTRATOR),
    )
    assert not mending.retry(run, JOBS, row.id, actor=administrator)
    with district.database.acting() as conn:
        conn.execute(table.update().where(mine).values(body=form.body))
    assert mending.retry(run, JOBS, row.id, actor=administrator)


def test_a_stopped_run_begins_anew(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "BATCH", 1)
    cases = [district.application() for _ in range(3)]
    district.days(1)
    job(district, "checkpoint")
    calls = iter([False, True])
    stopped = nightly.rebuild(
        Run(district.office, district.database, Config(), district.now, lambda: next(calls))
    )
    assert stopped.done == 1
    assert district.rows(Setting, name=nightly.REBUILT_TO) == []
    assert job(district, nightly.REBUILD).done == len(cases)


def test_an_ordinary_year_leaves_nobody_unwatched(district: District) -> None:
    for stage in ("submitted", "investigating", "publicity", "decision", "on_benefit"):
        district.bring(district.application(), stage)
    for _ in range(3):
        district.days(30)
        district.sweep()
        assert job(district, nightly.WATCH).done == 0


def test_a_case_that_nothing_will_move_is_found_and_settled_when_it_moves(district: District) -> None:
    case = district.bring(district.application(), "accepted")
    with district.database.acting() as conn:
        conn.execute(Task.__table__.update().where(Task.case_id == case).values(state="cancelled"))
    assert job(district, nightly.WATCH).done == 0
    with district.database.acting() as conn:
        conn.execute(
            Deadline.__table__.update()
            .where(Deadline.case_id == case)
            .values(state="cancelled", next_at=None)
        )
    assert job(district, nightly.WATCH).done == 1
    assert incidents(district) == [(nightly.WATCH, case, "open")]
    run, administrator = (
        Run(district.office, district.database, Config(), district.now),
        district.staff(ADMINISTRATOR),
    )
    (row,) = district.rows(Incident)
    assert not mending.retry(run, JOBS, row.id, actor=administrator)
    with district.database.acting() as conn:
        conn.execute(
            Task.__table__.update().where(Task.case_id == case, Task.stage == "accepted").values(state="open")
        )
    assert (
        mending.tend_incidents(
            Run(district.office, district.database, Config(), district.now + timedelta(minutes=1)), JOBS
        )[0]
        == 1
    )


def test_what_may_stay_as_it_is_with_a_reason_is_not_found_again(district: District) -> None:
    case = district.bring(district.application(), "accepted")
    with district.database.acting() as conn:
        conn.execute(Task.__table__.update().where(Task.case_id == case).values(state="cancelled"))
        conn.execute(
            Deadline.__table__.update()
            .where(Deadline.case_id == case)
            .values(state="cancelled", next_at=None)
        )
    job(district, nightly.WATCH)
    (row,) = district.rows(Incident)
    run = Run(district.office, district.database, Config(), district.now)
    mending.skip(run, JOBS, row.id, reason="等待上级批复，已登记", actor=district.staff(ADMINISTRATOR))
    job(district, nightly.WATCH)
    assert incidents(district) == [(nightly.WATCH, case, "skipped")]
