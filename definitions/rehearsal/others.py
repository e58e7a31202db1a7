"""The cases beside the procedure: information checks, re-checks, payment lists, escalations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from definitions.editions.catalogue import edition
from definitions.rehearsal import shares
from definitions.rehearsal.homes import Home, home_of, living
from definitions.rehearsal.inquiry import LONG, VISIT_FORM
from definitions.verification import signed_authorisations
from workflow.forms import is_adult
from workflow.models import Case, Task
from workflow.people_queries import holders, household_members
from workflow.roles import INVESTIGATOR, ROLES, TOWN_REVIEWER
from workflow.simulation.scene import Later, Scene, Step

GRACE_MONTHS = 3


_CLOSED = select(Case.closed_at).where(Case.id == bindparam("parent"))


def _parent_over(scene: Scene) -> bool:
    """Whether the case it belongs to has ended meanwhile."""
    return scene.facts.conn.execute(_CLOSED, {"parent": scene.case.parent_id}).scalar() is not None


def requested(scene: Scene) -> Step | Later | None:
    """Every adult has signed: the check goes out. Who has come of age since signs first."""
    if _parent_over(scene):
        return Step("drop")
    signed = signed_authorisations(scene.facts)
    members = household_members(scene.facts.session, scene.case.household_id, scene.today)
    if missing := [m.id for m in members if is_adult(m.birth, scene.today) and m.id not in signed]:
        return Step("sign", {"authorised": missing}, papers=("authorisation",))
    return Step("ask")


def asking(scene: Scene) -> Step | Later | None:
    """One source answers or two, then the report is written."""
    if _parent_over(scene):
        return Step("drop")
    memory, home = scene.memory, home_of(scene)
    memory.setdefault("sources", scene.draw("sources", shares.SOURCES))
    answered = len(scene.case.facts.get("answered", ()))
    if answered < memory["sources"]:
        found = _found(scene, home) if answered == 0 else {}
        return Step("take_answer", {"source": ("city", "finance")[answered], **found})
    conclusion = {"income": "mismatch", "deposit": "mismatch", "unclear": "doubt"}.get(home.hides, "match")
    if conclusion == "doubt":
        home.hides = "nothing"
    return Step("report", {"conclusion": conclusion})


def _found(scene: Scene, home: Home) -> dict[str, Any]:
    """What the source knows: what the family hides, or what has changed since."""
    members, rows = living(scene), home.rows
    home.rows = []
    if rows := [row for row in rows if row["person"] in members]:
        return {"incomes": rows}
    if not members:
        return {}
    if home.hides in ("deposit", "cleared"):
        held = Decimal(20_000) if home.hides == "cleared" else Decimal(60_000) * len(members)
        home.hides = "nothing" if home.hides == "cleared" else home.hides
        return {"assets": [{"kind": "monetary", "amount": f"{held:.2f}"}]}
    if home.hides == "income":
        person, category, kind, annual = home.earner(members)
        return {"incomes": [_row(person, category, kind, annual + 14_400 * len(members))]}
    return {}


def _row(person: int, category: str, kind: str, annual: Decimal) -> dict[str, Any]:
    return {"person": person, "category": category, "kind": kind, "annual": f"{annual:.2f}"}


def collecting(scene: Scene) -> Step | Later | None:
    """The town gathers what the re-check has found."""
    if _parent_over(scene):
        return Step("drop", {"reason": "救助已经结束，不再复核"}, by=TOWN_REVIEWER)
    work = scene.work
    assert work is not None
    if "visit" in work.parts and _visits(scene):
        return Later()
    return Step("conclude")


def _visits(scene: Scene) -> bool:
    """Whether a visit is prescribed, or made all the same."""
    if not living(scene):
        return False
    if scene.case.facts["review_class"] == "C" or scene.case.facts.get("doubt"):
        return True
    return bool(scene.memory.setdefault("visits", scene.draw("review_visit", shares.REVIEW_VISIT)) == "visit")


def self_report(scene: Scene) -> Step | Later | None:
    """The family says what has changed; what it says, the information check finds too."""
    home, members = home_of(scene), living(scene)
    if not members:
        return Step("report", {"note": "家庭成员均已去世"}, by=TOWN_REVIEWER)
    change, home.change = home.change or scene.draw("change", shares.CHANGE), ""
    scene.memory["change"] = change
    if change == "same":
        return Step("report")
    person, category, kind, annual = home.earner(members)
    if change == "job":
        category, kind = "wage", "salary"
    now = {
        "more": annual + 1200 * len(members), "less": annual / 2, "over": annual + 14_400 * len(members),
        "job": Decimal(13_200) * len(members),
    }[change].quantize(Decimal("0.01"))  # fmt: skip
    home.rows = [_row(person, category, kind, now)]
    return Step("report", {"incomes": home.rows})


def review_visit(scene: Scene) -> Step | Later | None:
    """Two investigators go and see, where it is prescribed and sometimes where it is not."""
    if _parent_over(scene) or not _visits(scene):
        return Later(LONG)
    return Step("visit", papers=VISIT_FORM, by=INVESTIGATOR)


def determining(scene: Scene) -> Step | Later | None:
    """As computed; a family whose earner has found work leaves by degrees where the edition knows that."""
    if _parent_over(scene):
        return Step("drop", {"reason": "救助已经结束，不再复核"}, by=TOWN_REVIEWER)
    form = scene.blueprint.actions["propose"].form.example(scene.facts)
    parent = scene.facts.session.get_one(Case, scene.case.parent_id)
    worked = scene.memory.get("change") == "job" and form["result"] == "stop" and parent.stage == "on_benefit"
    if worked and edition(scene.case.edition).find("gradual_exit_months_max", scene.today) is not None:
        form |= {"result": "grace", "months": GRACE_MONTHS}
    return Step("propose", form, whole=True)


def reviewing(scene: Scene) -> Step | Later | None:
    """The county reads the proposal."""
    if _parent_over(scene):
        return Step("drop", {"reason": "救助已经结束，不再复核"}, by=TOWN_REVIEWER)
    return Step("return_to_determining") if _sent_back(scene) else Step("pass_on")


def deciding(scene: Scene) -> Step | Later | None:
    """The approver signs the result."""
    if _parent_over(scene):
        return Step("drop", {"reason": "救助已经结束，不再复核"}, by=TOWN_REVIEWER)
    return Step("return_to_determining") if _sent_back(scene) else Step("decide")


def _sent_back(scene: Scene) -> bool:
    if scene.memory.get("sent_back") or scene.draw("review_return", shares.REVIEW_RETURN) == "go":
        return False
    scene.memory["sent_back"] = True
    return True


def notifying(scene: Scene) -> Step | Later | None:
    """The family has the result in writing."""
    return Step("notify")


def listed(scene: Scene) -> Step | Later | None:
    """The month's list agrees with the decisions."""
    return Step("check")


def checked(scene: Scene) -> Step | Later | None:
    """The bank paid every line, or one came back."""
    return Step("all_paid" if scene.draw("payment", shares.PAYMENT) == "paid" else "some_failed")


def reissuing(scene: Scene) -> Step | Later | None:
    """What came back is paid again."""
    return Step("reissue" if scene.draw("reissue", shares.REISSUE) == "paid" else "failed_again", again=2)


def raised(scene: Scene) -> Step | Later | None:
    """The supervisor urges, gives the work to somebody else, or takes down why it was late."""
    memory, late = scene.memory, scene.case.subject_id
    task = scene.facts.session.execute(
        select(Task.role, Task.stage).where(
            Task.case_id == late, Task.state == "open", Task.part == scene.case.facts.get("part", "")
        )
    ).first()
    if scene.case.facts.get("kind") == "appoint":
        return Step("appoint" if task else "close")
    lies = task is not None and task.stage == scene.case.facts["stage"]
    if "how" not in memory:
        memory["how"] = scene.draw("escalation", shares.ESCALATION)
        if memory["how"] == "urge" and lies:
            return Step("urge", again=2, hurries=late)
        if memory["how"] == "reassign" and task and lies and (other := _other(scene, late, task.role)):
            return Step("reassign", {"to": [other]}, again=1, hurries=late)
    return Step("close")


def _other(scene: Scene, late_id: int, role: str) -> int | None:
    """Somebody else with the late task's role, who had no hand in the case and is there."""
    facts, desk = scene.case.facts, scene.desk
    late = scene.facts.session.get_one(Case, late_id)
    apart = {user for users in late.hands.values() for user in users} | {
        *late.barred,
        facts.get("late_user_id"),
    }
    found = holders(scene.facts.session, (ROLES[role],), late.area_code, scene.today)
    return next((u.id for u in found if u.id not in apart and desk.roster.is_free(u.id, scene.today)), None)
