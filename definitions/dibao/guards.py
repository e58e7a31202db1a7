"""What must be true before a dibao act, beside role, recusal and four eyes."""

from __future__ import annotations

from fractions import Fraction

from definitions.dibao.effects import assessment_now
from definitions.editions.catalogue import edition
from definitions.shared.materials import gaps
from workflow.errors import FormRefused, Unmet
from workflow.facts import Facts

CONTACT_TRIES = 3
WARNINGS = 2
"""[design] domain: three tries before a household counts as unreachable, two warnings before an end (M57-29)."""


def nothing_missing(facts: Facts) -> None:
    """Complete: every paper there, every adult's authorisation signed (M57-10; M220-13)."""
    if missing := gaps(facts):
        raise Unmet(f"申请材料还不齐：{'、'.join(missing)}。请一次性告知申请人补正。", needs=missing)


def something_missing(facts: Facts) -> None:
    """A correction notice needs a gap."""
    if not gaps(facts) and not (facts.form or {}).get("more"):
        raise Unmet("申请材料齐全，没有需要补正的内容，请直接受理。")


def notified_once(facts: Facts) -> None:
    """Only one correction notice, unless law or facts are new (M57-10)."""
    if facts.case.facts.get("corrections") and not (facts.form or {}).get("again"):
        raise FormRefused({"again": "已一次性告知过；再次告知须因法规变化或新的事实，请选择原因"})


def agent_entrusted(facts: Facts) -> None:
    """A village agent files on written entrustment only (R649-11; M57-6)."""
    agent_only = facts.actor.roles == {"village_agent"}
    if agent_only and not (facts.form or {}).get("by_agent"):
        raise FormRefused({"by_agent": "代理员提交的申请应选“是”，并上传委托书"})


def check_was_negative(facts: Facts) -> None:
    """Only a negative information check opens the applicant's objection."""
    if facts.case.facts.get("check") != "mismatch":
        raise Unmet("信息核对没有得出“不符合”的结论，不能转入异议环节。")


def check_not_negative(facts: Facts) -> None:
    """A negative information check is told to the applicant first (M220-20; M57-18)."""
    if facts.case.facts.get("check") == "mismatch" and not facts.case.facts.get("rechecked"):
        raise Unmet("信息核对结论为“不符合”，请先告知申请人，听取异议。")


def appraised_properly(facts: Facts) -> None:
    """Villager representatives at least two thirds, all signed, near relatives excused (M220-22)."""
    if facts.form is None:
        return
    people = facts.form["participants"]
    law = edition(facts.case.edition)
    share = law.number("appraisal_share", facts.today).value
    assert isinstance(share, Fraction)
    faults = []
    if kin := [p["name"] for p in people if p["near_relative"]]:
        faults.append(f"{'、'.join(kin)}是申请人近亲属，应当回避")
    if unsigned := [p["name"] for p in people if not p["signed"]]:
        faults.append(f"{'、'.join(unsigned)}还没有签字")
    representatives = sum(p["kind"] == "villager_rep" for p in people)
    if Fraction(representatives, len(people)) < share:
        faults.append(
            f"参加 {len(people)} 人中村（居）民代表 {representatives} 人，不足 {share.numerator}/{share.denominator}"
        )
    if faults:
        raise FormRefused({"participants": "；".join(faults) + "。评议无效，请重新组织。"})


def agrees_or_explains_approval(facts: Facts) -> None:
    """Proposing against the computation, or another amount, needs a written reason."""
    if facts.form is None:
        return
    computed, form = assessment_now(facts), facts.form
    differs = not computed["eligible"] or (form["amount"] not in (None, computed["total"]))
    if differs and not form["reason"]:
        told = "符合条件" if computed["eligible"] else "不符合条件"
        raise FormRefused(
            {"reason": f"系统计算结果为{told}、每月 {computed['total']} 元；与此不同须写明理由"}
        )
    if not computed["eligible"] and form["amount"] in (None, "0.00"):
        raise FormRefused({"amount": "系统计算为不符合条件，拟同意时须填写拟定的月保障金"})
    if computed["eligible"] and (form["amount"] or computed["total"]) == "0.00":
        raise FormRefused({"amount": "月保障金为零，不能拟同意"})


def contact_tried(facts: Facts) -> None:
    """Two warnings are on record before a procedure is ended (M57-29)."""
    if facts.case.facts.get("warnings", 0) < WARNINGS:
        raise Unmet(
            f"终止审核前须有 {WARNINGS} 次书面告知记录，现有 {facts.case.facts.get('warnings', 0)} 次。"
        )


def sampled(facts: Facts) -> None:
    """The draw, or a forced reason, calls for a county visit."""
    if not facts.case.facts.get("sampled"):
        raise Unmet("本案未被抽中，也没有必须入户的情形；确有需要的，可先登记疑点。")


def visited_if_sampled(facts: Facts) -> None:
    """A sampled, near-relative, reported or doubtful case is decided only after the county's visit (M220-26; M57-20)."""
    if facts.case.facts.get("sampled") and not facts.case.facts.get("county_visited"):
        raise Unmet("本案应由县级入户抽查，抽查完成后才能提出意见。")


def not_returned_before(facts: Facts) -> None:
    """A file goes back to the town once."""
    if facts.case.facts.get("returned"):
        raise Unmet("本案已退回补充过一次，不能再次退回；请直接提出意见。")


def town_proposed_approval(facts: Facts) -> None:
    """There is an amount to decide on."""
    if not facts.case.facts.get("amount"):
        raise Unmet("初审意见为不同意，没有可以批准的金额。")


def proposed_refusal(facts: Facts) -> None:
    """The opinion under way is a refusal."""
    if facts.case.facts.get("proposal") != "refuse":
        raise Unmet("现在的意见是拟同意，不能按不同意办理。")


def proposed_approval(facts: Facts) -> None:
    """The opinion under way is an approval."""
    if facts.case.facts.get("proposal") != "approve":
        raise Unmet("现在的意见是拟不同意，不能按同意办理。")
