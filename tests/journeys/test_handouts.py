"""What the database itself knows of goods and money handed out, whoever writes to it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from tests.district import District
from workflow.models import HandOut
from workflow.roles import TOWN_REVIEWER, WINDOW

NOW = datetime(2016, 9, 5, 1, tzinfo=UTC)


@pytest.fixture
def row(district: District) -> dict[str, Any]:
    """A request for a quilt."""
    case = district.open(district.family(), "intake")
    return {
        "number": "WZ-2016-000001", "key": "k", "case_id": case, "household_id": district.case(case).subject_id,
        "person_id": district.people(case)[0], "kind": "goods", "what": "棉被", "quantity": 1, "unit": "床", "reason": "受潮",
        "state": "requested", "requested_by": district.staff(WINDOW).id, "requested_at": NOW,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"quantity": None}, {"quantity": 0}, {"amount": Decimal("10.00")}, {"kind": "money"}, {"state": "lost"},
        {"state": "approved"}, {"state": "handed_out"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_refused_by_the_database(
    district: District, row: dict[str, Any], changed: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), district.database.acting() as conn:
        conn.execute(insert(HandOut).values(**row | changed))


def test_nobody_decides_about_what_he_has_asked_for(district: District, row: dict[str, Any]) -> None:
    own = row | {"state": "approved", "decided_by": row["requested_by"], "decided_at": NOW}
    with pytest.raises(IntegrityError), district.database.acting() as conn:
        conn.execute(insert(HandOut).values(**own))
    with district.database.acting() as conn:
        conn.execute(insert(HandOut).values(**own | {"decided_by": district.staff(TOWN_REVIEWER).id}))


def test_nothing_is_handed_out_without_the_name_of_who_received_it(
    district: District, row: dict[str, Any]
) -> None:
    given = row | {
        "state": "handed_out",
        "decided_by": district.staff(TOWN_REVIEWER).id,
        "handed_by": row["requested_by"],
    }
    with pytest.raises(IntegrityError), district.database.acting() as conn:
        conn.execute(insert(HandOut).values(**given))


def test_one_key_is_one_request(district: District, row: dict[str, Any]) -> None:
    with district.database.acting() as conn:
        conn.execute(insert(HandOut).values(**row))
    with pytest.raises(IntegrityError), district.database.acting() as conn:
        conn.execute(insert(HandOut).values(**row | {"number": "WZ-2016-000002"}))
