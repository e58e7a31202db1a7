"""A decision table as DMN 1.3 with FEEL, for other people's modelling tools and engines."""

from __future__ import annotations

import json
from datetime import date
from xml.etree import ElementTree as ET

from workflow.decision_tables.model import Column, Condition, OneOf, Policy, Range, Table, Value

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
OWN = "urn:jiuzhu:decision-tables"
POLICIES = {Policy.UNIQUE: "UNIQUE", Policy.FIRST: "FIRST", Policy.COLLECT: "COLLECT"}
TYPES = {"choice": "string", "yesno": "boolean", "whole": "number", "number": "number", "date": "date"}


def dmn(table: Table) -> str:
    """The DMN document: one decision, its inputs, and the source of each row as an annotation."""
    ET.register_namespace("", MODEL)
    root = ET.Element(
        _tag("definitions"), {"id": f"definitions_{table.code}", "name": table.title, "namespace": OWN}
    )
    decision = _add(root, "decision", id=table.code, name=table.title)
    _add(decision, "variable", id=f"variable_{table.code}", name=table.code)
    for column in table.inputs:
        requirement = _add(decision, "informationRequirement", id=f"requires_{column.code}")
        _add(requirement, "requiredInput", href=f"#input_{column.code}")
    sheet = _add(decision, "decisionTable", id=f"table_{table.code}", hitPolicy=POLICIES[table.policy])
    for column in table.inputs:
        head = _add(sheet, "input", id=f"column_{column.code}", label=column.label)
        asked = _add(head, "inputExpression", id=f"expression_{column.code}", typeRef=TYPES[column.kind])
        _text(asked, column.code)
        if column.choices:
            _text(_add(head, "inputValues", id=f"values_{column.code}"), ",".join(map(_feel, column.choices)))
    for column in table.outputs:
        _add(sheet, "output", id=f"output_{column.code}", name=column.code, label=column.label,
             typeRef=TYPES[column.kind])  # fmt: skip
    _add(sheet, "annotation", name="依据")
    for number, row in enumerate(table.rows, 1):
        rule = _add(sheet, "rule", id=f"row_{number}")
        for column in table.inputs:
            entry = _add(rule, "inputEntry", id=f"row_{number}_{column.code}")
            _text(entry, _test(column, row.when.get(column.code, Condition())))
        for column in table.outputs:
            entry = _add(rule, "outputEntry", id=f"row_{number}_{column.code}_result")
            _text(entry, _feel(row.then[column.code]))
        _text(_add(rule, "annotationEntry"), row.source)
    for column in table.inputs:
        given = _add(root, "inputData", id=f"input_{column.code}", name=column.label)
        _add(given, "variable", id=f"given_{column.code}", name=column.code, typeRef=TYPES[column.kind])
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _test(column: Column, condition: Condition) -> str:
    """A condition as FEEL's unary tests."""
    if isinstance(condition, OneOf):
        return ",".join(_feel(value) for value in condition.values)
    if isinstance(condition, Range):
        low, high = condition.low, condition.high
        if low is None or high is None:
            bound = low if high is None else high
            assert bound is not None, column.code
            return f"{'>=' if high is None else '<='} {_feel(bound)}"
        return f"[{_feel(low)}..{_feel(high)}]"
    return "-"


def _feel(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f'date("{value}")' if isinstance(value, date) else str(value)


def _add(parent: ET.Element, tag: str, /, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, _tag(tag), attributes)


def _text(parent: ET.Element, words: str) -> None:
    ET.SubElement(parent, _tag("text")).text = words


def _tag(name: str) -> str:
    return f"{{{MODEL}}}{name}"
