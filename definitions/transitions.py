"""Plans for bringing running cases from one edition to the next, with the articles behind each change of a limit.

The law of 2021 has no transitional clause for running cases: they go on under the edition they were accepted under
unless a district decides otherwise. What stands here is a proposal for that decision; two people sign it.
"""

from __future__ import annotations

from dataclasses import replace

from workflow.catalogue import Catalogue
from workflow.migration.plan import DROP, ClockRule, Plan, generate

_INTO_ONE = "2021 年办法不分镇级、县级时限，只定审核确认总时限"

_DIBAO_2021 = Plan(
    "dibao", "NB2016", "NAT2021",
    stages={"second_posting": "decision"},
    stay={
        "second_publicity": "第二次公示正在张贴，公示不能中断；期满后按原版本办完",
        "second_objected": "第二次公示的异议正在复查；复查后按原版本办完",
    },
    clocks={
        "span:investigation": ClockRule("", DROP, "M57-22", _INTO_ONE),
        "span:town": ClockRule("", DROP, "M57-22", _INTO_ONE),
        "stage:appraising": ClockRule("", DROP, "M57-19；M57-22", _INTO_ONE),
        "stage:decision": ClockRule("span:county"),
        "stage:second_posting": ClockRule("", DROP, "M57-19", "2021 年办法只公示一次，不再张贴第二次公示"),
    },
)  # fmt: skip
PREPARED = {(plan.definition, plan.source, plan.target): plan for plan in (_DIBAO_2021,)}
"""What differs from the generated plan."""


def suggested(catalogue: Catalogue, code: str, source: str, target: str) -> Plan:
    """The plan to start from: the one prepared here, else the one that changes as little as it can. Raises NotFound."""
    plan = generate(catalogue.get(code, source), catalogue.get(code, target), source, target)
    more = PREPARED.get((code, source, target))
    if more is None:
        return plan
    stages = {stage: to for stage, to in {**plan.stages, **more.stages}.items() if stage not in more.stay}
    return replace(
        plan,
        stages=stages,
        stay=more.stay,
        clocks={**plan.clocks, **more.clocks},
        begin={**plan.begin, **more.begin},
    )
