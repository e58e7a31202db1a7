"""What a definition says to its users, and what counts as a word for them."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.catalogue import Blueprint
from workflow.forms import Field, Form, Rows


def chinese(text: str) -> bool:
    """Whether the text is there and has a Chinese character in it."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def texts(blueprint: Blueprint) -> Iterator[tuple[str, str]]:
    """Every text that a page shows, with its stage, part, span or action ("" for the definition).

    Labels, work to do, limits, questions, choices, and what the journal says.
    """
    found = [("", blueprint.title), ("", f"开办{blueprint.title}")]
    for stage in blueprint.stages.values():
        found += [(stage.id, text) for text in (stage.label, stage.todo, stage.public, stage.no_limit)]
        found += [(stage.id, stage.limit.label)] if stage.limit else []
        for part in stage.parts:
            found += [(part.code, text) for text in (part.label, part.todo, part.no_limit)]
            found += [(part.code, part.limit.label)] if part.limit else []
    for span in blueprint.spans.values():
        found += [(span.code, span.label)]
        found += [(span.code, text) for text in (span.extension.reasons.values() if span.extension else ())]
    for word in blueprint.actions.values():
        found += [(word.code, text) for text in (word.label, word.says, *questions(word.form))]
    return ((place, text) for place, text in found if text)


def questions(form: type[Form]) -> Iterator[str]:
    """The labels, hints and choices of a form."""
    for field in form.fields().values():
        yield from _field(field)


def _field(field: Field) -> Iterator[str]:
    yield from (field.label, field.hint, *getattr(field, "choices", {}).values())
    if isinstance(field, Rows):
        for column in field.columns.values():
            yield from _field(column)
