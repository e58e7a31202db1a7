from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from definitions.letters import letter, number_of
from definitions.letters.case_facts import authority, case_facts, posting_of, residents_of
from definitions.letters.publicity import NotPublishable, publicity_content
from tests.letters.sample import STEPS
from workflow.models import Area, Base, Case, Household, Membership, Person

TODAY, VILLAGE = date(2016, 10, 28), "330212101201"


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([
            Area(code="330212000000", name="鄞州区", level="county", phone="0574-1", address="惠风东路568号"),
            Area(code="330212101000", name="下应街道", level="town", phone="0574-2", address="湖下路1号"),
            Area(code=VILLAGE, name="新城村", level="village"),
        ])  # fmt: skip
        household = Household(area_code=VILLAGE, setting="rural", created_at=datetime(2016, 9, 1, tzinfo=UTC))
        for name, birth, relation in (
            ("李小雨", date(2005, 1, 1), "child"),
            ("王秀英", date(1960, 1, 1), "head"),
        ):
            person = Person(name=name, birth=birth, sex="F")
            household.memberships.append(
                Membership(person=person, relation=relation, from_date=date(2016, 1, 1))
            )
        session.add(household)
        session.flush()
        yield session
    engine.dispose()


@pytest.fixture
def case(session):
    facts = {
        "amount": "1032.00",
        "near_relative": True,
        "assessment": {"steps": STEPS, "shares": {"1": "516.00", "2": "516.00"}},
    }
    row = Case(
        number="DB-2016-000012", definition="dibao", edition="NB2016", stage="approved", area_code=VILLAGE,
        subject_kind="household", subject_id=1, opened_at=datetime(2016, 9, 4, 17, tzinfo=UTC), facts=facts, progress_code="K7M2Q9",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _facts(session, case, level="county"):
    return case_facts(
        session,
        case,
        programme="最低生活保障",
        level=level,
        signed_on=TODAY,
        public_url="https://jiuzhu.example",
    )


def test_a_letter_is_written_from_its_case(session, case):
    facts = _facts(session, case) | {"number": number_of("approval", case.number), "from_month": "2016-11"}
    written = letter("approval", facts)
    assert (written.addressee, written.office, written.contact) == (
        "王秀英",
        "鄞州区民政局",
        "咨询电话：0574-1\n地址：惠风东路568号",
    )
    assert dict(written.rows)["保障人数"] == "2人"
    assert len(written.table.body) == len(STEPS)
    assert "鄞州区人民政府" in written.remedy


def test_days_are_those_of_the_local_calendar(session, case):
    assert _facts(session, case)["applied_on"] == date(2016, 9, 5)


def test_a_board_is_posted_by_the_town_and_names_no_minor(session, case):
    posting = posting_of(
        session,
        case,
        programme="最低生活保障",
        level="town",
        rule="7d",
        first_day=TODAY,
        last_day=date(2016, 11, 4),
    )
    assert (posting.village, posting.office, posting.phone) == ("新城村", "下应街道办事处", "0574-2")
    people = residents_of(session, case, TODAY)
    content = publicity_content(
        "second", "NB2016", posting=posting, applicant=people[0], members=people, amount=_amount(case)
    )
    assert (content.applicant, content.members, content.minors) == ("王秀英", ("王秀英",), 1)


def test_without_any_telephone_nothing_is_posted(session, case):
    for code in ("330212101000", "330212000000"):
        session.get_one(Area, code).phone = ""
    posting = posting_of(
        session,
        case,
        programme="最低生活保障",
        level="town",
        rule="7d",
        first_day=TODAY,
        last_day=date(2016, 11, 4),
    )
    people = residents_of(session, case, TODAY)
    with pytest.raises(NotPublishable, match="反映电话"):
        publicity_content(
            "second", "NB2016", posting=posting, applicant=people[0], members=people, amount=_amount(case)
        )


@pytest.mark.parametrize(
    "name, level, body",
    [
        ("鄞州区", "county", "鄞州区民政局"),
        ("下应街道", "town", "下应街道办事处"),
        ("姜山镇", "town", "姜山镇人民政府"),
    ],
)
def test_who_signs(name, level, body):
    assert authority(Area(code="x", name=name, level=level)) == body


def _amount(case):
    return Decimal(case.facts["amount"])
