"""What machines ask without sign-in."""

import re
from datetime import timedelta

from sqlalchemy import insert

from web.counting import RESULTS
from workflow.models import Tick


def test_the_process_answers_and_is_ready(world):
    for path in ("/healthz", "/readyz"):
        answer = world.client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")


def test_an_unmigrated_database_is_not_ready_but_the_process_answers(world):
    with world.edge.database.acting() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'old'")
    assert world.client.get("/healthz").status_code == 200
    answer = world.client.get("/readyz")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert "jiuzhu db upgrade" in answer.get_json()["detail"]


def test_metrics_are_counts_without_names(world):
    world.in_review()
    world.open()
    with world.edge.database.acting() as conn:
        conn.execute(insert(Tick).values(name="deadlines", at=world.edge.now() - timedelta(minutes=7)))
    text = world.client.get("/metrics").get_data(as_text=True)
    assert 'jiuzhu_cases{definition="toy",stage="review"} 1' in text
    assert 'jiuzhu_tasks_open{role="investigator"} 1' in text
    assert 'jiuzhu_tick_age_seconds{name="deadlines"} 420' in text
    assert "jiuzhu_deadlines_overdue 0" in text
    for name in (
        "due_backlog",
        "oldest_deadline_age_seconds",
        "outbox_age_seconds",
        "incidents_open",
        "lock_waits",
        "calendar_days_left",
    ):
        assert re.search(rf"^jiuzhu_{name} [0-9]+$", text, re.MULTILINE), name
    assert 'jiuzhu_sweep_milliseconds{name="deadlines"} 0' in text
    assert re.search(r'jiuzhu_acts_total\{result="done",process="[0-9]+"\} [0-9]+', text)
    line = re.compile(r'(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="[A-Za-z0-9_.:-]*",?)+\})? [0-9]+)')
    assert all(line.fullmatch(found) for found in text.splitlines())
    assert not re.search("[\u4e00-\u9fff]|330212", text)


def test_figures_are_counted_anew_only_after_a_while(world):
    first = world.client.get("/metrics").get_data()
    world.open()
    assert world.client.get("/metrics").get_data() == first
    world.clock.move(timedelta(seconds=15))
    assert world.client.get("/metrics").get_data() != first


def test_readiness_tells_how_the_scheduler_does_without_depending_on_it(world):
    assert world.client.get("/readyz").get_json() == {"status": "ready", "scheduler": "silent"}
    with world.edge.database.acting() as conn:
        conn.execute(insert(Tick).values(name="deadlines", at=world.edge.now()))
    assert world.client.get("/readyz").get_json() == {"status": "ready", "scheduler": "ok"}


def test_acts_are_counted_by_how_they_ended(world):
    def counted() -> dict[str, int]:
        world.clock.move(timedelta(seconds=15))
        text = world.client.get("/metrics").get_data(as_text=True)
        return {
            name: int(n)
            for name, n in re.findall(r'jiuzhu_acts_total\{result="(\w+)",[^}]+\} ([0-9]+)', text)
        }

    before = counted()
    assert set(before) == set(RESULTS)
    assert world.client.post("/api/v1/cases/none/actions/submit", json={}).status_code == 401
    assert counted() == before | {"refused": before["refused"] + 1}
