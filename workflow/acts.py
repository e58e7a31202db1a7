"""One act = one function = one transaction: guard, state, journal, tasks, deadlines and messages together or not at all.

`open_case` and `act` take the connection of a transaction and never commit; whoever calls them does. Neither needs
Flask, a session or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from workflow import statements as sql
from workflow.actors import Actor
from workflow.catalogue import Blueprint
from workflow.desk.placing import gives_out, place
from workflow.desk.recusal import kin_of, relieve
from workflow.entering import consequences, enter, run_spans
from workflow.entries import TaskRow, entry, moved, overtaken, read, reference
from workflow.errors import ChangedMeanwhile, NotPermitted
from workflow.facts import CaseState, Facts, OpenTask
from workflow.flow.kept import check_open, kept_parts, still_open
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import acting_as, has_role, scope_of
from workflow.sending import Write, send
from workflow.vocabulary import Action


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
    opener = next(
        (r for r in blueprint.cls.opened_by if actor.holds(r, scope_of(r, area_code), definition)), None
    )
    if parent is None and opener is None and actor.id is not None:
        raise NotPermitted(f"您没有在这个区域开办“{blueprint.title}”的岗位。")
    if actor.id is not None:
        check_open(conn, definition, blueprint.title)
    if opener is not None:
        actor = actor.in_post(opener, scope_of(opener, area_code), definition)
    case = CaseState(
        id=0, number=sql.next_number(conn, blueprint.prefix, today.year), definition=definition, edition=edition,
        stage=blueprint.initial, visit=0, version=0, seq=0, head_hash="", area_code=area_code,
        subject_kind=subject[0], subject_id=subject[1], title=title, parent_id=parent.id if parent else None,
        facts=dict(facts or {}), hands={}, barred=_kept_out(office, conn, subject, parent, actor, today), clocks={},
        progress_code=office.entropy.code(8), opened_at=now, accepted_on=None, closed_at=None, result="",
    )  # fmt: skip
    office.pins.pin(case, today)
    row = {name: getattr(case, name) for name in sql.STATE if name != "id"}
    case.id = conn.execute(sql.ADD_CASE, row).scalar_one()
    case.version = 1
    writes: list[Write] = []
    run_spans(office, blueprint, case, "open", writes, now, visit=1)
    enter(office, blueprint, case, writes, actor if parent is None else None, now)
    writes.append(entry(case, actor=actor, now=now, action="open", from_stage="", says=f"开办{blueprint.title}",
                         origin=parent.number if parent else ""))  # fmt: skip
    writes.append(moved(case, seen_seq=0))
    send(conn, writes)
    _open_parts(office, conn, blueprint, case, actor, now)
    _give_out(office, conn, blueprint, case, now)
    return case


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
    if seen != case.version:
        _check_seen(conn, case, seen, by_hand=not origin and actor.id is not None)
    blueprint = office.catalogue.of(case)
    word = blueprint.actions.get(action)
    if word is None or case.stage not in word.moves:
        raise blueprint.not_now(case, action)
    role = has_role(word, case, actor, origin)
    if role is None:
        raise NotPermitted(
            f"“{word.label}”由{'、'.join(r.title for r in word.by)}办理，您没有这个岗位或不管这个区域。"
        )
    task = _task_for(tasks, word)
    actor = acting_as(word, case, actor, role, task.assignee_id if task and task.role == role.code else None)
    facts = Facts(office, conn, blueprint, case, actor, now, action=action, origin=origin, task=task)
    facts.form = word.form.clean(form or {}, facts)
    if word.binds:
        case.edition = office.edition_on(facts.today)
        office.pins.pin(case, facts.today)
        blueprint = facts.blueprint = office.catalogue.of(case)
        word = blueprint.actions[action]
    stage_before, seq_before = case.stage, case.seq
    stage_after = blueprint.decide(case.stage, action, facts)
    case.version += 1
    hands_before, barred_before = case.hands, case.barred
    if word.hand:
        case.add_hand(word.hand, *actor.persons)
    if word.effects:
        for effect in word.effects:
            effect(facts.session, case, facts.form, actor, now)
        facts.session.flush()
        facts.session.expire_all()
    if actor.standing is not None:
        case.hands = for_both(actor, hands_before, case.hands)
    kept = kept_parts(word, facts.form)
    writes = consequences(office, blueprint, case, word, stage_after, task, actor, now, kept)
    writes.append(
        entry(case, actor=actor, now=now, action=action, from_stage=stage_before, says=word.says,
               reason=str(facts.form.get("reason") or ""), source=word.source, origin=origin, form=facts.form)
    )  # fmt: skip
    if facts.form:
        writes.append(
            (sql.ADD_FORM, {"case_id": case.id, "seq": case.seq, "action": action, "body": facts.form})
        )
    writes.append(moved(case, seen_seq=seq_before))
    send(conn, writes)
    if not word.stays:
        _open_parts(office, conn, blueprint, case, actor, now, kept)
        _give_out(office, conn, blueprint, case, now)
    if case.barred != barred_before:
        moved_on(office, conn, case, now)
    return case


def _check_seen(conn: Connection, case: CaseState, seen: int | None, *, by_hand: bool) -> None:
    """Refuse an act on another version than was seen; only what a person does himself must say what he saw."""
    if seen is not None:
        raise overtaken(conn, case)
    if by_hand:
        raise ChangedMeanwhile("没有说明是根据哪一版内容办理的，请刷新后再提交。")


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


def _kept_out(
    office: Office,
    conn: Connection,
    subject: tuple[str, int],
    parent: CaseState | None,
    actor: Actor,
    today: date,
) -> list[int]:
    """Who must keep out of a new case: as of its parent's, and registered relatives of the family."""
    barred = list(parent.barred) if parent else []
    near = office.catalogue.near_kin
    kin = kin_of(conn, subject[1], today, near) if subject[0] == "household" else []
    if parent is None and set(kin) & set(actor.persons):
        raise NotPermitted("您与这一家登记有近亲属关系，应当回避，请由他人开办。")
    return [*barred, *(user for user in kin if user not in barred)]


def _give_out(office: Office, conn: Connection, blueprint: Blueprint, case: CaseState, now: datetime) -> None:
    """New tasks of a stage that says who gets them."""
    if gives_out(blueprint, case.stage):
        place(office, conn, case, now)


def moved_on(office: Office, conn: Connection, case: CaseState, now: datetime) -> None:
    """After a recusal: what lies with somebody who must keep out goes to somebody else."""
    relieve(office, conn, case, now=now)


def for_both(
    actor: Actor, before: Mapping[str, list[int]], after: Mapping[str, list[int]]
) -> dict[str, list[int]]:
    """The hands of a case where a stand-in acted: what he has newly had, the one he stands in for has had too."""
    return {
        hand: sorted({*ids, *actor.persons}) if actor.id in set(ids) - set(before.get(hand, ())) else ids
        for hand, ids in after.items()
    }


def _task_for(tasks: list[TaskRow], word: Action) -> OpenTask | None:
    part = word.works_on
    row = next((t for t in tasks if t.task_part == part), None)
    return OpenTask(row.task_id, row.task_role, row.task_assignee, row.task_owner) if row else None


def _open_parts(
    office: Office, conn: Connection, blueprint: Blueprint, case: CaseState, actor: Actor, now: datetime,
    kept: frozenset[str] = frozenset(),
) -> None:  # fmt: skip
    """Open the linked cases of the parts of the stage just entered, but for those `kept` and those still open."""
    for part in blueprint.stages[case.stage].parts:
        if part.opens and part.code not in kept and not still_open(conn, case, part):
            open_case(
                office, conn, part.opens, subject=("household", case.household_id), area_code=case.area_code,
                actor=actor, now=now, title=case.title, parent=case, facts={"part": part.code},
            )  # fmt: skip
