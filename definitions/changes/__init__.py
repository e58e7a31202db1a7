"""What an event of a family means in law: for a benefit, for a case under way, for the check of its means.

The event itself is done by `workflow.changes`; here it meets the cases, in the same transaction. A benefit is looked
into by a re-check, opened by the very action a clerk has for it; the holder of a case under way is told.
"""

from definitions.changes.consequences import EMPTY, REPORT, REVIEW, TOLD, Started, benefit_of, started_of
from definitions.changes.meanings import MEANINGS, STILL_COUNTED, meaning_of
from definitions.changes.recording import Shown, preview, record, undo

__all__ = [
    "EMPTY", "MEANINGS", "REPORT", "REVIEW", "STILL_COUNTED", "TOLD", "Shown", "Started", "benefit_of", "meaning_of",
    "preview", "record", "started_of", "undo",
]  # fmt: skip
