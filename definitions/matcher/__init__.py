"""The policy matcher: what a household can have, cannot have and why, or what must be known first (SEED 三(三); O20 item 23).

`items` is the table of policy, `needs` the document it reads, `conditions` the predicates, `matching` the answer;
`household` writes the document from the registers, `scan` looks for families nobody has helped.
"""

from definitions.matcher.household import household_document
from definitions.matcher.items import ITEMS, PAPERS, PROGRAMMES, PolicyItem
from definitions.matcher.matching import Match, match
from definitions.matcher.needs import FACTS, fact_in_words, read_needs

__all__ = [
    "FACTS",
    "ITEMS",
    "PAPERS",
    "PROGRAMMES",
    "Match",
    "PolicyItem",
    "fact_in_words",
    "household_document",
    "match",
    "read_needs",
]
