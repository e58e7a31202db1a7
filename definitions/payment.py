"""发放清册 (payment list): what is due to whom for a month, checked by one, recorded by another (M220-31; M57-25)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.facts import CaseState, Facts
from workflow.forms import Day, Form, LongText, Rows, Text, Whole
from workflow.models import PaymentLine
from workflow.periods import Days, OnDate
from workflow.roles import FINANCE
from workflow.vocabulary import Definition, Limit, Stage, action, stays

REISSUED_WITHIN = 10
"""Days in which a line that came back is issued again [design] domain 3.1."""


class Checked(Form):
    """The list agrees with the decisions."""

    note = LongText("核对情况", sample="与审批决定核对一致", required=False)


class Paid(Form):
    """The bank paid every line."""

    paid_on = Day("发放日期")


class PaidInPart(Paid):
    """Some lines came back."""

    failed = Rows(
        "发放失败的明细",
        {"line": Whole("明细编号", at_least=1, at_most=10**9), "why": Text("失败原因", sample="账户已销户")},
        at_least=1,
    )

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Each named line is one of this list that is still due or failed."""
        lines = set(_lines(facts.session, facts.case.id, "due", "failed"))
        strange = [row["line"] for row in form["failed"] if row["line"] not in lines]
        return {"failed": f"明细 {strange[0]} 不在本清册的待发明细中"} if strange else {}

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """The first line came back."""
        lines = _lines(facts.session, facts.case.id, "due", "failed")
        if not lines:
            raise LookupError("待发明细")
        return {"paid_on": facts.today.isoformat(), "failed": [{"line": lines[0], "why": "账户已销户"}]}


def _lines(session: Session, list_id: int, *states: str) -> list[int]:
    found = select(PaymentLine.id).where(PaymentLine.list_id == list_id, PaymentLine.state.in_(states))
    return list(session.scalars(found.order_by(PaymentLine.id)))


def pay_all(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Every line still open is paid."""
    _mark(session, case, {"due", "failed"}, {}, date.fromisoformat(form["paid_on"]))


def pay_in_part(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The named lines failed, the others are paid."""
    _mark(
        session,
        case,
        {"due", "failed"},
        {row["line"]: row["why"] for row in form["failed"]},
        date.fromisoformat(form["paid_on"]),
    )


def _mark(session: Session, case: CaseState, states: set[str], failed: dict[int, str], paid_on: date) -> None:
    lines = session.scalars(
        select(PaymentLine).where(PaymentLine.list_id == case.id, PaymentLine.state.in_(states))
    )
    for line in lines:
        line.tries += 1
        if line.id in failed:
            line.state, line.failure = "failed", failed[line.id]
        else:
            line.state, line.paid_on, line.failure = "paid", paid_on, ""
    session.flush()
    totals = session.execute(
        select(PaymentLine.state, PaymentLine.amount).where(PaymentLine.list_id == case.id)
    ).all()
    case.facts["paid"] = f"{sum(amount for state, amount in totals if state == 'paid'):.2f}"
    case.facts["failed"] = sum(state == "failed" for state, _ in totals)


class PaymentList(Definition):
    """一个镇一个月的发放清册：一人核对，另一人登记结果，失败的补发。"""

    code, editions, title, prefix, subject = (
        "payment",
        ("NB2016", "NAT2021", "NAT2021-DELEGATED"),
        "发放清册",
        "FF",
        "payment_list",
    )
    steps = ("listed", "checked", "settled")

    listed = Stage(
        "待核对",
        held_by=FINANCE,
        todo="核对本月清册",
        limit=Limit(OnDate("pay_by"), "M220-31；NAT 版为地方约定"),
        initial=True,
    )
    checked = Stage(
        "待发放",
        held_by=FINANCE,
        todo="登记发放结果",
        limit=Limit(OnDate("pay_by"), "M220-31；NAT 版为地方约定"),
    )
    reissuing = Stage(
        "待补发", held_by=FINANCE, todo="补发失败的明细", limit=Limit(Days(REISSUED_WITHIN), "内部要求：补发期限")
    )
    settled = Stage("已发清", final=True, result="settled")

    check = action(
        "核对无误",
        listed.to(checked),
        by=FINANCE,
        form=Checked,
        says="核对了发放清册",
        source="M220-31",
        hand="listing",
        primary=True,
    )
    all_paid = action("全部发放成功", checked.to(settled), by=FINANCE, form=Paid, says="本月救助金全部发放", source="M220-31；M57-25",
                      apart_from=("listing",), effects=(pay_all,), primary=True)  # fmt: skip
    some_failed = action("部分发放失败", checked.to(reissuing), by=FINANCE, form=PaidInPart, says="部分明细发放失败，待补发", source="M220-31",
                         apart_from=("listing",), effects=(pay_in_part,))  # fmt: skip
    failed_again = action(
        "补发仍失败",
        stays(reissuing),
        by=FINANCE,
        form=PaidInPart,
        says="补发仍有失败",
        source="内部要求",
        effects=(pay_in_part,),
    )
    reissue = action(
        "补发成功",
        reissuing.to(settled),
        by=FINANCE,
        form=Paid,
        says="失败明细已补发",
        source="内部要求：补发",
        effects=(pay_all,),
        primary=True,
    )
