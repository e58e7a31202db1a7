"""When a colleague was faster: what he handed in beside what the reader typed, field by field, to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from web.cases.page import CasePage, facts_of
from web.fields import read_form
from web.filters import key
from web.show import money, plain_day
from workflow.facts import Facts
from workflow.forms import Choice, Field, Form, Member, Members, Rows, Staff, Wrong
from workflow.models import CaseForm, JournalEntry
from workflow.vocabulary import Action

MINE, THEIRS = "mine", "theirs"
EMPTY: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True)
class Theirs:
    """A colleague's answer to a question the reader has answered otherwise. `pick` is whose the reader takes."""

    field: Field
    value: Any
    shown: str
    mine: str
    name: str
    at: datetime
    says: str
    pick: str


def began_at(typed: Mapping[str, str], version: int) -> int:
    """The version of the case the reader had before him when he began to type."""
    seen = [found for name in ("since", "seen") if (found := key(typed.get(name, ""))) is not None]
    return min(seen, default=version)


def since(page: CasePage, version: int) -> list[JournalEntry]:
    """What happened after a version of the case, the latest first."""
    return list(
        page.session.scalars(
            select(JournalEntry)
            .where(JournalEntry.case_id == page.case.id, JournalEntry.version > version)
            .order_by(JournalEntry.seq.desc())
        )
    )


def differing(
    page: CasePage, word: Action, typed: MultiDict[str, str], entries: Sequence[JournalEntry]
) -> dict[str, Theirs]:
    """By field: what the latest of these acts said to the same question, where the reader says something else."""
    if not entries:
        return {}
    facts = facts_of(page.office, page.session, page.case, page.actor, page.now)
    mine = read_form(word.form, typed)
    found: dict[str, Theirs] = {}
    for entry, body in _handed_in(page.session, entries):
        asked = (
            page.blueprint.actions[entry.action].form.fields()
            if entry.action in page.blueprint.actions
            else {}
        )
        for name, field in word.form.fields().items():
            same = entry.action == word.code or _same_question(field, asked.get(name))
            if (
                name in found
                or name not in body
                or not same
                or _equal(field, mine.get(name), body[name], facts)
            ):
                continue
            pick = typed.get(f"pick-{name}") or (THEIRS if name not in mine else MINE)
            found[name] = Theirs(
                field, body[name], said(field, body[name], facts), said(field, mine.get(name), facts),
                entry.actor_name, entry.at, entry.says, pick,
            )  # fmt: skip
    return found


def chosen(form: type[Form], typed: MultiDict[str, str], theirs: Mapping[str, Theirs]) -> dict[str, Any]:
    """What is handed in: what the reader typed, with a colleague's answers where he chose them."""
    raw = read_form(form, typed)
    for name, other in theirs.items():
        if other.pick == THEIRS:
            raw.pop(name, None)
            if other.value not in EMPTY:
                raw[name] = other.value
    return raw


def answers(form: type[Form], typed: MultiDict[str, str], facts: Facts) -> list[tuple[str, str]]:
    """What was typed as labels and text, to be read or copied."""
    raw = read_form(form, typed)
    return [
        (_(field.label), said(field, raw[name], facts))
        for name, field in form.fields().items()
        if name in raw
    ]


def said(field: Field, value: Any, facts: Facts) -> str:
    """An answer in words. What cannot be an answer is given as it was typed."""
    if value in EMPTY:
        return _("没有填")
    if isinstance(field, Rows):
        return "\n".join(_line(field, row, facts) for row in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    several = value if isinstance(value, list) else [value]
    if isinstance(field, Staff | Members | Member):
        people = {str(code): label for code, label in field.options(facts).items()}
        return "、".join(people.get(str(code), str(code)) for code in several)
    if isinstance(field, Choice):
        return "、".join(_(field.choices.get(code, code)) for code in several)
    try:
        if field.kind == "date":
            return plain_day(date.fromisoformat(value))
        return f"{money(field.clean(value, facts))} {_('元')}" if field.kind == "money" else str(value)
    except ValueError:
        return str(value)


def _line(field: Rows, row: Mapping[str, Any], facts: Facts) -> str:
    filled = ((key, column) for key, column in field.columns.items() if row.get(key) not in EMPTY)
    return "，".join(f"{_(column.label)}：{said(column, row[key], facts)}" for key, column in filled)


def _same_question(field: Field, other: Field | None) -> bool:
    """Another action asks the very same. A reason is about its own act and never the same."""
    return other is not None and field.kind == other.kind != "long" and field.label == other.label


def _equal(field: Field, mine: Any, theirs: Any, facts: Facts) -> bool:
    if mine in EMPTY and theirs in EMPTY:
        return True
    try:
        return bool(field.clean(mine, facts) == theirs)
    except Wrong:
        return bool(mine == theirs)


def _handed_in(
    session: Session, entries: Sequence[JournalEntry]
) -> list[tuple[JournalEntry, dict[str, Any]]]:
    """The forms of these acts that are still kept, in the same order."""
    keys = [(entry.case_id, entry.seq) for entry in entries]
    rows = session.scalars(select(CaseForm).where(tuple_(CaseForm.case_id, CaseForm.seq).in_(keys)))
    bodies = {row.seq: row.body for row in rows}
    return [(entry, bodies[entry.seq]) for entry in entries if entry.seq in bodies]
