"""The whole road against the running bureaus with faults on, while the scheduler is killed: nothing is lost or doubled, and
every order ends in a defined state.
"""

import random
import threading
from collections import Counter

import pytest

from definitions import CATALOGUE
from notifications.bureaus.chasing import chase
from tests.bureaus.faults import WRONG_TIMES, Faults
from tests.bureaus.truth import Truth
from tests.faults.processes.rig import answers, free_port, nursery, wait_until
from tests.verification.conftest import Order
from tests.verification.roads.conftest import SECRET, Roads, simulator
from workflow import verify
from workflow.clock import SystemClock
from workflow.models import Answer, CheckReport, Finding, OutboxMessage, Person, Query
from workflow.running.job import Run

QUESTIONS = ("latency", "late", "wrong", "silent", "double", "identity")
ON_FILES = ("land", "finance")
FAMILIES, MEMBERS, KILLS, SEED = 2, 3, 2, 1
RETRIES = [1] * (KILLS + WRONG_TIMES)
"""So many that the right answer comes even where each kill strikes the same question."""
OVER = ("answered", "no_data", "mismatch", "failed")


@pytest.mark.timeout(600)
def test_with_faults_on_and_the_scheduler_killed_nothing_is_lost_and_every_order_ends(
    district, tmp_path, monkeypatch
):
    folder = tmp_path / "exchange"
    for name, value in (
        ("SECRET_KEY", "only for tests"), ("BUREAU_SECRET_ALL", SECRET), ("BUREAU_NETWORKS", "127.0.0.0/8"), ("EXCHANGE_FOLDER", str(folder)),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    roads, port = Roads(district, folder), free_port()
    with simulator(*QUESTIONS, "half", "gbk", folder=folder, delay=1) as bureaus, nursery(tmp_path) as home:
        roads.join("http", bureaus.address, retry_seconds=RETRIES, poll_seconds=5, breaker_failures=1000)
        roads.join("files", only=ON_FILES)
        district.clock.move(SystemClock().now())
        orders = [Order(district, members=MEMBERS) for _ in range(FAMILIES)]
        web = home.start("serve", "--workers", "1", url=district.url, port=port)
        wait_until(lambda: answers(port), "the web to answer")
        chance = random.Random(SEED)
        for _ in range(KILLS):
            doomed = home.start("scheduler", url=district.url, port=port)
            before = bureaus.seen()["requests"]
            wait_until(lambda before=before: bureaus.seen()["requests"] > before + 3, "questions to go out")
            threading.Event().wait(chance.uniform(0.0, 0.5))
            doomed.kill()
        last = home.start("scheduler", url=district.url, port=port)
        wait_until(lambda: not [one for one in asked(orders) if one.source not in ON_FILES and one.state not in OVER],
                   "every question over HTTP to end", 240, every=0.5)  # fmt: skip
        wait_until(lambda: not list(folder.glob("*/in/*.json")), "every file to be read", 240, every=0.5)
        assert bureaus.seen()["strange"] == []
        assert bureaus.seen()["questions"] == len(asked(orders)) == FAMILIES * MEMBERS * 9
        for process in (last, web):
            process.kill()
        assert "Traceback" not in home.said(), home.said()
    check_states(district, orders)
    end(district, roads, orders)


def asked(orders):
    return [query for order in orders for query in order.queries()]


def check_states(district, orders):
    """Each question stands where its fault must lead it, and what is stored is what its bureau knows."""
    truth = Truth(SEED)
    faults = Faults(truth, list(QUESTIONS))
    people = {person.id: person for person in district.rows(Person)}
    findings = Counter((row.query_id, row.item, row.value) for row in district.rows(Finding))
    stored = Counter(row.query_id for row in district.rows(Answer))
    for query in asked(orders):
        number = people[query.person_id].id_number
        fault = faults.of(query.source, number)
        true = truth.answer(query.source, number, people[query.person_id].name)
        on_file = query.source in ON_FILES
        what = (query.source, number, fault, query.note)
        if fault == "silent" or (fault == "wrong" and on_file):
            assert query.state == ("sent" if on_file else "failed"), what
            assert stored[query.id] == 0, what
        elif fault == "identity":
            assert (query.state, stored[query.id]) == ("mismatch", 1), what
        else:
            assert query.state == ("answered" if true["items"] else "no_data"), what
            assert stored[query.id] == 1, what
            for item in true["items"]:
                assert findings.pop((query.id, item["kind"], item["value"])) == 1, what
    assert not findings


def end(district, roads, orders):
    """What is still open goes to the verifier on its day; he makes the report, and nothing is left open."""
    after = max(query.due_on for query in asked(orders)).toordinal() - district.today.toordinal() + 1
    district.days(after)
    assert chase(Run(district.office, district.database, roads.config, district.now)).failed == 0
    assert {query.state for query in asked(orders)} <= set(OVER)
    for order in orders:
        district.do(order.case, "report")
    assert {order.district.stage(order.case) for order in orders} == {"reported"}
    assert {query.state for query in asked(orders)} <= {"answered", "no_data", "mismatch", "silent"}
    assert len(district.rows(CheckReport)) == len(orders)
    keys = Counter(message.key for message in district.rows(OutboxMessage))
    assert not [key for key, times in keys.items() if times > 1]
    assert len(district.rows(Query)) == len(asked(orders))
    with district.database.reading() as session:
        assert {
            name: rows for name, rows in verify.invariants(session.connection(), CATALOGUE).items() if rows
        } == {}
