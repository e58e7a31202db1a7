"""The words by which a stage or part says who gets its new task."""

from __future__ import annotations

from enum import StrEnum


class Assigns(StrEnum):
    """PULL leaves it in the queue; the others give it to somebody who is there, may do it, and has room on his desk."""

    PULL = "pull"
    LEAST_LOADED = "least_loaded"
    ROUND_ROBIN = "round_robin"
    SAME_PERSON = "same_person"
    OTHER_PERSON = "other_person"
    BY_VILLAGE = "by_village"
    LIAISON_FIRST = "liaison_first"

    @property
    def label(self) -> str:
        """What the journal and the tables of a definition say."""
        return LABELS[self]


PULL, LEAST_LOADED, ROUND_ROBIN = Assigns.PULL, Assigns.LEAST_LOADED, Assigns.ROUND_ROBIN
SAME_PERSON, OTHER_PERSON, BY_VILLAGE = Assigns.SAME_PERSON, Assigns.OTHER_PERSON, Assigns.BY_VILLAGE
LIAISON_FIRST = Assigns.LIAISON_FIRST

LABELS: dict[Assigns, str] = {
    PULL: "自行签收",
    LEAST_LOADED: "派给手里待办最少的人",
    ROUND_ROBIN: "轮流分派",
    SAME_PERSON: "派给上次办理这一家的人",
    OTHER_PERSON: "派给没有办理过这一家的人",
    BY_VILLAGE: "按村（社区）固定分派",
    LIAISON_FIRST: "派给部门联络员，不在时派给副联络员",
}
