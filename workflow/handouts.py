"""Handing out goods and money at the window: asked for, decided by another person, received against a signature.

Every step stands in the journal of the case. The receipt is a paper of the case, photographed with the signature on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from workflow import statements as sql
from workflow.actors import Actor
from workflow.entries import note, read
from workflow.errors import NotFound, NotNow, NotPermitted, Unmet
from workflow.facts import CaseState
from workflow.forms import SHORTEST_REASON, Choice, Form, LongText, Member, Money, Reason, Text, Whole, YesNo
from workflow.models import Case, Document, HandOut
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import scope_of
from workflow.roles import TOWN_APPROVER, TOWN_REVIEWER, WINDOW, Role

PREFIX = "WZ"
KINDS = {"goods": "物品", "money": "现金"}
STATES = {
    "requested": "待批准", "approved": "待发放", "declined": "不同意", "handed_out": "已发放", "cancelled": "已取消",
}  # fmt: skip
RECEIPT = "handout_receipt"
"""The kind of paper on which the receipt is signed."""
ASKS: tuple[Role, ...] = (WINDOW,)
DECIDES: tuple[Role, ...] = (TOWN_REVIEWER, TOWN_APPROVER)


class Request(Form):
    """What a family is to be given: a number of things, or a sum."""

    person = Member("发给谁")
    kind = Choice("物品还是现金", KINDS)
    what = Text("物品名称或者现金用途", sample="棉被")
    quantity = Whole("数量", at_least=1, at_most=9999, required=False)
    unit = Text("单位", required=False, sample="床", hint="例如：床、袋、箱")
    amount = Money("金额（元）", required=False)
    reason = Reason("发放理由", sample="房屋受损，急需御寒")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Any) -> dict[str, str]:
        """A number and unit of things, or an amount, not both."""
        if form["kind"] == "goods":
            needed = {
                name: text
                for name, text in {"quantity": "请填数量", "unit": "请填单位"}.items()
                if not form[name]
            }
            return needed | ({"amount": "发物品的不填金额"} if form["amount"] else {})
        if form["amount"] is None or Decimal(form["amount"]) == 0:
            return {"amount": "请填金额"}
        return {"quantity": "发现金的不填数量"} if form["quantity"] else {}


class Decision(Form):
    """Whether it is given; a refusal says why."""

    agreed = YesNo("同意发放")
    words = LongText("意见", required=False)

    @classmethod
    def check(cls, form: dict[str, Any], facts: Any) -> dict[str, str]:
        """No refusal without a reason."""
        if form["agreed"] or len(form["words"]) >= SHORTEST_REASON:
            return {}
        return {"words": f"不同意的要写明理由，至少 {SHORTEST_REASON} 个字"}


class Cancelling(Form):
    """Why it is not given after all."""

    reason = Reason("取消的理由", sample="申请人已从别处领到")


class Receipt(Form):
    """Who has received it and signed for it."""

    received_by = Text("领取人签名（姓名）", sample="王秀英")
    relation = Text("领取人与受助人关系", required=False, hint="本人领取不填")


def request(
    office: Office,
    conn: Connection,
    case_id: int,
    form: dict[str, Any],
    *,
    key: str,
    actor: Actor,
    now: datetime,
) -> HandOut:
    """Ask for it on an open case. The same key again is the same request.

    Raises NotPermitted, NotNow where the case has ended.
    """
    session = office.session(conn)
    case, _ = read(office, conn, case_id)
    require(actor, ASKS, case)
    if (same := session.scalar(select(HandOut).where(HandOut.key == key))) is not None:
        return same
    if case.closed_at is not None:
        raise NotNow("办件已经办结，不能再申请发放；请为这一家另开综合受理。")
    row = HandOut(
        number=sql.next_number(conn, PREFIX, local_date(now).year), key=key, case_id=case.id, household_id=case.household_id,
        person_id=form["person"], kind=form["kind"], what=form["what"], quantity=form["quantity"], unit=form["unit"],
        amount=Decimal(form["amount"]) if form["amount"] else None, reason=form["reason"], state="requested",
        requested_by=actor.id, requested_at=now,
    )  # fmt: skip
    session.add(row)
    _noted(session, case, actor, now, "handout_request", f"申请发放{spoken(row)}（{row.number}）", row.reason)
    return row


def decide(
    office: Office, conn: Connection, handout_id: int, form: dict[str, Any], *, actor: Actor, now: datetime
) -> HandOut:
    """Approve or decline it. Raises NotPermitted for whoever asked for it himself, NotNow where it is decided."""
    session, row, case = _locked(office, conn, handout_id)
    require(actor, DECIDES, case)
    if row.requested_by in actor.persons:
        raise NotPermitted("这笔发放是您（或者您代理的人）申请的，应由他人批准。")
    _stands(row, "requested")
    row.state, row.decision = "approved" if form["agreed"] else "declined", form["words"]
    row.decided_by, row.decided_at = actor.id, now
    said = "批准" if form["agreed"] else "不同意"
    _noted(
        session,
        case,
        actor,
        now,
        f"handout_{row.state}",
        f"{said}发放{spoken(row)}（{row.number}）",
        row.decision,
    )
    return row


def hand_over(
    office: Office, conn: Connection, handout_id: int, form: dict[str, Any], *, receipt: Document | None, actor: Actor,
    now: datetime,
) -> HandOut:  # fmt: skip
    """Given out against the signed receipt, once. Raises Unmet without the receipt."""
    session, row, case = _locked(office, conn, handout_id)
    require(actor, ASKS, case)
    _stands(row, "approved")
    if receipt is None or receipt.case_id != row.case_id:
        raise Unmet("请先上传领取人签名的领取凭证照片。", needs=[RECEIPT])
    relation = f"（{form['relation']}）" if form["relation"] else ""
    row.state, row.received_by, row.receipt_id = "handed_out", f"{form['received_by']}{relation}", receipt.id
    row.handed_by, row.handed_at = actor.id, now
    says = f"发放了{spoken(row)}（{row.number}），{row.received_by}签收"
    _noted(session, case, actor, now, "handout_given", says, "")
    return row


def cancel(
    office: Office, conn: Connection, handout_id: int, form: dict[str, Any], *, actor: Actor, now: datetime
) -> HandOut:
    """Take back what was asked for and is not handed out."""
    session, row, case = _locked(office, conn, handout_id)
    require(actor, ASKS, case)
    _stands(row, "requested", "approved")
    row.state = "cancelled"
    _noted(
        session,
        case,
        actor,
        now,
        "handout_cancelled",
        f"取消发放{spoken(row)}（{row.number}）",
        form["reason"],
    )
    return row


def of_case(session: Session, case_id: int) -> Sequence[HandOut]:
    """What a case asks to hand out, oldest first."""
    return session.scalars(select(HandOut).where(HandOut.case_id == case_id).order_by(HandOut.id)).all()


def spoken(row: HandOut) -> str:
    """What it is, in words: 棉被 2 床; 路费 200.00 元."""
    return (
        f"{row.what} {row.amount:.2f} 元" if row.kind == "money" else f"{row.what} {row.quantity} {row.unit}"
    )


def may(actor: Actor, roles: Sequence[Role], case: CaseState | Case) -> bool:
    """Whether he holds one of the roles where the case is."""
    return any(actor.holds(role, scope_of(role, case.area_code), case.definition) for role in roles)


def require(actor: Actor, roles: Sequence[Role], case: CaseState | Case) -> None:
    """Raise NotPermitted for whoever holds none of the roles where the case is, or must keep out of it."""
    if not may(actor, roles, case) or set(actor.persons) & set(case.barred):
        titles = "、".join(role.title for role in roles)
        raise NotPermitted(f"这一步由{titles}办理，您没有这个岗位、不管这个区域或者应当回避。")


def _locked(office: Office, conn: Connection, handout_id: int) -> tuple[Session, HandOut, CaseState]:
    """The row and its case, under the case's lock: two windows cannot hand out the same thing."""
    session = office.session(conn)
    case_id = session.scalar(select(HandOut.case_id).where(HandOut.id == handout_id))
    if case_id is None:
        raise NotFound
    case, _ = read(office, conn, case_id)
    return session, session.get_one(HandOut, handout_id, populate_existing=True), case


def _stands(row: HandOut, *states: str) -> None:
    if row.state not in states:
        raise NotNow(f"{row.number} 现在是“{STATES[row.state]}”，不能办这一步。")


def _noted(
    session: Session, case: CaseState, actor: Actor, now: datetime, action: str, says: str, reason: str
) -> None:
    """Write the row, and what was done into the journal of the case; a form somebody fills in meanwhile stays good."""
    session.flush()
    note(
        session.connection(),
        case,
        actor=actor,
        now=now,
        action=action,
        says=says,
        reason=reason,
        stales=False,
    )
