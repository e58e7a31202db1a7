"""Sending back 退回 and going straight back 直送回, declared in one word of a definition:

    town_return = returns("退回", {opinion: (investigating, accepted)}, by=TOWN_REVIEWER, source="M57-19",
                          straight_back=(accepted,), keeps_parts=True)

stands for `town_return_to_investigating`, `town_return_to_accepted` and `straight_to_opinion`: one action a target, so
that checks, pictures and exports see every way. Only stages the case has passed can be chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.errors import NotPermitted, Unmet
from workflow.facts import CaseState, Facts
from workflow.flow.history import History
from workflow.forms import Choice, Choices, Form, Rows, Text
from workflow.models import Case, CaseForm, CasePart, User
from workflow.office import office_of
from workflow.policy import post_of
from workflow.roles import Role
from workflow.vocabulary import Effect, Guard, Part, Several, Stage, Written, action, from_any

REASONS = {
    "papers": "材料不齐或不符", "facts": "事实不清", "procedure": "手续不全", "computation": "计算有误", "opinion": "意见不明确",
}  # fmt: skip
"""Why something is sent back, where the definition names no reasons of its own."""
CLOSED, KEPT = "closed", "kept"
"""What becomes of the other parts of a stage that is left by sending back."""


class SentBack(Form):
    """Why it goes back, and point by point what is to be mended."""

    code = Choice("退回原因", REASONS)
    points = Rows(
        "要补正的事项", {"what": Text("内容", sample="请补充收入证明")}, at_least=1, hint="一行写一项"
    )

    @classmethod
    def clean(cls, raw: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
        """The cleaned form with the reason the journal gives."""
        form = super().clean(raw, facts)
        points = "；".join(f"{n}. {row['what']}" for n, row in enumerate(form["points"], 1))
        why = cls.fields()["code"].choices[form["code"]]  # type: ignore[attr-defined]
        return form | {"reason": f"{why}：{points}"}


@dataclass(frozen=True)
class Returns(Several):
    """See `returns`."""

    label: str
    ways: Mapping[Stage, tuple[Stage, ...]]
    by: tuple[Role, ...]
    source: str
    straight_back: tuple[Stage, ...]
    keeps_parts: bool
    siblings: str
    reasons: Mapping[str, str]
    when: tuple[Guard, ...]
    effects: tuple[Effect, ...]
    hand: str
    apart_from: tuple[str, ...]

    def actions(self, name: str, codes: Mapping[int, str]) -> dict[str, Written]:
        """One action a target, and one straight back to each stage that sends back to one of `straight_back`."""
        targets = {codes[id(target)]: target for ways in self.ways.values() for target in ways}
        found = {f"{name.rstrip('_')}_to_{code}": self._send_back(target) for code, target in targets.items()}
        for source, ways in self.ways.items():
            if starts := [target for target in ways if _among(target, self.straight_back)]:
                found[f"straight_to_{codes[id(source)]}"] = self._straight(source, starts)
        return found

    def _send_back(self, target: Stage) -> Written:
        sources = [source for source, ways in self.ways.items() if _among(target, ways)]
        keeps = self.keeps_parts and bool(target.parts)
        holders = tuple(dict.fromkeys(source.held_by for source in sources if source.held_by))
        own = () if self.by else (holds_stage,)
        return action(
            f"{self.label}“{target.label}”", from_any(target, *sources), by=self.by or holders, says=f"退回“{target.label}”",
            form=_form(self.reasons, target.parts if keeps else ()), source=self.source, sends_back=True, keeps_parts=keeps,
            when=(*own, *self.when, passed(target)), effects=(leave_siblings(self.siblings), *([keep(target)] if keeps else []), *self.effects),
        )  # fmt: skip

    def _straight(self, source: Stage, starts: list[Stage]) -> Written:
        holders = tuple(dict.fromkeys(start.held_by for start in starts if start.held_by))
        return action(
            f"直送回“{source.label}”", from_any(source, *starts), by=holders, says=f"补正完毕，直送回“{source.label}”",
            source=self.source, straight_back=True, keeps_parts=bool(source.parts), hand=self.hand, apart_from=self.apart_from,
            when=(came_from(source), holds_stage, nothing_left_open), effects=(keep(source, ()),) if source.parts else (),
        )  # fmt: skip


def returns(
    label: str,
    ways: Mapping[Stage, tuple[Stage, ...]],
    *,
    by: Role | tuple[Role, ...] = (),
    source: str,
    straight_back: tuple[Stage, ...] = (),
    keeps_parts: bool = False,
    siblings: str = CLOSED,
    reasons: Mapping[str, str] = REASONS,
    when: tuple[Guard, ...] = (),
    effects: tuple[Effect, ...] = (),
    hand: str = "",
    apart_from: tuple[str, ...] = (),
) -> Any:
    """From each stage back to some earlier ones, `by` whoever holds it where nobody else is named.

    `straight_back` are the targets from which the case may go straight back to where it came from, past the steps
    between; whoever sends it back so has the `hand` and is kept `apart_from` as if he had taken those steps.
    `keeps_parts`: of a target with parts only those named on the form are done anew. `siblings`: whether the linked
    cases of unfinished parts of the stage that is left are `closed` or `kept` until the case comes back.
    """
    roles = by if isinstance(by, tuple) else (by,)
    return Returns(
        label,
        ways,
        roles,
        source,
        straight_back,
        keeps_parts,
        siblings,
        reasons,
        when,
        effects,
        hand,
        apart_from,
    )


def _among(stage: Stage, stages: tuple[Stage, ...]) -> bool:
    """By identity: to the library two stages without a name yet are equal."""
    return any(one is stage for one in stages)


def _form(reasons: Mapping[str, str], parts: tuple[Part, ...]) -> type[Form]:
    fields: dict[str, Any] = {"__doc__": SentBack.__doc__}
    if reasons is not REASONS:
        fields["code"] = Choice("退回原因", reasons)
    if parts:
        choices = {part.code: part.label for part in parts if not part.on_demand}
        fields["redo"] = Choices("要重做的事项", choices, hint="没有选的、已办结的事项保留")
    return type("SentBack", (SentBack,), fields) if len(fields) > 1 else SentBack


def history_of(facts: Facts) -> History:
    """The case's history, read once for all questions about it."""
    found = facts.__dict__.get("_history")
    if found is None:
        found = facts.__dict__["_history"] = History.of(facts.conn, facts.office.catalogue, facts.case)
    return found


def passed(target: Stage) -> Guard:
    """Only where the case has been can it be sent back to."""

    def has_passed(facts: Facts) -> None:
        if target.id not in history_of(facts).passed:
            raise Unmet(f"本案没有经过“{target.label}”，不能退回到那里。")

    return has_passed


def came_from(source: Stage) -> Guard:
    """Straight back only to the stage that sent it here, as long as that is not answered."""

    def was_returned(facts: Facts) -> None:
        step = history_of(facts).returned_from(facts.case.stage)
        if step is None or step.from_stage != source.id:
            raise Unmet(f"本案不是由“{source.label}”退回到这里的，请按正常步骤办理。")

    return was_returned


def holds_stage(facts: Facts) -> None:
    """Whoever holds the stage sends it on or back, not who holds another of those the word is about."""
    holder = facts.blueprint.stages[facts.case.stage].held_by
    if holder and not facts.actor.holds(holder, post_of(holder, facts.case), facts.case.definition):
        raise NotPermitted(f"在这个环节由{holder.title}办理。")


def nothing_left_open(facts: Facts) -> None:
    """What was to be done anew is done."""
    labels = {part.code: part.label for part in facts.blueprint.stages[facts.case.stage].parts}
    open_parts = facts.conn.execute(
        select(CasePart.code).where(
            CasePart.case_id == facts.case.id, CasePart.visit == facts.case.visit, CasePart.required, CasePart.state == "open"
        )
    ).scalars()  # fmt: skip
    if left := [labels.get(code, code) for code in open_parts]:
        raise Unmet(f"还没有完成：{'、'.join(left)}。完成后才能直送回。")


def keep(stage: Stage, redo: tuple[str, ...] | None = None) -> Effect:
    """Say on the form which parts of the stage stand as they were done last time."""

    def keep_parts(
        session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
    ) -> None:
        visit = History.of(session.connection(), office_of(session).catalogue, case).last_visit(stage.id)
        done = session.scalars(
            select(CasePart.code).where(
                CasePart.case_id == case.id, CasePart.visit == visit, CasePart.state == "done"
            )
        )
        again = form.get("redo", ()) if redo is None else redo
        form["kept"] = sorted(set(done) - set(again))

    return keep_parts


def leave_siblings(siblings: str) -> Effect:
    """The linked cases of parts that are not finished: ended by their own action, or left to go on."""

    def close_linked(
        session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
    ) -> None:
        from workflow.acts import follow

        office = office_of(session)
        parts = {
            part.code: part
            for part in office.catalogue.of(case).stages[case.stage].parts
            if part.opens and part.ends
        }
        for child in linked_to(session, case) if siblings == CLOSED and parts else ():
            part = parts.get(str(child.facts.get("part")))
            if part is not None and child.definition == part.opens:
                follow(
                    session,
                    child.id,
                    part.ends,
                    actor=actor,
                    now=now,
                    origin=case,
                    form={"reason": form["reason"]},
                )

    return close_linked


def linked_to(session: Session, case: CaseState) -> list[Case]:
    """The open cases that this one opened."""
    return list(
        session.scalars(
            select(Case).where(Case.parent_id == case.id, Case.closed_at.is_(None)).order_by(Case.id)
        )
    )


def what_to_mend(session: Session, office: Any, case: Case | CaseState) -> dict[str, Any] | None:
    """What the case was sent back for and has not answered: form of the return, who, when, from where; None where nothing."""
    step = History.of(session.connection(), office.catalogue, case).returned_from(case.stage)
    if step is None:
        return None
    body = (
        session.scalar(select(CaseForm.body).where(CaseForm.case_id == case.id, CaseForm.seq == step.seq))
        or {}
    )
    who = session.scalar(select(User.name).where(User.id == step.actor_id)) or ""
    return {"from": step.from_stage, "at": step.at, "who": who, "reason": body.get("reason", ""),
            "points": [row["what"] for row in body.get("points", ())]}  # fmt: skip


__all__ = ["CLOSED", "KEPT", "REASONS", "Returns", "SentBack", "returns", "what_to_mend"]
