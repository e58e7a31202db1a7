"""What the window asks: who comes and why, what is decided about each proposal, and what the family says in the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from definitions.departments import KINDS
from definitions.dibao.forms import NEAR_RELATIONS
from definitions.intake.channels import AGENT_CHANNEL, ASKED_FOR, CHANNELS, FROM_ELSEWHERE, TROUBLES
from definitions.intake.proposals import CAN, CANNOT, UNKNOWN, proposals_of
from definitions.intake.results import running
from definitions.intake.ways import DECISIONS, GOING, LABELS, NOT_ENTITLED, OPEN, REFER, WAYS
from workflow.facts import Facts
from workflow.forms import (
    SHORTEST_REASON,
    Choice,
    Choices,
    Day,
    Form,
    LongText,
    Members,
    Reason,
    Rows,
    Text,
    YesNo,
)
from workflow.roles import VILLAGE_AGENT


class Registration(Form):
    """Who comes, through which channel, with what trouble. What is signed here serves every case opened from it."""

    channel = Choice("来件渠道", CHANNELS)
    came_from = Text("转入单位或者发现人", required=False, hint="主动发现和转入的必须写明")
    applicant = Members("申请人（共同生活的家庭成员之一）", hint="选一人")
    by_agent = YesNo("由他人代为申请", sample=False, hint="代办须有书面委托书，先上传再登记（R649-11）")
    agent_name = Text("代办人姓名", only_if="by_agent")
    troubles = Choices("遇到的困难", TROUBLES)
    words = LongText("来意（照申请人的话写）", sample="家里收入断了，想问问能得到什么帮助")
    authorised = Members(
        "已签核对授权书的成年成员", adults=True, required=False, hint="一次签字，各项救助共用"
    )
    near_relatives = Rows(
        "近亲属备案",
        {"staff_name": Text("经办人员或村干部姓名"), "relation": Choice("关系", NEAR_RELATIONS)},
        hint="与经办人员、村（社区）委员会成员有近亲属关系的如实填写；没有就不填",
    )

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """One applicant; an entrusted application names the agent; what came from elsewhere says from where."""
        errors = {}
        if len(form["applicant"]) != 1:
            errors["applicant"] = "申请人选一人"
        if form["channel"] == AGENT_CHANNEL and not form["by_agent"]:
            errors["by_agent"] = "村（社区）代办的应选“是”，并上传委托书"
        if form["channel"] in FROM_ELSEWHERE and not form["came_from"]:
            errors["came_from"] = "请写明由哪个单位转来，或者由谁发现"
        return errors

    @classmethod
    def suggests(cls, facts: Facts) -> dict[str, Any]:
        """The head applies for himself at the window; a case that brought its channel along keeps it."""
        members = list(cls.fields()["applicant"].options(facts))  # type: ignore[attr-defined]
        agent = facts.actor.roles == {VILLAGE_AGENT.code}
        known = {
            name: facts.case.facts[name]
            for name in ("channel", "came_from", "troubles")
            if name in facts.case.facts
        }
        return {
            "channel": AGENT_CHANNEL if agent else "window",
            "applicant": members[:1],
            "by_agent": agent,
        } | known

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """The head comes to the window for himself, or a village agent for him, and every adult has signed."""
        agent = facts.actor.roles == {VILLAGE_AGENT.code}
        members = list(cls.fields()["applicant"].options(facts))  # type: ignore[attr-defined]
        if not members:
            raise LookupError("家庭成员")
        adults = list(cls.fields()["authorised"].options(facts))  # type: ignore[attr-defined]
        return {"channel": AGENT_CHANNEL if agent else "window", "applicant": members[:1], "by_agent": agent, "troubles": ["living"],
                "words": "家里收入断了，想问问能得到什么帮助", "authorised": adults} | ({"agent_name": facts.actor.name} if agent else {})  # fmt: skip


DECIDING = {
    "item": Choice("事项", LABELS),
    "decision": Choice("怎样办", DECISIONS),
    "why": Text("理由或需要的帮助", required=False),
    "department": Choice("转给（不选按事项）", KINDS, required=False),
}


class Decided(Form):
    """The clerk's decision about each proposal; where he differs from it, he says why."""

    decisions = Rows(
        "逐项决定", DECIDING, at_least=1,
        hint="与系统建议不同的要写理由；转办的写明需要什么帮助；申请人坚持申请的应当开办（R649-11）",
    )  # fmt: skip

    @classmethod
    def suggests(cls, facts: Facts) -> dict[str, Any]:
        """What can be had, of what excludes one another the first, and what the family asked for; decided before: left out."""
        return {"decisions": [_suggested(one) for one in _open_proposals(facts)]}

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Each item once, handled the way it can be, with the reasons that are due; no possible help passed over."""
        faults = [*_faulty(form["decisions"], facts), *_passed_over(form["decisions"], facts)]
        return {"decisions": "；".join(faults)} if faults else {}

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """As proposed; temporary help is asked for where nothing is."""
        proposed = [_suggested(one) for one in _open_proposals(facts) if one["verdict"] == CAN]
        taken = running(facts.session, facts.case.household_id)
        free = [row for row in proposed if not (WAYS[row["item"]].once and WAYS[row["item"]].opens in taken)]
        return {"decisions": free or [_suggested({"item": "temporary", "verdict": "unknown"})]}


def _open_proposals(facts: Facts) -> Iterator[dict[str, Any]]:
    """The proposals to be decided about, in their order."""
    wished = {ASKED_FOR.get(trouble) for trouble in facts.case.facts.get("troubles", ())}
    before = facts.case.facts.get("decisions", [])
    done, groups = {row["item"] for row in before}, _groups_going(before, facts)
    for one in proposals_of(facts.case):
        possible = one["verdict"] == CAN or (one["verdict"] == UNKNOWN and one["item"] in wished)
        if possible and one["item"] not in done and one["group"] not in groups:
            groups |= {one["group"]} - {""}
            yield one


def _suggested(one: dict[str, Any]) -> dict[str, str]:
    item = one["item"]
    decision = OPEN if WAYS[item].opens else REFER
    return {"item": item, "decision": decision, "why": f"申请{LABELS[item]}" if decision == REFER else ""}


def _faulty(rows: list[dict[str, str]], facts: Facts) -> list[str]:
    """What is wrong with single lines."""
    verdicts = {one["item"]: one["verdict"] for one in proposals_of(facts.case)}
    taken = running(facts.session, facts.case.household_id)
    faults, seen = [], set()
    for row in rows:
        item, decision, label = row["item"], row["decision"], LABELS[row["item"]]
        if item in seen:
            faults.append(f"“{label}”写了两行，请只留一行")
        seen.add(item)
        if decision == OPEN and not WAYS[item].opens:
            faults.append(f"“{label}”不在窗口开办，请选“转办”")
        elif decision == OPEN and WAYS[item].once and WAYS[item].opens in taken:
            faults.append(f"“{label}”已有在办或在保的办件 {taken[WAYS[item].opens]}，不能重复开办")
        elif decision == REFER and not (row["department"] or WAYS[item].department):
            faults.append(f"“{label}”要选转给哪个部门")
        elif decision == REFER and not row["why"]:
            faults.append(f"“{label}”转办要写明需要什么帮助")
        elif _differs(verdicts.get(item, ""), decision) and len(row["why"]) < SHORTEST_REASON:
            faults.append(f"“{label}”与系统建议不同，请写明理由")
    return faults


def _differs(verdict: str, decision: str) -> bool:
    """Whether the clerk decides otherwise than the rules say. What the family does not want is its own word."""
    return (verdict == CAN and decision == NOT_ENTITLED) or (verdict == CANNOT and decision in GOING)


def _passed_over(rows: list[dict[str, str]], facts: Facts) -> list[str]:
    """Help that is possible and not decided about, but for what cannot stand beside that which is set going."""
    all_rows = [*facts.case.facts.get("decisions", ()), *rows]
    decided, groups = {row["item"] for row in all_rows}, _groups_going(all_rows, facts)
    left = [
        LABELS[one["item"]] for one in proposals_of(facts.case)
        if one["verdict"] == CAN and one["item"] not in decided and one["group"] not in groups
    ]  # fmt: skip
    return [f"还没有决定：{'、'.join(left)}"] if left else []


def _groups_going(rows: list[dict[str, str]], facts: Facts) -> set[str]:
    """The exclusion groups of what is set going."""
    going = {row["item"] for row in rows if row["decision"] in GOING}
    return {one["group"] for one in proposals_of(facts.case) if one["item"] in going} - {""}


class Split(Decided):
    """At least one thing is set going."""

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Where nothing is opened or referred, the family is answered at once instead."""
        if not any(row["decision"] in GOING for row in form["decisions"]):
            return {"decisions": "没有要开办或者转办的事项，请用“无事项可办，当面答复”办结"}
        return super().check(form, facts)


ANSWERS = {"satisfied": "满意", "unsatisfied": "不满意", "further": "还有别的困难"}
"""What the family says when it is called back."""


class Answered(Decided):
    """Nothing is set going: every proposal has its reason, and the family has been told face to face."""

    reason = Reason("当面答复的内容", sample="逐项说明了条件和结果，告知随时可以再来")
    answer = Choice("申请人的意见", {code: label for code, label in ANSWERS.items() if code != "further"})

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Nothing is left that should be opened."""
        if any(row["decision"] in GOING for row in form["decisions"]):
            return {"decisions": "有要开办或者转办的事项，请用“分办”"}
        return super().check(form, facts)

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """The family wants none of it."""
        proposed = [one["item"] for one in proposals_of(facts.case) if one["verdict"] == CAN] or ["temporary"]
        rows = [{"item": item, "decision": "not_wanted", "why": ""} for item in proposed]
        return {"decisions": rows, "reason": "逐项说明了条件和结果，告知随时可以再来", "answer": "satisfied"}


HOW = {"phone": "电话", "visit": "上门", "window": "到窗口面谈"}


class Try(Form):
    """A call-back in vain."""

    tried_on = Day("联系日期", proposed=True)
    how = Choice("方式", HOW)
    note = LongText("情况", required=False)


class CallBack(Form):
    """The family's answer; the caller is whoever does this."""

    called_on = Day("回访日期", proposed=True)
    how = Choice("方式", HOW)
    spoke_with = Members("与谁通话或者见面", hint="选一人或者几人")
    answer = Choice("申请人的意见", ANSWERS)
    words = LongText("原话", required=False)
    troubles = Choices("新的困难", TROUBLES, required=False, hint="“还有别的困难”时选，系统另开一件综合受理")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Whoever is not satisfied is written down with his words; a further need says which."""
        errors = {}
        if form["answer"] == "unsatisfied" and not form["words"]:
            errors["words"] = "不满意的要记下原话，以便改进和答复"
        if form["answer"] == "further" and not form["troubles"]:
            errors["troubles"] = "请选还有哪些困难"
        return errors


class Unreached(Form):
    """Why it ends without the family's answer."""

    reason = Reason("情况说明", sample="三次联系未果，结果已书面告知")


class Withdrawal(Form):
    """The family does not go on."""

    reason = Reason("申请人不再申请的原因", sample="申请人表示困难已经解决")


class ChildResult(Form):
    """What a case opened from here tells when it ends."""

    number = Text("办件编号")
    result = Text("结果")
