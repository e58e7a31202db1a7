"""What each event of a family is to a benefit: the kind of change its re-check is opened for, in words, by which clause."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """What an event is to a benefit: the kind of change its re-check is opened for ("" none), in words, by which clause."""

    review: str
    says: str
    source: str


MEANINGS: dict[str, Meaning] = {
    "birth": Meaning("members", "人口增加，复核后从作出决定的下月起调整", "R649-13；M57-30"),
    "death": Meaning("death", "死亡后三个月内办结复核，增发、减发或停发", "N22 一(三)"),
    "marriage": Meaning("members", "家庭人口和收入有变化，按婚后的家庭复核", "R649-13；M57-30"),
    "divorce": Meaning("members", "家庭分成两户，救助留在户主这一户，离开的人另行申请", "R649-13；M57-30"),
    "move_in": Meaning("members", "人口增加，复核后从作出决定的下月起调整", "R649-13；M57-30"),
    "move_within": Meaning("moved", "居住地有变化，复核时核对户籍和住处", "R649-13；M57-30"),
    "move_away": Meaning("moved", "户籍迁出本区的人在本区停发，到新户籍地重新申请", "R649-11；M57-4、32"),
    "leave": Meaning("members", "有人不再共同生活，按剩下的成员复核", "M57-7、30"),
    "return": Meaning("members", "有人回家共同生活，按现在的成员复核", "M57-7、30"),
    "split": Meaning("members", "家庭分成两户，救助留在户主这一户，分出去的人另行申请", "R649-13；M57-30"),
    "join": Meaning(
        "members", "两户并成一户，按合并后的家庭复核；并进来的一户没有成员的，停发", "R649-13；M57-30"
    ),
}
"""Kind of an event -> its meaning."""
STUDYING = Meaning("", "在校学生仍是家庭成员，不用复核", "M57-7")
WORKING = Meaning("job", "务工的收入要计入，启动复核", "R649-13；M57-30")
CLERGY = Meaning("", "宗教教职人员脱离家庭满三年的才不计入，现在不用复核", "M57-7")
STILL_COUNTED: dict[str, Meaning] = {"study": STUDYING, "work": WORKING, "clergy": CLERGY}
"""Why somebody is away, where that does not end his membership -> what his going and coming mean."""


def meaning_of(kind: str, why: str = "") -> Meaning:
    """What this event is to a benefit; of going and coming, by why (`AWAY`)."""
    if kind in {"leave", "return"} and why in STILL_COUNTED:
        return STILL_COUNTED[why]
    return MEANINGS[kind]
