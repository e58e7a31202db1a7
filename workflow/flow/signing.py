"""Parts that several people sign, declared in one word:

    Part("joint", "会商", COUNTY_REVIEWER, "请人会签", signing=Signing(all_of(), by=(COUNTY_REVIEWER,), minimum=2, source="..."))

stands for four actions of its stage: `joint_ask` names the signers, `joint_sign` is theirs, `joint_add` and `joint_drop`
change the round. Each signer has a row and a task; the part is finished when the quorum is certain, one way or the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow import statements as sql
from workflow.actors import Actor
from workflow.entering import due_shown, task_row
from workflow.errors import NotPermitted, Unmet
from workflow.facts import CaseState, Facts
from workflow.flow.quorum import Quorum, all_of, any_of, count, in_sequence, share, weighted
from workflow.forms import Choice, Form, LongText, Reason, Staff
from workflow.models import CasePart, RoleAssignment, Signature, Task, User
from workflow.office import office_of
from workflow.periods import local_date
from workflow.policy import post_of
from workflow.roles import ROLES, Role
from workflow.sending import send
from workflow.vocabulary import Effect, Guard, Part, Stage, Written, action, stays

OPINIONS = {"agreed": "同意", "disagreed": "不同意"}
PLACES = {"before": "在其余签署人之前（前加签）", "after": "在其余签署人之后（后加签）"}


@dataclass(frozen=True)
class Signing:
    """How a part is signed: the rule, who may be asked, never fewer than `minimum`, and the text it stands on.

    Whoever signs has the `hand`. `on_demand`: the part begins only when somebody asks for it; the stage does not wait
    for it otherwise.
    """

    rule: Quorum
    by: tuple[Role, ...]
    source: str
    minimum: int = 2
    hand: str = ""
    apart_from: tuple[str, ...] = ()
    on_demand: bool = False

    def actions(self, stage: Stage, part: Part) -> dict[str, Written]:
        """The four actions of a part."""
        code, label = part.code, part.label
        common: dict[str, Any] = {"source": self.source, "part": code}
        return {
            f"{code}_ask": action(
                f"请人签署：{label}", stays(stage), by=part.held_by, says=f"请人签署：{label}", form=_asking(self), when=(not_asked(code),),
                effects=(ask(code),), **common),
            f"{code}_sign": action(
                f"签署：{label}", stays(stage), by=self.by, says=f"签署：{label}", form=Opinion, when=(my_turn(code),), effects=(sign(code),),
                hand=self.hand, apart_from=self.apart_from, **common),
            f"{code}_add": action(
                f"加签：{label}", stays(stage), by=part.held_by, says=f"加签：{label}", form=_adding(self), when=(asked(code),),
                effects=(add(code),), **common),
            f"{code}_drop": action(
                f"减签：{label}", stays(stage), by=part.held_by, says=f"减签：{label}", form=_dropping(code), when=(asked(code), spare(code)),
                effects=(drop(code),), **common),
        }  # fmt: skip


class Opinion(Form):
    """What a signer says."""

    opinion = Choice("意见", OPINIONS)
    note = LongText("说明", required=False, hint="不同意的须写明理由", sample="同意")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Against needs words."""
        return {"note": "不同意的须写明理由"} if form["opinion"] == "disagreed" and not form["note"] else {}


class Signers(Staff):
    """Those who wait to sign."""

    def __init__(self, part: str, label: str) -> None:
        super().__init__(label, at_least=1)
        self.part = part

    def options(self, facts: Facts) -> dict[int, str]:
        """The signers of this round who have not signed."""
        waiting = [
            row.user_id for row in rows(facts.session, facts.case, self.part) if row.state == "waiting"
        ]
        found = facts.session.execute(select(User.id, User.name).where(User.id.in_(waiting)))
        return {row.id: row.name for row in found}


def _asking(signing: Signing) -> type[Form]:
    people = Staff(
        "签署人",
        *signing.by,
        at_least=signing.minimum,
        hint=f"{signing.rule.label}，至少 {signing.minimum} 人",
    )
    return type("Asking", (Form,), {"__doc__": "Who is to sign, and what.", "signers": people,
                                    "matter": LongText("请签署的事项", sample="请会签本案意见")})  # fmt: skip


def _adding(signing: Signing) -> type[Form]:
    return type("Adding", (Form,), {"__doc__": "One more signer.", "signers": Staff("加签人", *signing.by),
                                    "place": Choice("位置", PLACES), "reason": Reason("加签理由", sample="情况复杂，请一并签署")})  # fmt: skip


def _dropping(part: str) -> type[Form]:
    return type("Dropping", (Form,), {"__doc__": "One signer fewer.", "signers": Signers(part, "减签人"),
                                      "reason": Reason("减签理由", sample="外出学习，不再签署")})  # fmt: skip


def rows(session: Session, case: CaseState, part: str) -> list[Signature]:
    """The signatures of the present visit's round, in turn."""
    return list(
        session.scalars(
            select(Signature)
            .where(Signature.case_id == case.id, Signature.visit == case.visit, Signature.part == part)
            .order_by(Signature.turn, Signature.id)
        )
    )


def _open(facts: Facts, part: str) -> bool:
    """Whether the round is under way."""
    return bool(rows(facts.session, facts.case, part)) and _state(facts.session, facts.case, part) == "open"


def _state(session: Session, case: CaseState, part: str) -> str | None:
    return session.scalar(
        select(CasePart.state).where(
            CasePart.case_id == case.id, CasePart.visit == case.visit, CasePart.code == part
        )
    )


def not_asked(part: str) -> Guard:
    """One round a visit."""

    def no_round(facts: Facts) -> None:
        if rows(facts.session, facts.case, part):
            raise Unmet("已经请人签署；需要增减签署人的，请用加签、减签。")

    return no_round


def asked(part: str) -> Guard:
    """There is a round to change."""

    def round_open(facts: Facts) -> None:
        if not _open(facts, part):
            raise Unmet("现在没有正在签署的事项。")

    return round_open


def spare(part: str) -> Guard:
    """Never below the legal minimum."""

    def enough(facts: Facts) -> None:
        signing, found = _signing(facts.session, facts.case, part), rows(facts.session, facts.case, part)
        dropped = len((facts.form or {}).get("signers", (0,)))
        if sum(row.state != "dropped" for row in found) - dropped < signing.minimum:
            raise Unmet(
                f"依规定至少 {signing.minimum} 人签署（{signing.source}），不能再减签；可以先加签再减签。"
            )

    return enough


def my_turn(part: str) -> Guard:
    """Only a signer signs, once, and when it is his turn."""

    def turn(facts: Facts) -> None:
        found = rows(facts.session, facts.case, part)
        mine = next((row for row in found if row.user_id == facts.actor.id and row.state == "waiting"), None)
        if mine is None or not _open(facts, part):
            raise NotPermitted("您不是这一事项现在的签署人。")
        if mine.turn > min(row.turn for row in found if row.state == "waiting"):
            raise NotPermitted("还没有轮到您签署，请等前面的人签署。")

    return turn


def none_open(*parts: str) -> Guard:
    """Whoever goes on waits for the rounds that were asked for."""

    def no_open_round(facts: Facts) -> None:
        labels = {part.code: part.label for part in facts.blueprint.stages[facts.case.stage].parts}
        if left := [labels[part] for part in parts if part in labels and _open(facts, part)]:
            raise Unmet(f"{'、'.join(left)}还没有签署完毕。")

    return no_open_round


def agreed(part: str) -> Guard:
    """The round has ended in agreement, where there was one."""

    def has_agreed(facts: Facts) -> None:
        found = rows(facts.session, facts.case, part)
        if found and _signing(facts.session, facts.case, part).rule.verdict(found) is not True:
            raise Unmet("签署没有通过，不能按同意办理。")

    return has_agreed


def ask(part: str) -> Effect:
    """Open the round: a row and, where it is his turn, a task for each signer."""

    def ask_signers(
        session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
    ) -> None:
        conn, signing = session.connection(), _signing(session, case, part)
        if _state(session, case, part) is None:
            send(conn, [(sql.ADD_PART, {"case_id": case.id, "visit": case.visit, "code": part, "state": "open",
                                        "required": True, "opened_at": now})])  # fmt: skip
        session.execute(
            update(Task).where(Task.case_id == case.id, Task.part == part, Task.state == "open")
            .values(state="done", closed_at=now, closed_by=actor.id)
        )  # fmt: skip
        _add_rows(session, case, part, signing, form["signers"], actor, now)
        _hand_out(session, case, part, now)

    return ask_signers


def sign(part: str) -> Effect:
    """Write down the opinion; end the round where it is certain, else hand on to those whose turn it is."""

    def sign_part(
        session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
    ) -> None:
        found = rows(session, case, part)
        mine = next(row for row in found if row.user_id == actor.id and row.state == "waiting")
        mine.state, mine.opinion, mine.signed_at = form["opinion"], form["note"], now
        session.flush()
        _close_tasks(session, case, part, now, actor, state="done", only=mine.id)
        _settle(session, case, part, actor, now)

    return sign_part


def add(part: str) -> Effect:
    """One more signer: before those who still wait, or after them."""

    def add_signer(
        session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
    ) -> None:
        found, signing = rows(session, case, part), _signing(session, case, part)
        again = {row.user_id: row for row in found}
        if twice := [i for i in form["signers"] if i in again and again[i].state != "dropped"]:
            name = session.scalar(select(User.name).where(User.id == twice[0]))
            raise Unmet(f"{name}已经是签署人。")
        waiting = [row.turn for row in found if row.state == "waiting"]
        turn = min(waiting) if form["place"] == "before" else max(row.turn for row in found) + 1
        if form["place"] == "before":
            for row in found:
                row.turn += row.state == "waiting"
        _add_rows(session, case, part, signing, form["signers"], actor, now, turn=turn, again=again)
        _hand_out(session, case, part, now)

    return add_signer


def drop(part: str) -> Effect:
    """Take signers off the round; their rows stay, marked."""

    def drop_signer(
        session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
    ) -> None:
        for row in rows(session, case, part):
            if row.user_id in form["signers"] and row.state == "waiting":
                row.state, row.opinion = "dropped", form["reason"]
        session.flush()
        _settle(session, case, part, actor, now)

    return drop_signer


def _signing(session: Session, case: CaseState, part: str) -> Signing:
    stage = office_of(session).catalogue.of(case).stages[case.stage]
    found = next(one.signing for one in stage.parts if one.code == part)
    assert found is not None
    return found


def _add_rows(
    session: Session, case: CaseState, part: str, signing: Signing, users: list[int], actor: Actor, now: datetime, *,
    turn: int = 1, again: dict[int, Signature] | None = None,
) -> None:  # fmt: skip
    roles = {user: _role_of(session, case, signing, user, now) for user in users}
    order = sorted(users, key=lambda user: (signing.by.index(roles[user]), user))
    for place, user in enumerate(order):
        row = (again or {}).get(user)
        if row is None:
            row = Signature(
                case_id=case.id, visit=case.visit, part=part, user_id=user, added=again is not None
            )
            session.add(row)
        row.role, row.weight = roles[user].code, signing.rule.weights.get(roles[user].code, 1)
        row.turn = turn + place if signing.rule.code == "sequence" and again is None else turn
        row.state, row.opinion, row.asked_by, row.asked_at = "waiting", "", actor.id, now
    session.flush()


def _role_of(session: Session, case: CaseState, signing: Signing, user: int, now: datetime) -> Role:
    """The role in which somebody signs: the first of those asked that he holds."""
    today = local_date(now)
    held = {
        (row.role, row.area_code)
        for row in session.execute(
            select(RoleAssignment.role, RoleAssignment.area_code).where(
                RoleAssignment.user_id == user, RoleAssignment.from_date <= today,
                (RoleAssignment.to_date.is_(None)) | (RoleAssignment.to_date >= today),
            )
        )
    }  # fmt: skip
    return next((role for role in signing.by if (role.code, post_of(role, case)) in held), signing.by[0])


def _settle(session: Session, case: CaseState, part: str, actor: Actor, now: datetime) -> None:
    """End the part where the quorum is certain; else see that those whose turn it is have their tasks."""
    found, rule = rows(session, case, part), _signing(session, case, part).rule
    verdict = rule.verdict(found)
    if verdict is None:
        _hand_out(session, case, part, now)
        return
    _close_tasks(session, case, part, now, actor, state="cancelled")
    send(session.connection(), [
        (sql.FINISH_PART, {"case": case.id, "of_visit": case.visit, "at": now, "part_code": part}),
        (sql.CLOSE_DEADLINE, {"case": case.id, "today": local_date(now), "at": now, "of_kind": f"part:{part}"}),
    ])  # fmt: skip


def _hand_out(session: Session, case: CaseState, part: str, now: datetime) -> None:
    """Tasks for those whose turn it is, and for nobody else."""
    found = [row for row in rows(session, case, part) if row.state == "waiting"]
    turn = min((row.turn for row in found), default=0)
    wanted = {f"{part}.{row.id}": row for row in found if row.turn == turn}
    have = {
        task.part: task
        for task in session.scalars(
            select(Task).where(
                Task.case_id == case.id,
                Task.state == "open",
                Task.part.startswith(f"{part}.", autoescape=True),
            )
        )
    }
    for code, task in have.items():
        if code not in wanted:
            task.state, task.closed_at = "cancelled", now
    session.flush()
    stage = office_of(session).catalogue.of(case).stages[case.stage]
    new = [
        (sql.ADD_TASK, task_row(case, ROLES[row.role], code, row.user_id, None, due_shown(case, stage), now))
        for code, row in wanted.items() if code not in have
    ]  # fmt: skip
    if new:
        send(session.connection(), new)


def _close_tasks(
    session: Session,
    case: CaseState,
    part: str,
    now: datetime,
    actor: Actor,
    *,
    state: str,
    only: int | None = None,
) -> None:
    here = Task.part == f"{part}.{only}" if only else Task.part.startswith(f"{part}.", autoescape=True)
    session.execute(
        update(Task).where(Task.case_id == case.id, Task.state == "open", here)
        .values(state=state, closed_at=now, closed_by=actor.id)
    )  # fmt: skip


__all__ = [
    "Quorum", "Signing", "agreed", "all_of", "any_of", "count", "in_sequence", "none_open", "rows", "share", "weighted",
]  # fmt: skip
