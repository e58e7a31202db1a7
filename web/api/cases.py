"""Cases: open, list, look at, act on, and their journals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import and_, exists, insert, select

from web.api import represent
from web.api.asking import (
    LIMIT,
    Param,
    area,
    filters_of,
    known_keys,
    make_cursor,
    moment,
    one_of,
    read_cursor,
    text,
    whole,
)
from web.api.problems import Problem
from web.api.routes import Answer, Call, operation
from workflow.acts import act, open_case
from workflow.case_queries import CaseFilters, case_list
from workflow.catalogue import Catalogue
from workflow.errors import ChangedMeanwhile, FormRefused, NotFound
from workflow.facts import Facts
from workflow.flow import verbs
from workflow.flow.seen import look
from workflow.forms import Form, Text, Whole
from workflow.households.form import AreaCode, Asked
from workflow.models import AccessLog, Case, Household, JournalEntry
from workflow.policy import may_read

NUMBER = re.compile("[A-Z]{1,6}-[0-9]{4}-[0-9]{6,9}")

FILTERS: dict[str, Param] = {
    "definition": text("流程定义"),
    "stage": text("环节"),
    "area": area("区划代码，含其下各级"),
    "edition": text("规则版本"),
    "result": text("办理结果"),
    "state": one_of("在办或已办结", "open", "closed"),
    "household": whole("家庭编号"),
    "parent": text("由哪个案件开办（案件编号），例如一件综合受理的各项"),
    "updated_since": moment("此刻以来有办理记录的"),
}


@dataclass(frozen=True)
class Narrowed(CaseFilters):
    """The filters of the list of cases that only the API has."""

    edition: str = ""
    result: str = ""
    household: int = 0
    parent: str = ""
    updated_since: datetime | None = None

    def conditions(self) -> list[Any]:
        wanted = super().conditions()
        if self.edition:
            wanted.append(Case.edition == self.edition)
        if self.result:
            wanted.append(Case.result == self.result)
        if self.household:
            wanted += [Case.subject_kind == "household", Case.subject_id == self.household]
        if self.parent:
            wanted.append(
                Case.parent_id == select(Case.id).where(Case.number == self.parent).scalar_subquery()
            )
        if self.updated_since:
            last = and_(
                JournalEntry.case_id == Case.id,
                JournalEntry.seq == Case.seq,
                JournalEntry.at >= self.updated_since,
            )
            wanted.append(exists().where(last))
        return wanted


class NewCase(Form):
    """What opening a case takes."""

    definition = Text("流程定义")
    household = Whole("家庭编号", at_least=1, at_most=2**53 - 1)
    area = AreaCode("办理的区划代码", required=False, hint="不填即为家庭所在的村（社区）")


@operation("POST", "/cases", "开办案件", "Case", status=201, form=NewCase, etag=True)
def create_case(call: Call) -> Answer:
    """Open a case of a definition for a household. The definition's own roles say who may."""
    form = NewCase.clean(call.body, cast("Facts", Asked(call.session, call.actor, call.now)))
    catalogue = call.edge.office.catalogue
    if form["definition"] not in catalogue.codes:
        raise FormRefused(
            {"definition": f"没有流程“{form['definition']}”。可用：{'、'.join(catalogue.codes)}"}
        )
    if catalogue.editions(form["definition"])[0].subject != "household":
        raise FormRefused({"definition": "这种案件不是为一户家庭开办的，由其他案件或系统开办"})
    household = call.session.get(Household, form["household"])
    if household is None or not call.actor.reads(household.area_code):
        raise FormRefused({"household": f"没有编号为 {form['household']} 的家庭，或者不在您的管辖范围内"})
    head = next((m.person.name for m in household.members(call.edge.today())), "")
    case = open_case(
        call.edge.office, call.conn, form["definition"], subject=("household", household.id),
        area_code=form["area"] or household.area_code, actor=call.actor, now=call.now, title=head,
    )  # fmt: skip
    headers = represent.etag(case.version) | {"Location": f"/api/v1/cases/{case.number}"}
    return Answer(represent.case(call, case), 201, headers)


@operation("GET", "/cases", "案件列表", "CasePage", query=FILTERS, paged=True)
def list_cases(call: Call) -> Answer:
    """The cases the caller may see, the newest first."""
    _check_words(call.edge.office.catalogue, call.query)
    place = read_cursor(call.query, int)
    given = {name: value for name, value in call.query.items() if name in FILTERS}
    filters = Narrowed(programme=given.pop("definition", ""), **given)
    page = case_list(
        call.session, call.actor, filters, str(place[0]) if place else "", call.query.get("limit", LIMIT)
    )
    following = make_cursor([int(page.next)], filters_of(call.query)) if page.next else None
    return Answer({"items": represent.cases(call, page.items), "next": following})


def _check_words(catalogue: Catalogue, query: Any) -> None:
    """Raise Problem 400 that names a definition, stage, edition or result nobody knows."""
    code = query.get("definition")
    if code is not None and code not in catalogue.codes:
        raise Problem(
            "malformed",
            f"参数“definition”：没有流程“{code}”。可用：{'、'.join(catalogue.codes)}。",
            parameter="definition",
        )
    blueprints = [one for one in catalogue if code in (None, one.code)]
    known = {
        "stage": {stage for one in blueprints for stage in one.stages},
        "edition": {edition for one in blueprints for edition in one.editions},
    }
    for name, words in known.items():
        if name in query and query[name] not in words:
            raise Problem(
                "malformed",
                f"参数“{name}”的值“{query[name]}”没有定义。可用：{'、'.join(sorted(words))}。",
                parameter=name,
            )


@operation("GET", "/cases/<number>", "查看案件", "Case", etag=True)
def get_case(call: Call, number: str) -> Answer:
    """One case with its deadlines, tasks and the actions open to the caller. The look is logged."""
    case = visible(call, number)
    whole_case = represent.case(call, case)
    log_access(call, "case", [{"case_id": case.id}])
    return Answer(whole_case, headers=represent.etag(case.version))


@operation(
    "POST", "/cases/<number>/actions/<action>", "办理", "Case", any_form=True, if_match="required", etag=True
)
def take_action(call: Call, number: str, action: str) -> Answer:
    """Take an action on a case as it was seen; the body is the action's form, the answer the case as it now is."""
    case = visible(call, number)
    blueprint = call.edge.office.catalogue.of(case)
    if action in verbs.VERBS:
        return _engine_action(call, case, action)
    if action not in blueprint.actions:
        raise NotFound(f"“{blueprint.title}”没有“{action}”这项操作。可用：{'、'.join(blueprint.actions)}。")
    known_keys(call.body, blueprint.actions[action].form.fields())
    try:
        now_is = act(
            call.edge.office,
            call.conn,
            case.id,
            action,
            actor=call.actor,
            form=call.body,
            seen=call.seen,
            now=call.now,
        )
    except ChangedMeanwhile as refused:
        raise Problem("stale", refused.message, version=refused.facts.get("version")) from refused
    return Answer(represent.case(call, now_is), headers=represent.etag(now_is.version))


def _engine_action(call: Call, case: Case, action: str) -> Answer:
    """What the engine offers on every case: taking back, suspending, revoking."""
    known_keys(call.body, verbs.VERBS[action].form.fields())
    try:
        now_is = verbs.run(call.edge.office, call.conn, case.id, action, actor=call.actor, form=call.body, seen=call.seen,
                           now=call.now)  # fmt: skip
    except ChangedMeanwhile as refused:
        raise Problem("stale", refused.message, version=refused.facts.get("version")) from refused
    return Answer(represent.case(call, now_is), headers=represent.etag(now_is.version))


@operation("GET", "/cases/<number>/journal", "办理日志", "JournalPage", paged=True)
def get_journal(call: Call, number: str) -> Answer:
    """The journal of a case from its first entry. The look is logged."""
    case = visible(call, number)
    place, limit = read_cursor(call.query, int), call.query.get("limit", LIMIT)
    after = place[0] if place else 0
    rows = call.session.scalars(
        select(JournalEntry)
        .where(JournalEntry.case_id == case.id, JournalEntry.seq > after)
        .order_by(JournalEntry.seq)
        .limit(limit + 1)
    ).all()
    following = make_cursor([rows[limit - 1].seq], filters_of(call.query)) if len(rows) > limit else None
    log_access(call, "journal", [{"case_id": case.id}])
    return Answer({"items": [represent.entry(row) for row in rows[:limit]], "next": following})


def visible(call: Call, number: str) -> Case:
    """The case of this number. Raises NotFound, also where the caller may not know of it."""
    case = (
        call.session.scalar(select(Case).where(Case.number == number)) if NUMBER.fullmatch(number) else None
    )
    if case is None or not may_read(call.actor, case):
        raise NotFound(f"没有案件 {number}，或者不在您的管辖范围内。")
    return case


def log_access(call: Call, what: str, seen: list[dict[str, int]]) -> None:
    """Record who looked at whose data, before the answer goes out."""
    if seen:
        with call.edge.database.acting() as conn:
            conn.execute(
                insert(AccessLog),
                [{"at": call.now, "user_id": call.actor.id, "what": f"api:{what}", **row} for row in seen],
            )
            for row in seen if what == "case" else ():
                look(conn, row["case_id"], call.actor, call.now)
