"""What the engine itself offers on every case, beside the actions of its definition: one list for pages and API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from workflow.actors import Actor
from workflow.entries import overtaken, read
from workflow.errors import ChangedMeanwhile, NotNow, NotPermitted, Refused, Unmet
from workflow.facts import CaseState, Facts
from workflow.flow import halts, taking_back
from workflow.forms import Form, Reason
from workflow.office import Office


class Why(Form):
    """A reason of several words."""

    reason = Reason("理由", sample="情况有变，说明如下")


class Nothing(Form):
    """No question."""


@dataclass(frozen=True)
class Verb:
    """One of them: `check` raises NotPermitted where it is not for this reader, Unmet or NotNow what stands against it."""

    code: str
    label: str
    says: str
    form: type[Form]
    check: Callable[[Facts], None]
    run: Callable[[Office, Connection, Facts, dict[str, Any], Actor, datetime], CaseState]
    source: str = ""


def _leads(facts: Facts) -> None:
    if facts.case.closed_at is not None or not halts.leads(facts.actor, facts.case):
        raise NotPermitted("由督办或部门负责人对在办的案件提出。")


def _may_ask(kind: str) -> Callable[[Facts], None]:
    def check(facts: Facts) -> None:
        _leads(facts)
        if kind == "revoke":
            try:
                halts.revocation(facts.office, facts.case)
            except Unmet as refused:
                raise NotPermitted(refused.message) from None
        if halts.pending(facts.conn, facts.case.id) is not None or (
            kind == "revoke" and facts.case.halt_id is not None
        ):
            raise NotPermitted("已经提出或已挂起。")

    return check


def _pending(*states: str, kind: str = "", other: bool = False) -> Callable[[Facts], None]:
    """Where an order in one of these states is on the case; `other`: not for the one who asked for it."""

    def check(facts: Facts) -> None:
        _leads(facts)
        row = halts.pending(facts.conn, facts.case.id)
        if row is None or row.state not in states or (kind and row.kind != kind):
            raise NotPermitted("没有等待处理的挂起或撤销。")
        if other and row.asked_by == facts.actor.id:
            raise NotNow(f"{halts.SAYS[row.kind]}须由提出人以外的人确认。")

    return check


def _take_back(facts: Facts) -> None:
    if facts.case.halt_id is not None:
        raise NotPermitted("案件已挂起。")
    taking_back.check(facts)


def _ask(kind: str) -> Callable[..., CaseState]:
    def run(
        office: Office, conn: Connection, facts: Facts, form: dict[str, Any], actor: Actor, now: datetime
    ) -> CaseState:
        halts.ask(office, conn, facts.case, kind, reason=form["reason"], actor=actor, now=now)
        return facts.case

    return run


VERBS: dict[str, Verb] = {
    verb.code: verb
    for verb in (
        Verb("take_back", "撤回", "撤回了刚才的操作", Why, _take_back,
             lambda office, conn, facts, form, actor, now: taking_back.take_back(office, conn, facts, form, actor=actor, now=now)),
        Verb("ask_suspend", "提出挂起", "提出挂起", Why, _may_ask("suspend"), _ask("suspend")),
        Verb("confirm_suspend", "确认挂起", "确认挂起", Nothing, _pending("asked", kind="suspend", other=True),
             lambda office, conn, facts, form, actor, now: halts.confirm(office, conn, facts.case, actor=actor, now=now)),
        Verb("resume_case", "恢复办理", "恢复办理", Why, _pending("on", kind="suspend"),
             lambda office, conn, facts, form, actor, now: halts.resume(office, conn, facts.case, actor=actor, now=now, **form)),
        Verb("ask_revoke", "提出撤销", "提出撤销案件", Why, _may_ask("revoke"), _ask("revoke")),
        Verb("confirm_revoke", "确认撤销", "确认撤销案件", Nothing, _pending("asked", kind="revoke", other=True),
             lambda office, conn, facts, form, actor, now: halts.confirm(office, conn, facts.case, actor=actor, now=now)),
        Verb("decline_halt", "不予挂起或撤销", "不予挂起或撤销", Why, _pending("asked"),
             lambda office, conn, facts, form, actor, now: halts.decline(office, conn, facts.case, actor=actor, now=now, **form)),
    )
}  # fmt: skip
"""All verbs by code. No definition has an action of these names (checked)."""


def offers(facts: Facts) -> Iterator[tuple[Verb, Refused | None]]:
    """The verbs for this reader on this case, each with what stands against it."""
    for verb in VERBS.values():
        try:
            verb.check(facts)
        except NotPermitted:
            continue
        except Refused as refused:
            yield verb, refused
        else:
            yield verb, None


def run(
    office: Office, conn: Connection, case_id: int, code: str, *, actor: Actor, form: Mapping[str, Any], seen: int | None,
    now: datetime,
) -> CaseState:  # fmt: skip
    """Do it on the case as it was `seen`, under lock. Raises NotFound, ChangedMeanwhile, NotPermitted, Unmet, FormRefused."""
    case, _ = read(office, conn, case_id)
    if seen is None:
        raise ChangedMeanwhile("没有说明是根据哪一版内容办理的，请刷新后再提交。")
    if seen != case.version:
        raise overtaken(conn, case)
    verb = VERBS[code]
    facts = Facts(office, conn, office.catalogue.of(case), case, actor, now, action=code)
    if actor.id in case.barred:
        raise NotPermitted("您与本案有近亲属关系或已申明回避，不能办理，请交由他人。")
    verb.check(facts)
    return verb.run(office, conn, facts, verb.form.clean(form, facts), actor, now)
