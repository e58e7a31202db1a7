"""The county: reads the file, visits, decides; the refusal is served; the benefit begins."""

from __future__ import annotations

from definitions.rehearsal import shares
from definitions.rehearsal.benefit import life
from definitions.rehearsal.homes import home_of, living
from definitions.rehearsal.inquiry import after_refusal
from workflow.roles import TOWN_APPROVER
from workflow.simulation.scene import Later, Scene, Step


def forwarding(scene: Scene) -> Step | Later | None:
    """The file goes up."""
    return Step("forward")


def county_review(scene: Scene) -> Step | Later | None:
    """The file is read; sampled households are visited first; the county agrees, or does not."""
    facts, memory = scene.case.facts, scene.memory
    if "county" not in memory:
        memory["county"] = scene.draw("county", shares.COUNTY)
        if memory["county"] == "return":
            return Step("county_return_to_opinion")
        if memory["county"] == "doubt" and not facts.get("sampled"):
            return Step("mark_doubt", {"reason": "电话反映该户另有收入，须入户核实"})
    if facts.get("sampled") and not facts.get("county_visited"):
        return Step("send_visitors")
    if facts["proposal"] == "approve" and scene.draw("county_opinion", shares.COUNTY_OPINION) == "agree":
        return Step("agree")
    return Step("disagree", {"reason": "经审核，家庭经济状况不符合规定的条件"})


def county_visit(scene: Scene) -> Step | Later | None:
    """Two of the county go and see."""
    if scene.draw("county_visit", shares.COUNTY_VISIT) == "mismatch":
        return Step("county_mismatch")
    return Step("county_match")


def decision(scene: Scene) -> Step | Later | None:
    """The approver signs, or refuses."""
    facts = scene.case.facts
    if scene.can("send_visitors") and facts.get("sampled") and not facts.get("county_visited"):
        return Step("send_visitors", by=TOWN_APPROVER)
    if (
        scene.can("approver_return_to_opinion")
        and not facts.get("returned")
        and scene.draw("county", shares.COUNTY) == "return"
    ):
        return Step("approver_return_to_opinion")
    if (
        facts["proposal"] == "approve"
        and facts.get("amount")
        and scene.draw("decision", shares.DECISION) == "approve"
    ):
        return Step("approve")
    return Step("refuse", {"reason": facts.get("refusal_reason") or "经审批，家庭经济状况不符合规定的条件"})


def refusing(scene: Scene) -> Step | Later | None:
    """The letter is served; some come again."""
    return Step("serve_refusal", papers=("service_proof",), then=(after_refusal(scene),))


def approved(scene: Scene) -> Step | Later | None:
    """Certificate and account; from now on life goes on."""
    home = home_of(scene)
    holder = home.head if home.head in living(scene) else living(scene)[0]
    form = {"account_holder": [holder], "account_number": home.account}
    return Step("certify", form, then=life(scene))
