"""The investigation: visits, neighbours, the information check, what the family says to it, the town's opinion."""

from __future__ import annotations

from typing import Any

from definitions.dibao import forms as ask
from definitions.rehearsal import shares
from definitions.rehearsal.homes import home_of, living
from definitions.rehearsal.intake import withdrawal
from workflow.roles import INVESTIGATOR, TOWN_REVIEWER
from workflow.simulation.scene import Later, Scene, Step

VISIT_FORM = ("visit_form",)
WARNINGS = 2
VISITORS = 2
LONG = 30


def visit(scene: Scene) -> Step | Later | None:
    """Two investigators go and see; sometimes nobody is there, sometimes it looks otherwise than declared."""
    memory = scene.memory
    if memory.get("refuses"):
        return Later(LONG)
    if len(scene.holders(INVESTIGATOR)) + len(scene.holders(TOWN_REVIEWER)) < VISITORS:
        return Later()
    if "visit" not in memory:
        memory["visit"] = scene.draw("visit", shares.VISIT)
        memory["tries"] = scene.draw("tries", shares.TRIES) if memory["visit"] == "nobody" else 0
    if memory["visit"] == "refuses":
        memory["refuses"] = True
        return Step("no_contact", {"how": "户主拒绝入户"}, by=INVESTIGATOR)
    if memory["tries"]:
        memory["tries"] -= 1
        return Step("no_contact", by=INVESTIGATOR, again=2)
    form: dict[str, Any] = {}
    if memory["visit"] == "differs":
        memory["visit"] = "seen"
        person, category, kind, annual = home_of(scene).earner(living(scene))
        row = {"person": person, "category": category, "kind": kind, "annual": f"{annual + 2400:.2f}"}
        form = {"truthful": False, "findings": "发现另有零工收入，已核实", "surveyed": [row]}
    return Step("visit", form, papers=VISIT_FORM, by=INVESTIGATOR)


def neighbours(scene: Scene) -> Step | Later | None:
    """Optional; one in four is asked about."""
    if scene.memory.setdefault("neighbours", scene.draw("neighbours", shares.NEIGHBOURS)) == "skip":
        return Later(LONG)
    return Step("ask_neighbours", by=INVESTIGATOR)


def investigating(scene: Scene) -> Step | Later | None:
    """The town gathers what has been found, or ends a procedure in which the family does not cooperate."""
    memory = scene.memory
    if memory.get("refuses"):
        memory["warnings"] = memory.get("warnings", 0) + 1
        if memory["warnings"] <= WARNINGS:
            return Step("warn", again=3)
        return Step("terminate", {"reason": "经两次书面告知仍拒绝入户调查"})
    if scene.case.facts.get("check") == "mismatch" and not scene.case.facts.get("rechecked"):
        return Step("report_check_failed", {"reason": "核对发现有未申报的收入或财产"})
    return Step("conclude")


def contesting(scene: Scene) -> Step | Later | None:
    """The family brings evidence against the check, or says nothing."""
    if scene.draw("contest", shares.CONTEST) == "silence":
        return Step(
            "refuse_uncontested",
            {"reason": "核对发现未申报的财产，告知后申请人没有异议"},
            then=(after_refusal(scene),),
        )
    home = home_of(scene)
    home.hides = "cleared" if scene.draw("evidence", shares.EVIDENCE) == "clears" else home.hides
    return Step("contest", papers=("objection_evidence",), by=TOWN_REVIEWER)


def appraising(scene: Scene) -> Step | Later | None:
    """The village meets; once in a while it does not agree."""
    if scene.draw("appraisal", shares.APPRAISAL) == "dispute":
        return Step("dispute")
    return Step("appraise")


def opinion(scene: Scene) -> Step | Later | None:
    """As computed; a hard case may be proposed all the same, with reasons."""
    scene.facts.action = "propose_approve"
    form = ask.Approval.example(scene.facts)
    form["review_class"] = home_of(scene).family.review_class
    if "amount" not in form:
        if scene.draw("other_amount", shares.OTHER_AMOUNT) == "other":
            form |= {"amount": "300.00", "reason": "家庭另有亲属稳定接济，经集体研究适当核减"}
        return Step("propose_approve", form, whole=True)
    match (
        scene.draw("not_eligible", shares.NOT_ELIGIBLE) if not scene.case.facts.get("returned") else "refuse"
    ):
        case "hardship":
            return Step("propose_approve", form, whole=True)
        case "withdraw" if scene.can("withdraw"):
            return withdrawal()
        case _:
            return Step("propose_refuse", {"reason": "家庭收入或财产超过规定的限额"})


def after_refusal(scene: Scene) -> tuple[int, Any]:
    """Some refused families come again, when something has changed."""
    from definitions.rehearsal.arrivals import AGAIN, come_again

    desk, home = scene.desk, home_of(scene)
    days = desk.entropy.between(*AGAIN)
    if home.times > 1 or desk.urns.draw("reapply", shares.REAPPLY) == "no":
        return days, lambda _scene: None

    def again(_later: Scene) -> None:
        desk.after(1, lambda later: come_again(later, home))

    return days, again
