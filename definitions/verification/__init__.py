"""家庭经济状况核对 (verification): asked on authorisation, answered source by source, concluded in a report.

The report is evidence for the decision, not the decision (R649-58). Answers come by interface, by file, by letter, or
are typed in; what each says stands beside what the family declared.
"""

from definitions.verification.absorbing import absorb, absorb_all
from definitions.verification.order import Verification
from definitions.verification.reports import valid_report
from definitions.verification.signing import record_signatures, signed_authorisations
from definitions.verification.sources import SOURCES

__all__ = [
    "SOURCES",
    "Verification",
    "absorb",
    "absorb_all",
    "record_signatures",
    "signed_authorisations",
    "valid_report",
]
