"""What the rules propose to a family: the matcher asked about the household as the window knows it, a line a programme."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from definitions.intake.record import on_record
from definitions.intake.ways import WAYS
from definitions.matcher import FACTS, Match, household_document, match
from definitions.shared.assessment import standards_of
from definitions.shared.guards import month_of
from workflow.facts import CaseState
from workflow.models import Case, Entitlement, Household, Person

CAN, UNKNOWN, CANNOT = "can", "unknown", "cannot"
_RANK = (CAN, UNKNOWN, CANNOT)


def matches(session: Session, case: CaseState | Case, known: dict[str, Any], on: date) -> tuple[Match, ...]:
    """Every item of help in force, judged by the household's file and what the family has told besides."""
    household = session.get_one(Household, case.subject_id)
    document = household_document(session, household.id, on) | {"setting": household.setting}
    filed = with_known(document, {"members": on_record(session, household.id, on)})
    return match(
        with_known(filed, known), edition=case.edition, as_of=on,
        standards=standards_of(session, case.area_code), have=granted(session, household.id, on),
    )  # fmt: skip


def with_known(document: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The document with what was told at the window: facts of the household, and under `members` those of a person."""
    told = known.get("members", {})
    members = [member | told.get(member["id"], {}) for member in document["members"]]
    return (
        document | {name: value for name, value in known.items() if name != "members"} | {"members": members}
    )


def granted(session: Session, household_id: int, on: date) -> list[str]:
    """The programmes from which the household is helped this month."""
    rows = session.scalars(
        select(Entitlement.programme).distinct().where(
            Entitlement.household_id == household_id,
            or_(Entitlement.to_month.is_(None), Entitlement.to_month >= month_of(on)),
        )
    )  # fmt: skip
    return sorted(rows)


def proposals(session: Session, found: Iterable[Match]) -> list[dict[str, Any]]:
    """A line a programme, the best of its items; what can be had first. As kept on the case: JSON, money as text."""
    by_programme: dict[str, list[Match]] = {}
    for one in found:
        if one.programme in WAYS:
            by_programme.setdefault(one.programme, []).append(one)
    lines = [_line(session, programme, items) for programme, items in by_programme.items()]
    return sorted(lines, key=lambda line: _RANK.index(line["verdict"]))


def _line(session: Session, programme: str, items: list[Match]) -> dict[str, Any]:
    verdict = min((one.verdict for one in items), key=_RANK.index)
    best = [one for one in items if one.verdict == verdict]
    amounts = [a for one in best for a in (one.amount_from, one.amount_to) if a is not None]
    return {
        "item": programme,
        "verdict": verdict,
        "items": [one.label for one in best],
        "because": [] if verdict == UNKNOWN else _reasons(session, best),
        "missing": list(dict.fromkeys(_named(session, path) for one in best for path in one.missing)),
        "from": _yuan(min(amounts, default=None)),
        "to": _yuan(max(amounts, default=None)),
        "per": best[0].per,
        "bring": list(dict.fromkeys(kind for one in best for kind in one.bring)),
        "group": best[0].group,
        "source": best[0].source,
    }


def _reasons(session: Session, best: list[Match]) -> list[str]:
    """The reasons, each once; a person, whom the rules know by his number, by his name."""
    found = []
    for text in dict.fromkeys(reason.text for one in best for reason in one.because):
        who, _, rest = text.partition(" ")
        person = session.get(Person, int(who)) if rest and who.isdigit() else None
        found.append(f"{person.name}{rest}" if person else text)
    return found


def _yuan(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _named(session: Session, path: str) -> str:
    """A missing fact in words, with the name of the person it is about."""
    who, _, fact = path.rpartition(".")
    name = FACTS.get(fact, fact)
    person = session.get(Person, int(who)) if who.isdigit() else None
    return f"{person.name}的{name}" if person else name


def proposals_of(case: CaseState | Case) -> list[dict[str, Any]]:
    """The proposals kept on an assessed intake."""
    found: list[dict[str, Any]] = case.facts.get("proposals", [])
    return found
