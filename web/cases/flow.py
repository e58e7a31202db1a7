"""What a case page shows of the ways off the straight one: sent back, signatures, suspended, papers owed, verbs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select

from web.cases.page import CasePage, facts_of
from workflow.errors import Refused
from workflow.facts import Facts
from workflow.flow import halts, papers, verbs
from workflow.flow.returns import what_to_mend
from workflow.flow.signing import OPINIONS
from workflow.models import Halt, Signature, User

STATES = OPINIONS | {"waiting": "待签署", "dropped": "已减签"}


@dataclass
class FlowPage:
    """Beside the page of a case; each part is read when the page asks for it."""

    page: CasePage

    @cached_property
    def facts(self) -> Facts:
        """What the verbs look at."""
        page = self.page
        return facts_of(page.office, page.session, page.case, page.actor, page.now)

    @cached_property
    def offers(self) -> list[tuple[verbs.Verb, Refused | None]]:
        """The engine's verbs for this reader."""
        return [] if self.page.case.closed_at else list(verbs.offers(self.facts))

    @property
    def open_verbs(self) -> list[verbs.Verb]:
        """Those he may do now."""
        return [verb for verb, against in self.offers if against is None]

    @property
    def closed_verbs(self) -> list[tuple[verbs.Verb, Refused]]:
        """Those that are his but closed, with the reason."""
        return [(verb, against) for verb, against in self.offers if against is not None]

    @cached_property
    def mend(self) -> dict[str, Any] | None:
        """Why the case came back, and what is to be mended."""
        if self.page.case.closed_at:
            return None
        return what_to_mend(self.page.session, self.page.office, self.page.case)

    @cached_property
    def halt(self) -> dict[str, Any] | None:
        """The order to suspend or revoke that is asked for or in force."""
        case, session = self.page.case, self.page.session
        if case.closed_at:
            return None
        row: Halt | None = halts.pending(session.connection(), case.id)
        if row is None and case.halt_id is not None:
            row = session.get_one(Halt, case.halt_id)
        if row is None:
            return None
        names = dict(
            session.execute(
                select(User.id, User.name).where(User.id.in_([row.asked_by, row.confirmed_by or 0]))
            ).all()
        )
        return {"kind": halts.SAYS[row.kind], "state": row.state, "reason": row.reason, "asked": names.get(row.asked_by, ""),
                "at": row.confirmed_at or row.asked_at, "confirmed": names.get(row.confirmed_by or 0, "")}  # fmt: skip

    @cached_property
    def owed(self) -> list[tuple[list[str], Any]]:
        """Papers owed, and by when."""
        if not self.page.blueprint.lends:
            return []
        names = self.page.blueprint.cls.papers
        return [
            ([names.get(kind, kind) for kind in row.kinds], row.due_on)
            for row in papers.owed(self.page.session, self.page.case.id)
        ]

    @cached_property
    def rounds(self) -> list[tuple[str, str, list[tuple[Signature, str]]]]:
        """The rounds of signatures of the present visit: what of, by which rule, who."""
        case, found = self.page.case, []
        for part in self.page.blueprint.stages[case.stage].parts:
            if part.signing is None:
                continue
            rows = self.page.session.execute(
                select(Signature, User.name).join(User, User.id == Signature.user_id)
                .where(Signature.case_id == case.id, Signature.visit == case.visit, Signature.part == part.code)
                .order_by(Signature.turn, Signature.id)
            ).all()  # fmt: skip
            if rows:
                found.append((part.label, part.signing.rule.label, [(row, name) for row, name in rows]))
        return found


__all__ = ["STATES", "FlowPage"]
