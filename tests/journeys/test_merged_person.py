"""Two rows found to be one person: what was paid under one of them is not paid under the other."""

from datetime import date

from sqlalchemy import select

from definitions.payment_lists import compile_list
from tests.district import TOWN, District
from workflow.actors import SYSTEM_ACTOR
from workflow.models import Entitlement, PaymentLine, Person
from workflow.people.merging import find_merge, merge, undo_merge


def test_one_person_is_paid_once_a_month_under_whichever_number(quick: District) -> None:
    case = quick.on_benefit(members=1)
    (kept,) = quick.people(case)
    quick.live_until("2016-11-02")
    month = quick.lines(case)[-1].month
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        mine = session.get_one(Person, kept)
        gone = Person(name=mine.name, birth=mine.birth, sex=mine.sex)
        session.add(gone)
        session.flush()
        merged = merge(session, mine, gone, evidence="户口簿曾用名", actor=SYSTEM_ACTOR, now=quick.now).id
        line = session.scalars(
            select(PaymentLine).where(PaymentLine.case_id == case).order_by(PaymentLine.id.desc())
        ).first()
        assert line is not None
        line.person_id = gone.id
        session.flush()
    with quick.database.acting() as conn:
        assert not compile_list(quick.office, conn, TOWN, month, quick.now), (
            "a line stands under the other number"
        )
        session = quick.office.session(conn)
        undo_merge(
            session, find_merge(session, merged), because="查明是两个人", actor=SYSTEM_ACTOR, now=quick.now
        )
    quick.days(1)
    with quick.database.acting() as conn:
        assert compile_list(quick.office, conn, TOWN, month, quick.now), "two people are two again"
    assert quick.rows(Entitlement, case)[0].from_month <= month
    assert date.fromisoformat(f"{month}-01") <= quick.today
