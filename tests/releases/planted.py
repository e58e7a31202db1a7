"""A catalogue in which somebody has changed a definition behind everybody's back."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from definitions import DEFINITIONS
from workflow.catalogue import Catalogue
from workflow.periods import Period


def catalogue(
    code: str, edition: str, *, span: str = "", rule: Period | None = None, stage: str = "", **changed: Any
) -> Catalogue:
    """All definitions, with the rule of one span or the properties of one stage changed."""
    made = Catalogue(DEFINITIONS)
    blueprint = made.get(code, edition)
    if span:
        assert rule is not None
        blueprint.spans = {**blueprint.spans, span: replace(blueprint.spans[span], rule=rule)}
    if stage:
        altered = copy.copy(blueprint.stages[stage])
        for name, value in changed.items():
            setattr(altered, name, value)
        blueprint.stages = {**blueprint.stages, stage: altered}
    return made
