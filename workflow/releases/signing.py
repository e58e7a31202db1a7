"""Two people: one writes a paper, another who has seen its effects signs it. Nothing signed is changed afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from workflow.actors import Actor
from workflow.errors import NotPermitted, Unmet
from workflow.models.release import Signed
from workflow.roles import ADMINISTRATOR, HEAD

SIGNERS = (ADMINISTRATOR, HEAD)
"""Who writes and who signs."""
SHIPPED = "随产品发布"
"""Who has signed what the product ships."""


class Author(TypedDict):
    """The columns of a paper's writer."""

    written_by: int | None
    written_name: str
    written_at: datetime


def require_signer(actor: Actor) -> None:
    """Raise NotPermitted for whoever may neither write nor sign."""
    if not actor.roles & {role.code for role in SIGNERS}:
        raise NotPermitted(f"这件事由{'或'.join(role.title for role in SIGNERS)}办理，您没有这个岗位。")


def author(actor: Actor, now: datetime) -> Author:
    """The columns that say who wrote a paper. Raises NotPermitted."""
    require_signer(actor)
    return Author(written_by=actor.id, written_name=actor.name, written_at=now)


def sign(paper: Signed, actor: Actor, now: datetime) -> None:
    """The second signature. Raises NotPermitted for its writer, Unmet where it is signed already."""
    require_signer(actor)
    if paper.signed_at is not None:
        raise Unmet(f"已由{paper.signed_name}签发，不用再签。")
    if actor.id == paper.written_by:
        raise NotPermitted("起草的人不能自己签发，请另一位有权的人核对后签发。")
    paper.signed_by, paper.signed_name, paper.signed_at = actor.id, actor.name, now
