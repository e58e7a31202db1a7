"""A definition as JSON, and the fingerprint of what it lays down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from workflow.catalogue import Blueprint
from workflow.forms import Choice, Field, Rows
from workflow.pictures.reading import name_of
from workflow.vocabulary import Action, Extension, Limit, Minimum, Part, Span, Stage

Record = dict[str, Any]


def document(blueprint: Blueprint) -> Record:
    """Everything a definition says, as JSON values."""
    return {
        "code": blueprint.code,
        "title": blueprint.title,
        "editions": list(blueprint.editions),
        "fingerprint": fingerprint(blueprint),
        "prefix": blueprint.prefix,
        "subject": blueprint.subject,
        "opened_by": [role.code for role in blueprint.cls.opened_by],
        "steps": list(blueprint.cls.steps),
        "stages": [_stage(stage) | _stage_words(stage) for stage in blueprint.stages.values()],
        "actions": [_action(word) | _action_words(word) for word in blueprint.actions.values()],
        "spans": [_span(span) | {"label": span.label} for span in blueprint.spans.values()],
    }


def as_json(blueprint: Blueprint) -> str:
    """The same as text."""
    return json.dumps(document(blueprint), ensure_ascii=False, indent=2)


def fingerprint(blueprint: Blueprint) -> str:
    """SHA-256 over graph, limits, roles, guards, effects and forms: the same as long as only wording changes.

    Which further editions a definition serves is no part of it: an edition that is added leaves the released ones alone.
    """
    laid_down = {
        "code": blueprint.code,
        "prefix": blueprint.prefix,
        "subject": blueprint.subject,
        "opened_by": [role.code for role in blueprint.cls.opened_by],
        "stages": [_stage(stage) for stage in blueprint.stages.values()],
        "actions": [_action(word) for word in blueprint.actions.values()],
        "spans": [_span(span) for span in blueprint.spans.values()],
    }
    return digest_of(laid_down)


def form_set(blueprint: Blueprint) -> str:
    """SHA-256 over what is asked in every action's form."""
    return digest_of({word.code: _fields(word.form.fields()) for word in blueprint.actions.values()})


def digest_of(value: Any) -> str:
    """SHA-256 of a JSON value, whatever the order of its keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _stage(stage: Stage) -> Record:
    return {
        "code": stage.id,
        "initial": bool(stage.initial),
        "final": bool(stage.final),
        "held_by": stage.held_by.code if stage.held_by else None,
        "limit": _limit(stage.limit),
        "within": stage.within,
        "minimum": _minimum(stage.minimum),
        "parts": [_part(part) for part in stage.parts],
        "result": stage.result,
        "refusal": stage.refusal,
        "keeps": stage.keeps,
    }


def _stage_words(stage: Stage) -> Record:
    words = {"label": stage.label, "todo": stage.todo, "no_limit": stage.no_limit, "public": stage.public}
    return words | {"parts": [_part(part) | _part_words(part) for part in stage.parts]}


def _part(part: Part) -> Record:
    return {
        "code": part.code,
        "held_by": part.held_by.code,
        "limit": _limit(part.limit),
        "required": part.required,
        "opens": part.opens,
    } | _signing(part)


def _signing(part: Part) -> Record:
    """How a part is signed, where several people sign it."""
    signing = part.signing
    if signing is None:
        return {}
    return {"signing": {
        "rule": signing.rule.code, "share": str(signing.rule.share), "number": signing.rule.number, "weights": dict(signing.rule.weights),
        "by": [role.code for role in signing.by], "minimum": signing.minimum, "on_demand": signing.on_demand, "source": signing.source,
    }}  # fmt: skip


def _part_words(part: Part) -> Record:
    return {"label": part.label, "todo": part.todo, "no_limit": part.no_limit}


def _limit(limit: Limit | None) -> Record | None:
    return (
        limit
        if limit is None
        else {"rule": str(limit.rule), "source": limit.source, "ladder": limit.ladder.code}
    )


def _minimum(minimum: Minimum | None) -> Record | None:
    return minimum if minimum is None else {"rule": str(minimum.rule), "source": minimum.source}


def _extension(extension: Extension | None) -> Record | None:
    return (
        extension
        if extension is None
        else {
            "to": str(extension.to),
            "reasons": list(extension.reasons),
            "source": extension.source,
        }
    )


def _span(span: Span) -> Record:
    return {
        "code": span.code,
        "since": list(span.since),
        "until": list(span.until),
        "rule": str(span.rule),
        "source": span.source,
        "held_by": span.held_by.code,
        "ladder": span.ladder.code,
        "extension": _extension(span.extension),
    }


def _action(word: Action) -> Record:
    return {
        "code": word.code,
        "by": [role.code for role in word.by],
        "moves": dict(word.moves),
        "stays": word.stays,
        "form": _fields(word.form.fields()),
        "when": [name_of(guard) for guard in word.when],
        "guards": [name_of(guard) for guard in word.guards],
        "effects": [name_of(effect) for effect in word.effects],
        "needs": name_of(word.needs) if word.needs else None,
        "source": word.source,
        "hand": word.hand,
        "apart_from": list(word.apart_from),
        "completes": word.completes,
        "binds": word.binds,
        "decides": word.decides,
    } | _ways_off(word)


def _ways_off(word: Action) -> Record:
    """What takes an action off the straight way, where something does."""
    marks = ("withdrawable", "sends_back", "straight_back", "keeps_parts", "revokes")
    found: Record = {mark: True for mark in marks if getattr(word, mark)}
    if word.papers_later:
        found["papers_later"] = {
            "kinds": list(word.papers_later.kinds),
            "limit": _limit(word.papers_later.limit),
        }
    if word.compensations:
        found["compensations"] = [one.label for one in word.compensations]
    return found


def _action_words(word: Action) -> Record:
    questions = {name: field.label for name, field in word.form.fields().items()}
    return {"label": word.label, "says": word.says, "primary": word.primary, "questions": questions}


def _fields(fields: Mapping[str, Field]) -> Record:
    return {name: _field(field) for name, field in fields.items()}


def _field(field: Field) -> Record:
    asked: Record = {"kind": field.kind, "required": field.required, "only_if": field.only_if}
    if isinstance(field, Rows):
        return asked | {"columns": _fields(field.columns), "at_least": field.at_least}
    if isinstance(field, Choice):
        return asked | {"choices": list(field.choices)}
    return asked | {"schema": field.schema()}
