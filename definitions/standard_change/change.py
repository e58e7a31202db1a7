"""调整标准 (change of standards): drawn up by one, its households listed, released by another, carried out on its day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from definitions.editions.standards import KINDS
from definitions.shared.guards import first_of_next_month
from definitions.standard_change import checking, listing
from definitions.standard_change.publishing import planned, publish, try_publish
from workflow.actors import Actor
from workflow.entries import reference
from workflow.errors import FormRefused, Unmet
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Day, Form, Money, Reason, Rows, Text
from workflow.households import SETTINGS
from workflow.imports import ImportRefused
from workflow.periods import OnDate
from workflow.roles import COUNTY_APPROVER, COUNTY_REVIEWER, SYSTEM
from workflow.vocabulary import Definition, Limit, Stage, action


class Draft(Form):
    """The paper and its amounts."""

    source = Text("文件依据", sample="样例文件 1 号")
    from_date = Day("起始日期", future=True, hint="某月 1 日，不早于下月")
    to_date = Day("截止日期", future=True, hint="文件的有效期")
    amounts = Rows(
        "新标准",
        {"kind": Choice("项目", KINDS), "setting": Choice("城乡", SETTINGS), "amount": Money("标准（元）")},
        at_least=1,
    )

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """From the first of a month that is not paid yet, each amount once and not nothing."""
        first, last = date.fromisoformat(form["from_date"]), date.fromisoformat(form["to_date"])
        errors = {}
        if first.day != 1 or first < first_of_next_month(facts.today):
            errors["from_date"] = (
                f"救助金按月发放，起始日期应是某月 1 日，并不早于 {first_of_next_month(facts.today)}"
            )
        if last <= first:
            errors["to_date"] = "截止日期应在起始日期以后"
        given = [(row["kind"], row["setting"]) for row in form["amounts"]]
        if len(given) > len(set(given)):
            errors["amounts"] = "同一项目同一城乡只能写一次"
        elif any(not Decimal(row["amount"]) for row in form["amounts"]):
            errors["amounts"] = "标准不能是 0"
        return errors

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """The monthly standard of both settings from next month on."""
        first = first_of_next_month(facts.today)
        rows = [{"kind": "standard", "setting": setting, "amount": "744.00"} for setting in SETTINGS]
        return {
            "source": "样例文件 1 号", "from_date": first.isoformat(),
            "to_date": first.replace(year=first.year + 1).isoformat(), "amounts": rows,
        }  # fmt: skip


class Because(Form):
    """Sent back or given up, with the reason."""

    reason = Reason("理由", sample="文件还没有印发")


def acceptable(facts: Facts) -> None:
    """The district's table would take the amounts: no overlapping dates, none outside the law's band (ZJ-10)."""
    if facts.form is None:
        return
    try:
        try_publish(facts.session, planned(facts.form), facts.actor, facts.now)
    except ImportRefused as refused:
        raise FormRefused(
            {"amounts": "；".join(f"第 {f.line} 行：{f.reason}" for f in refused.faults)}
        ) from refused


def take_draft(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """What is to be released, and the title by which it is found."""
    listing.drop_list(session, case.id)
    case.facts |= {key: form[key] for key in ("source", "from_date", "to_date", "amounts")}
    case.title = f"{form['source']}（{form['from_date']} 起）"


def list_is_complete(facts: Facts) -> None:
    """Every benefit is on the list as it now stands."""
    if left := listing.outdated(facts.session, facts.case):
        raise Unmet(f"还有 {left} 户的待遇与名单不同，名单列完才能办。")


def keep_totals(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The figures of the list stand on the case."""
    found = listing.totals(session, case.id)
    case.facts["list"] = {
        "benefits": found.benefits, "adjust": found.adjusted, "review": found.reviewed, "more": f"{found.more:.2f}",
    }  # fmt: skip


def drop(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The list is made anew."""
    listing.drop_list(session, case.id)
    case.facts.pop("list", None)


def list_stands(facts: Facts) -> None:
    """No benefit has changed since the list was made: what is signed is what will be done."""
    if changed := listing.outdated(facts.session, facts.case):
        raise Unmet(f"名单列出后有 {changed} 户的待遇变了，请先重新列名单再发布。")


def in_time(facts: Facts) -> None:
    """Before the first month is paid."""
    first = date.fromisoformat(facts.case.facts["from_date"])
    if first < first_of_next_month(facts.today):
        raise Unmet(f"起始日期 {first} 已不在下月以后，请退回修改起始日期。")


def release_amounts(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """The amounts enter the district's table, and each listed benefit has its act fixed for the first day."""
    plan = planned(case.facts)
    publish(session, plan, actor, now)
    case.facts["decided_by"] = reference(case)
    listing.plan_all(session, case, plan, reference(case))


def adjustments_agree(facts: Facts) -> None:
    """Everything is carried out, and list and adjustments agree to the fen."""
    if found := checking.faults(facts.session, facts.case.id):
        raise Unmet(f"执行结果与名单不一致：{checking.in_words(found)}。")


class StandardChange(Definition):
    """调整标准：一人拟定，系统列名单，另一人发布，到日逐户执行。"""

    code, editions, title, prefix, subject = (
        "standard_change",
        ("NB2016", "NAT2021", "NAT2021-DELEGATED"),
        "调整标准",
        "BZ",
        "standards",
    )
    opened_by = (COUNTY_REVIEWER,)
    steps = ("drafting", "being_listed", "listed", "released", "settled")

    drafting = Stage("拟定", held_by=COUNTY_REVIEWER, todo="填写新标准，列出受影响的家庭", no_limit="由文件的执行日期决定", initial=True)  # fmt: skip
    being_listed = Stage("正在列名单", no_limit="系统逐户试算，列完即可发布")
    listed = Stage("待发布", held_by=COUNTY_APPROVER, todo="核对名单，发布标准", limit=Limit(OnDate("from_date"), "内部要求：起始日期以前发布"))  # fmt: skip
    released = Stage("已发布", no_limit="到起始日期由系统逐户执行")
    settled = Stage("已执行", final=True, result="settled")
    withdrawn = Stage("不再发布", final=True, result="withdrawn")

    draw_up = action("列出受影响的家庭", drafting.to(being_listed), by=COUNTY_REVIEWER, form=Draft, says="拟定了新标准", source="R649-10；ZJ-10",
                     guards=(acceptable,), effects=(take_draft,), hand="listing", primary=True)  # fmt: skip
    list_ready = action("名单列好", being_listed.to(listed), by=SYSTEM, says="列好了受影响家庭的名单", source="内部要求", when=(list_is_complete,),
                        effects=(keep_totals,))  # fmt: skip
    relist = action("重新列名单", listed.to(being_listed), by=(COUNTY_REVIEWER, COUNTY_APPROVER), says="重新列名单", source="内部要求", effects=(drop,))  # fmt: skip
    send_back = action("退回修改", listed.to(drafting), by=COUNTY_APPROVER, form=Because, says="退回修改", source="内部要求", effects=(drop,))
    release = action("发布标准", listed.to(released), by=COUNTY_APPROVER, says="发布了新标准", source="R649-10；ZJ-10", decides=True,
                     apart_from=("listing",), when=(in_time, list_stands), effects=(release_amounts,), hand="decision", primary=True)  # fmt: skip
    withdraw = action("不再发布", drafting.to(withdrawn) | listed.to(withdrawn), by=COUNTY_REVIEWER, form=Because, says="不再发布", source="内部要求",
                      effects=(drop,))  # fmt: skip
    settle = action("执行完毕", released.to(settled), by=SYSTEM, says="名单上的家庭都已执行，与名单一致", source="内部要求", when=(adjustments_agree,))  # fmt: skip
