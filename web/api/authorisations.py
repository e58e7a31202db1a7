"""Authorisations of a household: what was signed, recorded, and taken back."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from definitions.verification.signing import PURPOSES
from definitions.verification.sources import SOURCES
from web.api.cases import log_access
from web.api.routes import Answer, Call, operation
from web.verification.authorisations import check_record
from workflow.errors import NotFound
from workflow.facts import Facts
from workflow.forms import Choices, Day, Form, Reason, Whole
from workflow.households import Asked
from workflow.models import Authorisation, Household, moment_text
from workflow.verification.authorisations import of_household, sign, withdraw


class NewAuthorisation(Form):
    """A signed authorisation of a member, by his person id."""

    person_id = Whole("授权人", at_least=1, at_most=10**9)
    guardian_id = Whole("监护人（代签）", at_least=1, at_most=10**9, required=False)
    signed_on = Day("签署日期")
    valid_to = Day("有效期至", future=True, required=False, hint="不填：到救助终止为止")
    scope = Choices("同意查询的来源", SOURCES)
    document_id = Whole("授权书扫描件", at_least=1, at_most=10**9, required=False)


class Withdrawal(Form):
    """Why it is taken back."""

    reason = Reason("撤回原因", sample="本人要求撤回")


def _household(call: Call, household_id: int) -> Household:
    found = call.session.get(Household, household_id)
    if found is None or not call.actor.reads(found.area_code):
        raise NotFound
    return found


def asked(call: Call) -> Facts:
    """What the fields look at while nothing is kept."""
    return cast("Facts", Asked(call.session, call.actor, call.now))


def represent(row: Authorisation) -> dict[str, Any]:
    """An authorisation as the API gives it."""
    return {
        "id": row.id, "number": row.number, "household_id": row.household_id, "person_id": row.person_id,
        "guardian_id": row.signed_by_guardian_id, "signed_on": row.signed_on.isoformat(),
        "valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "scope": row.scope, "purposes": row.purposes, "document_id": row.document_id,
        "withdrawn_at": moment_text(row.withdrawn_at) if row.withdrawn_at else None,
        "withdrawn_reason": row.withdrawn_reason,
    }  # fmt: skip


@operation("GET", "/households/<int:household_id>/authorisations", "一户的核对授权", "AuthorisationList")
def list_authorisations(call: Call, household_id: int) -> Answer:
    """All authorisations ever signed for the household, the newest first. The look is logged."""
    household = _household(call, household_id)
    log_access(call, "authorisations", [{"household_id": household.id}])
    return Answer({"items": [represent(row) for row in of_household(call.session, household.id)]})


@operation(
    "POST", "/households/<int:household_id>/authorisations", "登记核对授权", "Authorisation", status=201,
    form=NewAuthorisation,
)  # fmt: skip
def create_authorisation(call: Call, household_id: int) -> Answer:
    """Record a signed authorisation of a member; without one nobody is asked about him."""
    household = _household(call, household_id)
    check_record(call.actor, household)
    body = NewAuthorisation.clean(call.body, asked(call))
    row = sign(
        call.session, household_id=household.id, person_id=body["person_id"], guardian_id=body["guardian_id"],
        scope=body["scope"], purposes=PURPOSES, signed_on=date.fromisoformat(body["signed_on"]),
        valid_to=date.fromisoformat(body["valid_to"]) if body["valid_to"] else None,
        document_id=body["document_id"], actor=call.actor, now=call.now,
    )  # fmt: skip
    return Answer(represent(row), 201)


@operation(
    "POST", "/households/<int:household_id>/authorisations/<int:authorisation_id>/withdraw", "撤回核对授权",
    "Authorisation", form=Withdrawal,
)  # fmt: skip
def withdraw_authorisation(call: Call, household_id: int, authorisation_id: int) -> Answer:
    """The person takes it back: nothing more is asked about him."""
    household = _household(call, household_id)
    check_record(call.actor, household)
    row = call.session.get(Authorisation, authorisation_id)
    if row is None or row.household_id != household.id:
        raise NotFound
    reason = Withdrawal.clean(call.body, asked(call))["reason"]
    return Answer(represent(withdraw(call.session, row.id, reason, now=call.now)))
