"""People and households: who belongs together, what they earn and own, and how they are found."""

from workflow.households.form import MEMBER_FIELDS, Asked, HouseholdForm, clean_household
from workflow.households.means import Difference, differences, facts_document, record_asset, record_income
from workflow.households.register import (
    add_member,
    clean_member,
    end_membership,
    open_membership,
    register,
    register_household,
)
from workflow.households.search import find_households
from workflow.households.words import (
    APART_KINDS,
    ASSET_KINDS,
    COUNTED_ASSETS,
    DISABILITIES,
    GRADES,
    INCOME_CATEGORIES,
    INCOME_KINDS,
    LABOUR,
    LEAVINGS,
    RELATIONS,
    SETTINGS,
    SEXES,
    SOURCES,
    supplement_reasons,
)

__all__ = [
    "APART_KINDS", "ASSET_KINDS", "COUNTED_ASSETS", "DISABILITIES", "GRADES", "INCOME_CATEGORIES", "INCOME_KINDS",
    "LABOUR", "LEAVINGS", "MEMBER_FIELDS", "RELATIONS", "SETTINGS", "SEXES", "SOURCES", "Asked", "Difference",
    "HouseholdForm", "add_member", "clean_household", "clean_member", "differences", "end_membership",
    "facts_document", "find_households", "open_membership", "record_asset", "record_income", "register",
    "register_household", "supplement_reasons",
]  # fmt: skip
