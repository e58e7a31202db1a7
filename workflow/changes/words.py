"""The words of the change chain: code -> label."""

from __future__ import annotations

EVENTS: dict[str, str] = {
    "birth": "出生",
    "death": "死亡",
    "marriage": "结婚",
    "divorce": "离婚",
    "move_in": "迁入",
    "move_within": "区内迁移",
    "move_away": "迁出本区",
    "leave": "暂时离家",
    "return": "回家",
    "split": "分户",
    "join": "并户",
}
"""What happens in a family."""

AWAY: dict[str, str] = {
    "study": "在外就学",
    "work": "在外务工",
    "prison": "在监狱服刑",
    "detox": "强制隔离戒毒",
    "missing": "宣告失踪",
    "clergy": "宗教教职人员在外生活",
}
"""Why somebody of a family lives elsewhere for a time."""
NO_MEMBER = ("prison", "detox", "missing")
"""Away in such a way that he is no member meanwhile: his membership ends, and begins again when he is back."""

EVENT_SOURCES: dict[str, str] = {
    "certificate": "证件、文书",
    "department": "部门数据",
    "declared": "本人申报",
    "surveyed": "入户了解",
}
"""What a recorded event rests on."""

TOWARDS: dict[str, dict[str, str]] = {
    "head": {},
    "spouse": {
        "head": "spouse", "child": "child", "grandchild": "grandchild", "child_in_law": "child_in_law",
        "parent": "parent_in_law", "parent_in_law": "parent",
    },
    "child": {"head": "parent", "spouse": "parent", "child": "sibling", "child_in_law": "spouse", "grandchild": "child"},
    "child_in_law": {"child": "spouse", "grandchild": "child", "head": "parent_in_law", "spouse": "parent_in_law"},
    "parent": {
        "head": "child", "parent": "spouse", "sibling": "child", "child": "grandchild", "spouse": "child_in_law",
        "grandparent": "parent",
    },
    "parent_in_law": {"spouse": "child", "parent_in_law": "spouse", "head": "child_in_law", "child": "grandchild"},
    "grandparent": {"grandparent": "spouse", "parent": "child", "head": "grandchild"},
    "sibling": {"sibling": "sibling", "parent": "parent", "head": "sibling"},
}  # fmt: skip
"""What somebody is to a member of such a relation, by what he is to the head; where that is not certain: "other"."""
ONCE = ("spouse",)
"""What only one can be to anybody: a second one is "other" until the clerk says what he is."""


def towards(centre: str, relation: str) -> str:
    """What somebody of this relation to the head is to a member of relation `centre`."""
    return relation if centre == "head" else TOWARDS.get(centre, {}).get(relation, "other")
