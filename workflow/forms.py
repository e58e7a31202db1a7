"""Form fields of actions: declared once in a definition, cleaned the same for page, API and simulation.

A cleaned form is a plain dict of JSON values: dates as ISO text, money as text with two places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from workflow.errors import FormRefused

if TYPE_CHECKING:
    from workflow.facts import Facts

SHORTEST_REASON = 4
FIRST_YEAR, YEARS_AHEAD = 1900, 50
ABSURD = Decimal(100_000_000)
"""No single amount on a form of a poor family reaches this; it is a slip of the unit."""


class Wrong(ValueError):  # noqa: N818 - it stands by a field, nothing has failed
    """A value that cannot be used; the message stands by the field."""


class Field:
    """One question of a form."""

    kind: ClassVar[str] = "text"
    asks: ClassVar[str] = "请填写"
    """What to do where nothing was given."""

    def __init__(self, label: str, *, required: bool = True, hint: str = "", only_if: str = "") -> None:
        self.label, self.required, self.hint, self.only_if = label, required, hint, only_if

    def clean(self, raw: Any, facts: Facts) -> Any:
        """The JSON value of what was typed. Raises Wrong with what to do; None where nothing was typed."""
        if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []:
            if self.required:
                raise Wrong(f"{self.asks}{self.label}")
            return self.empty()
        return self.read(raw, facts)

    def empty(self) -> Any:
        """What an optional field holds when nothing was typed."""
        return None

    def read(self, raw: Any, facts: Facts) -> Any:
        raise Wrong(f"{self.label}无法识别")

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "string"}

    def example(self, facts: Facts) -> Any:
        """A value valid for this case now."""
        raise LookupError(self.label)


class Text(Field):
    """One line of text."""

    limit = 200

    def __init__(self, label: str, *, sample: str = "示例", **more: Any) -> None:
        super().__init__(label, **more)
        self.sample = sample

    def empty(self) -> str:
        return ""

    def read(self, raw: Any, facts: Facts) -> str:
        if not isinstance(raw, str):
            raise Wrong(f"{self.label}应是文字")
        if "\0" in raw:
            raise Wrong(f"{self.label}里有不能保存的字符，请重新输入")
        if len(raw) > self.limit:
            raise Wrong(f"{self.label}最多 {self.limit} 字，现有 {len(raw)} 字")
        return raw.strip()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.limit} | ({"minLength": 1} if self.required else {})

    def example(self, facts: Facts) -> str:
        return self.sample


class LongText(Text):
    """Several lines of text."""

    kind = "long"
    limit = 4000


class Reason(LongText):
    """The written reason of a decision; never a single word."""

    kind = "long"

    def read(self, raw: Any, facts: Facts) -> str:
        text = super().read(raw, facts)
        if len(text) < SHORTEST_REASON:
            raise Wrong(f"{self.label}要写清楚，至少 {SHORTEST_REASON} 个字")
        return text

    def schema(self) -> dict[str, Any]:
        return super().schema() | ({"minLength": SHORTEST_REASON} if self.required else {})


class Choice(Field):
    """One of several named answers."""

    kind = "choice"
    asks = "请选择"

    def __init__(self, label: str, choices: Mapping[str, str], **more: Any) -> None:
        super().__init__(label, **more)
        self.choices = dict(choices)

    def empty(self) -> str:
        return ""

    def read(self, raw: Any, facts: Facts) -> str:
        if not isinstance(raw, str) or raw not in self.choices:
            raise Wrong(f"{self.label}只能选：{'、'.join(self.choices.values())}")
        return str(raw)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [*([] if self.required else [""]), *self.choices]}

    def example(self, facts: Facts) -> str:
        return next(iter(self.choices))


class Choices(Choice):
    """Any number of several named answers."""

    kind = "choices"

    def empty(self) -> Any:
        return []

    def read(self, raw: Any, facts: Facts) -> Any:
        if not isinstance(raw, list):
            raise Wrong(f"{self.label}应是一组选项")
        return list(dict.fromkeys(super(Choices, self).read(item, facts) for item in raw))

    def schema(self) -> dict[str, Any]:
        items = {"type": "string", "enum": list(self.choices)}
        return {"type": "array", "items": items} | ({"minItems": 1} if self.required else {})

    def example(self, facts: Facts) -> Any:
        return [next(iter(self.choices))] if self.required else []


class YesNo(Field):
    """Yes or no, asked outright: never a box that is passed over."""

    kind = "yesno"
    asks = "请选择"

    def __init__(self, label: str, *, sample: bool = True, must: bool | None = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.sample, self.must = sample, must

    def read(self, raw: Any, facts: Facts) -> bool:
        answers = {True: True, False: False, "true": True, "false": False, "yes": True, "no": False}
        if not isinstance(raw, bool | str) or raw not in answers:
            raise Wrong(f"{self.label}请选“是”或“否”")
        answer = answers[raw]
        if self.must is not None and answer is not self.must:
            raise Wrong(f"{self.label}：须为“{'是' if self.must else '否'}”才能办理")
        return answer

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"} | ({} if self.must is None else {"const": self.must})

    def example(self, facts: Facts) -> bool:
        return self.sample if self.must is None else self.must


class Day(Field):
    """A date; unless `future` is allowed, not after today. One that is `proposed` is shown with today filled in."""

    kind = "date"

    def __init__(self, label: str, *, future: bool = False, proposed: bool = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.future, self.proposed = future, proposed

    def read(self, raw: Any, facts: Facts) -> str:
        try:
            day = date.fromisoformat(str(raw).strip())
        except ValueError:
            raise Wrong(f"{self.label}请写成 2016-09-05 这样的日期") from None
        if day > facts.today and not self.future:
            raise Wrong(f"{self.label}不能晚于今天（{facts.today.isoformat()}）")
        if not FIRST_YEAR <= day.year <= facts.today.year + YEARS_AHEAD:
            raise Wrong(f"{self.label}的年份不对")
        return day.isoformat()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def example(self, facts: Facts) -> str:
        return facts.today.isoformat()


class Money(Field):
    """Yuan with at most two places, not negative."""

    kind = "money"

    def __init__(self, label: str, *, sample: str = "0.00", **more: Any) -> None:
        super().__init__(label, **more)
        self.sample = sample

    def read(self, raw: Any, facts: Facts) -> str:
        return clean_money(raw, self.label)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[0-9]{1,8}(\.[0-9]{1,2})?$"}

    def example(self, facts: Facts) -> str:
        return self.sample


def clean_money(raw: Any, label: str) -> str:
    """Yuan as text with two places. Raises Wrong for what is no amount, negative, absurd or finer than a fen."""
    if not isinstance(raw, str):
        raise Wrong(f"{label}请写成文字形式的金额，例如 1200.00")
    try:
        amount = Decimal(raw.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        raise Wrong(f"{label}请写成数字，例如 1200.00") from None
    if not amount.is_finite() or amount < 0:
        raise Wrong(f"{label}不能是负数")
    if amount >= ABSURD:
        raise Wrong(f"{label}过大，请核对单位是不是“元”")
    if amount != amount.quantize(Decimal("0.01")):
        raise Wrong(f"{label}最多两位小数")
    return f"{amount:.2f}"


class Whole(Field):
    """A whole number within bounds."""

    kind = "whole"

    def __init__(self, label: str, *, at_least: int = 0, at_most: int = 10_000, **more: Any) -> None:
        super().__init__(label, **more)
        self.at_least, self.at_most = at_least, at_most

    def read(self, raw: Any, facts: Facts) -> int:
        text = str(raw).strip()
        if isinstance(raw, bool | float) or not re.fullmatch("-?[0-9]{1,18}", text):
            raise Wrong(f"{self.label}请写成整数")
        if not self.at_least <= int(text) <= self.at_most:
            raise Wrong(f"{self.label}应在 {self.at_least} 到 {self.at_most} 之间")
        return int(text)

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.at_least, "maximum": self.at_most}

    def example(self, facts: Facts) -> int:
        return self.at_least


class Member(Whole):
    """One member of the case's household, by his person id."""

    asks = "请选择"

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, at_least=1, at_most=10**9, **more)

    def options(self, facts: Facts) -> dict[int, str]:
        """The members today: id and name."""
        return Members(self.label).options(facts)


def _ids(raw: Any, label: str) -> list[int]:
    """The ids that were chosen. Raises Wrong for anything else in the list."""
    items = [str(item) for item in (raw if isinstance(raw, list) else [raw]) if item != ""]
    if any(not re.fullmatch("[0-9]{1,18}", item) for item in items):
        raise Wrong(f"{label}：有选项无法识别，请重新选择")
    return [int(item) for item in items]


class Staff(Field):
    """Members of staff who hold one of `roles` for this case, by their ids; at least `at_least` different ones."""

    kind = "staff"
    asks = "请选择"

    def __init__(self, label: str, *roles: Any, at_least: int = 1, **more: Any) -> None:
        super().__init__(label, **more)
        self.roles, self.at_least = roles, at_least

    def empty(self) -> list[int]:
        return []

    def options(self, facts: Facts) -> dict[int, str]:
        """Whom one may choose: id and name, those barred from the case left out."""
        from workflow.people_queries import holders

        found = holders(facts.session, self.roles, facts.case.area_code, facts.today)
        people = {user.id: user.name for user in found if user.id not in facts.case.barred}
        actor = facts.actor  # a stand-in is no holder of the post, yet he is the one who does it
        if (
            actor.standing is not None
            and actor.id is not None
            and actor.standing.role in map(str, self.roles)
        ):
            people.setdefault(actor.id, actor.name)
        return people

    def read(self, raw: Any, facts: Facts) -> list[int]:
        ids = _ids(raw, self.label)
        allowed = self.options(facts)
        strange = [i for i in ids if i not in allowed]
        if strange:
            raise Wrong(f"{self.label}：有人员不具备本案的办理资格或应当回避，请重新选择")
        if len(set(ids)) < self.at_least:
            raise Wrong(f"{self.label}至少选 {self.at_least} 人")
        return sorted(set(ids))

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": {"type": "integer"},
            "minItems": self.at_least if self.required else 0,
        }

    def example(self, facts: Facts) -> list[int]:
        options = sorted(self.options(facts))
        own = [facts.actor.id] if facts.actor.id in options else []
        chosen = [*own, *(i for i in options if i not in own)][: self.at_least]
        if len(chosen) < self.at_least:
            raise LookupError(self.label)
        return sorted(chosen)


class Members(Field):
    """Members of the case's household, by their person ids."""

    kind = "members"
    asks = "请选择"

    def __init__(self, label: str, *, adults: bool = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.adults = adults

    def empty(self) -> list[int]:
        return []

    def options(self, facts: Facts) -> dict[int, str]:
        """The members today, or the adults among them: id and name."""
        from workflow.people_queries import household_members

        members = household_members(facts.session, facts.case.household_id, facts.today)
        return {p.id: p.name for p in members if not self.adults or is_adult(p.birth, facts.today)}

    def read(self, raw: Any, facts: Facts) -> list[int]:
        ids = _ids(raw, self.label)
        if set(ids) - set(self.options(facts)):
            raise Wrong(f"{self.label}：只能选本户成员")
        return sorted(set(ids))

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "integer"}} | ({"minItems": 1} if self.required else {})

    def example(self, facts: Facts) -> list[int]:
        return sorted(self.options(facts)) if self.required else []


ADULT_AGE = 18
"""CC-17: a natural person from eighteen on is an adult."""


def is_adult(birth: date, on: date) -> bool:
    """Whether the person has reached eighteen on that day (CC-17)."""
    return (on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))) >= ADULT_AGE


class Rows(Field):
    """A table: any number of rows of the same columns."""

    kind = "rows"

    def __init__(self, label: str, columns: Mapping[str, Field], *, at_least: int = 0, **more: Any) -> None:
        super().__init__(label, required=at_least > 0, **more)
        self.columns, self.at_least = dict(columns), at_least

    def empty(self) -> list[Any]:
        return []

    def read(self, raw: Any, facts: Facts) -> list[dict[str, Any]]:
        if not isinstance(raw, list) or not all(isinstance(row, Mapping) for row in raw):
            raise Wrong(f"{self.label}应是一行一行的表格")
        rows = []
        for number, row in enumerate(raw, 1):
            if strange := set(row) - set(self.columns):
                raise Wrong(f"{self.label}第 {number} 行有不认识的栏目：{'、'.join(sorted(strange))}")
            try:
                rows.append({key: field.clean(row.get(key), facts) for key, field in self.columns.items()})
            except Wrong as wrong:
                raise Wrong(f"{self.label}第 {number} 行：{wrong}") from None
        if len(rows) < self.at_least:
            raise Wrong(f"{self.label}至少 {self.at_least} 行")
        return rows

    def schema(self) -> dict[str, Any]:
        row = object_schema(self.columns)
        return {"type": "array", "items": row, "minItems": self.at_least}

    def example(self, facts: Facts) -> list[dict[str, Any]]:
        return [
            {key: field.example(facts) for key, field in self.columns.items() if field.required}
            for _ in range(self.at_least)
        ]


class Form:
    """The questions of an action, as class attributes in the order they are asked."""

    @classmethod
    def fields(cls) -> dict[str, Field]:
        """The declared fields by name, those of base classes first."""
        found: dict[str, Field] = {}
        for base in reversed(cls.__mro__):
            found |= {name: value for name, value in vars(base).items() if isinstance(value, Field)}
        return found

    @classmethod
    def asked(cls, facts: Facts) -> dict[str, Field]:
        """The questions put now. Overridden where the case knows some answers: those are left out, and may be given."""
        return cls.fields()

    @classmethod
    def suggests(cls, facts: Facts) -> dict[str, Any]:
        """What stands in the form when a page first shows it, to be changed before it is handed in."""
        return {}

    @classmethod
    def clean(cls, raw: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
        """The cleaned form. Raises FormRefused with every fault at once; unknown keys are refused by name."""
        fields, asked, errors, cleaned = cls.fields(), cls.asked(facts), {}, {}
        for key in sorted(set(raw) - set(fields)):
            errors[key] = f"表单里没有“{key}”这一项，请去掉"
        for name, field in fields.items():
            try:
                unasked = name not in asked or (field.only_if and not raw.get(field.only_if))
                if unasked and raw.get(name) in (None, "", []):
                    cleaned[name] = field.empty()
                    continue
                cleaned[name] = field.clean(raw.get(name), facts)
            except Wrong as wrong:
                errors[name] = str(wrong)
        if not errors:
            errors = cls.check(cleaned, facts)
        if errors:
            raise FormRefused(errors)
        return cleaned

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Faults between fields: field name to message. Overridden where answers depend on one another."""
        return {}

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """The JSON Schema of the body."""
        return object_schema(cls.fields())

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """A body valid for this case now. Raises LookupError where the case cannot give one."""
        return {name: field.example(facts) for name, field in cls.fields().items() if field.required}


def object_schema(fields: Mapping[str, Field]) -> dict[str, Any]:
    """The JSON Schema of an object with these fields and no other."""
    return {
        "type": "object",
        "properties": {
            name: field.schema()
            | {"title": field.label}
            | ({"description": field.hint} if field.hint else {})
            for name, field in fields.items()
        },
        "required": [name for name, field in fields.items() if field.required and not field.only_if],
        "additionalProperties": False,
    }
