"""Finding and entering families, and what changes in them."""

import re

from sqlalchemy import select

from tests.district import TOWN, VILLAGE
from workflow.models import AccessLog, Case, FormDraft, Household, Income, Membership, Person

NEW = "/households/new"
FAMILY = {
    "area_code": VILLAGE, "setting": "rural", "address": "和平路 99 号", "phone": "",
    "members-0-relation": "head", "members-0-name": "赵铁柱", "members-0-id_number": "",
    "members-0-birth": "1968-04-05", "members-0-sex": "M",
    "members-3-relation": "child", "members-3-name": "赵小梅", "members-3-birth": "2009-02-03", "members-3-sex": "F",
    "incomes-0-member": "4", "incomes-0-category": "transfer", "incomes-0-annual": "1,200",
    "assets-0-kind": "monetary", "assets-0-amount": "5000",
}  # fmt: skip


def newest(desks) -> Household:
    with desks.database.reading() as session:
        return session.scalars(select(Household).order_by(Household.id.desc()).limit(1)).one()


def test_a_family_is_entered_in_one_form_and_the_application_opened_from_its_page(desks):
    browser = desks.browser("window_clerk1")
    answer = browser.post(NEW, FAMILY, on=NEW)
    assert answer.status_code == 303, answer.text
    household = newest(desks)
    assert answer.location.endswith(f"/households/{household.id}")
    with desks.database.reading() as session:
        names = session.execute(
            select(Person.name, Membership.relation)
            .join(Membership)
            .where(Membership.household_id == household.id)
            .order_by(Membership.id)
        ).all()
        earner = session.execute(
            select(Person.name, Income.annual).join(Income).where(Income.household_id == household.id)
        ).one()
    assert [tuple(row) for row in names] == [("赵铁柱", "head"), ("赵小梅", "child")]
    assert (earner.name, str(earner.annual)) == ("赵小梅", "1200.00")
    opened = browser.post(f"/households/{household.id}/apply", on=f"/households/{household.id}")
    assert opened.status_code == 303
    with desks.database.reading() as session:
        case = session.scalars(
            select(Case).where(Case.subject_id == household.id, Case.definition == "dibao")
        ).one()
    assert opened.location.endswith(case.number)
    assert case.title == "赵铁柱"


def test_a_fault_stands_beside_its_field_and_everything_typed_is_still_there(desks):
    wrong = FAMILY | {"members-3-birth": "", "members-0-name": "赵铁柱2", "address": "和平路 99 号之一"}
    answer = desks.browser("window_clerk1").post(NEW, wrong, on=NEW)
    assert answer.status_code == 422
    assert 'href="#f-members-0-name"' in answer.text
    assert re.search(r'id="f-members-0-name"[^>]*value="赵铁柱2"[^>]*aria-invalid="true"', answer.text)
    assert "和平路 99 号之一" in answer.text
    assert "赵小梅" in answer.text


def test_a_number_that_is_somebody_elses_is_refused_at_its_field(desks):
    with desks.database.reading() as session:
        taken = session.scalars(select(Person.id_number).limit(1)).one()
    answer = desks.browser("window_clerk1").post(
        NEW, FAMILY | {"members-3-id_number": taken, "members-3-birth": "", "members-3-sex": ""}, on=NEW
    )
    assert answer.status_code == 422
    assert 'href="#f-members-3-id_number"' in answer.text


def test_another_line_is_added_without_handing_in(desks):
    answer = desks.browser("window_clerk1").post(NEW, FAMILY | {"do": "add:members"}, on=NEW)
    assert answer.status_code == 200
    assert answer.text.count("成员 ") >= 3
    assert newest(desks).address != FAMILY["address"]


def test_what_was_typed_before_is_offered_again(desks):
    browser = desks.browser("village_agent1")
    saved = browser.post("/drafts", {"place": NEW, "members-0-name": "钱三"}, on=NEW)
    assert saved.status_code == 204
    assert 'value="钱三"' in browser.get(NEW).text
    browser.post(NEW, FAMILY, on=NEW)
    with desks.database.reading() as session:
        assert session.scalars(select(FormDraft)).all() == []


def test_families_are_found_by_name_pinyin_last_four_and_village_and_the_search_is_written_down(desks):
    browser = desks.browser("window_clerk1")
    with desks.database.reading() as session:
        person = session.scalars(
            select(Person).join(Membership).where(Membership.relation == "head").limit(1)
        ).one()
    for text in (person.name, person.pinyin, person.initials, person.id_tail, "芦浦村"):
        found = browser.post("/households/find", {"q": text}, on="/households")
        assert person.name in found.text, text
    assert "没有找到" in browser.post("/households/find", {"q": "查无此人"}, on="/households").text
    with desks.database.reading() as session:
        assert len(session.scalars(select(AccessLog).where(AccessLog.what == "search")).all()) == 6


def test_a_family_page_masks_numbers_and_is_logged(desks):
    page = desks.browser("town_reviewer1").get("/households/1")
    assert page.status_code == 200
    with desks.database.reading() as session:
        numbers = session.scalars(
            select(Person.id_number).join(Membership).where(Membership.household_id == 1)
        ).all()
        assert not [number for number in numbers if number in page.text]
        assert session.scalars(select(AccessLog).where(AccessLog.what == "household")).one().household_id == 1


def test_income_and_property_are_declared_anew(desks):
    browser, person = desks.browser("village_agent1"), desks.people(desks.id("benefit"))[0]
    place = f"/households/1/members/{person}/income"
    assert (
        browser.post(
            place, {"category": "wage", "annual": "18000", "as_of": "2016-10-01"}, on=place
        ).status_code
        == 303
    )
    assert (
        browser.post(
            "/households/1/property",
            {"kind": "monetary", "amount": "800", "as_of": "2016-10-01"},
            on="/households/1/property",
        ).status_code
        == 303
    )
    page = browser.get("/households/1").text
    assert "18,000.00" in page
    assert "800.00" in page


def test_the_form_offers_only_the_villages_of_ones_own_post(desks):
    page = desks.browser("village_agent1").get(NEW).text
    assert f'value="{VILLAGE}"' in page
    assert f'value="{TOWN[:9]}201"' not in page
