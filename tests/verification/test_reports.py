"""The report: every item of every source beside what was declared, kept whole, corrected by versions, used again."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from definitions.verification import SOURCES, valid_report
from definitions.verification.comparing import Tolerance, tolerance
from definitions.verification.papers import changed_words
from definitions.verification.reports import correct, versions
from tests.district import District
from tests.verification.conftest import Order, fact, income
from workflow.errors import FormRefused, NotPermitted, Unmet
from workflow.households import differences, record_income
from workflow.models import CheckReport, Income, JournalEntry, OutboxMessage, Person, VerificationSource
from workflow.roles import VERIFIER, WINDOW

ON = date(2016, 9, 5)


@pytest.mark.parametrize(
    "item, declared, found, code",
    [
        ("wage", "10000.00", "11000.00", "match"),
        ("wage", "10000.00", "11000.01", "under"),
        ("wage", "10000.00", "9000.00", "match"),
        ("wage", "10000.00", "8999.99", "over"),
        ("wage", None, "0.00", "match"),
        ("wage", None, "0.01", "undeclared"),
        ("monetary", "10000.00", "11000.00", "match"),
        ("monetary", "10000.00", "11000.01", "under"),
        ("monetary", "40000.00", "42000.00", "match"),
        ("monetary", "40000.00", "42000.01", "under"),
        ("monetary", None, "1000.00", "match"),
        ("monetary", None, "1000.01", "undeclared"),
        ("vehicle", "1", "1", "match"),
        ("vehicle", "1", "2", "under"),
        ("vehicle", None, "1", "undeclared"),
    ],
)
def test_found_is_judged_by_the_tolerance_of_its_item(
    item: str, declared: str | None, found: str, code: str
) -> None:
    said = None if declared is None else Decimal(declared)
    assert tolerance(item, ON).code(Decimal(found), said) == code


def test_without_a_tolerance_only_the_same_is_the_same() -> None:
    assert Tolerance().code(Decimal("1.00"), Decimal("1.00")) == "match"


def line(report: CheckReport, item: str) -> dict[str, Any]:
    return next(row for row in report.body["lines"] if row["item"] == item)


def issued(made: Order, conclusion: str = "match") -> CheckReport:
    made.district.do(made.case, "report", conclusion=conclusion)
    return made.district.rows(CheckReport, made.case)[-1]


def test_the_report_shows_sources_side_by_side_and_believes_the_register(order: Callable[..., Order]) -> None:
    made = order(incomes=("12000.00",), monetary="5000.00")
    made.answers("tax", 0, income("wage", "20000.00", "salary"), income("wage", "1000.00", "casual"))
    made.answers("city", 0, income("wage", "12000.00"), {"kind": "monetary", "value": "3000.00"})
    made.answers("finance", 0, {"kind": "monetary", "value": "4000.00"})
    made.answers("finance", 1, {"kind": "monetary", "value": "9000.00"})
    made.answers("public_security", 0, fact("hukou_area", "330203001001"))
    made.answers("public_security", 1, fact("death_date", "2016-08-30"))
    report = issued(made, "mismatch")
    wage = line(report, "wage")
    assert [(one["source"], one["value"], one["chosen"]) for one in wage["found"]] == [
        ("tax", "21000.00", True), ("city", "12000.00", False),
    ]  # fmt: skip
    assert (wage["declared"], wage["code"], wage["contradictory"], wage["tolerance"]) == (
        "12000.00", "under", True, "±10%",
    )  # fmt: skip
    money = line(report, "monetary")
    assert (money["value"], money["declared"], money["code"]) == ("13000.00", "5000.00", "under")
    assert {one["source"]: one["value"] for one in money["found"]} == {
        "finance": "13000.00",
        "city": "3000.00",
    }
    assert line(report, "hukou_area")["code"] == "hukou"
    assert line(report, "death_date")["code"] == "deceased"
    assert {row.code for row in made.findings() if row.item == "monetary"} == {"under"}
    assert report.body["against"] == 4


def test_the_report_says_who_was_asked_and_did_not_answer(order: Callable[..., Order]) -> None:
    made = order()
    made.answers("civil_affairs", 0)
    made.sent("tax")
    report = issued(made)
    coverage = {row["source"]: row for row in report.body["sources"]}
    states = {code: [one["state"] for one in row["people"]] for code, row in coverage.items()}
    assert states["civil_affairs"] == ["no_data", "superseded"]
    assert states["tax"] == ["silent", "superseded"]
    assert (coverage["civil_affairs"]["asked"], coverage["tax"]["answered"]) == (1, 0)
    assert set(states) == set(SOURCES)
    assert all(query.next_try_at is None for query in made.queries())


def test_what_was_found_is_recorded_beside_what_was_declared(order: Callable[..., Order]) -> None:
    made = order(incomes=("12000.00",))
    made.answers("tax", 0, income("wage", "20000.00"))
    issued(made, "mismatch")
    with made.district.database.reading() as session:
        [item] = differences(session, made.household, made.district.today)
        assert (item.declared, item.verified, item.source) == (Decimal(12000), Decimal(20000), "verified")


def test_old_data_is_shown_as_outdated_and_not_recorded(order: Callable[..., Order]) -> None:
    made = order()
    made.answers("tax", 0, income("wage", "20000.00"), as_of=date(2015, 9, 4))
    made.answers("tax", 1, income("wage", "20000.00"), as_of=date(2015, 9, 5))
    report = issued(made)
    codes = [(row["person_id"], row["code"]) for row in report.body["lines"]]
    assert codes == [(made.people[0], "outdated"), (made.people[1], "undeclared")]
    assert [row.person_id for row in made.district.rows(Income, source="verified")] == [made.people[1]]


def test_nothing_that_changes_later_changes_a_report(order: Callable[..., Order]) -> None:
    made = order(incomes=("12000.00",))
    made.answers("tax", 0, income("wage", "12000.00"))
    before = issued(made).body
    with made.district.database.acting() as conn:
        session = made.district.office.session(conn)
        record_income(
            session, household_id=made.household, person_id=made.people[0], category="wage", annual=Decimal(1),
            source="declared", as_of=ON,
        )  # fmt: skip
        session.execute(update(Person).values(name="改了名"))
        session.flush()
    assert made.district.rows(CheckReport, made.case)[-1].body == before


@pytest.mark.parametrize("day, holds", [("2016-09-05", True), ("2017-03-05", True), ("2017-03-06", False)])
def test_a_report_holds_for_six_months(quick: District, day: str, *, holds: bool) -> None:
    made = Order(quick)
    made.answers("tax")
    report = issued(made)
    assert report.valid_until == date(2017, 3, 5)
    with quick.database.reading() as session:
        found = valid_report(session, made.household, date.fromisoformat(day))
        assert (found is not None) is holds
        assert valid_report(session, made.household, date(2016, 9, 4)) is None


def test_a_contested_report_is_corrected_by_the_new_order(quick: District) -> None:
    made = Order(quick)
    made.answers("tax", 0, income("wage", "20000.00"))
    first = issued(made, "mismatch")
    quick.do(made.asker, "visit")
    quick.do(made.asker, "report_check_failed")
    quick.do(made.asker, "contest")
    again = quick.child(made.asker, "verification")
    assert again != made.case
    quick.do(again, "ask")
    quick.do(again, "take_answer", source="tax", incomes=[], assets=[])
    quick.do(again, "report", conclusion="match")
    second = quick.rows(CheckReport, again)[-1]
    assert (second.version, second.supersedes_id) == (2, first.id)
    assert second.body["corrects"] == quick.case(made.case).number
    with quick.database.reading() as session:
        found = valid_report(session, made.household, quick.today)
        assert found is not None
        assert found.id == second.id
        assert [row.version for row in versions(session, made.case)] == [2, 1]


def test_a_late_answer_is_kept_and_leads_to_a_corrected_version(order: Callable[..., Order]) -> None:
    made = order(incomes=("12000.00",))
    made.answers("civil_affairs")
    made.sent("tax")
    first = issued(made)
    done = made.answers("tax", 0, income("wage", "30000.00"))
    assert (done.status, made.query("tax").state) == ("late", "answered")
    [told] = made.district.rows(OutboxMessage, made.case, topic="answer_late")
    assert told.user_id == first.issued_by
    assert line(made.district.rows(CheckReport, made.case)[-1], "wage")["found"] == []

    def amend(**more: Any) -> CheckReport:
        given = {
            "conclusion": "mismatch",
            "note_": "",
            "reason": "税务部门补充答复",
            "actor": made.district.staff(VERIFIER),
        }
        with made.district.database.acting() as conn:
            return correct(made.district.office, conn, first.id, **(given | more), now=made.district.now)

    for wrong, refusal in (
        ({"reason": "错"}, FormRefused), ({"conclusion": "bad"}, FormRefused), ({"actor": made.district.staff(WINDOW)}, NotPermitted),
    ):  # fmt: skip
        with pytest.raises(refusal):
            amend(**wrong)
    second = amend()
    assert (second.version, second.supersedes_id, line(second, "wage")["value"]) == (2, first.id, "30000.00")
    [change] = second.body["changes"]
    assert change["fields"] == {"value": [None, "30000.00"], "code": ["noted", "under"]}
    assert changed_words(change) == "查得由–改为30,000.00；比对由供参考改为少报"
    assert made.district.rows(JournalEntry, made.case)[-1].action == "correct_report"
    assert made.district.rows(OutboxMessage, made.asker, topic="report_corrected")
    with pytest.raises(Unmet, match="更新的版本"):
        amend()
    assert not made.district.broken()


def test_a_source_that_must_answer_holds_the_report_and_one_with_a_memory_gives_its_last_word(
    quick: District,
) -> None:
    before = Order(quick)
    before.answers("market", 0, income("business", "5000.00"))
    issued(before)
    quick.do(before.asker, "withdraw")
    with quick.database.acting() as conn:
        conn.execute(
            update(VerificationSource).where(VerificationSource.code == "tax").values(when_silent="stop")
        )
        conn.execute(
            update(VerificationSource)
            .where(VerificationSource.code == "market")
            .values(when_silent="last_known")
        )
    quick.day("2016-10-10")
    asker = quick.bring(quick.application(before.household), "investigating")
    check = quick.child(asker, "verification")
    quick.do(check, "ask")
    quick.do(check, "take_answer", source="city")
    assert "税务" in str(quick.refused(Unmet, check, "report"))
    quick.do(check, "take_answer", source="tax", incomes=[], assets=[])
    made = object.__new__(Order)
    made.district, made.asker, made.case, made.people = quick, asker, check, before.people
    made.sent("market")
    report = issued(made)
    [known] = line(report, "business")["found"]
    assert (known["value"], known["as_of"], known["last_known"]) == ("5000.00", "2016-09-05", True)


def test_a_programme_takes_the_report_on_file_but_not_its_own_and_not_an_old_one(quick: District) -> None:
    made = Order(quick)
    made.answers("tax", 0)
    report = issued(made)
    quick.do(made.asker, "withdraw")
    other = quick.bring(quick.application(made.household), "investigating")
    check = quick.child(other, "verification")
    quick.do(check, "take_report")
    assert (quick.stage(check), quick.case(other).facts["check"]) == ("reported", "match")
    assert quick.case(check).facts["taken_from"] == quick.case(made.case).number
    assert [row.id for row in quick.rows(CheckReport)] == [report.id]
    quick.do(other, "withdraw")
    quick.day("2017-03-06")
    late = quick.bring(quick.application(made.household), "investigating")
    assert "有效期" in str(quick.refused(Unmet, quick.child(late, "verification"), "take_report"))


def test_whoever_contests_a_report_is_not_given_it_again(quick: District) -> None:
    made = Order(quick)
    made.answers("tax", 0)
    issued(made, "mismatch")
    quick.do(made.asker, "visit")
    quick.do(made.asker, "report_check_failed")
    quick.do(made.asker, "contest")
    again = quick.child(made.asker, "verification")
    assert "重新核对" in str(quick.refused(Unmet, again, "take_report"))


def test_a_new_adult_is_not_covered_by_an_older_report(quick: District) -> None:
    made = Order(quick, members=3, minors=1)
    made.answers("tax", 0)
    issued(made)
    with quick.database.acting() as conn:
        conn.execute(update(Person).where(Person.id == made.people[2]).values(birth=date(1990, 1, 1)))
    with quick.database.reading() as session:
        assert valid_report(session, made.household, quick.today) is None


def test_an_order_stands_alone_where_a_verifier_opens_it(quick: District) -> None:
    made = Order(quick, ask=False)
    alone = quick.open(made.household, "verification", VERIFIER)
    quick.do(alone, "ask")
    quick.do(alone, "take_answer")
    quick.do(alone, "report", conclusion="match")
    with quick.database.reading() as session:
        found = valid_report(session, made.household, quick.today)
        assert found is not None
        assert found.case_id == alone


def test_an_order_nobody_needs_ends_all_its_queries(quick: District) -> None:
    made = Order(quick)
    made.sent("tax")
    quick.do(made.asker, "withdraw")
    quick.do(made.case, "drop")
    assert {query.state for query in made.queries()} == {"superseded"}
