"""What is known of a person, each fact by source with its date; sources stand side by side, nothing is overwritten.

A statement of the same source on the same thing ends the one before. The columns of `Person` that the rules read hold
what the most trusted source says; what stood there before the first other source spoke is kept as declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.errors import FormRefused
from workflow.facts import Facts
from workflow.forms import Choice, Day, Form, Text, Whole, YesNo
from workflow.households.form import Asked, BankAccount, HukouArea, Short
from workflow.households.words import DISABILITIES
from workflow.models import Membership, Person, PersonFact
from workflow.people.words import FACT_KINDS, FACT_SOURCES

STAGES: dict[str, str] = {
    "kindergarten": "幼儿园", "primary": "小学", "junior": "初中", "senior": "高中", "vocational": "中职",
    "college": "大专", "bachelor": "本科", "postgraduate": "研究生", "special": "特殊教育",
}  # fmt: skip
_DAY = timedelta(days=1)
_TRUST = {source: place for place, source in enumerate(FACT_SOURCES)}


class FactForm(Form):
    """What every fact says beside its value: the certificate, how long it is valid, and from when it is known."""

    certificate = Short("证件或证明编号", required=False)
    valid_from = Day("有效期自", required=False)
    valid_to = Day("有效期至", required=False, future=True)
    source = Choice("来源", FACT_SOURCES)
    as_of = Day("何时的情况")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """The validity has an order."""
        if form["valid_from"] and form["valid_to"] and form["valid_to"] < form["valid_from"]:
            return {"valid_to": f"有效期止 {form['valid_to']} 早于有效期起 {form['valid_from']}，请核对"}
        return {}


class Disability(FactForm):
    """A disability by kind and grade."""

    present = YesNo("有残疾")
    kind = Choice("残疾类别", DISABILITIES, required=False)
    grade = Whole("残疾等级", at_least=1, at_most=4, required=False)

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Kind and grade go together with a disability."""
        if form["present"] and not (form["kind"] and form["grade"]):
            return {"kind": "请填写残疾类别和残疾等级"}
        if not form["present"] and (form["kind"] or form["grade"]):
            return {"kind": "没有残疾的，不填类别和等级"}
        return super().check(form, facts)


class Illness(FactForm):
    """A serious illness."""

    present = YesNo("患重大疾病")
    name = Short("病种", required=False)


class Schooling(FactForm):
    """Full-time schooling."""

    present = YesNo("全日制在校")
    stage = Choice("学段", STAGES, required=False)
    school = Short("学校", required=False)


class Work(FactForm):
    """What a person works."""

    present = YesNo("已就业")
    occupation = Short("职业", required=False)
    employer = Short("单位", required=False)


class Hukou(FactForm):
    """Where a person is registered."""

    area = HukouArea("户籍所在地区划代码")


class Residence(FactForm):
    """Where a person lives."""

    area = HukouArea("居住地区划代码")
    address = Text("住址", required=False)


class Bank(FactForm):
    """The account aid is paid to, and whose it is."""

    account = BankAccount("银行账号")
    owner = Short("开户人")
    bank = Short("开户行", required=False)


FORMS: dict[str, type[FactForm]] = {
    "disability": Disability, "illness": Illness, "schooling": Schooling, "work": Work, "hukou": Hukou,
    "residence": Residence, "bank": Bank,
}  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One thing about a person as each source states it (the newest first of the trusted), and which counts."""

    kind: str
    facts: tuple[PersonFact, ...]

    @property
    def label(self) -> str:
        """What it is about."""
        return FACT_KINDS[self.kind]

    @property
    def used(self) -> PersonFact:
        """The statement of the most trusted source."""
        return self.facts[0]

    @property
    def differs(self) -> bool:
        """Whether two sources state different things."""
        return any(fact.value != self.used.value for fact in self.facts)

    def by(self, source: str) -> PersonFact | None:
        """What a source says, None where nothing."""
        return next((fact for fact in self.facts if fact.source == source), None)


def record_fact(
    session: Session, person: Person, kind: str, raw: Mapping[str, Any], *, actor: Actor, now: datetime
) -> PersonFact:
    """State a fact of a person, cleaned by the form of its kind. Raises FormRefused."""
    if kind not in FORMS:
        raise FormRefused({"kind": f"情况种类只能是：{'、'.join(FACT_KINDS.values())}"})
    asked = Asked(session, actor, now)
    form = FORMS[kind].clean(raw, cast("Facts", asked))
    value = {name: form[name] for name in FORMS[kind].fields() if name not in FactForm.fields()}
    rows = session.scalars(
        select(PersonFact).where(PersonFact.person_id == person.id, PersonFact.kind == kind)
    ).all()
    if not rows and form["source"] != "declared" and (stood := _declared(person, kind)) is not None:
        _state(session, rows, _first(session, person, kind, stood, asked))
    row = PersonFact(
        person_id=person.id, kind=kind, value=value, certificate=form["certificate"], source=form["source"],
        valid_from=_day(form["valid_from"]), valid_to=_day(form["valid_to"]), as_of=date.fromisoformat(form["as_of"]),
        recorded_by=actor.id, recorded_at=now,
    )  # fmt: skip
    _state(session, rows, row)
    used = next((side.used for side in known_of(session, person.id, asked.today) if side.kind == kind), None)
    if used is not None:
        _put(person, used)
        session.flush()
    return row


def known_of(session: Session, person_id: int, on: date) -> list[Side]:
    """The facts in force on a day, one line a kind, the sources side by side."""
    rows = session.scalars(
        select(PersonFact)
        .where(PersonFact.person_id == person_id, PersonFact.as_of <= on)
        .order_by(PersonFact.id)
    )
    found: dict[str, list[PersonFact]] = {}
    for row in rows:
        if row.until is None or row.until >= on:
            found.setdefault(row.kind, []).append(row)
    return [
        Side(kind, tuple(sorted(found[kind], key=lambda row: (_TRUST[row.source], -row.as_of.toordinal()))))
        for kind in FACT_KINDS
        if kind in found
    ]


def past_of(session: Session, person_id: int, on: date) -> list[PersonFact]:
    """The facts that had ended by a day, the newest first."""
    return list(
        session.scalars(
            select(PersonFact)
            .where(PersonFact.person_id == person_id, PersonFact.until < on)
            .order_by(PersonFact.as_of.desc(), PersonFact.id.desc())
        )
    )


def in_words(fact: PersonFact) -> str:
    """A fact's value for a reader, through the labels of its form; an account shows its last four digits."""
    from workflow.identity import mask_bank

    fields = FORMS[fact.kind].fields()
    if fact.value.get("present") is False:
        return f"没有{FACT_KINDS[fact.kind]}" if fact.kind in {"disability", "illness"} else "否"
    words = []
    for name, said in fact.value.items():
        if said in (None, "", True):
            continue
        field = fields[name]
        text = field.choices.get(said, str(said)) if isinstance(field, Choice) else str(said)
        text = mask_bank(text) if name == "account" else f"{text} 级" if name == "grade" else text
        words.append(text)
    return " · ".join(words) or "是"


def _state(session: Session, others: Any, row: PersonFact) -> None:
    """Put a statement in its place in time among those of its source; one of the same day is thereby corrected."""
    same = [other for other in others if other.source == row.source]
    eve = row.as_of - _DAY
    for other in same:
        if other.as_of <= row.as_of and (other.until is None or other.until > eve):
            other.until = eve
    if later := [other.as_of for other in same if other.as_of > row.as_of]:
        row.until = min(later) - _DAY
    session.add(row)
    session.flush()


def _first(session: Session, person: Person, kind: str, value: dict[str, Any], asked: Asked) -> PersonFact:
    """What stood on the person's row, as declared when he was first entered."""
    since = session.scalar(
        select(Membership.from_date).where(Membership.person_id == person.id).order_by(Membership.from_date)
    )
    return PersonFact(
        person_id=person.id, kind=kind, value=value, source="declared", as_of=since or asked.today,
        recorded_by=asked.actor.id, recorded_at=asked.now,
    )  # fmt: skip


def _declared(person: Person, kind: str) -> dict[str, Any] | None:
    """What the person's row says of this kind; None where it can say nothing."""
    if kind == "disability":
        present = person.disability_grade > 0
        return {"present": present, "kind": person.disability_kind, "grade": person.disability_grade or None}
    if kind == "illness":
        return {"present": person.serious_illness, "name": ""}
    if kind == "schooling":
        return {"present": person.student, "stage": "", "school": ""}
    if kind == "work" and person.occupation:
        return {"present": True, "occupation": person.occupation, "employer": ""}
    if kind == "hukou" and person.hukou_area:
        return {"area": person.hukou_area}
    if kind == "bank" and person.bank_account:
        return {"account": person.bank_account, "owner": person.name, "bank": ""}
    return None


def _put(person: Person, fact: PersonFact) -> None:
    """Let the person's row say what counts."""
    value = fact.value
    if fact.kind == "disability":
        person.disability_kind = value["kind"] or "" if value["present"] else ""
        person.disability_grade = value["grade"] or 0 if value["present"] else 0
    elif fact.kind == "illness":
        person.serious_illness = bool(value["present"])
    elif fact.kind == "schooling":
        person.student = bool(value["present"])
    elif fact.kind == "work":
        person.occupation = value["occupation"] or "" if value["present"] else ""
    elif fact.kind == "hukou":
        person.hukou_area = value["area"]
    elif fact.kind == "bank":
        person.bank_account = value["account"]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
