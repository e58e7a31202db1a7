"""Questions over HTTP against the running simulator: what comes of each fault, and of a source that is down."""

from notifications.bureaus.asking import ask_bureaus
from notifications.bureaus.chasing import chase
from tests.faults.processes.rig import free_port
from tests.verification.conftest import Order
from workflow.models import Answer, Finding
from workflow.verification.authorisations import withdraw


def test_all_sources_answer_at_once_and_every_answer_is_stored_with_its_findings(roads, order, bureaus):
    at = bureaus()
    roads.join("http", at.address)
    check = order(incomes=("6000",))
    done = ask_bureaus(roads.run())
    assert (done.done, done.failed) == (18, 0)
    assert {state for states in check.states().values() for state in states} <= {"answered", "no_data"}
    assert len(roads.district.rows(Answer)) == 18
    assert roads.district.rows(Finding)
    assert at.seen()["questions"] == 18
    assert roads.source("tax").last_success_at == roads.district.now
    assert ask_bureaus(roads.run()).done == 0


def test_a_source_that_is_down_is_tried_again_then_given_up_and_the_verifier_is_told(quick_roads, quick):
    quick_roads.join("http", f"http://127.0.0.1:{free_port()}", only=("tax",), breaker_failures=50)
    check = Order(quick, members=1)
    for seconds in (60, 300, 600):
        assert ask_bureaus(quick_roads.run()).done == 0
        quick_roads.wait(seconds)
    query = check.query("tax")
    assert (query.state, query.attempts) == ("failed", 3)
    assert "连接不上" in query.note
    assert len(quick.messages(check.case, "query_failed")) == 1
    assert ask_bureaus(quick_roads.run()).done == 0


def test_after_failures_on_end_the_circuit_opens_and_one_try_closes_it_again(quick_roads, quick, bureaus):
    quick_roads.join(
        "http", f"http://127.0.0.1:{free_port()}", only=("tax",), breaker_failures=2, breaker_seconds=900
    )
    check = Order(quick, members=4)
    ask_bureaus(quick_roads.run())
    states = check.queries(source="tax")
    assert [query.attempts for query in states] == [1, 1, 0, 0], "nobody knocks at a door that stays shut"
    assert quick_roads.source("tax").circuit == "open"
    quick_roads.wait(600)
    ask_bureaus(quick_roads.run())
    assert [query.attempts for query in check.queries(source="tax")] == [1, 1, 0, 0]
    quick_roads.join("http", bureaus().address, only=("tax",))
    quick_roads.wait(400)
    assert ask_bureaus(quick_roads.run()).done == 4
    assert (quick_roads.source("tax").circuit, quick_roads.source("tax").failures) == ("closed", 0)


def test_a_wrong_answer_is_not_taken_and_the_right_one_is_when_asked_again(quick_roads, quick, bureaus):
    quick_roads.join("http", bureaus("wrong").address)
    check = Order(quick, members=3)
    ask_bureaus(quick_roads.run())
    wrong = [query for query in check.queries() if query.state == "sent"]
    assert wrong
    assert all("答复不能采用" in query.note for query in wrong)
    for _ in range(2):
        quick_roads.wait(400)
        ask_bureaus(quick_roads.run())
    assert {query.state for query in check.queries()} <= {"answered", "no_data"}
    assert len(quick.rows(Answer)) == len(check.queries())


def test_an_answer_about_somebody_else_is_a_mismatch_and_none_of_it_is_kept(quick_roads, quick, bureaus):
    quick_roads.join("http", bureaus("identity").address)
    check = Order(quick, members=3)
    ask_bureaus(quick_roads.run())
    strange = [query for query in check.queries() if query.state == "mismatch"]
    assert strange
    kept = {answer.query_id: answer for answer in quick.rows(Answer)}
    assert all(kept[query.id].payload is None for query in strange)
    assert not {query.id for query in strange} & {row.query_id for row in quick.rows(Finding)}


def test_a_question_that_was_taken_is_polled_and_counts_as_one_attempt(quick_roads, quick, bureaus):
    quick_roads.join("http", bureaus("late", delay=0.0).address, poll_seconds=30)
    check = Order(quick, members=3)
    ask_bureaus(quick_roads.run())
    later = [query for query in check.queries() if query.state == "sent"]
    assert later
    assert all(query.accepted_at == quick.now for query in later)
    quick_roads.wait(60)
    ask_bureaus(quick_roads.run())
    assert {query.state for query in check.queries()} <= {"answered", "no_data"}
    assert {query.attempts for query in check.queries()} == {1}


def test_what_is_not_answered_by_its_day_is_given_up(quick_roads, quick):
    check = Order(quick, members=1)
    query = check.query("tax")
    quick.day(query.due_on)
    assert chase(quick_roads.run()).done == 0
    quick.days(1)
    assert chase(quick_roads.run()).done == len(check.queries())
    assert {one.state for one in check.queries()} == {"failed"}
    assert chase(quick_roads.run()).done == 0


def test_a_withdrawn_authorisation_stops_what_has_not_gone_out(quick_roads, quick, bureaus):
    at = bureaus()
    quick_roads.join("http", at.address)
    check = Order(quick, members=2)
    held = next(one for one in check.authorisations() if one.person_id == check.people[1])
    check.works(lambda session: withdraw(session, held.id, "本人书面撤回授权", now=quick.now))
    ask_bureaus(quick_roads.run())
    assert at.seen()["questions"] == 9
    states = {query.person_id: query.state for query in check.queries(source="tax")}
    assert states[check.people[1]] == "superseded"


def test_a_missing_secret_is_said_and_sends_nothing(quick_roads, quick):
    quick_roads.join("http", "http://127.0.0.1:9", only=("tax",), secret_name="TAX")
    check = Order(quick, members=1)
    swept = ask_bureaus(quick_roads.run())
    assert swept.failed == 1
    assert "BUREAU_SECRET_TAX" in swept.error
    assert check.query("tax").state == "waiting"
