"""The words by which people are told apart and related: code -> label."""

from __future__ import annotations

ID_KINDS: dict[str, str] = {
    "citizen": "居民身份证",
    "passport": "护照",
    "residence_permit": "居住证、永久居留证",
    "none": "还没有号码",
}
"""The paper whose number identifies a person."""

KIN: dict[str, str] = {
    "spouse": "配偶",
    "parent": "父母",
    "child": "子女",
    "sibling": "兄弟姐妹",
    "grandparent": "祖父母、外祖父母",
    "grandchild": "孙子女、外孙子女",
    "guardian": "监护人",
    "ward": "被监护人",
}
"""What somebody is to a person."""
INVERSE: dict[str, str] = {
    "spouse": "spouse", "sibling": "sibling", "parent": "child", "child": "parent", "grandparent": "grandchild",
    "grandchild": "grandparent", "guardian": "ward", "ward": "guardian",
}  # fmt: skip

FACT_KINDS: dict[str, str] = {
    "disability": "残疾",
    "illness": "重大疾病",
    "schooling": "在校就读",
    "work": "就业",
    "hukou": "户籍地",
    "residence": "居住地",
    "bank": "银行账户",
}
FACT_SOURCES: dict[str, str] = {
    "verified": "核对查实",
    "department": "部门提供",
    "surveyed": "走访查实",
    "declared": "本人申报",
}
"""Where a fact of a person comes from, the most trusted first."""
