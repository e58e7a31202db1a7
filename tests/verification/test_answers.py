"""Answers: once however often they come, sealed, about nobody else; late ones kept apart; erased in time."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text

from definitions.verification import absorb_all
from tests.district import District
from tests.verification.conftest import Order, fact, income
from workflow.errors import BadConfiguration, FormRefused
from workflow.models import Answer, Finding, OutboxMessage, Query
from workflow.verification.answers import Erased, raw_text
from workflow.verification.queries import by_letter, due, give_up, mark_sent
from workflow.verification.vault import Vault


def test_the_same_answer_twice_is_one(order: Callable[..., Order]) -> None:
    made = order()
    first = made.answers("tax", 0, income("wage", "12000.00"))
    again = made.answers("tax", 0, income("wage", "12000.00"), transport="files")
    assert (first.status, again.status, again.answer_id) == ("stored", "doubled", first.answer_id)
    assert len(made.district.rows(Answer)) == len(made.findings()) == 1
    assert made.query("tax").state == "answered"


def test_two_different_answers_are_both_kept_and_the_later_one_counts(order: Callable[..., Order]) -> None:
    made = order()
    made.answers("tax", 0, income("wage", "12000.00"))
    made.answers("tax", 0, income("wage", "15000.00"))
    assert len(made.district.rows(Answer)) == 2
    assert [row.value for row in made.findings()] == ["15000.00"]


@pytest.mark.parametrize(
    "about",
    [{"about_number": "330212199001011234"}, {"about_name": "别人"}, {"outcome": "unknown_person"}],
)
def test_an_answer_about_somebody_else_is_not_kept(
    order: Callable[..., Order], about: dict[str, str]
) -> None:
    made = order()
    done = made.answers("tax", 0, income("wage", "12000.00"), **about)
    assert (done.status, made.query("tax").state) == ("mismatch", "mismatch")
    assert made.district.rows(Answer)[0].payload is None
    assert not made.findings()
    assert len(made.district.rows(OutboxMessage, made.case, topic="answer_mismatch")) == 1
    assert made.answers("tax", 0, income("wage", "12000.00")).status == "stored"
    assert made.query("tax").state == "answered"


def test_a_wrong_answer_does_not_displace_one_that_was_heard(order: Callable[..., Order]) -> None:
    made = order()
    made.answers("tax", 0, income("wage", "12000.00"))
    made.answers("tax", 0, income("wage", "1.00"), about_name="别人")
    assert (made.query("tax").state, [row.value for row in made.findings()]) == ("answered", ["12000.00"])


@pytest.mark.parametrize(
    "item, words",
    [
        ({"kind": "gold", "value": "1"}, "不认识的项目"),
        ({"kind": "wage", "value": "1200", "unit": "yuan"}, "单位"),
        ({"kind": "wage", "value": "120000000.00"}, "单位"),
        ({"kind": "wage", "value": "-1"}, "不合常理"),
        ({"kind": "wage", "value": "1.234"}, "小数"),
        ({"kind": "wage", "value": "十万"}, "无法识别"),
        ({"kind": "vehicle", "value": "1.5"}, "小数"),
        ({"kind": "death_date", "value": "2016-02-30"}, "无法识别"),
        ({"kind": "wage", "value": "1.00", "detail": "bribe"}, "细目"),
        ({"kind": "marriage", "value": ""}, "文字"),
    ],
)
def test_an_unfit_answer_says_why_and_changes_nothing(
    quick: District, item: dict[str, str], words: str
) -> None:
    made = Order(quick)
    done = made.answers("tax", 0, item)
    assert done.status == "unfit"
    assert words in done.why
    assert (made.query("tax").state, quick.rows(Answer)) == ("waiting", [])


def test_many_answers_at_once_stand_in_their_order(order: Callable[..., Order]) -> None:
    made = order()
    good, key = made.reply(0, income("wage", "1000.00")), made.query("tax").key
    replies = [
        (key, good), ("nobody's", good), (key, made.reply(0, fact("gold", "1"))), (key, good),
        (made.query("finance", 1).key, made.reply(1)),
    ]  # fmt: skip
    with made.district.database.acting() as conn:
        done = absorb_all(made.district.office, conn, replies, made.district.now)
    assert [one.status for one in done] == ["stored", "unknown_key", "unfit", "doubled", "stored"]
    assert made.query("finance", 1).state == "no_data"


def test_when_the_last_answer_is_in_the_holder_is_told_once(quick: District) -> None:
    made = Order(quick)
    for query in made.queries():
        made.answers(query.source, made.people.index(query.person_id))
    made.answers("tax", 0, income("wage", "1000.00"))
    assert len(quick.rows(OutboxMessage, made.case, topic="answers_complete")) == 1


def test_what_is_kept_cannot_be_read_in_the_database_nor_under_another_query(
    order: Callable[..., Order],
) -> None:
    made = order()
    made.answers("tax", 0, income("wage", "98765.43"), raw={"employer": "某某机械厂"})
    [row] = made.district.rows(Answer)
    assert row.payload is not None
    for secret in ("98765.43", "某某机械厂", made.reply().about_number):
        assert secret.encode() not in row.payload
    with made.district.database.reading() as session:
        assert "某某机械厂" in raw_text(session, made.district.office.vault, row.id)[2]
        with pytest.raises(BadConfiguration):
            raw_text(session, Vault("another"), row.id)
    with pytest.raises(BadConfiguration):
        made.district.office.vault.open(row.payload, made.query("finance").key)


def test_a_new_key_opens_what_the_old_one_sealed() -> None:
    sealed = Vault("old").seal("答复", "k")
    assert Vault("new", "old").open(sealed, "k") == "答复"
    assert Vault("new").seal("答复", "k") != sealed
    with pytest.raises(BadConfiguration, match="ANSWERS_KEY"):
        Vault("").seal("答复", "k")


def test_raw_answers_are_erased_when_the_household_has_been_gone_for_three_years(quick: District) -> None:
    made = Order(quick)
    made.answers("tax", 0, income("wage", "12000.00"))
    quick.do(made.case, "report", conclusion="match")
    quick.do(made.asker, "withdraw")
    quick.day("2019-09-05")
    quick.sweep()
    assert quick.rows(Answer)[0].payload is not None
    quick.day("2019-09-06")
    quick.sweep()
    [row] = quick.rows(Answer)
    assert (row.payload, row.erased_at, len(row.sha256)) == (None, quick.now, 64)
    assert len(quick.rows(Finding)) == 1
    with quick.database.reading() as session, pytest.raises(Erased):
        raw_text(session, quick.office.vault, row.id)
    assert made.answers("tax", 0, income("wage", "12000.00"), as_of=date(2016, 9, 5)).status == "doubled"


def test_raw_answers_stay_while_the_household_has_a_running_case(quick: District) -> None:
    made = Order(quick)
    made.answers("tax", 0)
    quick.do(made.case, "report")
    quick.day("2020-01-06")
    quick.sweep()
    assert quick.rows(Answer)[0].payload is not None


def test_a_source_that_cannot_be_reached_ends_with_the_verifier_and_a_letter(
    order: Callable[..., Order],
) -> None:
    made = order()
    with made.district.database.acting() as conn:
        session = made.district.office.session(conn)
        for person in (0, 1):
            query = session.get_one(Query, made.query("tax", person).id)
            mark_sent(session, query, made.district.now)
            give_up(session, query, made.district.now, why="连接超时")
    assert made.states()["tax"] == {"failed"}
    assert len(made.district.rows(OutboxMessage, made.case, topic="query_failed")) == 1
    assert not made.works(lambda session: due(session, made.district.now, sources=["tax"]))
    made.works(
        lambda session: by_letter(session, session.get_one(Query, made.query("tax").id), made.district.now)
    )
    assert (made.query("tax").state, made.query("tax", 1).state) == ("by_letter", "failed")
    assert made.answers("tax", 0, income("wage", "1.00"), transport="letter").status == "stored"


def test_answers_typed_by_hand_settle_the_queries_of_their_source(order: Callable[..., Order]) -> None:
    made = order()
    rows = [{"person": made.people[1], "category": "wage", "annual": "3000.00"}]
    made.district.do(made.case, "take_answer", source="tax", incomes=rows, assets=[])
    assert (made.query("tax").state, made.query("tax", 1).state) == ("no_data", "answered")
    assert [(row.person_id, row.value, row.code) for row in made.findings()] == [
        (made.people[1], "3000.00", "undeclared")
    ]
    assert {row.transport for row in made.district.rows(Answer)} == {"hand"}


def test_no_answer_is_taken_by_hand_about_somebody_nobody_may_ask_about(quick: District) -> None:
    made = Order(quick, members=3, minors=1)
    rows = [{"person": made.people[2], "category": "wage", "annual": "3000.00"}]
    told = quick.refused(FormRefused, made.case, "take_answer", source="tax", incomes=rows)
    assert "没有授权" in str(told)


def test_what_is_due_leaves_out_a_suspended_case(quick: District) -> None:
    made = Order(quick)
    assert len(made.works(lambda session: due(session, quick.now))) == len(made.queries())
    with quick.database.acting() as conn:
        conn.execute(text('UPDATE "case" SET halt_id = 1 WHERE id = :id'), {"id": made.case})
    assert not made.works(lambda session: due(session, quick.now))
