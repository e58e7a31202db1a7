"""A journey told in the words of the business, and the table in which it can be told without code.

    def test_a_coat_is_given(journey):
        coat = journey("冬衣发放", on="2026-11-02")
        coat.does("登记尺码", size="m").stands("待审核", held_by="乡镇审核人", due="2026-11-09")
        coat.cannot("同意发放", by=coat.who_did("登记尺码"), because="分离原则")
        coat.waits("2026-11-10").is_late()
        coat.does("同意发放").ended("approved")

Stages, actions, roles and definitions are named as users read them, or by their codes. An act is done by somebody who
may do it, with the form's example changed by what the story says, and with the papers it needs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.district import District
from workflow.actors import Actor
from workflow.catalogue import Blueprint
from workflow.errors import Refused
from workflow.forms import Choice, Choices, Field, Whole, YesNo
from workflow.models import Deadline, Task
from workflow.roles import ROLES, Role

NOBODY = "无"
"""What a table says where nobody has anything to do."""


class Journey:
    """One case on its way; the clock of the district is its clock."""

    def __init__(self, district: District, case: int) -> None:
        self.district, self.case = district, case

    @classmethod
    def begin(
        cls, district: District, definition: str, *, on: str | date = "", by: str | Role = "", **family: Any
    ) -> Journey:
        """Open a case of a family, made for it, on a day."""
        if on:
            district.day(on)
        code = _named(definition, {one.code: one.title for one in district.office.catalogue}, "流程")
        edition = district.office.edition_on(district.today)
        opened_by = district.office.catalogue.get(code, edition).cls.opened_by
        role = _role(by) if by else opened_by[0]
        return cls(district, district.open(district.family(**family), code, role))

    @property
    def blueprint(self) -> Blueprint:
        """The definition in the edition of the case."""
        return self.district.office.catalogue.of(self.district.case(self.case))

    def action(self, name: str) -> str:
        """The code of an action; where two are called the same, the one of this stage."""
        stage = self.district.stage(self.case)
        words = sorted(self.blueprint.actions.values(), key=lambda word: stage not in word.moves)
        return _named(name, {word.code: word.label for word in words}, "操作")

    # What happens

    def does(self, action: str, by: str | Role | Actor | None = None, **form: Any) -> Journey:
        """One act."""
        self.district.do(self.case, self.action(action), _somebody(by), **form)
        return self

    def cannot(
        self,
        action: str,
        by: str | Role | Actor | None = None,
        *,
        because: str = "",
        papers: bool = True,
        **form: Any,
    ) -> Journey:
        """The act is refused, with these words in the reason, and changes nothing."""
        told = self.district.refused(
            Refused, self.case, self.action(action), _somebody(by), papers=papers, **form
        )
        assert because in str(told), str(told)
        return self

    def waits(self, until: str | date = "", *, days: int = 0) -> Journey:
        """Let the days pass, with all that the service does by itself on each."""
        day = date.fromisoformat(until) if isinstance(until, str) and until else until
        self.district.live_until(day or date.fromordinal(self.district.today.toordinal() + days))
        return self

    def linked(self, definition: str) -> Journey:
        """The newest case that this one has opened of a definition."""
        titles = {one.code: one.title for one in self.district.office.catalogue}
        return Journey(self.district, self.district.child(self.case, _named(definition, titles, "流程")))

    def who_did(self, action: str) -> Actor:
        """The person who did it last."""
        code = self.action(action)
        done = [entry.actor_id for entry in self.district.journal(self.case) if entry.action == code]
        return self.district.person(done[-1])

    # How it stands

    def stands(self, stage: str, *, held_by: str | Role = "", due: str | date = "") -> Journey:
        """In this stage, with a task of this role, due on this day."""
        here = self.blueprint.stages[self.district.stage(self.case)]
        assert stage in (here.id, here.label), f"案件在“{here.label}”（{here.id}），不在“{stage}”"
        if held_by:
            assert _role(held_by).code in {task.role for task in self.tasks()}, self.todo()
        if due:
            assert self.due() == str(due), f"到期日是 {self.due()}，不是 {due}"
        return self

    def is_late(self) -> Journey:
        """A limit is over."""
        assert any(row.overdue for row in self.district.rows(Deadline, self.case)), "没有逾期的时限"
        return self

    def ended(self, result: str) -> Journey:
        """The case has ended so."""
        found = self.district.case(self.case).result
        assert found == result, f"结果是“{found}”，不是“{result}”"
        return self

    def tasks(self) -> list[Task]:
        """The open tasks."""
        return self.district.tasks(self.case)

    def todo(self) -> str:
        """Whose the open tasks are, by the titles of their roles."""
        return "、".join(sorted({ROLES[task.role].title for task in self.tasks()})) or NOBODY

    def due(self) -> str:
        """When the first of the open tasks is due, "" where none has a day."""
        return min((task.due_on.isoformat() for task in self.tasks() if task.due_on), default="")


# The table

OPENS, WAITS = "开办：", "等待"
COLUMNS = ("案例", "日期", "操作", "办理人", "填写", "环节", "待办", "到期")


@dataclass(frozen=True)
class Step:
    """A row: on a day somebody does something, and so the case then stands. What is empty is not asked."""

    place: str
    day: str
    act: str
    by: str
    form: str
    stage: str
    todo: str
    due: str


def read_tables(folder: Path) -> dict[str, list[Step]]:
    """The stories of all tables of a folder by name: "file: story" to its rows."""
    stories: dict[str, list[Step]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            assert tuple(rows.fieldnames or ()) == COLUMNS, f"{path.name} 的表头应为 {','.join(COLUMNS)}"
            story = ""
            for row in rows:
                story = row["案例"] or story
                place = f"{path.name} 第 {rows.line_num} 行"
                cells = (row[name].strip() for name in COLUMNS[1:])
                stories.setdefault(f"{path.stem}: {story}", []).append(Step(place, *cells))
    return stories


def tell(district: District, steps: Iterable[Step]) -> None:
    """Go through a story row by row; the first row that is not as written fails with file and line."""
    main: Journey | None = None
    for step in steps:
        try:
            main = _step(district, main, step)
        except (AssertionError, Refused, KeyError, LookupError) as error:
            raise AssertionError(f"{step.place}：{error}") from error


def _step(district: District, main: Journey | None, step: Step) -> Journey:
    if step.act.startswith(OPENS):
        main = here = Journey.begin(
            district, step.act.removeprefix(OPENS), on=step.day, by=step.by, **_plain(step.form)
        )
    else:
        assert main is not None, f"第一行应为“{OPENS}流程名称”"
        of, _, act = step.act.rpartition("／")
        here = main.linked(of) if of else main
        if step.day and act == WAITS:
            here.waits(step.day)
        elif step.day:
            district.day(step.day)
        if act != WAITS:
            form = here.blueprint.actions[here.action(act)].form.fields()
            here.does(act, step.by or None, **_answers(step.form, form))
    if step.stage:
        here.stands(step.stage)
    if step.todo:
        assert here.todo() == step.todo, f"待办是“{here.todo()}”，不是“{step.todo}”"
    if step.due:
        assert here.due() == step.due, f"到期日是 {here.due() or NOBODY}，不是 {step.due}"
    return main


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, text.replace(";", "；").split("；")):
        name, _, value = part.partition("=")
        yield name.strip(), value.strip()


def _plain(text: str) -> dict[str, Any]:
    """What is said of a family: numbers as numbers."""
    return {name: int(value) if value.isdigit() else value for name, value in _pairs(text)}


def _answers(text: str, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Answers by the names and labels of the form."""
    found: dict[str, Any] = {}
    for name, value in _pairs(text):
        code = _named(name, {code: field.label for code, field in fields.items()}, "表单项")
        field = fields[code]
        if isinstance(field, Choices):
            found[code] = [_named(one, field.choices, "选项") for one in value.split("、")]
        elif isinstance(field, Choice):
            found[code] = _named(value, field.choices, "选项")
        elif isinstance(field, YesNo):
            found[code] = {"是": True, "否": False}[value]
        else:
            found[code] = int(value) if isinstance(field, Whole) else value
    return found


def _named(name: str, labels: Mapping[str, str], kind: str) -> str:
    """The code of what is called so, by code or label. Says what there is where there is none such."""
    if name in labels:
        return name
    found = next((code for code, label in labels.items() if label == name), None)
    assert found is not None, f"没有{kind}“{name}”；现有：{'、'.join(dict.fromkeys(labels.values()))}"
    return found


def _role(name: str | Role) -> Role:
    return (
        name
        if isinstance(name, Role)
        else ROLES[_named(name, {r.code: r.title for r in ROLES.values()}, "岗位")]
    )


def _somebody(by: str | Role | Actor | None) -> Role | Actor | None:
    return _role(by) if isinstance(by, str) else by
