"""No authorisation, no query: by act, by function, by SQL; on the days at the edges; withdrawn in the middle."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from definitions.verification import SOURCES
from tests.district import District
from tests.verification.conftest import Order
from workflow.errors import FormRefused, Unmet
from workflow.models import Answer, Authorisation, OutboxMessage, Query
from workflow.roles import WINDOW
from workflow.verification.authorisations import end_unused, in_force, sign, withdraw
from workflow.verification.queries import due, mark_sent, put

INSERT = text(
    "INSERT INTO verification_query (key, case_id, person_id, source, authorisation_id, state, asked_at, due_on, attempts, note) "
    "VALUES (:key, :case, :person, :source, :held, 'waiting', :asked, '2016-09-20', 0, '')"
)


def test_every_adult_is_asked_about_at_every_source_on_his_own_authorisation(
    order: Callable[..., Order],
) -> None:
    made = order(members=3, minors=1)
    held = {row.person_id: row.id for row in made.authorisations()}
    assert set(held) == set(made.people[:2])
    assert {(q.person_id, q.source, q.authorisation_id) for q in made.queries()} == {
        (person, source, held[person]) for person in held for source in SOURCES
    }
    assert {q.state for q in made.queries()} == {"waiting"}


@pytest.mark.parametrize(
    "change",
    [{"held": 999}, {"person": 1}, {"source": "army"}, {"asked": "2016-09-04T15:59:59Z"}],
    ids=["no such authorisation", "of somebody else", "source not named", "the day before it holds"],
)
def test_the_database_takes_no_query_without_a_valid_authorisation(
    order: Callable[..., Order], change: dict[str, object]
) -> None:
    made = order(ask=False)
    held = made.authorisations()[0]
    row = {"key": "k", "case": made.case, "person": held.person_id, "source": "tax", "held": held.id}
    row |= {"asked": "2016-09-04T16:00:00Z"}
    if "person" in change:
        change = {"person": made.people[1]}
    with pytest.raises(DBAPIError), made.district.database.acting() as conn:
        conn.execute(INSERT, row | change)
    with made.district.database.acting() as conn:
        conn.execute(INSERT, row)
    assert len(made.queries()) == 1


def test_the_database_lets_no_query_out_after_its_authorisation_is_withdrawn(
    order: Callable[..., Order],
) -> None:
    made = order()
    query = made.query("tax")
    with made.district.database.acting() as conn:
        conn.execute(
            text("UPDATE authorisation SET withdrawn_at = '2016-09-05T03:00:00Z' WHERE id = :id"),
            {"id": query.authorisation_id},
        )
    for change in ("sent_at = '2016-09-05T04:00:00Z'", "source = 'army'", f"person_id = {made.people[1]}"):
        with pytest.raises(DBAPIError), made.district.database.acting() as conn:
            conn.execute(text(f"UPDATE verification_query SET {change} WHERE id = {query.id}"))
    assert made.query("tax").sent_at is None


@pytest.mark.parametrize(
    "day, holds",
    [("2016-09-09", False), ("2016-09-10", True), ("2016-09-20", True), ("2016-09-21", False)],
)
def test_an_authorisation_holds_from_its_first_day_to_its_last(
    order: Callable[..., Order], day: str, *, holds: bool
) -> None:
    made = order(ask=False)
    for held in made.authorisations():
        made.works(
            lambda session, row: withdraw(session, row, "改签有期限的授权", now=made.district.now), held.id
        )
    for person in made.people:
        made.works(
            sign, household_id=made.household, person_id=person, scope=SOURCES, purposes="核对",
            actor=made.district.staff(WINDOW), now=made.district.now, valid_from=date(2016, 9, 10), valid_to=date(2016, 9, 20),
        )  # fmt: skip
    made.district.day(day)
    if holds:
        made.district.do(made.case, "ask")
        assert len(made.queries()) == len(SOURCES) * len(made.people)
        return
    assert "授权书" in str(made.district.refused(Unmet, made.case, "ask"))
    held = {row: ["tax"] for row in made.authorisations() if row.withdrawn_at is None}
    with pytest.raises(DBAPIError):
        made.works(
            put, made.district.case(made.case), held, due={"tax": date(2016, 9, 30)}, now=made.district.now
        )


def test_a_query_put_in_time_does_not_go_out_after_the_last_day(order: Callable[..., Order]) -> None:
    made = order()
    with made.district.database.acting() as conn:
        conn.execute(text("UPDATE authorisation SET valid_to = '2016-09-06'"))
    made.district.day("2016-09-07", hour=0)
    assert not made.works(lambda session: list(due(session, made.district.now)))
    with made.district.database.acting() as conn:
        session = made.district.office.session(conn)
        with pytest.raises(Unmet, match="授权"):
            mark_sent(session, session.get_one(Query, made.query("tax").id), made.district.now)
    assert (made.query("tax").state, made.query("tax").sent_at) == ("superseded", None)


def test_withdrawn_in_the_middle_nothing_more_is_sent_and_the_holder_is_told(
    order: Callable[..., Order],
) -> None:
    made = order()
    made.sent("tax")
    made.answers("finance", 0)
    gone = made.query("tax").authorisation_id
    made.works(withdraw, gone, "不愿再被查询", now=made.district.now)
    states = {(q.person_id, q.state) for q in made.queries()}
    first, second = made.people
    assert states == {(first, "superseded"), (first, "no_data"), (second, "waiting")}
    due_now = made.works(lambda session: {q.person_id for q in due(session, made.district.now)})
    assert due_now == {second}
    told = made.district.rows(OutboxMessage, made.case, topic="authorisation_withdrawn")
    assert len(told) == 1
    refused = made.district.refused(
        FormRefused, made.case, "take_answer", source="tax",
        incomes=[{"person": first, "category": "wage", "annual": "1.00"}],
    )  # fmt: skip
    assert "授权" in str(refused)


def test_what_comes_in_after_the_withdrawal_is_not_kept(order: Callable[..., Order]) -> None:
    made = order()
    made.sent("tax")
    made.works(withdraw, made.query("tax").authorisation_id, "不愿再被查询", now=made.district.now)
    done = made.answers("tax", 0, {"kind": "wage", "value": "9000.00"})
    assert (done.status, made.query("tax").state) == ("closed", "superseded")
    [row] = made.district.rows(Answer)
    assert (row.payload, len(row.sha256), made.findings()) == (None, 64, [])


def test_a_withdrawal_needs_a_reason_and_happens_once(order: Callable[..., Order]) -> None:
    made = order()
    held = made.authorisations()[0].id
    with pytest.raises(FormRefused):
        made.works(withdraw, held, "不", now=made.district.now)
    made.works(withdraw, held, "本人要求撤回", now=made.district.now)
    with pytest.raises(Unmet, match="已经撤回"):
        made.works(withdraw, held, "本人要求撤回", now=made.district.now)


def test_a_minor_is_asked_about_only_where_his_guardian_has_signed(order: Callable[..., Order]) -> None:
    made = order(ask=False, members=3, minors=1)
    head, child = made.people[0], made.people[2]
    common = {
        "household_id": made.household, "person_id": child, "scope": ["finance"], "purposes": "核对",
        "actor": made.district.staff(WINDOW), "now": made.district.now,
    }  # fmt: skip
    for guardian in (None, child):
        with pytest.raises(FormRefused) as refused:
            made.works(sign, **common, guardian_id=guardian)
        assert set(refused.value.errors) == {"guardian_id"}
    made.works(sign, **common, guardian_id=head)
    made.district.do(made.case, "ask")
    assert [q.source for q in made.queries(person_id=child)] == ["finance"]


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"person_id": 10**6}, "person_id"),
        ({"signed_on": date(2016, 9, 6)}, "signed_on"),
        ({"valid_to": date(2016, 9, 4)}, "valid_to"),
        ({"valid_from": date(2016, 9, 4)}, "valid_from"),
        ({"scope": []}, "scope"),
        ({"document_id": 10**6}, "document_id"),
    ],
)
def test_an_authorisation_that_contradicts_itself_is_refused_by_field(
    order: Callable[..., Order], wrong: dict[str, object], field: str
) -> None:
    made = order(ask=False)
    given = {
        "household_id": made.household, "person_id": made.people[0], "scope": ["tax"], "purposes": "核对",
        "actor": made.district.staff(WINDOW), "now": made.district.now, "signed_on": date(2016, 9, 5),
    }  # fmt: skip
    with pytest.raises(FormRefused) as refused:
        made.works(sign, **(given | wrong))
    assert field in refused.value.errors


def test_an_open_authorisation_ends_with_the_last_case_of_the_household(quick: District) -> None:
    made = Order(quick)
    assert not made.works(end_unused, quick.today)
    quick.do(made.asker, "withdraw")
    quick.do(made.case, "drop")
    quick.days(1)
    quick.sweep()
    assert {row.valid_to for row in made.authorisations()} == {quick.today}
    assert made.works(lambda session: len(in_force(session, made.household, quick.today))) == 2
    assert not made.works(lambda session: in_force(session, made.household, quick.today + timedelta(days=1)))
    assert len(quick.rows(Authorisation)) == 2
