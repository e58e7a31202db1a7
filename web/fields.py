"""Between the declared form of an action and the page: reading what was posted, and showing values again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from workflow.facts import Facts
from workflow.forms import Choice, Day, Field, Form, Member, Members, Rows, Staff

SPARE_ROWS = 1
MOST_ROWS = 200
_LISTS = {"choices", "staff", "members"}
_ANSWERS: dict[str, Any] = {"yes": True, "no": False}


@dataclass(frozen=True)
class Question:
    """One field as a page shows it. `options` are code-and-label pairs; `rows` the lines of a table."""

    name: str
    field: Field
    options: list[tuple[str, str]]
    value: Any
    error: str
    columns: list[Question]
    rows: list[list[Question]]

    @property
    def kind(self) -> str:
        """Which macro shows it."""
        return self.field.kind

    @property
    def id(self) -> str:
        """Its id on the page: what a link of the error summary leads to."""
        return f"f-{self.name}"

    def chosen(self, code: str) -> bool:
        """Whether this answer is ticked."""
        return code in (self.value if isinstance(self.value, list) else [self.value])


def read_form(form: type[Form], typed: MultiDict[str, str]) -> dict[str, Any]:
    """What was typed, in the shape `Form.clean` takes. Fields nobody declared are left to it to refuse."""
    raw = {name: _read(name, field, typed) for name, field in form.fields().items()}
    return {name: value for name, value in raw.items() if value not in (None, "", [])}


def suggested(form: type[Form], facts: Facts) -> MultiDict[str, str]:
    """What the form starts with, as if it had been typed."""
    typed: MultiDict[str, str] = MultiDict()
    for name, value in form.suggests(facts).items():
        for key, text in _typed(name, value):
            typed.add(key, text)
    return typed


def _typed(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield name, "yes" if value else "no"
    elif not isinstance(value, list):
        yield name, str(value)
    else:
        for number, item in enumerate(value):
            if isinstance(item, Mapping):
                for key, cell in item.items():
                    yield from _typed(f"{name}-{number}-{key}", cell)
            else:
                yield name, str(item)


def _read(name: str, field: Field, typed: MultiDict[str, str]) -> Any:
    if isinstance(field, Rows):
        lines = [
            {key: _read(f"{name}-{number}-{key}", column, typed) for key, column in field.columns.items()}
            for number in _numbers(name, typed)
        ]
        return [line for line in lines if any(value not in (None, "", [], False) for value in line.values())]
    if field.kind in _LISTS:
        return [value for value in typed.getlist(name) if value]
    value = typed.get(name, "")
    return _ANSWERS.get(value) if field.kind == "yesno" else value.strip()


def _numbers(name: str, typed: Mapping[str, str]) -> list[int]:
    """The numbers of the lines of a table that were posted."""
    found = {int(hit[1]) for key in typed if (hit := re.match(rf"{re.escape(name)}-([0-9]{{1,3}})-", key))}
    return sorted(found)[:MOST_ROWS]


def questions(
    form: type[Form], facts: Facts, typed: MultiDict[str, str], errors: Mapping[str, str]
) -> list[Question]:
    """The form's questions with what was typed and what is wrong."""
    return [
        _question(name, field, facts, typed, errors.get(name, ""))
        for name, field in form.asked(facts).items()
    ]


def _question(name: str, field: Field, facts: Facts, typed: MultiDict[str, str], error: str = "") -> Question:
    columns: list[Question] = []
    rows: list[list[Question]] = []
    if isinstance(field, Rows):
        columns = [
            _question(f"{name}-0-{key}", column, facts, MultiDict()) for key, column in field.columns.items()
        ]
        numbers = _numbers(name, typed)
        wanted = max(len(numbers) + (typed.get("do") == f"add:{name}"), field.at_least, SPARE_ROWS)
        wanted = min(wanted, MOST_ROWS)
        numbers += list(
            range(max(numbers, default=-1) + 1, max(numbers, default=-1) + 1 + wanted - len(numbers))
        )
        rows = [
            [
                _question(f"{name}-{number}-{key}", column, facts, typed)
                for key, column in field.columns.items()
            ]
            for number in numbers
        ]
    empty = facts.today.isoformat() if isinstance(field, Day) and field.proposed else ""
    value = typed.getlist(name) if field.kind in _LISTS else typed.get(name, empty)
    return Question(name, field, _options(field, facts), value, error, columns, rows)


def _options(field: Field, facts: Facts) -> list[tuple[str, str]]:
    """What may be chosen: of the law's words, or of the people at hand."""
    if isinstance(field, Staff | Members | Member):
        return [(str(code), label) for code, label in field.options(facts).items()]
    if isinstance(field, Choice):
        return [(code, _(label)) for code, label in field.choices.items()]
    if field.kind == "yesno":
        return [("yes", _("是")), ("no", _("否"))]
    return []
