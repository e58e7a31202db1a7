"""Emergency first, papers later (补办手续): an act goes ahead without papers that are owed from then on, with a limit.

Until they are in, the operator who went ahead takes no further step on that case, and nobody ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.orm import Session

from workflow import statements as sql
from workflow.clocks import deadline_row
from workflow.documents import kinds_present
from workflow.errors import Unmet
from workflow.facts import CaseState, Facts
from workflow.flow.kept import OWED
from workflow.models import Case, Deadline, OwedPapers
from workflow.office import office_of
from workflow.periods import local_date
from workflow.sending import send

if TYPE_CHECKING:
    from workflow.actors import Actor
    from workflow.vocabulary import Action, PapersLater

ALWAYS = 0
"""The visit of a deadline for papers: none, so that leaving a stage does not end it."""


def owes(word: PapersLater, role: Any) -> Callable[..., None]:
    """The effect of an act that may go ahead: what is missing of its papers is owed from today."""

    def owe(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
        present = kinds_present(session, case)
        missing = [kind for kind in word.kinds if kind not in present]
        if not missing:
            return
        row = deadline_row(
            office_of(session), case, kind=f"{OWED}{case.seq + 1}", label=word.limit.label or "补办手续",
            rule=word.limit.rule, source=word.limit.source, role=role, now=now, ladder=word.limit.ladder, part="papers",
        )  # fmt: skip
        conn = session.connection()
        send(conn, [(sql.ADD_DEADLINE, row | {"visit": ALWAYS, "state": "open", "overdue": False})])
        conn.execute(
            insert(OwedPapers).values(
                case_id=case.id, seq=case.seq + 1, user_id=actor.id, kinds=missing, due_on=row["due_on"]
            )
        )  # fmt: skip

    owe.__name__ = owe.__qualname__ = "owe_papers"
    return owe


def owed(conn: Connection | Session, case_id: int) -> list[Row[Any]]:
    """What the case still owes."""
    return list(
        conn.execute(
            select(OwedPapers.id, OwedPapers.seq, OwedPapers.user_id, OwedPapers.kinds, OwedPapers.due_on)
            .where(OwedPapers.case_id == case_id, OwedPapers.settled_at.is_(None))
            .order_by(OwedPapers.id)
        )
    )


def check(word: Action, facts: Facts) -> None:
    """Raise Unmet where this step has to wait for papers that are owed."""
    ends = not word.stays and facts.blueprint.stages[word.moves[facts.case.stage]].final
    mine = [row for row in owed(facts.conn, facts.case.id) if ends or row.user_id == facts.actor.id]
    if mine:
        names = facts.blueprint.cls.papers
        kinds = dict.fromkeys(names.get(kind, kind) for row in mine for kind in row.kinds)
        raise Unmet(
            f"先行办理后还没有补齐手续：{'、'.join(kinds)}，最迟 {min(row.due_on for row in mine).isoformat()}。"
            f"补齐以后才能{'办结' if ends else '继续办理'}。",
            needs=sorted({kind for row in mine for kind in row.kinds}),
        )


def settle(session: Session, case: Case | CaseState, now: datetime) -> None:
    """Papers came in: what is owed no more is settled, and its deadline ends."""
    rows = owed(session, case.id)
    if not rows:
        return
    present = kinds_present(session, case)
    for row in rows:
        if set(row.kinds) <= present:
            today: date = local_date(now)
            session.execute(update(OwedPapers).where(OwedPapers.id == row.id).values(settled_at=now))
            session.execute(
                update(Deadline)
                .where(
                    Deadline.case_id == case.id, Deadline.kind == f"{OWED}{row.seq}", Deadline.state == "open"
                )
                .values(state="met" if today <= row.due_on else "late", met_on=today, next_at=None)
            )
