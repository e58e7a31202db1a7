"""The aid ledger: what was granted to whom and what is paid of it, as far as the caller may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import or_, select

from definitions.shared.guards import first_of_next_month
from web.api import represent
from web.api.asking import (
    LIMIT,
    Param,
    area,
    filters_of,
    make_cursor,
    month,
    one_of,
    read_cursor,
    text,
    whole,
)
from web.api.routes import Answer, Call, operation
from workflow.models import AidGrant, Case, Entitlement, PaymentLine
from workflow.policy import area_filter, readable_areas

FILTERS: dict[str, Param] = {
    "kind": one_of(
        "待遇（entitlement）、发放明细（payment）或部门救助（grant）", "entitlement", "payment", "grant"
    ),
    "programme": text("救助项目"),
    "area": area("区划代码，含其下各级"),
    "household": whole("家庭编号"),
    "case": text("案件编号"),
    "month": month("月份；部门救助按决定日期"),
    "state": one_of("发放状态；只列发放明细", "due", "paid", "failed", "cancelled"),
}


@operation("GET", "/ledger", "救助台账", "LedgerPage", query=FILTERS, paged=True)
def list_ledger(call: Call) -> Answer:
    """Entitlements, then payment lines, then grants of departments, each the oldest first."""
    limit, (kind, after) = (
        call.query.get("limit", LIMIT),
        read_cursor(call.query, str, int) or ("entitlement", 0),
    )
    found: list[tuple[dict[str, Any], Any]] = []
    for name, read in KINDS.items():
        if kind == name and len(found) <= limit:
            found += read(call, after, limit + 1 - len(found))
            kind, after = _AFTER.get(name, ""), 0
    shown, following = found[:limit], None
    if len(found) > limit:
        last = shown[-1][0]
        following = make_cursor([last["kind"], last["id"]], filters_of(call.query))
    return Answer(
        {"items": [item for item, barred in shown if call.actor.id not in barred], "next": following}
    )


def _entitlements(call: Call, after: int, limit: int) -> list[tuple[dict[str, Any], Any]]:
    query = call.query
    if query.get("kind", "entitlement") != "entitlement" or "state" in query:
        return []
    wanted = _wanted(call, Entitlement, Entitlement.area_code)
    if "month" in query:
        wanted += [
            Entitlement.from_month <= query["month"],
            or_(Entitlement.to_month.is_(None), Entitlement.to_month >= query["month"]),
        ]
    rows = _rows(call, Entitlement, [*wanted, Entitlement.id > after], limit)
    return [(represent.entitlement(row, number), barred) for row, number, _, barred in rows]


def _payments(call: Call, after: int, limit: int) -> list[tuple[dict[str, Any], Any]]:
    query = call.query
    if query.get("kind", "payment") != "payment":
        return []
    wanted = _wanted(call, PaymentLine, Case.area_code)
    if "month" in query:
        wanted.append(PaymentLine.month == query["month"])
    if "state" in query:
        wanted.append(PaymentLine.state == query["state"])
    rows = _rows(call, PaymentLine, [*wanted, PaymentLine.id > after], limit)
    return [(represent.payment(row, number, code), barred) for row, number, code, barred in rows]


def _grants(call: Call, after: int, limit: int) -> list[tuple[dict[str, Any], Any]]:
    query = call.query
    if query.get("kind", "grant") != "grant" or "state" in query:
        return []
    wanted = _wanted(call, AidGrant, AidGrant.area_code)
    if "month" in query:
        first = date.fromisoformat(f"{query['month']}-01")
        wanted += [AidGrant.decided_on >= first, AidGrant.decided_on < first_of_next_month(first)]
    rows = _rows(call, AidGrant, [*wanted, AidGrant.id > after], limit)
    return [(represent.grant(row, number), barred) for row, number, _, barred in rows]


KINDS = {"entitlement": _entitlements, "payment": _payments, "grant": _grants}
"""What the ledger holds, in the order in which it is read."""
_AFTER = dict(pairwise(KINDS))


def _wanted(call: Call, table: Any, area_code: Any) -> list[Any]:
    """The conditions both kinds share; the caller's areas always stand among them."""
    query = call.query
    wanted: list[Any] = [area_filter(area_code, readable_areas(call.actor))]
    if "area" in query:
        wanted.append(area_filter(area_code, [query["area"]]))
    if "programme" in query:
        wanted.append(table.programme == query["programme"])
    if "household" in query:
        wanted.append(table.household_id == query["household"])
    if "case" in query:
        wanted.append(Case.number == query["case"])
    return wanted


def _rows(call: Call, table: Any, wanted: list[Any], limit: int) -> Sequence[Any]:
    lines = (
        select(table, Case.number, Case.area_code, Case.barred)
        .join(Case, Case.id == table.case_id)
        .where(*wanted)
    )
    return call.session.execute(lines.order_by(table.id).limit(limit)).all()
