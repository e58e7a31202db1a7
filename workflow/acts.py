"""One act = one function = one transaction: guard, state, journal, tasks, deadlines and messages together or not at all.

`open_case` and `act` take the connection of a transaction and never commit; whoever calls them does. Neither needs
Flask, a session or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from workflow import statements as sql
from workflow.actors import Actor
from workflow.catalogue import Blueprint
from workflow.clocks import deadline_row
from workflow.errors import ChangedMeanwhile, NotFound, NotNow, NotPermitted
from workflow.facts import CaseState, Facts, OpenTask
from workflow.journal import make_entry
from workflow.ladders import ORDINARY
from workflow.models import JournalEntry
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import has_role, scope_of
from workflow.sending import Write, send
from workflow.vocabulary import Action, Span, Stage

STATE_FIELDS = tuple(CaseState.__dataclass_fields__)


def open_case(
    office: Office,
    conn: Connection,
    definition: str,
    *,
    subject: tuple[str, int],
    area_code: str,
    actor: Actor,
    now: datetime,
    title: str = "",
    edition: str = "",
    parent: CaseState | None = None,
    facts: Mapping[str, Any] | None = None,
) -> CaseState:
    """Open a case of a definition in its first stage and return it. Raises NotPermitted.

    `edition` is the one in force today unless a parent hands on its own. Without a parent the actor needs one of the
    definition's `opened_by` roles in the area; the opener of a hand-opened case holds its first task.
    """
    today = local_date(now)
    edition = edition or (parent.edition if parent else office.edition_on(today))
    blueprint = office.catalogue.get(definition, edition)
    opener = next((r for r in blueprint.cls.opened_by if actor.holds(r, scope_of(r, area_code))), None)
    if parent is None and opener is None and actor.id is not None:
        raise NotPermitted(f"您没有在这个区域开办“{blueprint.title}”的岗位。")
    case = CaseState(
        id=0, number=sql.next_number(conn, blueprint.prefix, today.year), definition=definition, edition=edition,
        stage=blueprint.initial, visit=0, version=0, seq=0, head_hash="", area_code=area_code,
        subject_kind=subject[0], subject_id=subject[1], title=title, parent_id=parent.id if parent else None,
        facts=dict(facts or {}), hands={}, barred=list(parent.barred) if parent else [], clocks={},
        progress_code=office.entropy.code(8), opened_at=now, accepted_on=None, closed_at=None, result="",
    )  # fmt: skip
    row = {name: getattr(case, name) for name in STATE_FIELDS if name != "id"}
    case.id = conn.execute(sql.ADD_CASE, row).scalar_one()
    case.version = 1
    writes: list[Write] = []
    _run_spans(office, blueprint, case, "open", writes, now, visit=1)
    _enter(office, blueprint, case, writes, actor if parent is None else None, now)
    writes.append(_entry(case, actor=actor, now=now, action="open", from_stage="", says=f"开办{blueprint.title}",
                         origin=parent.number if parent else ""))  # fmt: skip
    writes.append(_moved(case, seen_seq=0))
    send(conn, writes)
    _open_parts(office, conn, blueprint, case, actor, now)
    return case


def read(office: Office, conn: Connection, case_id: int) -> tuple[CaseState, list[Any]]:
    """The case under lock and the rows of its open tasks. Raises NotFound."""
    rows = conn.execute(sql.READ_CASE, {"case": case_id}).all()
    if not rows:
        raise NotFound
    row = rows[0]
    case = CaseState(**{name: getattr(row, name) for name in STATE_FIELDS})
    return case, [r for r in rows if r.task_id is not None]


def act(
    office: Office,
    conn: Connection,
    case_id: int,
    action: str,
    *,
    actor: Actor,
    form: Mapping[str, Any] | None = None,
    seen: int | None,
    now: datetime,
    origin: str = "",
) -> CaseState:
    """Do `action` on the case as it was `seen` (its version) and return the case as it now is. The caller commits.

    `origin` names the act of another case, or the scheduled row, that causes this one; only those come without `seen`.
    Raises NotFound, ChangedMeanwhile, NotNow, NotPermitted, FormRefused, Unmet, and what the definition's guards raise.
    """
    case, tasks = read(office, conn, case_id)
    if seen is None and not origin and actor.id is not None:
        raise ChangedMeanwhile("没有说明是根据哪一版内容办理的，请刷新后再提交。")
    if seen is not None and seen != case.version:
        raise _overtaken(conn, case)
    blueprint = office.catalogue.of(case)
    word = blueprint.actions.get(action)
    if word is None or case.stage not in word.moves:
        raise NotNow(f"案件现在处于“{blueprint.stages[case.stage].label}”，不能“{blueprint.label(action)}”。")
    if has_role(word, case, actor, origin) is None:
        raise NotPermitted(
            f"“{word.label}”由{'、'.join(r.title for r in word.by)}办理，您没有这个岗位或不管这个区域。"
        )
    task = _task_for(tasks, word)
    facts = Facts(office, conn, blueprint, case, actor, now, action=action, origin=origin, task=task)
    facts.form = word.form.clean(form or {}, facts)
    if word.binds:
        case.edition = office.edition_on(facts.today)
        blueprint = facts.blueprint = office.catalogue.of(case)
        word = blueprint.actions[action]
    stage_before, seq_before = case.stage, case.seq
    stage_after = blueprint.decide(case.stage, action, facts)
    case.version += 1
    if word.hand:
        case.add_hand(word.hand, actor.id)
    if word.effects:
        for effect in word.effects:
            effect(facts.session, case, facts.form, actor, now)
        facts.session.flush()
        facts.session.expire_all()
    writes = _consequences(office, blueprint, case, word, stage_after, task, actor, now)
    writes.append(
        _entry(case, actor=actor, now=now, action=action, from_stage=stage_before, says=word.says,
               reason=str(facts.form.get("reason") or ""), source=word.source, origin=origin, form=facts.form)
    )  # fmt: skip
    if facts.form:
        writes.append(
            (sql.ADD_FORM, {"case_id": case.id, "seq": case.seq, "action": action, "body": facts.form})
        )
    writes.append(_moved(case, seen_seq=seq_before))
    send(conn, writes)
    if not word.stays:
        _open_parts(office, conn, blueprint, case, actor, now)
    return case


def follow(
    session: Any,
    case_id: int,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    origin: CaseState,
    form: Mapping[str, Any] | None = None,
) -> CaseState:
    """An act on a linked case, caused by and inside the act on `origin` (called by effects)."""
    from workflow.office import office_of

    session.flush()
    return act(
        office_of(session), session.connection(), case_id, action,
        actor=actor, form=form, seen=None, now=now, origin=reference(origin),
    )  # fmt: skip


def reference(case: CaseState) -> str:
    """How the act under way is cited: number of the case and of the entry being written."""
    return f"{case.number}#{case.seq + 1}"


def note(
    conn: Connection,
    case: CaseState,
    *,
    actor: Actor,
    now: datetime,
    action: str,
    says: str,
    reason: str = "",
    source: str = "",
    stales: bool = True,
) -> None:
    """An entry that leaves stage and facts as they are. `stales` says whether forms shown before are now out of date."""
    seen = case.seq
    if stales:
        case.version += 1
    entry = _entry(
        case,
        actor=actor,
        now=now,
        action=action,
        from_stage=case.stage,
        says=says,
        reason=reason,
        source=source,
    )
    moved = {
        "case": case.id,
        "seen_seq": seen,
        "new_seq": case.seq,
        "new_version": case.version,
        "new_head_hash": case.head_hash,
    }
    send(conn, [entry, (sql.NOTE_CASE, moved)])


def write_back(
    conn: Connection,
    case: CaseState,
    *,
    actor: Actor,
    now: datetime,
    action: str,
    says: str,
    reason: str = "",
    source: str = "",
) -> None:
    """An entry for an engine act that changed facts, hands, barred people or clocks but not the stage."""
    seen = case.seq
    case.version += 1
    entry = _entry(
        case,
        actor=actor,
        now=now,
        action=action,
        from_stage=case.stage,
        says=says,
        reason=reason,
        source=source,
    )
    send(conn, [entry, _moved(case, seen_seq=seen)])


def _overtaken(conn: Connection, case: CaseState) -> ChangedMeanwhile:
    last = conn.execute(
        select(JournalEntry.actor_name, JournalEntry.says)
        .where(JournalEntry.case_id == case.id)
        .order_by(JournalEntry.seq.desc())
        .limit(1)
    ).first()
    what = f"{last.actor_name}刚刚办理了“{last.says}”" if last else "案件刚刚有变动"
    return ChangedMeanwhile(f"{what}。您填写的内容已保留，请核对最新情况后再提交。", version=case.version)


def _task_for(tasks: list[Any], word: Action) -> OpenTask | None:
    part = word.completes
    row = next((t for t in tasks if t.task_part == part), None)
    return OpenTask(row.task_id, row.task_role, row.task_assignee) if row else None


def _entry(case: CaseState, **what: Any) -> Write:
    return (sql.ADD_ENTRY, make_entry(case, **what))


def _moved(case: CaseState, *, seen_seq: int) -> Write:
    row: dict[str, Any] = {f"new_{name}": getattr(case, name) for name in sql.MOVED}
    return (sql.MOVE_CASE, row | {"case": case.id, "seen_seq": seen_seq})


def _consequences(
    office: Office, blueprint: Blueprint, case: CaseState, word: Action, stage_after: str, task: OpenTask | None,
    actor: Actor, now: datetime,
) -> list[Write]:  # fmt: skip
    """Tasks, parts and deadlines that end and begin with this act; moves the working copy to its new stage."""
    today = local_date(now)
    writes: list[Write] = []
    closing = {"case": case.id, "of_visit": case.visit, "at": now, "by": actor.id, "today": today}
    if word.completes:
        writes.append((sql.FINISH_PART, closing | {"part_code": word.completes}))
        writes.append(
            (sql.CLOSE_DEADLINE, {"case": case.id, "today": today, "of_kind": f"part:{word.completes}"})
        )
        if task and word.stays:
            writes.append((sql.CLOSE_TASK, {"done_task": task.id, "at": now, "by": actor.id}))
    for code in [code for code in case.clocks if word.code in blueprint.spans[code].until]:
        case.clocks = {key: due for key, due in case.clocks.items() if key != code}
        writes.append((sql.CLOSE_DEADLINE, {"case": case.id, "today": today, "of_kind": f"span:{code}"}))
    if not word.stays:
        old, new = blueprint.stages[case.stage], blueprint.stages[stage_after]
        writes.append(
            (
                sql.CLOSE_TASKS,
                {"case": case.id, "at": now, "by": actor.id, "done_task": task.id if task else 0},
            )
        )
        if old.parts:
            writes.append((sql.CLOSE_PARTS, {"case": case.id, "of_visit": case.visit, "at": now}))
        if old.limit or old.minimum or any(part.limit for part in old.parts):
            writes.append(
                (sql.CLOSE_STAGE_DEADLINES, {"case": case.id, "of_visit": case.visit, "today": today})
            )
        case.stage = stage_after
        if new.final:
            case.visit += 1
            case.closed_at, case.result, case.clocks = now, case.facts.get("result") or new.result, {}
            writes.append((sql.CLOSE_ALL_DEADLINES, {"case": case.id, "today": today}))
            writes.append((sql.CANCEL_SCHEDULED, {"case": case.id}))
        else:
            starting: list[Write] = []
            _run_spans(office, blueprint, case, word.code, starting, now, visit=case.visit + 1)
            _enter(office, blueprint, case, writes, None, now)
            writes.extend(starting)
    else:
        _run_spans(office, blueprint, case, word.code, writes, now)
    return writes


def _enter(
    office: Office,
    blueprint: Blueprint,
    case: CaseState,
    writes: list[Write],
    opener: Actor | None,
    now: datetime,
) -> None:
    """A new visit of the case's stage: its task, its parts with theirs, and their deadlines."""
    case.visit += 1
    stage, today = blueprint.stages[case.stage], local_date(now)
    due, opens = _due_of(case, stage), None
    if stage.minimum:
        row = deadline_row(office, case, kind=f"minimum:{stage.id}", label=stage.label, rule=stage.minimum.rule,
                           source=stage.minimum.source, role=stage.held_by, today=today, ladder=ORDINARY, minimum=True)  # fmt: skip
        writes.append((sql.ADD_DEADLINE, _whole(row)))
        opens = row["due_on"]
    if stage.limit:
        row = deadline_row(office, case, kind=f"stage:{stage.id}", label=stage.limit.label or stage.label, rule=stage.limit.rule,
                           source=stage.limit.source, role=stage.held_by, today=today, ladder=stage.limit.ladder)  # fmt: skip
        writes.append((sql.ADD_DEADLINE, _whole(row)))
        due = row["due_on"]
    if stage.held_by is not None:
        writes.append(
            (sql.ADD_TASK, _task(case, stage.held_by, "", opener.id if opener else None, opens, due, now))
        )
    for part in stage.parts:
        part_due = due
        if part.limit:
            row = deadline_row(office, case, kind=f"part:{part.code}", label=part.limit.label or part.label, rule=part.limit.rule,
                               source=part.limit.source, role=part.held_by, today=today, ladder=part.limit.ladder, part=part.code)  # fmt: skip
            writes.append((sql.ADD_DEADLINE, _whole(row)))
            part_due = row["due_on"]
        writes.append((sql.ADD_PART, {"case_id": case.id, "visit": case.visit, "code": part.code,
                                      "state": "open", "required": part.required, "opened_at": now}))  # fmt: skip
        if not part.opens:
            writes.append((sql.ADD_TASK, _task(case, part.held_by, part.code, None, None, part_due, now)))


def _due_of(case: CaseState, stage: Stage) -> Any:
    """The date a task shows where the stage has no limit of its own: its span's, else the nearest running clock's."""
    from datetime import date

    dues = [case.clocks[stage.within]] if stage.within in case.clocks else list(case.clocks.values())
    return date.fromisoformat(min(dues)) if dues else None


def _task(
    case: CaseState, role: Any, part: str, assignee: int | None, opens: Any, due: Any, now: datetime
) -> dict[str, Any]:
    return {
        "case_id": case.id, "visit": case.visit, "stage": case.stage, "part": part, "definition": case.definition,
        "role": role.code, "scope": scope_of(role, case.area_code), "area_code": case.area_code,
        "assignee_id": assignee, "owner_id": None, "state": "open", "opens_on": opens, "due_on": due, "opened_at": now,
    }  # fmt: skip


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"state": "open", "overdue": False}


def _run_spans(
    office: Office,
    blueprint: Blueprint,
    case: CaseState,
    action: str,
    writes: list[Write],
    now: datetime,
    visit: int = 0,
) -> None:
    """Start the spans this action begins; one already running goes on."""
    for span in blueprint.spans.values():
        if action in span.since and span.code not in case.clocks:
            row = _span_row(office, case, span, now) | ({"visit": visit} if visit else {})
            writes.append((sql.ADD_DEADLINE, _whole(row)))
            case.clocks = {**case.clocks, span.code: row["due_on"].isoformat()}


def _span_row(office: Office, case: CaseState, span: Span, now: datetime) -> dict[str, Any]:
    return deadline_row(office, case, kind=f"span:{span.code}", label=span.label, rule=span.rule, source=span.source,
                        role=span.held_by, today=local_date(now), ladder=span.ladder)  # fmt: skip


def _open_parts(
    office: Office, conn: Connection, blueprint: Blueprint, case: CaseState, actor: Actor, now: datetime
) -> None:
    """Open the linked cases of the parts of the stage just entered."""
    for part in blueprint.stages[case.stage].parts:
        if part.opens:
            open_case(
                office, conn, part.opens, subject=("household", case.household_id), area_code=case.area_code,
                actor=actor, now=now, title=case.title, parent=case, facts={"part": part.code},
            )  # fmt: skip
