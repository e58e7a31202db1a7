"""Packages from phones on both databases: kept whatever comes of them, done once, papers and act together."""

from datetime import timedelta

import pytest

from tests.district import BOTH, PAPER
from workflow import fieldwork
from workflow.errors import ChangedMeanwhile, NotNow
from workflow.fieldwork import Paper, Sent
from workflow.models import Document, FieldPackage, FieldPaper
from workflow.roles import INVESTIGATOR


@pytest.fixture
def case(district) -> int:
    """A family to be visited."""
    return district.bring(district.application(), "investigating")


def sent(district, case: int, number: str = "a", **other) -> Sent:
    said = {
        "client_id": number, "case_id": case, "action": "visit", "seen": district.case(case).version,
        "typed": [("findings", "平房三间")], "filled_at": district.now, "papers": [Paper("visit_form", "签名.pdf", PAPER)],
    }  # fmt: skip
    return Sent(**(said | other))


def form(district, case: int) -> dict:
    return {
        "visited_on": district.today.isoformat(), "investigators": [district.staff(INVESTIGATOR, n).id for n in (1, 2)],
        "signed_by": district.people(case)[:1], "truthful": True, "findings": "平房三间",
    }  # fmt: skip


def receive(district, package: Sent, number: int = 1) -> FieldPackage:
    with district.database.acting() as conn:
        session = district.office.session(conn)
        kept = fieldwork.receive(
            session, package, actor=district.staff(INVESTIGATOR, number), now=district.now
        )
        session.flush()
        return kept


def perform(district, kept: FieldPackage, answers: dict, number: int = 1) -> None:
    with district.database.acting() as conn:
        actor = district.staff(INVESTIGATOR, number)
        fieldwork.perform(district.office, conn, kept, answers, actor=actor, now=district.now)


@BOTH
def test_kept_once_and_done_once(district, case):
    kept = receive(district, sent(district, case))
    perform(district, kept, form(district, case))
    again = receive(district, sent(district, case, seen=kept.seen))
    perform(district, again, form(district, case))
    assert again.id == kept.id
    assert [package.state for package in district.rows(FieldPackage)] == ["done"]
    assert district.actions_done(case).count("visit") == 1
    assert len(district.rows(Document, case, kind="visit_form")) == 1


@BOTH
def test_refused_it_stays_with_its_papers_and_the_case_gets_none(district, case):
    kept = receive(district, sent(district, case))
    district.do(case, "ask_neighbours")
    with pytest.raises(ChangedMeanwhile) as refused:
        perform(district, kept, form(district, case))
    with district.database.acting() as conn:
        fieldwork.hold(conn, kept.id, refused.value)
    held = district.rows(FieldPackage)[0]
    assert (held.state, held.message) == ("held", refused.value.message)
    assert len(district.rows(FieldPaper)) == 1
    assert district.rows(Document, case, kind="visit_form") == []
    with district.database.acting() as conn:
        fieldwork.resume(district.office, conn, held, actor=district.staff(INVESTIGATOR), now=district.now)
    assert len(district.rows(Document, case, kind="visit_form")) == 1
    with pytest.raises(NotNow), district.database.acting() as conn:
        fieldwork.drop(conn, held, now=district.now)


def test_the_same_number_with_other_words_is_refused(district, case):
    receive(district, sent(district, case))
    with pytest.raises(NotNow):
        receive(district, sent(district, case, typed=[("findings", "两间")]))


@pytest.mark.parametrize("days, twin", [(0, True), (3, True), (4, False)])
def test_two_about_the_same_visit_are_told_from_two_visits(quick, days, twin):
    case = quick.bring(quick.application(), "investigating")
    first = receive(quick, sent(quick, case))
    other = sent(quick, case, "b", filled_at=quick.now + timedelta(days=days))
    second = receive(quick, other, 2)
    assert second.twin_id == (first.id if twin else None)


def test_a_dropped_package_is_nobodys_twin(quick):
    case = quick.bring(quick.application(), "investigating")
    first = receive(quick, sent(quick, case))
    with quick.database.acting() as conn:
        fieldwork.hold(conn, first.id, NotNow("试"))
        fieldwork.drop(conn, first, now=quick.now)
    assert receive(quick, sent(quick, case, "b")).twin_id is None
