"""谁算家庭成员: for each person of a family whether he is counted, by which clause, and who may apply alone (M57-7; M220-5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from definitions.editions.household import CIRCLES, Circle
from definitions.editions.number import Edition
from workflow.periods import add_months

COUNTED, NOT_COUNTED, APART = "counted", "not_counted", "apart"
VERDICTS: dict[str, str] = {COUNTED: "计入", NOT_COUNTED: "不计入", APART: "不计入，可单独申请"}
ADULT_AGE = 18
"""CC-17."""
SEVERE = (1, 2)
MENTAL, MENTAL_GRADE = ("intellectual", "psychiatric"), 3
"""M57-8: grades one and two are severe; of intellectual and psychiatric disability the third counts too."""
UP_TO_BACHELOR, ABOVE_BACHELOR = "up_to_bachelor", "above_bachelor"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Relative:
    """One person of a family as the rule sees him. `away` is why he lives elsewhere since `away_since`, "" at home."""

    id: str
    name: str
    relation: str
    birth: date
    died_on: date | None = None
    schooling: str = ""
    able: bool = True
    employed: bool = True
    disability_kind: str = ""
    disability_grade: int = 0
    serious_illness: bool = False
    away: str = ""
    away_since: date | None = None

    def adult(self, on: date) -> bool:
        """Whether he is of age."""
        had = (on.month, on.day) >= (self.birth.month, self.birth.day)
        return on.year - self.birth.year - (not had) >= ADULT_AGE

    @property
    def severe(self) -> bool:
        """Whether his disability is severe."""
        return self.disability_grade in SEVERE

    @property
    def mental(self) -> bool:
        """Whether it is an intellectual or psychiatric one of the third grade."""
        return self.disability_kind in MENTAL and self.disability_grade == MENTAL_GRADE


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody may apply as a household of one, and by which clause."""

    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule says of one person: verdict, reason in words, clause; what the clerk has to look at, "" nothing."""

    id: str
    verdict: str
    because: str
    source: str
    look_at: str = ""
    alone: tuple[Ground, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether he is one of the household."""
        return self.verdict == COUNTED


def who_counts(people: Sequence[Relative], law: Edition, on: date) -> tuple[Standing, ...]:
    """Each person's standing on a day, in the order given. Raises NumberMissing where the edition lacks a number."""
    circle = CIRCLES[law.code]
    return tuple(_standing(person, circle, law, on) for person in people)


def _standing(person: Relative, circle: Circle, law: Edition, on: date) -> Standing:
    if person.died_on is not None and person.died_on <= on:
        return Standing(person.id, NOT_COUNTED, f"已于 {person.died_on} 死亡", circle.source)
    left_out = circle.leaves_out(person.away, on)
    if left_out is not None and _long_enough(person, law, on):
        apart = circle.allows_alone(person.away, on)
        if apart is None:
            return Standing(person.id, NOT_COUNTED, left_out.label, left_out.source)
        ground = Ground(apart.label, apart.source)
        return Standing(person.id, APART, left_out.label, left_out.source, alone=(ground,))
    verdict, because, look_at = _by_relation(person, circle, on)
    alone = tuple(_grounds(person, circle, on)) if verdict == COUNTED else ()
    return Standing(person.id, verdict, because, circle.source, look_at, alone)


def _by_relation(person: Relative, circle: Circle, on: date) -> tuple[str, str, str]:
    """Verdict, reason and what to look at, by what he is to the head."""
    if person.relation == "head":
        return COUNTED, "户主", ""
    if person.relation in circle.basic:
        return COUNTED, circle.basic[person.relation], ""
    if person.relation == "child" and not person.adult(on):
        return COUNTED, "未成年子女", ""
    if person.relation == "child" and (why := _dependent(person)):
        return COUNTED, f"{circle.children}：{why}", ""
    if person.away:
        return NOT_COUNTED, "不在一起生活，也不在法定必须计入的范围；给付的赡养、抚养、扶养费按收入计算", ""
    if person.relation == "child":
        return COUNTED, circle.duty, "已成年、能独立生活的子女，请核实是否长期共同居住"
    return COUNTED, circle.duty, "请核实与家庭成员有无法定赡养、扶养、抚养义务，是否长期共同居住"


def _dependent(person: Relative) -> str:
    """Why an adult child cannot live independently, "" where he can."""
    if person.schooling == UP_TO_BACHELOR:
        return "在校接受本科及以下学历教育"
    if person.severe or person.mental:
        return "重度残疾"
    if not person.able:
        return "无劳动能力"
    return ""


def _long_enough(person: Relative, law: Edition, on: date) -> bool:
    """Clergy are left out after some years away only; the others from the first day."""
    if person.away != "clergy":
        return True
    years = law.integer("clergy_apart_years", on)
    return person.away_since is not None and add_months(person.away_since, years * MONTHS) <= on


def _grounds(person: Relative, circle: Circle, on: date) -> Iterator[Ground]:
    """The grounds on which a member may apply alone."""
    holds = {
        "severe_disability": person.severe and person.adult(on),
        "mental_disability": person.mental,
        "serious_illness": person.serious_illness,
        "unemployed_disabled": person.severe and person.adult(on) and not person.employed,
    }
    for code, met in holds.items():
        kind = circle.allows_alone(code, on)
        if met and kind is not None:
            yield Ground(kind.label, kind.source)
