"""Who deals with which task, after how many working days, and how often it is left lying beyond its last day."""

from __future__ import annotations

from dataclasses import dataclass

from definitions.rehearsal import benefit, county, inquiry, intake, others, publicity
from workflow.simulation.desk import Desk
from workflow.simulation.run import Pace
from workflow.simulation.scene import Behaviour, Work


@dataclass(frozen=True)
class Habit:
    """`days` from the morning the task is found, lowest and highest; one of `late` such tasks is left lying.

    It waits for what `after` names: open parts of the case, or linked cases of a definition.
    """

    does: Behaviour
    days: tuple[int, int] = (0, 1)
    late: int = 0
    after: tuple[str, ...] = ()


HABITS: dict[str, Habit] = {
    "dibao.draft": Habit(intake.draft, (20, 20)),
    "dibao.submitted": Habit(intake.submitted, (0, 1), 20),
    "dibao.correcting": Habit(intake.correcting, (3, 12), 11),
    "dibao.accepted": Habit(intake.accepted, (0, 0), 60),
    "dibao.investigating": Habit(inquiry.investigating, (0, 0), after=("visit", "verification")),
    "dibao.investigating.visit": Habit(inquiry.visit, (0, 1), 26),
    "dibao.investigating.neighbours": Habit(inquiry.neighbours, (1, 3)),
    "dibao.contesting": Habit(inquiry.contesting, (2, 6), 10),
    "dibao.appraising": Habit(inquiry.appraising, (0, 0), 20),
    "dibao.opinion": Habit(inquiry.opinion, (0, 0), 60),
    "dibao.posting": Habit(publicity.posting, (0, 0), 22),
    "dibao.publicity": Habit(publicity.publicity, (0, 0), 22),
    "dibao.rechecking": Habit(publicity.rechecking, (0, 1), 10),
    "dibao.forwarding": Habit(county.forwarding, (0, 0), 22),
    "dibao.county_review": Habit(county.county_review, (0, 0), 60),
    "dibao.county_visit": Habit(county.county_visit, (0, 1), 30),
    "dibao.second_posting": Habit(publicity.posting, (0, 0), 20),
    "dibao.second_publicity": Habit(publicity.publicity, (0, 0), 20),
    "dibao.decision": Habit(county.decision, (0, 0), 20),
    "dibao.refusing": Habit(county.refusing, (0, 0), 14),
    "dibao.approved": Habit(county.approved, (0, 0), 20),
    "dibao.suspended": Habit(benefit.suspended, (5, 20), 9),
    "verification.requested": Habit(others.requested, (0, 0), 28),
    "verification.asking": Habit(others.asking, (0, 1), 28),
    "objection.inquiring": Habit(publicity.inquiring, (1, 4), 9),
    "dynamic_review.collecting": Habit(others.collecting, (0, 1), after=("report", "verification")),
    "dynamic_review.collecting.report": Habit(others.self_report, (0, 2), 80),
    "dynamic_review.collecting.visit": Habit(others.review_visit, (0, 2), 80),
    "dynamic_review.determining": Habit(others.determining, (0, 1), 60),
    "dynamic_review.reviewing": Habit(others.reviewing, (0, 1), 60),
    "dynamic_review.deciding": Habit(others.deciding, (0, 1), 60),
    "dynamic_review.notifying": Habit(others.notifying, (0, 0), 24),
    "payment.listed": Habit(others.listed, (0, 1), 14),
    "payment.checked": Habit(others.checked, (0, 1), 14),
    "payment.reissuing": Habit(others.reissuing, (1, 2), 7),
    "escalation.raised": Habit(others.raised, (0, 1), 20),
}
"""By definition, stage and part; the reasons stand in docs/simulation.md."""
LIES = (1, 4)
"""Working days beyond the last day after which what was left lying is done."""
CLAIMED_LATE, CLAIMED = 2, 10
"""One in so many is taken by somebody at once: of what is left lying, of the rest."""


@dataclass
class District:
    """Everybody of the district, for the simulation."""

    desk: Desk

    def pace(self, work: Work) -> Pace:
        """By habit."""
        habit, desk = HABITS[work.place], self.desk
        if habit.late and work.due_on is not None and desk.urns.one_in(f"late {work.place}", habit.late):
            lapse = work.place == "dibao.correcting"
            return Pace(
                0,
                lying=desk.entropy.between(*LIES),
                claimed=not lapse and desk.urns.one_in("claimed late", CLAIMED_LATE),
            )
        return Pace(
            desk.entropy.between(*habit.days),
            claimed=habit.days[1] > 1 and desk.urns.one_in("claimed", CLAIMED),
        )

    def waits(self, work: Work) -> bool:
        """Until parts and linked cases are finished; nothing more is expected of a family that refuses."""
        after = HABITS[work.place].after
        if not after or self.desk.memory.get(work.case_id, {}).get("refuses"):
            return False
        return any(what in work.parts or what in work.children for what in after)

    def behaviour(self, work: Work) -> Behaviour:
        """By habit."""
        return HABITS[work.place].does
