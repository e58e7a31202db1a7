"""How often which way is taken, as packs of cards: chosen for the synthetic district, no finding about a real one.

Rules of thumb: the ordinary way is by far the most frequent; a way that law provides for comes at least once where its
place is reached as often as its pack has cards; packs are small where a place is reached rarely. See docs/simulation.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Shares = Mapping[Any, int]

FILED_BY: Shares = {"window": 4, "agent": 1}
"""Who hands the application in: the family at the window, or the village agent on its behalf."""
DRAFT: Shares = {"submit": 39, "discard": 1}
"""A family that thinks better of it at the counter."""
COMPLETE: Shares = {"complete": 9, "paper": 2, "signature": 1}
"""Every fourth application lacks a paper or the signature of an adult."""
INTAKE: Shares = {"accept": 46, "not_accepted": 2, "withdraw": 1, "kinship": 1}
CHANGE_OF_MIND: Shares = {"none": 36, "withdraw": 1}
"""A family that withdraws while it is looked into."""
RECUSAL: Shares = {"none": 34, "investigator": 1}

HIDES: Shares = {"nothing": 36, "income": 1, "deposit": 3, "unclear": 1}
"""What the information check finds that the family has not declared: one in ten."""
CONTEST: Shares = {"evidence": 3, "silence": 2}
"""After a negative check."""
EVIDENCE: Shares = {"clears": 2, "fails": 1}
"""What the evidence proves in the check that follows."""
VISIT: Shares = {"seen": 44, "nobody": 4, "differs": 2, "refuses": 1}
TRIES: Shares = {1: 3, 2: 2, 3: 1}
"""How often nobody was there before somebody is."""
NEIGHBOURS: Shares = {"skip": 3, "ask": 1}
SOURCES: Shares = {1: 4, 2: 1}
"""How many sources answer before the report is written."""

APPRAISAL: Shares = {"agree": 29, "dispute": 1}
NOT_ELIGIBLE: Shares = {"refuse": 11, "withdraw": 2, "hardship": 1}
"""What becomes of a family over the limits: refused; withdraws when it hears the figures; proposed all the same."""
OTHER_AMOUNT: Shares = {"computed": 49, "other": 1}
BOARD: Shares = {"quiet": 31, "gap": 2, "objection": 3}
"""What happens to a notice on the board."""
AFTERWARDS: Shares = {"quiet": 29, "late": 1}
"""An objection when the notice has been taken down."""
OBJECTION: Shares = {"rejected": 3, "upheld": 1}
EXTENSION: Shares = {"asked": 1, "not": 1}
"""Whether the town asks for the longer overall limit when somebody has objected."""
RECHECK: Shares = {"reinvestigate": 2, "appraise_instead": 1}

COUNTY: Shares = {"go": 36, "return": 2, "doubt": 2}
COUNTY_OPINION: Shares = {"agree": 39, "disagree": 1}
COUNTY_VISIT: Shares = {"match": 9, "mismatch": 1}
DECISION: Shares = {"approve": 59, "refuse": 1}
REAPPLY: Shares = {"no": 3, "yes": 1}
"""A refused family whose circumstances change applies again."""

LIFE: Shares = {
    "quiet": 9, "income": 2, "job": 1, "members": 1, "complaint": 2, "suspension": 2, "death": 2, "moved": 1,
}  # fmt: skip
"""What happens to a household on benefit between the planned reviews."""
SUSPENDED: Shares = {"resume": 2, "stop": 1}
CHANGE: Shares = {"same": 26, "more": 4, "less": 4, "over": 1, "job": 1}
"""What a planned review finds: most often nothing; more or less income; income over the standard, by a job or not."""
REVIEW_VISIT: Shares = {"skip": 3, "visit": 1}
"""A visit where none is prescribed."""
REVIEW_RETURN: Shares = {"go": 24, "return": 1}

PAYMENT: Shares = {"paid": 5, "failed": 1}
REISSUE: Shares = {"paid": 3, "again": 1}
ESCALATION: Shares = {"urge": 3, "close": 2, "reassign": 2}
"""What the supervisor does about a missed deadline first."""
