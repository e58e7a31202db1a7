"""What a definition promises, proved before it runs: every rule by name, every fault with its place and its mend.

    for finding in check(CATALOGUE, editions=EDITIONS):
        print(finding)

The state machine library already refuses some broken graphs as the class is read; these rules ask the same again,
because the library's own checks can be switched off in a class body. `check_law` asks about tables and numbers,
`roster.check_roster` whether there are people for it all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from workflow.catalogue import Catalogue
from workflow.definition_checks import (
    action_rules,
    answer_rules,
    flow_rules,
    form_rules,
    law_rules,
    stage_rules,
    time_rules,
)
from workflow.definition_checks.finding import Finding, Rule, World
from workflow.definition_checks.law_rules import Figure, Laid, Law
from workflow.errors import Misdefined

AT_START: dict[str, Rule] = {
    rule.__name__: rule
    for rules in (stage_rules, time_rules, action_rules, form_rules, flow_rules)
    for rule in rules.RULES
}
"""The rules by name that every start asks."""
RULES: dict[str, Rule] = AT_START | {rule.__name__: rule for rule in answer_rules.RULES}
"""All rules about a definition by name, in the order in which they are asked: the last ones read source files."""
LAW_RULES = {rule.__name__: rule for rule in law_rules.RULES}
"""The rules about the tables and numbers that definitions share."""


def check(
    catalogue: Catalogue,
    editions: Collection[str] | None = None,
    translated: Collection[str] | None = None,
    rules: Mapping[str, Rule] = RULES,
) -> list[Finding]:
    """Every fault of every definition. `editions` are those there are, `translated` the texts; None asks nothing of them."""
    world = World(catalogue, editions, translated)
    return [
        Finding.of(blueprint, name, place, message)
        for blueprint in catalogue
        for name, rule in rules.items()
        for place, message in rule(blueprint, world)
    ]


def check_law(law: Law) -> list[Finding]:
    """Every gap, overlap and hidden row of a table, every number without its source."""
    return [
        Finding(name, "", edition, place, file, line, message)
        for name, rule in LAW_RULES.items()
        for edition, place, file, line, message in rule(law)
    ]


def require_sound(catalogue: Catalogue, editions: Collection[str] | None = None) -> None:
    """Refuse to start with a broken definition. Raises Misdefined with the first fault."""
    if findings := check(catalogue, editions, rules=AT_START):
        more = (
            f"（另有 {len(findings) - 1} 处，请运行 jiuzhu definitions check）" if len(findings) > 1 else ""
        )
        raise Misdefined(f"{findings[0]}{more}")


__all__ = [
    "LAW_RULES",
    "RULES",
    "Figure",
    "Finding",
    "Laid",
    "Law",
    "World",
    "check",
    "check_law",
    "require_sound",
]
