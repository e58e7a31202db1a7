"""How cases, tasks, journal entries, households and aid look in the API. Citizen numbers are always masked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from web.api.routes import Call
from workflow.catalogue import Blueprint
from workflow.errors import Refused, Unmet
from workflow.facts import CaseState, Facts, OpenTask
from workflow.flow import verbs
from workflow.identity import mask_id
from workflow.models import (
    AidGrant,
    Case,
    Deadline,
    Document,
    Entitlement,
    Household,
    JournalEntry,
    PaymentLine,
    Task,
    User,
)
from workflow.models import moment_text as at
from workflow.policy import missing_documents, permit
from workflow.statements import STATE
from workflow.vocabulary import Action


def day(value: date | None) -> str | None:
    """A date as ISO text."""
    return value.isoformat() if value else None


def moment(value: datetime | None) -> str | None:
    """A moment as UTC text."""
    return at(value) if value else None


def yuan(value: Decimal) -> str:
    """Money as text with two places."""
    return f"{value:.2f}"


def etag(version: int) -> dict[str, str]:
    """The header that names a version of a case."""
    return {"ETag": f'"{version}"'}


def cases(call: Call, found: Sequence[Case | CaseState]) -> list[dict[str, Any]]:
    """Cases with their deadlines and open tasks, in four queries however many they are."""
    ids = [case.id for case in found]
    deadlines, tasks = defaultdict(list), defaultdict(list)
    for row in call.session.scalars(
        select(Deadline).where(Deadline.case_id.in_(ids)).order_by(Deadline.due_on, Deadline.id)
    ):
        deadlines[row.case_id].append(deadline(row))
    for line in task_rows(call, Task.case_id.in_(ids), Task.state == "open"):
        tasks[line[0].case_id].append(task(call, *line))
    above = [case.parent_id for case in found if case.parent_id]
    numbers = dict(call.session.execute(select(Case.id, Case.number).where(Case.id.in_(above))).all())
    return [
        {
            "number": case.number, "definition": case.definition, "edition": case.edition, "stage": case.stage,
            "version": case.version, "area": case.area_code,
            "subject": {"kind": case.subject_kind, "id": case.subject_id},
            "deadlines": deadlines[case.id], "tasks": tasks[case.id],
            "title": case.title, "result": case.result, "parent": numbers.get(case.parent_id or 0),
            "opened_at": moment(case.opened_at), "accepted_on": day(case.accepted_on), "closed_at": moment(case.closed_at),
            "pins": call.edge.office.pins.of(case),
        }
        for case in found
    ]  # fmt: skip


def case(call: Call, found: Case | CaseState) -> dict[str, Any]:
    """One case, with its documents and the actions the caller may take now."""
    papers = call.session.scalars(select(Document).where(Document.case_id == found.id).order_by(Document.id))
    (whole,) = cases(call, [found])
    return whole | {
        "documents": [document(paper, found.number) for paper in papers],
        "actions": list(actions(call, found)),
    }


def deadline(row: Deadline) -> dict[str, Any]:
    """A deadline: `due` is its last day; a limit of hours ends at the moment `due_at`."""
    return {
        "kind": row.kind, "due": day(row.due_on), "source": row.source, "state": row.state, "provisional": row.provisional,
        "label": row.label, "overdue": row.overdue, "due_at": at(row.due_at) if row.due_at else None,
    }  # fmt: skip


def task_rows(call: Call, *conditions: Any) -> Sequence[Any]:
    """Tasks with the number and edition of their case and the name of who holds them."""
    return call.session.execute(
        select(Task, Case.number, Case.edition, User.name)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(*conditions)
        .order_by(Task.id)
    ).all()


def task(call: Call, row: Task, number: str, edition: str, assignee: str | None) -> dict[str, Any]:
    """A task: what to do, who may do it, by when, and who has taken it."""
    stage = call.edge.office.catalogue.get(row.definition, edition).stages[row.stage]
    todo = next((part.todo for part in stage.parts if part.code == row.part.partition(".")[0]), stage.todo)
    return {
        "id": row.id, "case": number, "definition": row.definition, "stage": row.stage, "part": row.part, "label": todo,
        "role": row.role, "scope": row.scope, "area": row.area_code, "due": day(row.due_on), "opens": day(row.opens_on),
        "assignee": {"id": row.assignee_id, "name": assignee} if row.assignee_id else None, "state": row.state,
    }  # fmt: skip


def actions(call: Call, found: Case | CaseState) -> Iterable[dict[str, Any]]:
    """The actions the caller may take now, each with one body that would go through, or the documents it waits for."""
    facts = facts_of(call, found)
    for word, refused in list(facts.blueprint.open_actions(facts)):
        schema = word.form.schema()
        if refused is not None:
            missing = missing_documents(word, facts) if isinstance(refused, Unmet) else []
            if not missing:
                continue
            schema["x-needs"] = missing
        else:
            example = working_example(facts, word)
            if example is None:
                continue
            schema["examples"] = [example]
            if start := word.form.suggests(facts):
                schema["default"] = start
        yield {"code": word.code, "label": word.label, "schema": schema}
    for verb, against in verbs.offers(facts):
        if against is None:
            yield {
                "code": verb.code,
                "label": verb.label,
                "schema": verb.form.schema() | {"examples": [verb.form.example(facts)]},
            }


def working_example(facts: Facts, word: Action) -> dict[str, Any] | None:
    """A body for this action that stands before its form and its guards, tried without doing anything; None where none does."""
    trial = replace(facts, action=word.code, task=facts.tasks.get(word.works_on), form=None)
    try:
        example = word.form.example(trial)
        trial.form = word.form.clean(example, trial)
        if word.binds:
            trial.case = replace(trial.case, edition=trial.office.edition_on(trial.today))
            trial.blueprint = trial.office.catalogue.of(trial.case)
            word = trial.blueprint.actions[word.code]
        permit(word, trial)
    except (Refused, LookupError):
        return None
    return example


def facts_of(call: Call, found: Case | CaseState) -> Facts:
    """What guards and forms look at, for one who asks what is open."""
    state = (
        found if isinstance(found, CaseState) else CaseState(**{name: getattr(found, name) for name in STATE})
    )
    open_tasks = call.session.scalars(select(Task).where(Task.case_id == state.id, Task.state == "open"))
    tasks = {row.part: OpenTask(row.id, row.role, row.assignee_id, row.owner_id) for row in open_tasks}
    office = call.edge.office
    return Facts(office, call.conn, office.catalogue.of(state), state, call.actor, call.now, tasks=tasks)


def entry(row: JournalEntry) -> dict[str, Any]:
    """A journal entry; `from` and `to` are stages, `hash` covers it and the one before."""
    return {
        "seq": row.seq, "at": moment(row.at), "actor": row.actor_name, "action": row.action, "from": row.from_stage,
        "to": row.to_stage, "hash": row.hash, "prev_hash": row.prev_hash, "says": row.says, "reason": row.reason,
        "source": row.source, "origin": row.origin,
    }  # fmt: skip


def document(row: Document, number: str) -> dict[str, Any]:
    """A document of a case, without its content."""
    return {
        "id": row.id, "case": number, "kind": row.kind, "name": row.name, "media_type": row.media_type, "size": row.size,
        "sha256": row.sha256, "uploaded_at": moment(row.uploaded_at),
    }  # fmt: skip


def household(row: Household, on: date) -> dict[str, Any]:
    """A household and its members on a day."""
    return {
        "id": row.id, "area": row.area_code, "setting": row.setting, "address": row.address,
        "members": [
            {
                "id": member.person_id, "relation": member.relation, "name": member.person.name,
                "id_number": mask_id(member.person.id_number or ""), "birth": day(member.person.birth),
                "sex": member.person.sex,
            }
            for member in row.members(on)
        ],
    }  # fmt: skip


def entitlement(row: Entitlement, number: str) -> dict[str, Any]:
    """What a household is granted a month, from a month to a month."""
    return {
        "kind": "entitlement", "id": row.id, "case": number, "household": row.household_id, "programme": row.programme,
        "area": row.area_code, "from": row.from_month, "to": row.to_month, "amount": yuan(row.amount),
        "base": yuan(row.base), "supplement": yuan(row.supplement),
    }  # fmt: skip


def payment(row: PaymentLine, number: str, area_code: str) -> dict[str, Any]:
    """What one person is due for one month."""
    return {
        "kind": "payment", "id": row.id, "case": number, "household": row.household_id, "programme": row.programme,
        "area": area_code, "person": row.person_id, "month": row.month, "amount": yuan(row.amount), "state": row.state,
        "paid_on": day(row.paid_on),
    }  # fmt: skip


def grant(row: AidGrant, number: str) -> dict[str, Any]:
    """What a department has granted one person: money, or a service in words."""
    return {
        "kind": "grant", "id": row.id, "case": number, "household": row.household_id, "programme": row.programme,
        "area": row.area_code, "person": row.person_id, "department": row.department, "item": row.item,
        "amount": None if row.amount is None else yuan(row.amount), "service": row.service, "period": row.period,
        "decided_on": day(row.decided_on), "paid_on": day(row.paid_on),
    }  # fmt: skip


def definition(blueprints: Sequence[Blueprint]) -> dict[str, Any]:
    """A definition with the words of all its editions together."""
    first = blueprints[0]
    stages = {code: stage for one in blueprints for code, stage in one.stages.items()}
    words = {code: word for one in blueprints for code, word in one.actions.items()}
    return {
        "code": first.code, "title": first.title, "subject": first.subject,
        "editions": [edition for one in blueprints for edition in one.editions],
        "stages": list(stages), "actions": list(words),
        "labels": {
            "stages": {code: stage.label for code, stage in stages.items()},
            "actions": {code: word.label for code, word in words.items()},
        },
        "opened_by": sorted({role.code for one in blueprints for role in one.cls.opened_by}),
    }  # fmt: skip
