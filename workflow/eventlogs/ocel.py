"""OCEL 2.0 as JSON: events that each concern several objects - the case, whom it is for, its parent, who acted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from workflow.eventlogs.events import WITHDRAW, Event, Trace

CASE, STAFF, SYSTEM = "case", "staff", "system"
_CASE = [("definition", "string"), ("edition", "string"), ("area", "string"), ("stage", "string"),
         ("result", "string")]  # fmt: skip
_EVENT = [("action", "string"), ("work", "string"), ("lifecycle", "string"), ("role", "string"),
          ("visit", "integer")]  # fmt: skip
Record = dict[str, Any]


def ocel(read: Callable[[], Iterable[Trace]]) -> Iterator[str]:
    """The document piece by piece. `read` gives the traces anew for each of its parts: types, objects, events."""
    cases, others, events, known = set[str](), {STAFF}, set[str](), set[str]()
    for trace in read():
        known.add(trace.id)
        cases.add(trace.title)
        others |= {trace.subject_kind} - {CASE}
        events |= {_type(trace, event) for event in trace.events}
    types = [_declared(name, _CASE) for name in sorted(cases)]
    types += [_declared(name, []) for name in sorted(others)]
    yield f'{{"objectTypes": {_text(types)},\n'
    yield f'"eventTypes": {_text([_declared(name, _EVENT) for name in sorted(events)])},\n'
    yield '"objects": [\n'
    yield from _joined(_objects(read(), known))
    yield '\n],\n"events": [\n'
    yield from _joined(_events(read(), known))
    yield "\n]}\n"


def _declared(name: str, attributes: list[tuple[str, str]]) -> Record:
    return {"name": name, "attributes": [{"name": key, "type": kind} for key, kind in attributes]}


def _objects(traces: Iterable[Trace], known: set[str]) -> Iterator[Record]:
    """The cases with the stages they passed, then whom they are for and who acted, each once."""
    others: dict[str, str] = {}
    for trace in traces:
        if trace.subject_kind != CASE:
            others[_id(trace.subject_kind, trace.subject)] = trace.subject_kind
        others |= {_id(STAFF, event.actor): STAFF for event in trace.events if event.actor != SYSTEM}
        related = _subject(trace, known)
        if trace.parent in known:
            related.append({"objectId": _id(CASE, trace.parent), "qualifier": "opened by"})
        yield {
            "id": _id(CASE, trace.id),
            "type": trace.title,
            "attributes": list(_history(trace)),
            "relationships": related,
        }
    for name, kind in others.items():
        yield {"id": name, "type": kind, "attributes": [], "relationships": []}


def _subject(trace: Trace, known: set[str]) -> list[Record]:
    """Whom or what the case is for; another case only where it is in the log."""
    if trace.subject_kind == CASE and trace.subject not in known:
        return []
    return [{"objectId": _id(trace.subject_kind, trace.subject), "qualifier": "subject"}]


def _history(trace: Trace) -> Iterator[Record]:
    first, last = trace.events[0], trace.events[-1]
    fixed = {"definition": trace.definition, "edition": trace.edition, "area": trace.area}
    for key, value in fixed.items():
        yield {"name": key, "time": first.at.isoformat(), "value": value}
    stage = None
    for event in trace.events:
        if event.to_stage != stage:
            stage = event.to_stage
            yield {"name": "stage", "time": event.at.isoformat(), "value": stage}
    if trace.result:
        yield {"name": "result", "time": last.at.isoformat(), "value": trace.result}


def _events(traces: Iterable[Trace], known: set[str]) -> Iterator[Record]:
    for trace in traces:
        for event in trace.events:
            concerned = [{"objectId": _id(CASE, trace.id), "qualifier": "case"}, *_subject(trace, known)]
            if event.actor != SYSTEM:
                concerned.append({"objectId": _id(STAFF, event.actor), "qualifier": "actor"})
            told = {"action": event.action, "work": event.activity, "lifecycle": event.lifecycle,
                    "role": event.role, "visit": event.visit}  # fmt: skip
            number = f"{trace.id}#{event.seq}"
            yield {
                "id": f"{number} {event.activity}" if event.lifecycle == WITHDRAW else number,
                "type": _type(trace, event),
                "time": event.at.isoformat(),
                "attributes": [{"name": key, "value": value} for key, value in told.items()],
                "relationships": concerned,
            }


def _type(trace: Trace, event: Event) -> str:
    return f"{trace.title}：{event.label}"


def _id(kind: str, name: str) -> str:
    return f"{kind}:{name}"


def _joined(records: Iterable[Record]) -> Iterator[str]:
    for number, record in enumerate(records):
        yield (",\n" if number else "") + _text(record)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
