"""Who may see and do what: role by area tree by stage by relation to the case. Deny by default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, false, or_

from workflow.actors import Actor
from workflow.areas import ancestor, level_of, prefix
from workflow.errors import NotPermitted, Unmet
from workflow.models import Case
from workflow.roles import LINKED, ROLES, SYSTEM, Role

if TYPE_CHECKING:
    from workflow.facts import CaseState, Facts
    from workflow.vocabulary import Action

_DEPTH = {"village": 3, "town": 2, "county": 1}


def scope_of(role: Role, area_code: str) -> str:
    """The area at which a role works for a case in this area: the deepest of its levels at or above it."""
    depth = _DEPTH[level_of(area_code)]
    for level in role.levels:
        if _DEPTH[level] <= depth:
            return ancestor(area_code, level)
    return ancestor(area_code, "county")


def has_role(word: Action, case: CaseState, actor: Actor, origin: str) -> Role | None:
    """The role by which the actor may do this on the case, or None."""
    for role in word.by:
        if role is LINKED:
            if origin:
                return role
        elif role is SYSTEM:
            if actor.id is None:
                return role
        elif actor.holds(role, scope_of(role, case.area_code)):
            return role
    return None


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
    if actor.id is not None and actor.id in case.barred:
        raise NotPermitted("您与本案有近亲属关系或已申明回避，不能办理，请交由他人。")
    for hand in word.apart_from:
        if actor.id in case.hands.get(hand, ()):
            raise NotPermitted(
                f"您已参与本案的{HANDS.get(hand, hand)}，按分离原则不能再办“{word.label}”，请交由他人。"
            )
    task = facts.task
    if task and task.assignee_id not in (None, actor.id) and task.role == role.code:
        raise NotPermitted("这项待办已由他人签收，请先由其退回或由督办改派。")
    if word.needs is not None and (missing := missing_documents(word, facts)):
        names = facts.blueprint.cls.papers
        raise Unmet(
            f"还缺材料：{'、'.join(names.get(kind, kind) for kind in missing)}。请先上传。", needs=missing
        )
    for guard in word.when:
        guard(facts)
    if facts.form is not None:
        for guard in word.guards:
            guard(facts)


def missing_documents(word: Action, facts: Facts) -> list[str]:
    """The kinds of documents this action needs that the case does not have yet."""
    from workflow.documents import kinds_present

    needed = list(word.needs(facts)) if word.needs else []
    if not needed:
        return []
    present = kinds_present(facts.session, facts.case, this_visit=getattr(word.needs, "fresh", False))
    return [kind for kind in needed if kind not in present]


HANDS: dict[str, str] = {
    "intake": "受理", "investigation": "调查", "appraisal": "评议", "opinion": "审核", "check": "核对",
    "county_visit": "入户抽查", "county_review": "县级审核", "decision": "审批", "listing": "编制清册",
}  # fmt: skip
"""What the hands people can have in a case are called."""


def may_read(actor: Actor, case: Case | CaseState) -> bool:
    """Whether the actor may know of this case: a reading role over its area, and not barred from it."""
    return actor.reads(case.area_code) and actor.id not in case.barred


def readable_areas(actor: Actor) -> list[str]:
    """The areas whose cases the actor may see."""
    return sorted({scope for role, scope in actor.grants if ROLES[role].reads})


def area_filter(column: Any, codes: Sequence[str]) -> ColumnElement[bool]:
    """SQL: the area stands within one of these. Nothing matches where there is none: a filter never fails open."""
    ranges = [column.between(prefix(code).ljust(12, "0"), prefix(code).ljust(12, "9")) for code in codes]
    return or_(*ranges) if ranges else false()


def readable(actor: Actor) -> ColumnElement[bool]:
    """SQL: the cases this actor may see, by the same rule as `may_read` (recusal is checked on the row)."""
    return area_filter(Case.area_code, readable_areas(actor))
