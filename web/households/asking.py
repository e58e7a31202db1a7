"""The household form as a page asks it: villages to choose from, members as cards, faults beside the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from web import context
from web.fields import Question, questions, read_form
from workflow.facts import Facts
from workflow.forms import Choice, Form, Rows
from workflow.households import MEMBER_FIELDS, Asked, HouseholdForm
from workflow.models import Area
from workflow.policy import area_filter, scope_of
from workflow.roles import ROLES, VILLAGE_AGENT, WINDOW, Role

REGISTRARS: tuple[Role, ...] = (VILLAGE_AGENT, WINDOW)
FIRST_CARD = MultiDict({"members-0-relation": "head"})
_AT_ROW = re.compile(r"第 (\d+) 行：(.*)", re.DOTALL)


def may_register(area_code: str) -> bool:
    """Whether the reader registers the households of this area."""
    actor = context.actor()
    return any(actor.holds(role, scope_of(role, area_code)) for role in REGISTRARS)


def asked() -> Facts:
    """What the fields look at while nothing is kept."""
    return cast("Facts", Asked(context.session(), context.actor(), context.now()))


def household_form() -> type[Form]:
    """The form with the villages of the reader's own posts to choose from."""
    scopes = sorted({scope for role, scope in context.actor().grants if ROLES[role] in REGISTRARS})
    rows = context.session().execute(
        select(Area.code, Area.name)
        .where(area_filter(Area.code, scopes), Area.level == "village")
        .order_by(Area.code)
    )
    village = Choice("居住的村（社区）", {row.code: row.name for row in rows})
    return type(
        "HouseholdPageForm", (HouseholdForm,), {"area_code": village, "__doc__": HouseholdForm.__doc__}
    )


def read_household(typed: MultiDict[str, str]) -> dict[str, Any]:
    """What was typed, in the shape the form takes: incomes name the card of a member, the form his place in the list."""
    raw = read_form(HouseholdForm, typed)
    place = {str(card + 1): str(number) for number, card in enumerate(_filled(typed, "members"), 1)}
    for row in raw.get("incomes", ()):
        row["member"] = place.get(row["member"], row["member"])
    return raw


def _filled(typed: Mapping[str, str], name: str) -> list[int]:
    """The numbers of the lines in which something was typed, in order."""
    found = {
        int(hit[1])
        for key, value in typed.items()
        if value and (hit := re.match(rf"{name}-([0-9]{{1,3}})-", key))
    }
    return sorted(found)


def household_questions(
    typed: MultiDict[str, str], errors: Mapping[str, str]
) -> tuple[dict[str, Question], dict[str, str]]:
    """The questions by name, and the faults by the name of the field they stand beside."""
    placed = dict(_placed(name, text, typed) for name, text in errors.items())
    asked_for = {q.name: q for q in questions(household_form(), asked(), typed, placed)}
    names = [typed.get(f"members-{card}-name", "") for card in range(len(asked_for["members"].rows))]
    people = [
        (str(number), f"{number} · {name}" if name else _("第 %(n)s 人", n=number))
        for number, name in enumerate(names, 1)
    ]
    for table in ("members", "incomes", "assets"):
        lines = [[_cell(cell, placed, people) for cell in line] for line in asked_for[table].rows]
        asked_for[table] = replace(asked_for[table], rows=lines)
    return asked_for, placed


def _cell(cell: Question, errors: Mapping[str, str], people: list[tuple[str, str]]) -> Question:
    options = people if cell.name.endswith("-member") else cell.options
    return replace(cell, options=options, error=errors.get(cell.name, ""))


def _placed(name: str, text: str, typed: MultiDict[str, str]) -> tuple[str, str]:
    """A fault of a row goes to the field it speaks of: 家庭成员第 2 行：姓名… to members-1-name."""
    name = name.partition(".")[0]
    field = HouseholdForm.fields().get(name)
    hit = _AT_ROW.search(text)
    if not isinstance(field, Rows) or hit is None:
        return name, text
    lines, number = _filled(typed, name), int(hit[1])
    if number > len(lines):
        return name, text
    column = next(
        (key for key, one in field.columns.items() if one.label.split("（")[0] in hit[2]),
        next(iter(field.columns)),
    )
    if "身份号码" in hit[2] and name == "members":
        column = "id_number"
    if name == "members" and MEMBER_FIELDS["same_as"].label in hit[2]:
        column = "same_as"
    return f"{name}-{lines[number - 1]}-{column}", hit[2]


class MemberForm(Form):
    """One person who joins a household."""


for _name, _field in MEMBER_FIELDS.items():
    setattr(MemberForm, _name, _field)
