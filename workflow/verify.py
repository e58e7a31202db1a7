"""Every invariant that a database can show, each as a check that returns the rows that break it; cheap ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session, aliased

from workflow.catalogue import Catalogue
from workflow.flow import history as history_words
from workflow.flow import watchdog
from workflow.journal import state_digest, verify
from workflow.migration.outcome import MIGRATE, TAKE_BACK
from workflow.models import (
    Case,
    CaseForm,
    Deadline,
    Entitlement,
    JournalEntry,
    Membership,
    Notice,
    PaymentLine,
    Release,
    ScheduledAct,
    Task,
)
from workflow.periods import local_date

Check = Callable[[Session, Catalogue], Iterator[str]]


def invariants(conn: Connection, catalogue: Catalogue) -> dict[str, list[str]]:
    """Name of each invariant and the rows that break it; all empty on a sound database."""
    with Session(conn) as session:
        return {name: list(check(session, catalogue)) for name, check in CHECKS.items()}


def _one_household(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """A person is in at most one household at a time."""
    first, second = aliased(Membership), aliased(Membership)
    rows = session.execute(
        select(first.person_id)
        .join(second, (second.person_id == first.person_id) & (second.id > first.id))
        .where(first.to_date.is_(None), second.to_date.is_(None))
    )
    yield from (f"人员 {row.person_id} 同时在两个家庭" for row in rows)


def _one_benefit(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """A household has at most one open interval of a programme."""
    rows = session.execute(
        select(Entitlement.household_id, Entitlement.programme)
        .where(Entitlement.to_month.is_(None))
        .group_by(Entitlement.household_id, Entitlement.programme)
        .having(func.count() > 1)
    )
    yield from (f"家庭 {row.household_id} 有两份 {row.programme} 待遇" for row in rows)


def _intervals_apart(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """Intervals of one case do not overlap."""
    first, second = aliased(Entitlement), aliased(Entitlement)
    rows = session.execute(
        select(first.case_id)
        .join(second, (second.case_id == first.case_id) & (second.from_month > first.from_month))
        .where(func.coalesce(first.to_month, "9999-12") >= second.from_month)
    )
    yield from (f"案件 {row.case_id} 的待遇区间重叠" for row in rows)


def _shares_add_up(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """The members' shares add up to the household's amount, base and supplement too."""
    for row in session.scalars(select(Entitlement)):
        if (
            sum((Decimal(share) for share in row.shares.values()), Decimal(0)) != row.amount
            or row.base + row.supplement != row.amount
        ):
            yield f"案件 {row.case_id} 自 {row.from_month} 的份额与总额不等"


def _paid_as_decided(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """Each line lies inside an interval of its case and has the member's share of it: none before, none after."""
    grants: dict[int, list[Entitlement]] = {}
    for grant in session.scalars(select(Entitlement)):
        grants.setdefault(grant.case_id, []).append(grant)
    for line in session.scalars(select(PaymentLine)):
        fitting = [
            grant for grant in grants.get(line.case_id, [])
            if grant.from_month <= line.month and (grant.to_month is None or line.month <= grant.to_month)
        ]  # fmt: skip
        if len(fitting) != 1 or Decimal(fitting[0].shares.get(str(line.person_id), "0")) != line.amount:
            yield f"发放明细 {line.id}（{line.month}）没有对应的决定"


def _first_month(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """No entitlement begins before the month after its decision."""
    for row in session.execute(select(Entitlement.case_id, Entitlement.from_month, Entitlement.decided_by)):
        number, _, seq = row.decided_by.partition("#")
        decided = session.execute(
            select(JournalEntry.at)
            .join(Case, Case.id == JournalEntry.case_id)
            .where(Case.number == number, JournalEntry.seq == int(seq or 0))
        ).first()
        if decided is None or f"{local_date(decided.at):%Y-%m}" >= row.from_month:
            yield f"案件 {row.case_id} 的待遇自 {row.from_month} 起，早于决定的次月"


def _four_eyes(session: Session, catalogue: Catalogue) -> Iterator[str]:
    """Who decides had none of the hands the definition keeps apart, over the whole history of the case."""
    hands: dict[int, dict[str, set[int]]] = {}
    rows = session.execute(
        select(
            JournalEntry.case_id,
            JournalEntry.action,
            JournalEntry.actor_id,
            JournalEntry.edition,
            Case.definition,
            Case.number,
            Case.hands,
        )
        .join(Case, Case.id == JournalEntry.case_id)
        .where(JournalEntry.actor_id.is_not(None))
        .order_by(JournalEntry.case_id, JournalEntry.seq)
    )
    for row in rows:
        word = catalogue.get(row.definition, row.edition).actions.get(row.action)
        if word is None:
            continue
        had = hands.setdefault(row.case_id, {})
        for hand in word.apart_from:
            if row.actor_id in had.get(hand, ()):
                yield f"{row.number}：{word.label}由参与过{hand}的同一人办理"
        if word.hand:
            had.setdefault(word.hand, set()).add(row.actor_id)
            if row.actor_id not in row.hands.get(word.hand, ()):
                yield f"{row.number}：{word.label}的经办人没有记录"


def _refusals_reasoned(session: Session, catalogue: Catalogue) -> Iterator[str]:
    """Every refusal has its written reason, and was served before the case ended."""
    for row in session.execute(
        select(
            Case.number,
            Case.definition,
            Case.edition,
            JournalEntry.action,
            JournalEntry.to_stage,
            JournalEntry.reason,
        ).join(Case, Case.id == JournalEntry.case_id)
    ):
        stage = catalogue.get(row.definition, row.edition).stages.get(row.to_stage)
        word = catalogue.get(row.definition, row.edition).actions.get(row.action)
        if stage is not None and stage.refusal and word is not None and not word.stays and not row.reason:
            yield f"{row.number}：{stage.label}没有书面理由"


def _somebody_holds(session: Session, catalogue: Catalogue) -> Iterator[str]:
    """Every open case has an open task, an open linked case, or a stage that says why it waits for nobody."""
    with_task = select(Task.case_id).where(Task.state == "open")
    with_child = select(Case.parent_id).where(Case.closed_at.is_(None), Case.parent_id.is_not(None))
    for case in session.scalars(
        select(Case).where(Case.closed_at.is_(None), Case.id.not_in(with_task), Case.id.not_in(with_child))
    ):
        stage = catalogue.of(case).stages[case.stage]
        if stage.held_by is not None or not (stage.keeps or stage.no_limit):
            yield f"{case.number}：{stage.label}没有待办"


def _closed_is_closed(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """A closed case has no open task, deadline or planned act left."""
    for name, table in (("待办", Task), ("时限", Deadline), ("计划", ScheduledAct)):
        states = ("planned", "deferred") if table is ScheduledAct else ("open",)
        rows = session.execute(
            select(Case.number)
            .join(table, table.case_id == Case.id)
            .where(Case.closed_at.is_not(None), table.state.in_(states))
        )
        yield from (f"{row.number}：已办结，还有{name}" for row in rows)


def _publicity_lasts(session: Session, catalogue: Catalogue) -> Iterator[str]:
    """A minimum that ended by itself lasted to its last day at least."""
    rows = session.execute(
        select(Case.number, Deadline.due_on, Deadline.met_on)
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.minimum, Deadline.state == "met", Deadline.met_on <= Deadline.due_on)
    )
    yield from (f"{row.number}：公示到 {row.due_on}，{row.met_on} 就结束了" for row in rows)


def _notices_end(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """No notice is on the board of a case that has ended."""
    rows = session.execute(
        select(Case.number)
        .join(Notice, Notice.case_id == Case.id)
        .where(Notice.taken_down_on.is_(None), Case.closed_at.is_not(None))
    )
    yield from (f"{row.number}：已办结，公示还没有揭下" for row in rows)


def _rungs_once(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """Each overdue deadline has exactly one overdue entry for it, and none that is not overdue has one."""
    rows = session.execute(
        select(Deadline.case_id, func.count().label("n")).where(Deadline.overdue).group_by(Deadline.case_id)
    ).all()
    flagged = {row.case_id: row.n for row in rows}
    entries = session.execute(
        select(JournalEntry.case_id, func.count().label("n"))
        .where(JournalEntry.action == "overdue")
        .group_by(JournalEntry.case_id)
    ).all()
    noted = {row.case_id: row.n for row in entries}
    for case_id in flagged.keys() | noted.keys():
        if flagged.get(case_id, 0) != noted.get(case_id, 0):
            yield f"案件 {case_id}：逾期标记 {flagged.get(case_id, 0)} 个，日志 {noted.get(case_id, 0)} 条"


def _forms_kept(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """An entry that cites a form has it, unless its time of keeping is over and it was destroyed as a whole."""
    rows = session.execute(
        select(JournalEntry.case_id, JournalEntry.seq)
        .outerjoin(CaseForm, (CaseForm.case_id == JournalEntry.case_id) & (CaseForm.seq == JournalEntry.seq))
        .where(JournalEntry.form_digest != "", CaseForm.seq.is_(None))
    )
    yield from (f"案件 {row.case_id} 第 {row.seq} 条：表单不见了" for row in rows)


def _replay(session: Session, catalogue: Catalogue) -> Iterator[str]:
    """Replaying the journal gives the stored stage, visit, version, edition and result; its last digest the facts."""
    entries: dict[int, list[JournalEntry]] = {}
    for entry in session.scalars(select(JournalEntry).order_by(JournalEntry.case_id, JournalEntry.seq)):
        entries.setdefault(entry.case_id, []).append(entry)
    for case in session.scalars(select(Case)):
        history = entries.get(case.id, [])
        problem = replayed(case, history, catalogue)
        if problem:
            yield f"{case.number}：{problem}"


def replayed(case: Case, history: list[JournalEntry], catalogue: Catalogue) -> str:
    """The first thing in which a case differs from what its journal makes of it, "" where nothing does."""
    if not history or history[0].action != "open":
        return "日志没有从开办开始"
    stage, visit, version = history[0].to_stage, 1, 1
    left: list[str] = []
    for entry in history[1:]:
        blueprint = catalogue.get(case.definition, entry.edition)
        word = blueprint.actions.get(entry.action)
        if entry.action == history_words.TAKE_BACK:
            expected, visit = left.pop() if left else "", visit + 1
        elif entry.action in (MIGRATE, TAKE_BACK):
            expected, visit = entry.to_stage, visit + (entry.to_stage != stage)
            if entry.to_stage not in blueprint.stages:
                return f"第 {entry.seq} 条迁到了没有的环节“{entry.to_stage}”"
        elif word is None:
            expected = stage
        else:
            if stage not in word.moves:
                return f"第 {entry.seq} 条“{entry.action}”在“{stage}”不能办理"
            expected = word.moves[stage]
            visit += not word.stays
            left += [stage] if not word.stays else []
        if entry.from_stage != stage or entry.to_stage != expected:
            return f"第 {entry.seq} 条的环节与流程不符"
        stage, version = entry.to_stage, entry.version
    last = history[-1]
    if (case.stage, case.visit, case.version, case.seq) != (stage, visit, version, last.seq):
        return "案件的环节或版本与日志重放的结果不同"
    if state_digest(case) != last.state_digest:
        return "案件的内容与日志末条的摘要不同"
    return ""


def _pins_agree(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """A case is pinned to a signed release of its own definition and edition."""
    rows = session.execute(
        select(Case.number)
        .join(Release, Release.id == Case.release_id)
        .where(
            (Release.definition != Case.definition)
            | (Release.edition != Case.edition)
            | Release.signed_at.is_(None)
        )
    )
    yield from (f"{row.number}：绑定的发布版本不是它的流程和规则版本" for row in rows)


def _journal_whole(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    verdict = verify(session.connection())
    if not verdict.ok and verdict.first_broken:
        yield verdict.first_broken


CHECKS: dict[str, Check] = {
    "person_in_one_household": _one_household,
    "one_benefit_a_household": _one_benefit,
    "intervals_apart": _intervals_apart,
    "closed_is_closed": _closed_is_closed,
    "somebody_holds_every_case": _somebody_holds,
    "every_open_case_waits": watchdog.every_case_waits,
    "halts_agree": watchdog.halts_agree,
    "publicity_lasts": _publicity_lasts,
    "notices_end": _notices_end,
    "rungs_once": _rungs_once,
    "shares_add_up": _shares_add_up,
    "paid_as_decided": _paid_as_decided,
    "first_month_after_decision": _first_month,
    "four_eyes": _four_eyes,
    "refusals_reasoned": _refusals_reasoned,
    "forms_kept": _forms_kept,
    "pins_agree": _pins_agree,
    "replay_gives_state": _replay,
    "journal_whole": _journal_whole,
}
