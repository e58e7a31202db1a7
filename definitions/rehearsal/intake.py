"""From the counter to the start of the investigation."""

from __future__ import annotations

from definitions.rehearsal import shares
from workflow.roles import INVESTIGATOR, WINDOW
from workflow.simulation.scene import Behaviour, Later, Scene, Step

WITHDRAWAL = ("withdrawal_letter",)
FIRST_DAYS = (3, 14)
"""Days after the application within which a change of mind, a recusal or a relation comes to light."""


def draft(scene: Scene) -> Step | Later | None:
    """A draft waits for its family, which is dealt with when it comes."""
    return Later(20)


def submitted(scene: Scene) -> Step | Later | None:
    """The window looks through the papers."""
    if "lacks" in scene.memory:
        return Step("notify_missing")
    match scene.draw("intake", shares.INTAKE):
        case "not_accepted":
            return Step("refuse_intake", {"reason": "户籍不在本镇，请到户籍所在地申请"})
        case "withdraw":
            return withdrawal()
        case "kinship":
            return Step("declare", by=WINDOW)
        case _:
            return Step("accept")


def correcting(scene: Scene) -> Step | Later | None:
    """The family brings what was missing; one that has not come when the limit is over is taken to have withdrawn."""
    if scene.late:
        return Step("lapse", {"reason": "逾期没有补正材料，经联系无意继续申请"})
    return Step("complete", papers=scene.memory.pop("lacks", ()))


def accepted(scene: Scene) -> Step | Later | None:
    """The investigation is started."""
    return Step("start")


def withdrawal() -> Step:
    """The family withdraws in writing."""
    return Step("withdraw", {"reason": "申请人因个人原因撤回申请"}, papers=WITHDRAWAL, by=WINDOW)


def change_of_mind(scene: Scene) -> tuple[int, Behaviour] | None:
    """The family may withdraw within the first weeks."""
    if scene.draw("change_of_mind", shares.CHANGE_OF_MIND) == "none":
        return None
    return scene.desk.entropy.between(
        *FIRST_DAYS
    ), lambda later: withdrawal() if later.can("withdraw") else None


def recusal(scene: Scene) -> tuple[int, Behaviour] | None:
    """An investigator may find that he knows the family too well."""
    if scene.draw("recusal", shares.RECUSAL) == "none":
        return None
    return scene.desk.entropy.between(*FIRST_DAYS), _recuse


def _recuse(scene: Scene) -> Step | None:
    taken = any(scene.case.hands.get("investigation", ()))
    if not scene.can("recuse") or taken or scene.case.stage != "investigating":
        return None
    return Step("recuse", {"reason": "与申请人家庭有亲属往来，申明回避"}, by=INVESTIGATOR)
