"""XES, IEEE 1849: a trace a case, an event a journal entry, with the concept, lifecycle, organisational and time extensions.

`concept:name` of an event is the work it belongs to, by the name of its task in the exported BPMN model; so the events
whose transition is `complete` or `withdraw` replay on that model. What was done stands in `jiuzhu:action` and `jiuzhu:label`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import quoteattr

from workflow.eventlogs.events import Event, Trace

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
    <string key="org:resource" value=""/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
  <classifier name="Action" keys="jiuzhu:label"/>
  <string key="lifecycle:model" value="standard"/>
"""


def xes(traces: Iterable[Trace]) -> Iterator[str]:
    """The document piece by piece, a case a piece."""
    yield HEAD
    for trace in traces:
        yield "".join(_trace(trace))
    yield "</log>\n"


def _trace(trace: Trace) -> Iterator[str]:
    yield "  <trace>\n"
    told = {
        "concept:name": trace.id,
        "jiuzhu:definition": trace.definition,
        "jiuzhu:edition": trace.edition,
        "jiuzhu:area": trace.area,
        "jiuzhu:subject": trace.subject,
        "jiuzhu:parent": trace.parent,
        "jiuzhu:result": trace.result,
    }
    yield from (_attribute("string", key, value, 4) for key, value in told.items() if value)
    yield _attribute("boolean", "jiuzhu:closed", str(trace.closed).lower(), 4)
    for event in trace.events:
        yield from _event(event, trace)
    yield "  </trace>\n"


def _event(event: Event, trace: Trace) -> Iterator[str]:
    yield "    <event>\n"
    told = {
        "concept:name": event.activity,
        "concept:instance": str(event.visit),
        "lifecycle:transition": event.lifecycle,
        "org:resource": event.actor,
        "org:role": event.role,
        "org:group": trace.area,
        "jiuzhu:action": event.action,
        "jiuzhu:label": event.label,
        "jiuzhu:from": event.from_stage,
        "jiuzhu:to": event.to_stage,
    }
    yield from (_attribute("string", key, value, 6) for key, value in told.items() if value)
    yield _attribute("date", "time:timestamp", event.at.isoformat(), 6)
    yield _attribute("date", "start_timestamp", event.entered.isoformat(), 6)
    yield _attribute("int", "jiuzhu:seq", str(event.seq), 6)
    yield "    </event>\n"


def _attribute(kind: str, key: str, value: str, indent: int) -> str:
    return f"{' ' * indent}<{kind} key={quoteattr(key)} value={quoteattr(value)}/>\n"
