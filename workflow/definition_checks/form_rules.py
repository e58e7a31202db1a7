"""Rules about forms: every question can be read and answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflow.catalogue import Blueprint
from workflow.definition_checks.finding import Fault, Rule, World
from workflow.definition_checks.words import chinese
from workflow.forms import Choice, Field, Rows, Staff


def field_is_labelled(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Every question has a Chinese label."""
    for code, name, field in _questions(blueprint):
        if not chinese(field.label):
            yield code, f"表单项 {name} 没有中文名称；请写名称。"


def choice_has_answers(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Whoever must choose has something to choose from."""
    for code, name, field in _questions(blueprint):
        if isinstance(field, Choice) and not (field.choices and all(field.choices.values())):
            yield code, f"表单项 {name} 没有选项或选项没有名称；请写选项。"
        if isinstance(field, Staff) and not field.roles and type(field).options is Staff.options:
            yield code, f"表单项 {name} 没有写可选哪些岗位的人员；请写岗位。"
        if isinstance(field, Rows) and not field.columns:
            yield code, f"表单项 {name} 没有栏目；请写栏目。"


def condition_names_a_field(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A question asked only if another is answered names one of the same form."""
    for word in blueprint.actions.values():
        fields = word.form.fields()
        for name, field in fields.items():
            if field.only_if and field.only_if not in fields:
                yield word.code, f"表单项 {name} 的条件“{field.only_if}”不在同一表单中；请改正 only_if=。"


def _questions(blueprint: Blueprint) -> Iterator[tuple[str, str, Field]]:
    for word in blueprint.actions.values():
        yield from ((word.code, name, field) for name, field in _flat(word.form.fields()))


def _flat(fields: Mapping[str, Field], under: str = "") -> Iterator[tuple[str, Field]]:
    for name, field in fields.items():
        yield f"{under}{name}", field
        if isinstance(field, Rows):
            yield from _flat(field.columns, f"{under}{name}.")


RULES: tuple[Rule, ...] = (field_is_labelled, choice_has_answers, condition_names_a_field)
