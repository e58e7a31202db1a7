"""The words by which people and their means are described: code -> label."""

from __future__ import annotations

from datetime import date

from workflow.models import Person

RELATIONS: dict[str, str] = {
    "head": "户主",
    "spouse": "配偶",
    "child": "子女",
    "parent": "父母",
    "grandchild": "孙子女、外孙子女",
    "grandparent": "祖父母、外祖父母",
    "sibling": "兄弟姐妹",
    "child_in_law": "儿媳、女婿",
    "parent_in_law": "公婆、岳父母",
    "other": "其他共同生活人员",
}
"""How a member is related to the head of the household."""

INCOME_CATEGORIES: dict[str, str] = {
    "wage": "工资性收入",
    "business": "经营净收入",
    "property": "财产净收入",
    "transfer": "转移净收入",
    "other": "其他收入",
}
APART_KINDS: dict[str, str] = {
    "scholarship": "奖学金、助学金",
    "special_care_pay": "优待抚恤金",
    "family_planning_award": "计划生育奖励扶助金",
    "bravery_award": "见义勇为奖励",
    "government_aid": "政府发放的社会救助款物",
    "base_pension": "城乡居民基础养老金",
}
"""Kinds of income that a programme may treat apart from the rest of their category."""
INCOME_KINDS: dict[str, str] = {
    "salary": "固定工资",
    "casual": "零工、计件",
    "trade": "个体经营",
    "farming": "种植、养殖",
    "rent": "出租收入",
    "interest": "利息、分红",
    "pension": "养老金、退休金",
    "support": "赡养、抚养、扶养费",
    "gift": "亲友馈赠",
    **APART_KINDS,
}
"""What an income is within its category; "" where nobody has said."""

ASSET_KINDS: dict[str, str] = {
    "monetary": "存款等货币财产（元）",
    "vehicle": "机动车辆、船舶（辆、艘）",
    "commercial_premises": "商铺、办公楼等用房（处）",
    "dwelling": "住房（套）",
    "floor_area_per_capita": "人均住房面积（平方米）",
}
COUNTED_ASSETS = ("vehicle", "commercial_premises", "dwelling")
"""Kinds of property that are whole numbers of things."""

SOURCES: dict[str, str] = {"verified": "核对查实", "surveyed": "走访查实", "declared": "本人申报"}
"""Where a fact comes from, the most trusted first."""

LABOUR: dict[str, str] = {"able": "有劳动能力", "partial": "部分丧失劳动能力", "none": "无劳动能力"}
DISABILITIES: dict[str, str] = {
    "visual": "视力残疾",
    "hearing": "听力残疾",
    "speech": "言语残疾",
    "physical": "肢体残疾",
    "intellectual": "智力残疾",
    "psychiatric": "精神残疾",
    "multiple": "多重残疾",
}
"""GB/T 26341: the seven kinds, each in four grades, the first the gravest."""
GRADES: dict[int, str] = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}
SETTINGS: dict[str, str] = {"urban": "城镇", "rural": "农村"}
SEXES: dict[str, str] = {"M": "男", "F": "女"}
LEAVINGS: dict[str, str] = {"death": "死亡", "marriage": "婚嫁", "moved": "迁出", "other": "其他原因"}
"""Why a person leaves a household."""

ELDERLY_AGE = 60
"""Law on the rights of the elderly (老年人权益保障法), article 2."""
ADULT_AGE = 18
"""CC-17."""
SEVERE_GRADES = (1, 2)
"""Grades one and two are severe (M57-8)."""


def supplement_reasons(person: Person, on: date) -> list[str]:
    """What makes the person's life dearer, as facts on a day: elderly, minor, severe_disability, serious_illness."""
    age = on.year - person.birth.year - ((on.month, on.day) < (person.birth.month, person.birth.day))
    found = {
        "elderly": age >= ELDERLY_AGE,
        "minor": age < ADULT_AGE,
        "severe_disability": person.disability_grade in SEVERE_GRADES,
        "serious_illness": person.serious_illness,
    }
    return [reason for reason, holds in found.items() if holds]
