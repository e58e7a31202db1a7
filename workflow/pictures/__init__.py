"""A definition in other forms: table, diagram, drawing, plain text, JSON. None of them is written by hand.

show(blueprint, "svg")
"""

from __future__ import annotations

from collections.abc import Callable

from workflow.catalogue import Blueprint
from workflow.errors import Refused
from workflow.pictures.bpmn import bpmn
from workflow.pictures.docs import docs_of, write_docs
from workflow.pictures.drawing import svg
from workflow.pictures.mermaid import mermaid
from workflow.pictures.outline import text
from workflow.pictures.record import as_json, digest_of, document, fingerprint, form_set
from workflow.pictures.scxml import scxml
from workflow.pictures.tables import md

FORMATS: dict[str, Callable[[Blueprint], str]] = {
    "md": md,
    "mermaid": mermaid,
    "svg": svg,
    "text": text,
    "bpmn": bpmn,
    "scxml": scxml,
    "json": as_json,
}
"""The formats of `jiuzhu definitions show`."""


def show(blueprint: Blueprint, form: str) -> str:
    """The definition in one of the formats. Raises Refused for a format there is not."""
    if form not in FORMATS:
        raise Refused(f"没有格式“{form}”。可用：{'、'.join(FORMATS)}。")
    return FORMATS[form](blueprint)


__all__ = [
    "FORMATS", "as_json", "bpmn", "digest_of", "docs_of", "document", "fingerprint", "form_set", "md", "mermaid", "scxml", "show", "svg", "text",
    "write_docs",
]  # fmt: skip
