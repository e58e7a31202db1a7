"""What the programmes of single departments have in common (domain 3.4): application, eligibility, decision, grant.

A1 application, A2 eligibility from the ledger or by verification, A3 review, A4 publicity where the law asks for it,
A5 decision, A6 payment, A7 the ledger of aid.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from definitions.shared.grants import mark_paid
from definitions.shared.planning import open_linked
from definitions.shared.tiers import CERTIFIED, DIRECT, Tier, tier_of
from definitions.verification.signing import record_signatures
from workflow.actors import Actor
from workflow.errors import Unmet
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Day, Form, LongText, Member, Members, Reason, Text
from workflow.models import Person
from workflow.periods import local_date

CONCLUSIONS = {"match": "符合", "mismatch": "不符合", "doubt": "需进一步核实"}


class Application(Form):
    """Who asks for whom, and what shows that he belongs to a group of persons in need."""

    person = Member("为谁申请")
    authorised = Members(
        "已签核对授权书的成年成员",
        adults=True,
        required=False,
        hint="没有救助证件、需要核对家庭经济状况的才签",
    )
    group = Choice("持有的救助证件", CERTIFIED, required=False, hint="在享低保、特困由系统自动识别，不用填写")
    certificate = Text("证件编号", required=False, only_if="group")
    valid_until = Day("证件有效期至", future=True, required=False, only_if="group")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """A member of this family; a certificate has its number and its end."""
        if form["person"] not in cls.fields()["person"].options(facts):  # type: ignore[attr-defined]
            return {"person": "只能为本户成员申请"}
        if not form["group"]:
            return {}
        asked = {"certificate": "请填写证件编号", "valid_until": "请填写证件有效期"}
        return {name: words for name, words in asked.items() if not form[name]}

    @classmethod
    def suggests(cls, facts: Facts) -> dict[str, Any]:
        """What the intake that opened the case was told already."""
        known = facts.case.facts
        person = known.get("person_id") or known.get("applicant_id")
        told = {"person": person, "authorised": known.get("authorised"), "level": known.get("level")}
        return {name: value for name, value in told.items() if value and name in cls.fields()}

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """For the first member; every adult has signed."""
        people = list(cls.fields()["person"].options(facts))  # type: ignore[attr-defined]
        if not people:
            raise LookupError("家庭成员")
        adults = list(cls.fields()["authorised"].options(facts))  # type: ignore[attr-defined]
        return {"person": people[0], "authorised": adults}


class Gaps(Form):
    """The one notice of everything that is missing (R649-11 by analogy)."""

    missing = LongText("需要补正的内容", sample="缺医保结算单")


class Written(Form):
    """An act that is only allowed with a written reason."""

    reason = Reason("理由", sample="情况属实，依规定办理")


class CheckReport(Form):
    """The conclusion of the information check, handed over by the verification case."""

    conclusion = Choice("核对结论", CONCLUSIONS)
    note = LongText("说明", required=False)


class Refusal(Form):
    """The reason the applicant will read."""

    reason = Reason("不予救助的理由", sample="家庭经济状况不符合救助条件")


class Decision(Form):
    """The approver signs."""

    note = LongText("审批意见", required=False, sample="同意")


class Payment(Form):
    """The aid has reached the person."""

    paid_on = Day("支付日期")
    how = Choice("支付方式", {"bank": "银行转账", "settled": "一站式结算抵扣", "school": "拨付学校"})


class Service(Form):
    """A letter reached the applicant."""

    served_on = Day("送达日期")
    receiver = Text("签收人", sample="申请人本人")


def take_applicant(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """For whom, with which certificate; he is the one the letters speak to, or his family's head for a child."""
    person = session.get_one(Person, form["person"])
    case.facts.setdefault("applicant_id", person.id)
    case.facts |= {"person_id": person.id, "authorised": form["authorised"]}
    record_signatures(session, case, form["authorised"], actor, now)
    case.facts.pop("certificate", None)
    if form["group"]:
        case.facts["certificate"] = {
            "group": form["group"], "number": form["certificate"], "until": form["valid_until"],
        }  # fmt: skip
    case.title = person.name


def accept(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Accepted: the clock of the procedure starts."""
    case.accepted_on = local_date(now)


def note_gaps(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The notice, once."""
    case.facts["gaps"] = [line for line in form["missing"].splitlines() if line.strip()]


def papers(facts: Facts) -> list[str]:
    """The certificate where one is named, the authorisations where some have signed: seen, not believed."""
    held = {"tier_certificate": "certificate", "authorisation": "authorised"}
    return [kind for kind, fact in held.items() if facts.case.facts.get(fact)]


def tier_now(facts: Facts) -> Tier | None:
    """The applicant's group today."""
    return tier_of(facts.session, facts.case, facts.case.facts["person_id"], facts.today)


def holds_tier(facts: Facts) -> None:
    """Goes straight to the department: in a group helped directly, or its publicity is over (R649-30; ZJ-23)."""
    tier = tier_now(facts)
    if (tier is None or tier.group not in DIRECT) and not facts.case.facts.get("published"):
        raise Unmet("系统里没有在享待遇，也没有有效的低保、特困或者低保边缘证件；请委托核对家庭经济状况。")


def shown(facts: Facts) -> None:
    """A group of any kind, or a finished check: eligible to be looked at (R649-33; ZJ-26)."""
    if tier_now(facts) is None and not facts.case.facts.get("check"):
        raise Unmet("系统里没有在享待遇，也没有有效证件；请先委托核对家庭经济状况。")


def needs_check(facts: Facts) -> None:
    """Only who cannot show a group is asked about his means."""
    if tier := tier_now(facts):
        raise Unmet(f"已是{tier.label}（{tier.shown_by}），不用再核对家庭经济状况。")
    if facts.case.facts.get("check"):
        raise Unmet("已有核对结论，不用重复核对。")


def needs_no_check(facts: Facts) -> None:
    """Known to the town already: by a certificate without direct way, or by a check of this case."""
    tier = tier_now(facts)
    if tier is not None and tier.group in DIRECT:
        raise Unmet(f"已是{tier.label}（{tier.shown_by}），请直接转部门审核。")
    if tier is None and not facts.case.facts.get("check"):
        raise Unmet("没有证件，也还没有核对结论，请先委托核对家庭经济状况。")


def open_check(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The family's means are verified by a case of their own (R649-58)."""
    open_linked(session, case, "verification", actor=actor, now=now, facts={"part": "check"})


def take_check(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The conclusion of the check."""
    case.facts["check"] = form["conclusion"]


def fix_tier(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The group is kept as it was on this day."""
    tier = tier_of(session, case, case.facts["person_id"], local_date(now))
    if tier is not None:
        until = tier.until.isoformat() if tier.until else ""
        case.facts["tier"] = {"group": tier.group, "shown_by": tier.shown_by, "until": until}


def group_of(case: CaseState) -> str:
    """The group the case is decided by."""
    tier = case.facts.get("tier")
    return str(tier["group"] if tier else "other")


def propose_refusal(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """A negative opinion, with the reason the applicant will read."""
    case.facts |= {"proposal": "refuse", "refusal_reason": form["reason"]}


def proposed_approval(facts: Facts) -> None:
    """There is an amount to decide on."""
    if facts.case.facts.get("proposal") != "approve":
        raise Unmet("现在的意见是不予救助，不能按同意办理。")


def note_refusal(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Refused: the reason stands in the letter with both remedies (R649-65)."""
    case.facts |= {"refusal_reason": form["reason"], "decided_on": local_date(now).isoformat()}


def pay(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Paid: the ledger has its day."""
    mark_paid(session, case.id, date.fromisoformat(form["paid_on"]))
    case.facts["paid_on"] = form["paid_on"]
