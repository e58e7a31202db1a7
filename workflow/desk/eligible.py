"""Who may do a task: the holders of its role in its area, without those kept out by recusal or four eyes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow.catalogue import Blueprint
from workflow.errors import Unmet
from workflow.models import RoleAssignment, User
from workflow.policy import HANDS
from workflow.vocabulary import Action


def finishing(blueprint: Blueprint, task: Any) -> list[Action]:
    """The main actions by which this task's role does it; without a main one, all that end it."""
    words = [
        word
        for word in blueprint.actions.values()
        if task.stage in word.moves
        and word.completes == task.part
        and (word.completes or not word.stays)
        and any(role.code == task.role for role in word.by)
    ]
    return [word for word in words if word.primary] or words


def hands_apart(blueprint: Blueprint, task: Any) -> dict[str, str]:
    """The hands nobody may have had who does this task, each with the action that says so."""
    return {hand: word.label for word in finishing(blueprint, task) for hand in word.apart_from}


def kept_out(blueprint: Blueprint, case: Any, task: Any) -> set[int]:
    """Whom recusal or four eyes keeps from this task."""
    apart = hands_apart(blueprint, task)
    return {user for hand in apart for user in case.hands.get(hand, ())} | set(case.barred)


def check_free(blueprint: Blueprint, case: Any, task: Any, who: int, name: str) -> None:
    """Raise Unmet where recusal or four eyes keeps this person from the task."""
    if who in case.barred:
        raise Unmet(f"{name}应当回避本案，不能接办。")
    for hand, label in hands_apart(blueprint, task).items():
        if who in case.hands.get(hand, ()):
            raise Unmet(f"{name}已参与本案的{HANDS.get(hand, hand)}，按分离原则不能再办“{label}”，不能接办。")


def in_office(today: date) -> list[Any]:
    """SQL over role_assignment joined with staff: in force today, account open."""
    return [
        User.disabled_at.is_(None),
        RoleAssignment.from_date <= today,
        or_(RoleAssignment.to_date.is_(None), RoleAssignment.to_date >= today),
    ]


def holders_at(session: Session, role: str, scope: str, today: date) -> Sequence[User]:
    """Who holds this role at exactly this area today, by number."""
    return session.scalars(
        select(User)
        .join(RoleAssignment)
        .where(RoleAssignment.role == role, RoleAssignment.area_code == scope, *in_office(today))
        .distinct()
        .order_by(User.id)
    ).all()


def able(session: Session, blueprint: Blueprint, case: Any, task: Any, today: date) -> list[User]:
    """The people who may do this task now: holders of the post and those a supervisor has appointed."""
    out = kept_out(blueprint, case, task)
    found = {user.id: user for user in holders_at(session, task.role, task.scope, today)}
    appointed = case.facts.get("appointed", {}).get(task.role, ())
    for user in session.scalars(select(User).where(User.id.in_(appointed), User.disabled_at.is_(None))):
        found[user.id] = user
    return [user for user_id, user in sorted(found.items()) if user_id not in out]
