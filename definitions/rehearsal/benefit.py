"""On benefit: what changes in a family, what is reported, what is suspended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from definitions.rehearsal import shares
from definitions.rehearsal.homes import home_of, living
from workflow.models import Case, ScheduledAct
from workflow.roles import COUNTY_APPROVER, TOWN_APPROVER, VILLAGE_AGENT, WINDOW
from workflow.simulation.scene import Behaviour, Later, Scene, Step

WHEN = (20, 300)
"""Days after the certificate."""
_SAYS = {
    "income": "家庭收入有变化", "job": "家庭成员找到工作", "members": "家庭成员有变化", "complaint": "有人反映该户另有收入",
    "moved": "家庭迁到本镇其他住处",
}  # fmt: skip
_AFTER = {"income": "more", "job": "job", "members": "less", "complaint": "same", "moved": "same"}
"""What the review of a reported change finds."""


def life(scene: Scene) -> tuple[tuple[int, Behaviour], ...]:
    """What will happen to this household."""
    what = scene.draw("life", shares.LIFE)
    days = scene.desk.entropy.between(*WHEN)
    if what == "quiet":
        return ()
    if what == "suspension":
        return ((days, _suspend),)
    if what == "death":
        return ((days, _death),)
    return ((days, _change(what)),)


def _change(kind: str) -> Callable[[Scene], Step | None]:
    """A change is reported by the village or at the window."""

    def report(scene: Scene) -> Step | None:
        if not scene.can("report_change"):
            return None
        home_of(scene).change = _AFTER[kind]
        return Step(
            "report_change",
            {"kind": kind, "content": _SAYS[kind]},
            by=VILLAGE_AGENT if kind != "complaint" else WINDOW,
        )

    return report


def _death(scene: Scene) -> Step | None:
    """A member dies: the only one, or one of several."""
    if not scene.can("report_death") or not (members := living(scene)):
        return None
    died = scene.today - timedelta(days=scene.desk.entropy.between(1, 3))
    return Step("report_death", {"person": [members[-1]], "died_on": died.isoformat()}, by=VILLAGE_AGENT)


def _suspend(scene: Scene) -> Step | Later | None:
    """The approver holds payment back; not where a review runs or a decision waits for its day."""
    if not scene.can("suspend"):
        return None
    session, case = scene.facts.session, scene.case
    running = session.scalar(
        select(Case.id).where(Case.parent_id == case.id, Case.closed_at.is_(None)).limit(1)
    )
    planned = select(ScheduledAct.id).where(
        ScheduledAct.case_id == case.id, ScheduledAct.state == "planned", ScheduledAct.action != "open_review"
    )
    if running is not None or session.scalar(planned.limit(1)) is not None:
        return Later(10)
    return Step("suspend")


def suspended(scene: Scene) -> Step | Later | None:
    """What was unclear is clear: resumed, or stopped from next month on."""
    if scene.memory.get("stopping"):
        return Later(10)
    by = TOWN_APPROVER if TOWN_APPROVER in scene.blueprint.actions["resume"].by else COUNTY_APPROVER
    if scene.draw("suspended", shares.SUSPENDED) == "resume":
        return Step("resume", {"reason": "已联系上，情况属实，恢复发放"}, by=by)
    scene.memory["stopping"] = True
    return Step("stop_suspended", {"reason": "查明已不符合条件，决定停发"}, by=by)
