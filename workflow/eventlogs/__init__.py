"""The journal as an event log for process mining: XES (IEEE 1849) and OCEL 2.0, without personal data."""

from workflow.eventlogs.events import Chosen
from workflow.eventlogs.ocel import ocel
from workflow.eventlogs.pseudonyms import Pseudonyms
from workflow.eventlogs.xes import xes

__all__ = ["Chosen", "Pseudonyms", "ocel", "xes"]
