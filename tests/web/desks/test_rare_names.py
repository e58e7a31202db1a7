"""People without a number, newborns, two with one number, rare characters: unharmed through register, pages, letters, import."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.district import TOWN, VILLAGE
from workflow.actors import Actor
from workflow.errors import FormRefused
from workflow.households import register_household
from workflow.identity import make_id_number
from workflow.imports import HOUSEHOLDS, read_table, run
from workflow.imports.tables import csv_bytes
from workflow.models import Person
from workflow.people.lookalikes import asked_of, lookalikes

BORN = date(1961, 7, 8)
NUMBER = make_id_number("330212", BORN, 21)
LONG = "阿不都热合曼·买买提艾力·努尔麦麦提江·阿卜杜拉喀迪尔·依明"
NAMES = {"rare": "𠮷𬀩", "long": LONG, "dot": "古丽·艾力", "latin": "Anna Maria O'Neill", "newborn": "王小宝"}
FAMILY = [
    {"relation": "head", "name": NAMES["rare"], "id_number": NUMBER},
    {"relation": "spouse", "name": NAMES["long"], "birth": "1962-01-02", "sex": "F", "id_note": "与他人同号，已报公安机关更正"},
    {"relation": "parent", "name": NAMES["dot"], "birth": "1930-01-02", "sex": "F"},
    {"relation": "child_in_law", "name": NAMES["latin"], "id_kind": "passport", "id_number": "e 12345678", "birth": "1990-05-06",
     "sex": "F"},
    {"relation": "grandchild", "name": NAMES["newborn"], "birth": "2016-10-24", "sex": "M", "id_note": "新生儿未落户"},
]  # fmt: skip
CLERK = Actor(1, "窗口", frozenset({("window_clerk", TOWN)}))


def store(desks, members, **more):
    with desks.database.acting() as conn:
        return register_household(
            desks.office.session(conn), area_code=VILLAGE, setting="rural", address="和平路 77 号", members=members, incomes=[],
            assets=[], actor=CLERK, now=desks.now, **more,
        ).id  # fmt: skip


def people(desks):
    with desks.database.reading() as session:
        return {p.name: p for p in session.scalars(select(Person))}


def test_they_are_registered_and_shown_as_they_are(desks):
    assert len(LONG) == 30
    household = store(desks, FAMILY)
    on_file, clerk = people(desks), desks.browser("window_clerk1")
    assert {n: (on_file[n].id_kind, on_file[n].id_number) for n in NAMES.values()} == {
        NAMES["rare"]: ("citizen", NUMBER), NAMES["long"]: ("none", None), NAMES["dot"]: ("none", None),
        NAMES["latin"]: ("passport", "E12345678"), NAMES["newborn"]: ("none", None),
    }  # fmt: skip
    page = clerk.get(f"/households/{household}").text
    for name in NAMES.values():
        assert name.replace("'", "&#39;") in page
        assert f"/people/{on_file[name].id}" in clerk.post("/people/find", {"q": name}, on="/people").text
    assert "与他人同号" in clerk.get(f"/people/{on_file[LONG].id}").text
    assert "*****5678" in clerk.get(f"/people/{on_file[NAMES['latin']].id}").text


@pytest.mark.parametrize("name", [NAMES["rare"], LONG])
def test_letters_bear_their_names_or_say_which_character_the_font_lacks(desks, name):
    head = {"relation": "head", "name": name, "birth": "1961-07-08", "sex": "M", "id_note": "未落户"}
    case = desks.bring(desks.open(store(desks, [head])), "accepted")
    number = desks.case(case).number
    clerk = desks.browser("window_clerk1")
    assert name in clerk.get(f"/cases/{number}").text
    assert name in clerk.get(f"/cases/{number}/letters/receipt").text
    letter = clerk.get(f"/cases/{number}/letters/receipt.pdf")
    if letter.status_code == 409:
        assert "字体" in letter.text
        assert any(f"U+{ord(character):04X}" in letter.text for character in name)
        assert name != LONG
        return
    written = "".join(page.extract_text() for page in PdfReader(BytesIO(letter.data)).pages)
    assert name in "".join(written.split())


def test_two_people_with_one_number_the_second_without_it(desks):
    store(desks, FAMILY[:1])
    twin = {"relation": "head", "name": "李四", "id_number": NUMBER}
    with pytest.raises(FormRefused) as refused:
        store(desks, [twin])
    assert "两人同号" in refused.value.errors["members.1"]
    store(
        desks,
        [
            twin
            | {"id_number": "", "birth": BORN.isoformat(), "sex": "M", "id_note": "与他人同号，已报公安机关"}
        ],
    )
    second = people(desks)["李四"]
    assert (second.id_number, second.id_note) == (None, "与他人同号，已报公安机关")
    with desks.database.reading() as session:
        (found,) = lookalikes(session, [asked_of(second)])
    assert found.hits == []
    assert {"number", "near"} <= found.unchecked.keys()


def test_a_newborn_gets_his_number_later_and_stays_the_same_person(desks):
    store(desks, FAMILY)
    child = people(desks)[NAMES["newborn"]]
    with desks.database.acting() as conn:
        session = desks.office.session(conn)
        one = session.get_one(Person, child.id)
        one.id_number, one.id_note = make_id_number("330212", child.birth, 1), ""
        session.flush()
        assert (one.id_kind, one.id_tail) == ("citizen", one.id_number[-4:])


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        ("passport", "E1", "5 至 18 位"), ("passport", "护照123456", "5 至 18 位"), ("none", "E12345678", "又填了号码"),
        ("", "E12345678", "应为 18 位"), ("residence_permit", NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), "校验位"),
    ],
)  # fmt: skip
def test_a_number_is_checked_by_its_paper(desks, kind, number, words):
    with pytest.raises(FormRefused) as refused:
        store(
            desks,
            [
                {
                    "relation": "head",
                    "name": "甲",
                    "id_kind": kind,
                    "id_number": number,
                    "birth": "1961-07-08",
                    "sex": "M",
                }
            ],
        )
    assert words in refused.value.errors["members"]


def test_a_register_with_them_is_imported_and_comes_out_of_a_table_unharmed(desks):
    titles = (
        "户编号",
        "村(社区)代码",
        "住址",
        "城乡",
        "姓名",
        "身份证号",
        "与户主关系",
        "出生日期",
        "性别",
        "证件种类",
        "没有号码的原因",
    )
    kinds = {"passport": "护照", None: ""}
    words = {"head": "户主", "spouse": "配偶", "parent": "父母", "child_in_law": "儿媳", "grandchild": "孙子"}
    sexes = {"F": "女", "M": "男", None: ""}
    lines = [
        ("1", VILLAGE, "和平路 77 号", "农村", m["name"], m.get("id_number", ""), words[m["relation"]], m.get("birth", ""),
         sexes[m.get("sex")], kinds[m.get("id_kind")], m.get("id_note", ""))
        for m in FAMILY
    ]  # fmt: skip
    file = csv_bytes([titles, *lines])
    with desks.database.acting() as conn:
        run(
            HOUSEHOLDS,
            read_table("families.csv", file),
            desks.office.session(conn),
            actor=CLERK,
            now=desks.now,
        )
    on_file = people(desks)
    assert set(NAMES.values()) <= on_file.keys()
    assert on_file[NAMES["latin"]].id_kind == "passport"
