"""A town's register as a clerk keeps it: one row a person, household by household, in the words people use."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tests.district import VILLAGE
from workflow.entropy import SeededEntropy
from workflow.households import DISABILITIES
from workflow.simulation.family import Family, PersonFact
from workflow.simulation.people import make_family

TITLES = (
    "户编号", "村（社区）名称", "住址", "姓名", "身份证号", "与户主关系", "电话", "工资性收入（年）", "经营净收入（年）",
    "转移净收入（年）", "存款等货币财产", "车辆数", "房屋套数", "商铺数", "残疾类别", "残疾等级", "大病", "劳动能力", "在校",
)  # fmt: skip
FAMILIES = 30
VILLAGE_NAME = "芦浦村村委会"
_RELATION = {"head": "户主", "spouse": "配偶", "parent": "母亲", "grandchild": "孙子"}
_CHILD = {"M": "儿子", "F": "女儿"}
_LABOUR = {"able": "有", "partial": "部分", "none": "无"}

Row = dict[str, str]


def families() -> list[Family]:
    """The thirty families of the village, the same at every run."""
    entropy, taken = SeededEntropy("town"), set[str]()
    return [make_family(entropy, VILLAGE, date(2016, 9, 5), taken) for _ in range(FAMILIES)]


def register(found: Sequence[Family]) -> list[Row]:
    """Their rows."""
    return [
        _row(number, family, member) for number, family in enumerate(found, 1) for member in family.members
    ]


def _row(number: int, family: Family, member: PersonFact) -> Row:
    first, owns = member is family.head, family.owns
    earned = {
        kind: sum(i.annual for i in member.incomes if i.category == kind)
        for kind in ("wage", "business", "transfer")
    }
    household = (
        (VILLAGE_NAME, family.address, f"{owns.monetary:,}", owns.vehicles, owns.dwellings, owns.commercial_premises)
        if first
        else ("",) * 6
    )  # fmt: skip
    village, address, money, vehicles, dwellings, shops = (str(cell) for cell in household)
    cells = (
        str(number), village, address, member.name, member.id_number,
        _CHILD[member.sex] if member.relation == "child" else _RELATION[member.relation], member.phone,
        *(str(earned[kind] or "") for kind in earned), money, vehicles, dwellings, shops,
        DISABILITIES.get(member.disability_kind, "").removesuffix("残疾"), "无一二三四"[member.disability_grade],
        "是" if member.serious_illness else "", _LABOUR[member.labour], "是" if member.student else "否",
    )  # fmt: skip
    return dict(zip(TITLES, cells, strict=True))


def with_faults(rows: Sequence[Row]) -> tuple[list[Row], dict[int, tuple[str, str]]]:
    """The register with five mistakes, and what is to be said of each: by line of the file, column and reason."""
    spoilt = [dict(row) for row in rows]
    heads = [index for index, row in enumerate(rows) if row["与户主关系"] == "户主"]
    others = [index for index, row in enumerate(rows) if row["与户主关系"] != "户主"]
    number = spoilt[heads[2]]["身份证号"]
    spoilt[heads[2]]["身份证号"] = number[:-1] + ("0" if number[-1] != "0" else "1")
    spoilt[others[0]]["与户主关系"] = "侄女"
    earner = next(index for index, row in enumerate(rows) if index > heads[6] and row["工资性收入（年）"])
    spoilt[earner]["工资性收入（年）"] = "-500"
    spoilt[heads[12]]["村（社区）名称"] = "芦浦新村"
    spoilt[heads[20]]["身份证号"] = rows[heads[19]]["身份证号"]
    told = {
        heads[2]: ("身份证号", "校验"),
        others[0]: ("与户主关系", "侄女"),
        earner: ("工资性收入(年)", "负"),
        heads[12]: ("村(社区)名称", "区划表里没有“芦浦新村”"),
        heads[20]: ("身份证号", f"与第 {heads[19] + 2} 行的身份证号相同"),
    }
    assert len(told) == 5
    return spoilt, {index + 2: said for index, said in told.items()}


def write(path: Path, rows: Sequence[Row]) -> Path:
    """Save it the way a spreadsheet does."""
    with path.open("w", encoding="gbk", newline="") as file:
        table = csv.DictWriter(file, TITLES)
        table.writeheader()
        table.writerows(rows)
    return path
