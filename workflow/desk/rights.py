"""What clerks do with tasks, each with its own entry in the journal and its own right."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.actors import Actor
from workflow.errors import NotPermitted
from workflow.policy import scope_of
from workflow.roles import (
    AUDITOR,
    HEAD,
    ROLES,
    SUPERVISOR,
    TOWN_APPROVER,
    TOWN_REVIEWER,
    WINDOW,
    Role,
)


@dataclass(frozen=True)
class Verb:
    """One of them: its word in the journal, its label, and who may. `own` says that the holder of the task may."""

    code: str
    label: str
    roles: tuple[Role, ...] = ()
    own: bool = False


_LEADS = (SUPERVISOR, HEAD, TOWN_REVIEWER)
_WORKING = tuple(role for role in ROLES.values() if role.reads and role is not AUDITOR)

VERBS: dict[str, Verb] = {
    verb.code: verb
    for verb in (
        Verb("claim", "签收"),
        Verb("release", "退回待领", own=True),
        Verb("assign", "分派", _LEADS, own=True),
        Verb("transfer", "转办", own=True),
        Verb("delegate", "委派", own=True),
        Verb("advise", "交回意见", own=True),
        Verb("recall", "收回委派", own=True),
        Verb("urge", "催办", (*_LEADS, TOWN_APPROVER, WINDOW)),
        Verb("copy", "抄送", _WORKING),
        Verb("question", "沟通", _WORKING),
        Verb("recuse", "申明回避"),
    )
}


def leads(actor: Actor, area_code: str, roles: tuple[Role, ...] = _LEADS) -> bool:
    """Whether one of these roles is his for this area, at its own level or above."""
    from workflow.areas import covers

    codes = {role.code for role in roles}
    posts = [*actor.grants, *((one.role, one.scope) for one in actor.lent if not one.definition)]
    return any(role in codes and covers(scope, area_code) for role, scope in posts)


def require(verb: str, actor: Actor, area_code: str) -> None:
    """Raise NotPermitted where none of the verb's roles is his for this area."""
    found = VERBS[verb]
    if not any(actor.holds(role, scope_of(role, area_code)) for role in found.roles) and not leads(
        actor, area_code, found.roles
    ):
        raise NotPermitted(f"“{found.label}”由{'、'.join(role.title for role in found.roles)}办理。")
