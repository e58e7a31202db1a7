"""What a definition promises, proved before it runs: every rule by name, every fault with its place and its mend.

    for finding in check(CATALOGUE, editions=EDITIONS):
        print(finding)

The state machine library already refuses some broken graphs as the class is read; these rules ask the same again,
because the library's own checks can be switched off in a class body.
"""

from __future__ import annotations

from collections.abc import Collection

from workflow.catalogue import Catalogue
from workflow.definition_checks import action_rules, flow_rules, form_rules, stage_rules, time_rules
from workflow.definition_checks.finding import Finding, Rule, World
from workflow.errors import Misdefined

RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rules in (stage_rules, time_rules, action_rules, form_rules, flow_rules)
    for rule in rules.RULES
}
"""All rules by name, in the order in which they are asked."""


def check(catalogue: Catalogue, editions: Collection[str] | None = None) -> list[Finding]:
    """Every fault of every definition. `editions` are those there are; None asks nothing about them."""
    world = World(catalogue, editions)
    return [
        Finding.of(blueprint, name, place, message)
        for blueprint in catalogue
        for name, rule in RULES.items()
        for place, message in rule(blueprint, world)
    ]


def require_sound(catalogue: Catalogue, editions: Collection[str] | None = None) -> None:
    """Refuse to start with a broken definition. Raises Misdefined with the first fault."""
    if findings := check(catalogue, editions):
        more = (
            f"（另有 {len(findings) - 1} 处，请运行 jiuzhu definitions check）" if len(findings) > 1 else ""
        )
        raise Misdefined(f"{findings[0]}{more}")


__all__ = ["RULES", "Finding", "World", "check", "require_sound"]
