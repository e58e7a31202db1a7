"""Who may see and do what: role by area tree by stage by relation to the case. Deny by default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, false, or_, select

from workflow.actors import Actor
from workflow.areas import ancestor, level_of, prefix
from workflow.desk.lending import still_lent
from workflow.documents import kinds_present
from workflow.errors import NotPermitted, Unmet
from workflow.models import Case, Handed
from workflow.roles import LINKED, ROLES, SYSTEM, Role

if TYPE_CHECKING:
    from workflow.facts import CaseState, Facts
    from workflow.vocabulary import Action

_DEPTH = {"village": 3, "town": 2, "county": 1, "department": 1}


def scope_of(role: Role, area_code: str) -> str:
    """The area at which a role works for a case in this area: the deepest of its levels at or above it.

    A department's role has none but its department: which one it is only the case says (`post_of`).
    """
    if role.of_department:
        return area_code if level_of(area_code) == "department" else ancestor(area_code, "county")
    depth = _DEPTH[level_of(area_code)]
    for level in role.levels:
        if _DEPTH[level] <= depth:
            return ancestor(area_code, level)
    return ancestor(area_code, "county")


def has_role(word: Action, case: Case | CaseState, actor: Actor, origin: str) -> Role | None:
    """The role by which the actor may do this on the case, or None."""
    for role in word.by:
        if role is LINKED:
            if origin:
                return role
        elif role is SYSTEM:
            if actor.id is None:
                return role
        elif actor.holds(role, post_of(role, case), case.definition) or is_appointed(actor, role, case):
            return role
    return None


def post_of(role: Role, case: Case | CaseState) -> str:
    """The area at which the role works for this case: one up where nobody at its own was left (facts `raised`); for a
    department's role the department the case is with (facts `department`).
    """
    if role.of_department and case.facts.get("department"):
        return str(case.facts["department"])
    return str(case.facts.get("raised", {}).get(role.code) or scope_of(role, case.area_code))


def is_appointed(actor: Actor, role: Role | str, case: Case | CaseState) -> bool:
    """Whether a supervisor has appointed him to do this role's work in this case (facts `appointed`)."""
    return actor.id in case.facts.get("appointed", {}).get(str(role), ())


def acting_as(word: Action, case: CaseState, actor: Actor, role: Role, desk: int | None) -> Actor:
    """The actor as he does this: for himself, or for the one he stands in for, preferably one who may."""
    if role is LINKED or role is SYSTEM or is_appointed(actor, role, case):
        return actor
    kept_out = {user for hand in word.apart_from for user in case.hands.get(hand, ())} | set(case.barred)
    return actor.in_post(role, post_of(role, case), case.definition, desk=desk, but=kept_out)


def permit(word: Action, facts: Facts) -> None:
    """Raise the named refusal where this actor may not do this now.

    Order: role, recusal, four eyes, whose task it is, documents, preconditions; then, with a form, its guards.
    Raises NotPermitted, Unmet, or what a guard raises.
    """
    case, actor = facts.case, facts.actor
    role = has_role(word, case, actor, facts.origin)
    if role is None:
        raise NotPermitted(
            f"“{word.label}”由{'、'.join(r.title for r in word.by)}办理，您没有这个岗位或不管这个区域。"
        )
    if case.halt_id is not None:
        from workflow.flow.kept import standing_still

        raise standing_still(facts.conn, case)
    task = facts.task
    actor = acting_as(word, case, actor, role, task.assignee_id if task and task.role == role.code else None)
    check_apart(word, case, actor)
    if actor.standing is not None and not still_lent(facts.conn, actor.standing, facts.today):
        raise NotPermitted(f"{actor.standing.cited}已经终止，您不能再代{actor.standing.principal}办理。")
    if task and task.owner_id is not None and task.role == role.code and (word.completes or not word.stays):
        raise NotPermitted("这项待办正在委派中：受托人写出意见交回、或委派人收回以后，由委派人办理。")
    if (
        task
        and task.role == role.code
        and task.assignee_id is not None
        and task.assignee_id not in actor.persons
    ):
        raise NotPermitted("这项待办已由他人签收，请先由其退回或由督办改派。")
    if word.needs is not None and (missing := missing_documents(word, facts)):
        names = "、".join(facts.blueprint.cls.papers.get(kind, kind) for kind in missing)
        if getattr(word.needs, "fresh", False) and set(missing) <= kinds_present(facts.session, case):
            raise Unmet(f"“{names}”是进入本环节以前的，不能用于这一次。请上传这一次的。", needs=missing)
        raise Unmet(f"还缺材料：{names}。请先上传。", needs=missing)
    if facts.blueprint.lends and not word.stays:
        from workflow.flow.papers import check

        check(word, facts)
    for guard in word.when:
        guard(facts)
    if facts.form is not None:
        for guard in word.guards:
            guard(facts)


def check_apart(word: Action, case: CaseState, actor: Actor) -> None:
    """Raise NotPermitted where he, or the one he stands in for, must keep out or had a hand kept apart (four eyes)."""
    for person in actor.persons:
        whom = "您" if person == actor.id else f"被代理人{actor.standing.principal if actor.standing else ''}"
        if person in case.barred:
            raise NotPermitted(f"{whom}与本案有近亲属关系或已申明回避，不能办理，请交由他人。")
        for hand in word.apart_from:
            if person in case.hands.get(hand, ()):
                raise NotPermitted(
                    f"{whom}已参与本案的{HANDS.get(hand, hand)}，按分离原则不能再办“{word.label}”，请交由他人。"
                )


def missing_documents(word: Action, facts: Facts) -> list[str]:
    """The kinds of documents this action needs that the case does not have yet."""
    needed = list(word.needs(facts)) if word.needs else []
    if not needed:
        return []
    present = kinds_present(facts.session, facts.case, this_visit=getattr(word.needs, "fresh", False))
    return [kind for kind in needed if kind not in present]


HANDS: dict[str, str] = {
    "intake": "受理", "investigation": "调查", "appraisal": "评议", "opinion": "审核", "check": "核对",
    "county_visit": "入户抽查", "county_review": "县级审核", "decision": "审批", "listing": "编制清册",
    "department_review": "部门审核",
}  # fmt: skip
"""What the hands people can have in a case are called."""


def may_read(actor: Actor, case: Case | CaseState) -> bool:
    """Whether the actor may know of this case: a reading role over its area or a post in a department it was handed to
    (facts `departments`), and not barred from it.
    """
    if actor.id in case.barred:
        return False
    if actor.departments & set(case.facts.get("departments", ())):
        return True
    return actor.reads(case.area_code, case.definition) or any(
        actor.id in appointed for appointed in case.facts.get("appointed", {}).values()
    )


def readable_areas(actor: Actor) -> list[str]:
    """The areas whose cases the actor may see."""
    lent = {one.scope for one in actor.lent if ROLES[one.role].reads and not one.definition}
    return sorted({scope for role, scope in actor.grants if ROLES[role].reads} | lent)


def area_filter(column: Any, codes: Sequence[str]) -> ColumnElement[bool]:
    """SQL: the area stands within one of these. Nothing matches where there is none: a filter never fails open."""
    ranges = [column.between(prefix(code).ljust(12, "0"), prefix(code).ljust(12, "9")) for code in codes]
    return or_(*ranges) if ranges else false()


def readable(actor: Actor) -> ColumnElement[bool]:
    """SQL: the cases this actor may see, by the same rule as `may_read` (recusal is checked on the row)."""
    return with_handed(actor, area_filter(Case.area_code, readable_areas(actor)))


def with_handed(actor: Actor, seen: ColumnElement[bool]) -> ColumnElement[bool]:
    """SQL: the cases `seen` of his areas, and those handed to a department in which the actor works."""
    if not actor.departments:
        return seen
    handed = select(Handed.case_id).where(Handed.department.in_(sorted(actor.departments)))
    return or_(seen, Case.id.in_(handed))
