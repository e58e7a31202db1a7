"""What must be true before an act on an intake, beside role and recusal."""

from __future__ import annotations

from definitions.intake.channels import AGENT_CHANNEL
from definitions.intake.results import children, has_result
from workflow.documents import kinds_present
from workflow.errors import FormRefused, Unmet
from workflow.facts import Facts
from workflow.roles import VILLAGE_AGENT

TRIES = 3
"""内部要求: so many call-backs in vain before an intake is closed without the family's answer."""


def entrusted(facts: Facts) -> None:
    """Who comes for somebody else brings it in writing; a village agent comes for others only (R649-11; M57-6)."""
    form = facts.form or {}
    if facts.actor.roles == {VILLAGE_AGENT.code} and form["channel"] != AGENT_CHANNEL:
        raise FormRefused({"channel": "代理员登记的来件渠道应选“村（社区）代办”"})
    if form["by_agent"] and "entrustment" not in kinds_present(facts.session, facts.case):
        raise Unmet("代办须有书面委托书，请先上传委托书。", needs=["entrustment"])


def all_answered(facts: Facts) -> None:
    """Every case opened from here has come to its result."""
    catalogue = facts.office.catalogue
    if left := [c.number for c in children(facts.session, facts.case.id) if not has_result(catalogue, c)]:
        raise Unmet(f"还在等：{'、'.join(left)}。")


def tried_often(facts: Facts) -> None:
    """The family was tried often enough."""
    tries = facts.case.facts.get("tries", 0)
    if tries < TRIES:
        raise Unmet(f"联系了 {tries} 次，至少 {TRIES} 次未联系上才能不经回访办结。")
