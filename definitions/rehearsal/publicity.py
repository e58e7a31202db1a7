"""Boards, and objections to what stands on them."""

from __future__ import annotations

from definitions.rehearsal import shares
from definitions.rehearsal.longer import after_objection
from definitions.shared.guards import in_publicity_time
from workflow.errors import Unmet
from workflow.roles import TOWN_REVIEWER, VILLAGE_AGENT
from workflow.simulation.scene import Behaviour, Later, Scene, Step

SEEN = (2, 5)
"""Days after which a missing notice is noticed, or somebody objects."""
MOST_ROUNDS = 2


def posting(scene: Scene) -> Step | Later | None:
    """The notice is put up and photographed."""
    word = "post" if scene.can("post") else "post_second"
    return Step(word, papers=("posting_photo",), then=_on_the_board(scene, word))


def _on_the_board(scene: Scene, word: str) -> tuple[tuple[int, Behaviour], ...]:
    rounds = scene.memory["rounds"] = scene.memory.get("rounds", 0) + 1
    what = scene.draw(word, shares.BOARD) if rounds <= MOST_ROUNDS else "quiet"
    happens = {"gap": _gap, "objection": _objection}.get(what)
    return ((scene.desk.entropy.between(*SEEN), happens),) if happens else ()


def _gap(scene: Scene) -> Step | None:
    """Rain has spoilt the notice: it hangs its full time anew."""
    word = next((w for w in ("repost", "repost_second") if scene.can(w)), None)
    return Step(word, by=VILLAGE_AGENT) if word else None


def _objection(scene: Scene) -> Step | None:
    """Somebody objects, by name or not; one who comes too late is written down as late."""
    word = next((w for w in ("object_", "object_second") if scene.can(w)), None)
    if word is None:
        return None
    form = {"named": scene.draw("named", {True: 2, False: 1})}
    if not _in_time(scene):
        return Step("note_late_objection", form, by=TOWN_REVIEWER)
    after_objection(scene)
    return Step(word, form, by=TOWN_REVIEWER)


def _in_time(scene: Scene) -> bool:
    try:
        in_publicity_time(scene.facts)
    except Unmet:
        return False
    return True


def publicity(scene: Scene) -> Step | Later | None:
    """The notice has hung its time: it is taken down and photographed; now and then somebody objects too late."""
    word = "take_down" if scene.can("take_down") else "take_down_second"
    late = scene.draw("afterwards", shares.AFTERWARDS) == "late"
    return Step(word, papers=("taking_down_photo",), then=((1, _too_late),) if late else ())


def _too_late(scene: Scene) -> Step | None:
    return Step("note_late_objection", by=TOWN_REVIEWER) if scene.can("note_late_objection") else None


def inquiring(scene: Scene) -> Step | Later | None:
    """The objection is looked into, then answered."""
    if not scene.case.facts.get("inquiries"):
        return Step("inquire", by=TOWN_REVIEWER, again=2)
    if scene.draw("objection", shares.OBJECTION) == "rejected":
        return Step("reject")
    return Step("uphold", {"reason": "反映的情况属实，应当重新调查"})


def rechecking(scene: Scene) -> Step | Later | None:
    """After an objection upheld: investigated anew, or appraised by the village."""
    return Step(scene.draw("recheck", shares.RECHECK))
