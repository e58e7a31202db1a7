"""The items of policy a family may have: who helps with what, on which conditions, by which law (SEED 三(三); O23 二).

The seed sets no amounts: what a rule computes or the district has set is given, every other amount stays open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from definitions.matcher.conditions import TIER_TESTS

ALL = ("NB2016", "NAT2021", "NAT2021-DELEGATED")
NATIONAL = ALL[1:]
R649, GF52, GX24 = date(2014, 5, 1), date(2016, 1, 1), date(2025, 1, 1)

PAPERS: dict[str, str] = {
    "housing_proof": "住房情况证明",
    "unemployment_proof": "失业登记证明",
    "loss_proof": "急难、受灾情况证明",
    "spending_proof": "刚性支出票据",
}
"""Papers beside those of `definitions.shared.materials` that the items ask for."""
APPLICATION = ("application", "identity", "statement", "authorisation", "undertaking")


@dataclass(frozen=True, slots=True)
class PolicyItem:
    """One item. `legal_basis` gives the source of each edition that knows it; both days are included.

    `tiers`: one of them is needed. `tests` are conditions of the household, `person` those of a member: the item is then
    for the members who meet all of them, and `nobody` says that none does. `excluded_by`: programmes it cannot stand beside.
    """

    programme: str
    item: str
    label: str
    department: str
    legal_basis: Mapping[str, str]
    valid_from: date
    valid_to: date | None = None
    tiers: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    nobody: str = ""
    amount: str = ""
    materials: tuple[str, ...] = ()
    exclusion_group: str = ""
    excluded_by: tuple[str, ...] = field(default=())

    def in_force(self, edition: str, day: date) -> bool:
        """Whether the edition knows the item on that day."""
        return (
            edition in self.legal_basis
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


def _by(city: str, national: str) -> dict[str, str]:
    return {code: city if code == "NB2016" else national for code in ALL}


def _medical(tier: str, label: str, *, routed: bool, since: date = R649) -> PolicyItem:
    papers = (*(("identity",) if routed else APPLICATION), "medical_bill", "insurance_sheet")
    return PolicyItem(
        "medical", tier, label, "医疗保障", _by("R649-28,29;ZJ-21,22", "R649-28,29"), since, tiers=(tier,), tests=("has_bill",),
        amount="medical", materials=papers, exclusion_group="medical", excluded_by=("medical",),
    )  # fmt: skip


def _education(stage: str, label: str) -> PolicyItem:
    return PolicyItem(
        "education", stage, label, "教育", _by("R649-33,34;ZJ-26,27", "R649-33,34"), R649, tiers=("dibao", "tekun", "low_edge"),
        person=(f"in_{stage}",), nobody=f"没有可以申请{label}的在校学生。", amount="education", materials=("identity", "school_proof"), exclusion_group="education",
    )  # fmt: skip


ITEMS: tuple[PolicyItem, ...] = (
    PolicyItem(
        "dibao", "household", "最低生活保障", "民政", _by("R649-9;M220-4", "R649-9;M57-4"), R649, tests=TIER_TESTS["dibao"][0],
        amount="dibao", materials=APPLICATION, exclusion_group="subsistence", excluded_by=("dibao", "tekun"),
    ),
    PolicyItem(
        "dibao", "one_person", "单人户低保", "民政", dict.fromkeys(NATIONAL, "M57-8;N22"), R649, tiers=("low_edge",),
        person=("severe_or_ill",), nobody="没有重度残疾或重病的成员。", amount="one_person",
        materials=(*APPLICATION, "disability_card", "illness_proof"), exclusion_group="subsistence", excluded_by=("dibao", "tekun"),
    ),
    PolicyItem(
        "dibao", "one_person", "单人户低保", "民政", {"NB2016": "M220-10"}, R649, tiers=("low_edge",), person=("severe_adult",),
        nobody="没有成年的重度残疾人。", amount="one_person", materials=(*APPLICATION, "disability_card"),
        exclusion_group="subsistence", excluded_by=("dibao", "tekun"),
    ),
    PolicyItem(
        "low_edge", "household", "低保边缘家庭认定", "民政", _by("ZJ-13", "M57-8;N22"), R649, tests=TIER_TESTS["low_edge"][0],
        amount="status", materials=APPLICATION, exclusion_group="subsistence", excluded_by=("low_edge", "dibao"),
    ),
    PolicyItem(
        "tekun", "person", "特困人员救助供养", "民政", _by("R649-14;TK16", "R649-14;TK21-4,5,6"), R649, tests=TIER_TESTS["tekun"][0],
        person=TIER_TESTS["tekun"][1], nobody="没有年满 60 周岁、未满 16 周岁或无劳动能力的残疾成员。",
        materials=(*APPLICATION, "disability_card"), exclusion_group="subsistence", excluded_by=("tekun", "dibao"),
    ),
    PolicyItem(
        "rigid", "household", "刚性支出困难家庭认定", "民政", dict.fromkeys(NATIONAL, "GX24-4,5"), GX24, tests=TIER_TESTS["rigid"][0],
        amount="rigid", materials=(*APPLICATION, "spending_proof"), exclusion_group="subsistence",
        excluded_by=("rigid", "dibao", "tekun", "low_edge"),
    ),
    _medical("dibao", "医疗救助（低保对象）", routed=True),
    _medical("tekun", "医疗救助（特困人员）", routed=True),
    _medical("low_edge", "医疗救助（低保边缘家庭成员）", routed=True),
    _medical("rigid", "医疗救助（刚性支出困难家庭成员）", routed=False, since=GX24),
    _education("preschool", "学前教育资助"),
    _education("compulsory", "义务教育阶段资助"),
    _education("high_school", "高中、中职资助"),
    _education("university", "大学资助"),
    PolicyItem(
        "housing", "rental", "公租房、租赁补贴", "住房城乡建设", _by("R649-37,38;ZJ-29,30", "R649-37,38"), R649,
        tiers=("dibao", "tekun", "low_edge"), tests=("housing_difficulty",), materials=("identity", "housing_proof"),
        exclusion_group="housing", excluded_by=("housing",),
    ),
    PolicyItem(
        "housing", "renovation", "农村危房改造", "住房城乡建设", _by("R649-38;ZJ-30", "R649-38"), R649, tiers=("dibao", "tekun", "low_edge"),
        tests=("dilapidated",), materials=("identity", "housing_proof"), exclusion_group="housing", excluded_by=("housing",),
    ),
    PolicyItem(
        "employment", "service", "就业救助", "人力资源社会保障", _by("R649-42,43;ZJ-33,34", "R649-42,43"), R649, tiers=("dibao", "low_edge"),
        person=("able_unemployed",), nobody="没有劳动年龄内有劳动能力、失业的成员。", materials=("identity", "unemployment_proof"),
    ),
    PolicyItem(
        "temporary", "emergency", "临时救助", "民政", _by("R649-47,48;ZJ-38,39", "R649-47,48;GF47"), R649, tests=("in_emergency",),
        amount="temporary", materials=("application", "identity", "loss_proof"),
    ),
    PolicyItem(
        "disability", "living", "困难残疾人生活补贴", "残联、民政", dict.fromkeys(ALL, "GF52"), GF52, tiers=("dibao",), person=("disabled",),
        nobody="没有持证残疾人。", materials=("application", "identity", "disability_card"),
    ),
    PolicyItem(
        "disability", "nursing", "重度残疾人护理补贴", "残联、民政", dict.fromkeys(ALL, "GF52"), GF52, person=("severe",),
        nobody="没有重度残疾人。", materials=("application", "identity", "disability_card"),
    ),
    PolicyItem(
        "disaster", "relief", "受灾人员救助", "应急管理", dict.fromkeys(ALL, "R649-20"), R649, tests=("struck_by_disaster",),
        materials=("application", "identity", "loss_proof"),
    ),
    PolicyItem(
        "charity", "referral", "转介慈善帮扶", "慈善总会、红十字会", dict.fromkeys(ALL, "R649-52,53"), R649, tests=("unmet_need",),
        materials=("identity",),
    ),
)  # fmt: skip
PROGRAMMES: dict[str, str] = {
    "dibao": "低保", "low_edge": "低保边缘家庭", "tekun": "特困", "rigid": "刚性支出困难家庭", "medical": "医疗救助", "education": "教育救助",
    "housing": "住房救助", "employment": "就业救助", "temporary": "临时救助", "disability": "残疾人两项补贴", "disaster": "受灾救助",
    "charity": "慈善帮扶",
}  # fmt: skip
"""Programme of the items -> its name."""
