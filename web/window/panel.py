"""What the page of an intake shows beside what every case page shows: proposals, what was set going, what is handed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from definitions.intake.proposals import proposals_of
from definitions.intake.results import INTAKE
from definitions.intake.ways import DECISIONS, GOING, LABELS
from definitions.matcher import PAPERS
from definitions.shared.materials import MATERIALS
from definitions.shared.papers import on_file
from web.cases.page import CasePage
from web.window.standing import Thing, things_of
from workflow import handouts
from workflow.models import HandOut

WORDS: dict[str, dict[str, str]] = {
    "verdict": {"can": "可以申请", "unknown": "还要了解", "cannot": "不符合"},
    "tone": {"can": "ok", "unknown": "soon", "cannot": "plain"},
    "item": LABELS,
    "decision": DECISIONS,
    "state": handouts.STATES,
}
STILL_BROUGHT = ("assessed", "waiting")
"""The stages in which papers are still of use here."""


@dataclass(frozen=True)
class IntakePanel:
    """An intake for one reader."""

    proposals: list[dict[str, Any]]
    decisions: dict[str, dict[str, str]]
    things: list[Thing]
    wanted: list[str]
    handed: list[HandOut]
    may_ask: bool
    may_decide: bool

    def words(self, kind: str, code: str) -> str:
        """What a verdict, programme, decision or state is called."""
        return WORDS[kind][code]

    def spoken(self, row: HandOut) -> str:
        """What is handed out, in words."""
        return handouts.spoken(row)


def panel_of(page: CasePage) -> IntakePanel | None:
    """None for a case that is no intake."""
    case, session = page.case, page.session
    if case.definition != INTAKE:
        return None
    proposals = proposals_of(case)
    return IntakePanel(
        proposals=proposals,
        decisions={row["item"]: row for row in case.facts.get("decisions", ())},
        things=things_of(page.office, session, [case])[case.id],
        wanted=_wanted(page, proposals) if case.stage in STILL_BROUGHT else [],
        handed=list(handouts.of_case(session, case.id)),
        may_ask=handouts.may(page.actor, handouts.ASKS, case),
        may_decide=handouts.may(page.actor, handouts.DECIDES, case),
    )


def _wanted(page: CasePage, proposals: list[dict[str, Any]]) -> list[str]:
    """The papers for what is set going, or may be, that are neither here nor on file: to be brought once."""
    chosen = {row["item"] for row in page.case.facts.get("decisions", ()) if row["decision"] in GOING}
    here = {document.kind for document, _name in page.documents} | set(
        on_file(page.session, page.case.subject_id, page.today)
    )
    serving = [one for one in proposals if (one["item"] in chosen if chosen else one["verdict"] == "can")]
    kinds = [kind for one in serving for kind in one["bring"]]
    return [name_of(kind) for kind in dict.fromkeys(kinds) if kind not in here]


def name_of(kind: str) -> str:
    """What a kind of paper is called."""
    return MATERIALS.get(kind) or PAPERS.get(kind, kind)
