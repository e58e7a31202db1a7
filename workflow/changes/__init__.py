"""What happens in a family: births, deaths, marriages ... recorded once, each with all it changes, as a chain."""

from workflow.changes.chain import Paper, chain, check_undoable, record, undo
from workflow.changes.forms import FORMS, About
from workflow.changes.words import AWAY, EVENT_SOURCES, EVENTS

__all__ = [
    "AWAY",
    "EVENTS",
    "EVENT_SOURCES",
    "FORMS",
    "About",
    "Paper",
    "chain",
    "check_undoable",
    "record",
    "undo",
]
