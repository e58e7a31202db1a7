"""A small validator for the JSON Schemas of the API's description; a keyword it does not know is an error."""

import re
from datetime import date, datetime

KINDS = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}
FORMATS = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}
NOTES = {"title", "description", "default", "examples", "x-needs", "x-actions", "contentMediaType"}


def faults(schema, value, whole, place="#"):
    """Every place where the value is not as the schema says; `whole` is the document references point into."""
    unknown = set(schema) - NOTES - set(RULES)
    assert not unknown, f"{place}: unknown keywords {unknown}"
    words = [word for word in schema if word in RULES]
    return [fault for word in words for fault in RULES[word](rule_of(schema, word), value, whole, place)]


def rule_of(schema, word):
    return schema if word in {"properties", "additionalProperties"} else schema[word]


def resolve(name, whole):
    found = whole
    for step in name.removeprefix("#/").split("/"):
        found = found[step]
    return found


def _ref(name, value, whole, place):
    return faults(resolve(name, whole), value, whole, place)


def _type(kinds, value, whole, place):
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return [] if any(KINDS[kind](value) for kind in kinds) else [f"{place}: {value!r} is no {kinds}"]


def _members(schema, value, whole, place):
    if not isinstance(value, dict):
        return []
    found = []
    for key, inner in value.items():
        rule = schema.get("properties", {}).get(key, schema.get("additionalProperties", True))
        if rule is False:
            found.append(f"{place}: {key} is not described")
        elif rule is not True:
            found += faults(rule, inner, whole, f"{place}/{key}")
    return found


def _required(names, value, whole, place):
    return [f"{place}: {name} is missing" for name in names if isinstance(value, dict) and name not in value]


def _items(schema, value, whole, place):
    return (
        [f for n, item in enumerate(value) for f in faults(schema, item, whole, f"{place}/{n}")]
        if isinstance(value, list)
        else []
    )


def _any(schemas, value, whole, place):
    return [] if any(not faults(one, value, whole, place) for one in schemas) else [f"{place}: fits none"]


def _one(schemas, value, whole, place):
    fitting = sum(not faults(one, value, whole, place) for one in schemas)
    return [] if fitting == 1 else [f"{place}: fits {fitting}"]


def _check(good, kind):
    def rule(limit, value, whole, place):
        return (
            [f"{place}: {value!r} breaks {limit!r}"] if KINDS[kind](value) and not good(limit, value) else []
        )

    return rule


def _format(name, value, whole, place):
    try:
        FORMATS[name](value) if isinstance(value, str) else None
    except ValueError:
        return [f"{place}: {value!r} is no {name}"]
    return []


RULES = {
    "$ref": _ref,
    "type": _type,
    "properties": _members,
    "additionalProperties": lambda schema, *rest: [] if "properties" in schema else _members(schema, *rest),
    "required": _required,
    "items": _items,
    "anyOf": _any,
    "oneOf": _one,
    "format": _format,
    "enum": lambda words, value, whole, place: (
        [] if value in words else [f"{place}: {value!r} not in {words}"]
    ),
    "const": lambda word, value, whole, place: (
        [] if value == word and type(value) is type(word) else [f"{place}: not {word!r}"]
    ),
    "pattern": _check(re.search, "string"),
    "minLength": _check(lambda n, v: len(v) >= n, "string"),
    "maxLength": _check(lambda n, v: len(v) <= n, "string"),
    "minimum": _check(lambda n, v: v >= n, "integer"),
    "maximum": _check(lambda n, v: v <= n, "integer"),
    "minItems": _check(lambda n, v: len(v) >= n, "array"),
}
