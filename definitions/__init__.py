"""Programmes, the law of each edition, and the rules that compute: what the law says, readable by officials.

A new programme is a new file or folder here and one name in DEFINITIONS.
"""

from definitions.clue import ClueCase
from definitions.coordination import Coordination
from definitions.dibao.nat2021 import DibaoNat2021
from definitions.dibao.nat2021_delegated import DibaoNat2021Delegated
from definitions.dibao.nb2016 import DibaoNb2016
from definitions.dynamic_review.delegated import DynamicReviewDelegated
from definitions.dynamic_review.national import DynamicReview
from definitions.education import Education
from definitions.escalation import EscalationCase
from definitions.intake import Intake
from definitions.medical import Medical
from definitions.objection import ObjectionCase
from definitions.payment import PaymentList
from definitions.referral import ReferralCase
from definitions.shared.kin import NEAR_RELATIVES
from definitions.standard_change.change import StandardChange
from definitions.verification import Verification
from workflow.catalogue import Catalogue

DEFINITIONS = (
    DibaoNb2016,
    DibaoNat2021,
    DibaoNat2021Delegated,
    Verification,
    ObjectionCase,
    DynamicReview,
    DynamicReviewDelegated,
    PaymentList,
    EscalationCase,
    ClueCase,
    Intake,
    ReferralCase,
    Coordination,
    Medical,
    Education,
    StandardChange,
)
CATALOGUE = Catalogue(DEFINITIONS, near_kin=NEAR_RELATIVES)
