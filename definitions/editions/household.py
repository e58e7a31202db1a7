"""Who belongs to a household by law, edition by edition: who is counted, who is not, who may apply for himself alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from definitions.editions.national import M57, N22
from definitions.editions.nb2016 import FROM, M220, TO
from definitions.editions.number import Kind


@dataclass(frozen=True, slots=True)
class Circle:
    """The members of a household in the words of one edition.

    `basic` are relations to the head that count wherever somebody lives; `duty` is the clause on others of a duty to
    support who live together for long; `excluded` are those the law leaves out, `alone` the grounds on which somebody
    may apply as a household of one.
    """

    source: str
    basic: Mapping[str, str]
    children: str
    duty: str
    excluded: tuple[Kind, ...]
    alone: tuple[Kind, ...]

    def leaves_out(self, kind: str, day: date) -> Kind | None:
        """The exclusion of that kind in force on a day."""
        return _of(self.excluded, kind, day)

    def allows_alone(self, kind: str, day: date) -> Kind | None:
        """The ground of that kind in force on a day."""
        return _of(self.alone, kind, day)


def _of(kinds: tuple[Kind, ...], code: str, day: date) -> Kind | None:
    return next((kind for kind in kinds if kind.code == code and kind.on(day)), None)


_LEFT_OUT = {
    "prison": "在监狱服刑的人员",
    "detox": "在戒毒所强制隔离戒毒的人员",
    "missing": "宣告失踪的人员",
    "clergy": "连续三年以上（含三年）脱离家庭独立生活的宗教教职人员",
}
_M57_ALONE = {
    "severe_disability": "低保边缘家庭中一级、二级重度残疾",
    "mental_disability": "低保边缘家庭中三级智力、精神残疾",
    "serious_illness": "低保边缘家庭中患重病",
    "clergy": "脱离家庭、在宗教场所居住三年以上（含三年）的生活困难宗教教职人员",
}
_NATIONAL = Circle(
    source="M57-7",
    basic={"spouse": "配偶"},
    children="已成年但不能独立生活的子女，包括在校接受全日制本科及以下学历教育的子女",
    duty="其他具有法定赡养、扶养、抚养义务关系并长期共同居住的人员",
    excluded=tuple(Kind(code, label, M57, None, "M57-7") for code, label in _LEFT_OUT.items()),
    alone=(
        *(Kind(code, label, M57, None, "M57-8") for code, label in _M57_ALONE.items()),
        Kind("unemployed_disabled", "成年无业重度残疾人", N22, None, "N22"),
    ),
)
_TRIAL = Circle(
    source="M220-5",
    basic={"spouse": "配偶", "parent": "父母"},
    children="已成年但不能独立生活的子女，包括在校接受本科及以下学历教育的子女",
    duty="其他具有法定赡养、扶养、抚养义务关系并长期共同居住的人员",
    excluded=(
        Kind("prison", _LEFT_OUT["prison"], M220, TO, "M220-5"),
        Kind("clergy", _LEFT_OUT["clergy"], M220, TO, "M220-5"),
        Kind("detox", _LEFT_OUT["detox"], FROM, TO, "M220-5;design"),
        Kind("missing", _LEFT_OUT["missing"], FROM, TO, "M220-5;design"),
    ),
    alone=(
        Kind("severe_disability", "丧失劳动能力且单独立户的成年重度残疾", M220, TO, "M220-10"),
        Kind(
            "clergy", "脱离家庭、在宗教场所居住三年以上（含三年）的生活困难宗教教职人员", M220, TO, "M220-10"
        ),
    ),
)

CIRCLES: dict[str, Circle] = {"NB2016": _TRIAL, "NAT2021": _NATIONAL, "NAT2021-DELEGATED": _NATIONAL}
"""Edition -> who belongs to a household."""
