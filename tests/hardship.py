"""A family in need of several kinds of help at once: father out of work, a student, a grandmother over seventy, a hospital bill."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.district import VILLAGE, District
from workflow.households import register
from workflow.identity import make_id_number
from workflow.roles import WINDOW

HARDSHIP: dict[str, Any] = {
    "area_code": VILLAGE,
    "setting": "rural",
    "address": "和平路 18 号",
    "members": [
        {"relation": "head", "name": "周建国", "id_number": make_id_number("330212", date(1971, 3, 2), 11)},
        {"relation": "spouse", "name": "吴秀兰", "id_number": make_id_number("330212", date(1973, 6, 8), 22)},
        {"relation": "child", "name": "周文", "id_number": make_id_number("330212", date(1997, 9, 1), 33), "student": True},
        {"relation": "parent", "name": "陈阿娣", "id_number": make_id_number("330212", date(1943, 1, 5), 44), "serious_illness": True},
    ],
    "incomes": [{"member": 2, "category": "wage", "annual": "9600.00"}],
    "assets": [],
}  # fmt: skip
"""As it is registered: only the mother earns; in 2016 the student is eighteen and the grandmother seventy-three."""


def hardship(district: District) -> int:
    """Register the family in the district's village; the number of its household."""
    with district.database.acting() as conn:
        session = district.office.session(conn)
        return register(session, HARDSHIP, actor=district.staff(WINDOW), now=district.now).id
