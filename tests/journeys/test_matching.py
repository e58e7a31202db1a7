"""The matcher on the registers: what is written there is read, what is not stays unknown, and who might be missed."""

from datetime import date
from decimal import Decimal

from definitions.matcher import household_document, match
from definitions.matcher.scan import helped, look, missed
from definitions.shared.assessment import standards_of
from tests.district import COUNTY, VILLAGE, District
from workflow.actors import SYSTEM_ACTOR
from workflow.models import Household, Person
from workflow.people.facts import record_fact


def document(district: District, household: int) -> dict:
    with district.database.reading() as session:
        return household_document(session, household, district.today)


def verdicts(district: District, household: int) -> dict[str, str]:
    with district.database.reading() as session:
        found = match(
            household_document(session, household, district.today), edition="NB2016", as_of=district.today,
            standards=standards_of(session, COUNTY),
        )  # fmt: skip
        return {f"{one.programme}.{one.item}": one.verdict for one in found}


def register(district: District, household: int, **columns: object) -> list[int]:
    """Write something on every member's row; their numbers, the head first."""
    with district.database.acting() as conn:
        session = district.office.session(conn)
        people = [m.person for m in session.get_one(Household, household).members(district.today)]
        for person in people:
            for name, value in columns.items():
                setattr(person, name, value)
        session.flush()
        return [person.id for person in people]


def state(district: District, person: int, fact: str, **said: object) -> None:
    with district.database.acting() as conn:
        session = district.office.session(conn)
        form = {"source": "declared", "as_of": district.today.isoformat()} | said
        record_fact(
            session, session.get_one(Person, person), fact, form, actor=SYSTEM_ACTOR, now=district.now
        )


def test_what_nobody_recorded_stays_out_of_the_document(quick: District) -> None:
    household = quick.family(members=3, minors=1, incomes=("6000",))
    register(quick, household, hukou_area="")
    head, spouse, child = document(quick, household)["members"]
    assert [income["annual"] for income in head["incomes"]] == ["6000.00"]
    assert "incomes" not in spouse
    assert child["incomes"] == []
    assert not {"school", "disability", "illness", "work"} & {*head, *spouse, *child}
    assert "hukou_here" not in document(quick, household)
    assert verdicts(quick, household)["dibao.household"] == "unknown"


def test_what_the_register_of_people_knows_is_read(quick: District) -> None:
    household = quick.family(members=2, minors=1, incomes=("3000",), monetary="100")
    head, child = register(quick, household, hukou_area=VILLAGE)
    state(quick, child, "schooling", present=True, stage="junior")
    state(quick, head, "disability", present=True, kind="intellectual", grade=3)
    state(quick, head, "illness", present=False)
    state(quick, head, "work", present=False)
    members = {member["id"]: member for member in document(quick, household)["members"]}
    assert members[str(child)]["school"] == "compulsory"
    assert members[str(head)]["disability"] == {"kind": "intellectual", "grade": 3}
    assert (members[str(head)]["illness"], members[str(head)]["work"]) == (False, "unemployed")
    found = verdicts(quick, household)
    assert (found["dibao.household"], found["education.compulsory"], found["employment.service"]) == (
        "can",
    ) * 3


def test_a_certificate_that_has_run_out_says_nothing(quick: District) -> None:
    household = quick.family(members=1)
    (head,) = register(quick, household)
    state(quick, head, "schooling", present=True, stage="bachelor", valid_to="2016-09-04")
    assert "school" not in document(quick, household)["members"][0]


def test_the_missed_are_those_who_could_have_help_and_have_none(quick: District) -> None:
    poor, rich, unknown = (
        quick.family(members=1, incomes=(income,), monetary="100") for income in ("1200", "90000", "0")
    )
    for household in (poor, rich, unknown):
        register(quick, household, hukou_area=VILLAGE)
    helped_already = quick.on_benefit(members=1)
    with quick.database.reading() as session:
        found = list(missed(session, [COUNTY], quick.today))
        assert [one.household.id for one in found] == [poor]
        assert [(item.programme, item.amount_to) for item in found[0].items] == [("dibao", Decimal("644.00"))]
        subject = quick.case(helped_already).subject_id
        assert helped(session, [poor, subject], date(2016, 10, 1)) == {subject: {"dibao"}}
        assert list(missed(session, [], quick.today)) == []
        first, after = look(session, [COUNTY], quick.today, most=2)
        rest, end = look(session, [COUNTY], quick.today, after or 0, most=2)
        assert len(first) + len(rest) == 1
        assert end is not None
