"""What is asked when a household is registered: one validation for page, API, import and simulation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.areas import ancestor, check_area_code, level_of
from workflow.errors import Refused
from workflow.facts import Facts
from workflow.forms import Choice, Day, Field, Form, Money, Rows, Text, Whole, Wrong, YesNo
from workflow.households.words import (
    ASSET_KINDS,
    COUNTED_ASSETS,
    DISABILITIES,
    INCOME_CATEGORIES,
    INCOME_KINDS,
    LABOUR,
    RELATIONS,
    SETTINGS,
    SEXES,
)
from workflow.identity import birth_of, check_id_number, id_number_warning, sex_of
from workflow.models import Area
from workflow.people.folding import is_citizen_number
from workflow.people.words import ID_KINDS
from workflow.periods import local_date

MOST_MEMBERS = 30
_OTHER_NUMBER = re.compile("[A-Z0-9]{5,18}")
FEWEST_DIGITS = 5
"""Of a telephone number: service numbers have five."""


@dataclass
class Asked:
    """What the fields of these forms may look at."""

    session: Session
    actor: Actor
    now: datetime
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = local_date(self.now)


class Name(Text):
    """A name as it stands on the identity card: rare characters, long names and the dot in between (·) are names."""

    limit = 60

    def read(self, raw: Any, facts: Facts) -> str:
        text = " ".join(super().read(raw, facts).split())
        if not any(c.isalpha() for c in text) or any(not c.isprintable() or c.isdigit() for c in text):
            raise Wrong(f"{self.label}请按身份证填写，不能有数字或特殊符号")
        return text


class IdNumber(Text):
    """The number of a paper, plain; what it has to be depends on the paper (`number_fault`). Empty: none yet."""

    limit = 60

    def read(self, raw: Any, facts: Facts) -> str:
        return "".join(unicodedata.normalize("NFKC", super().read(raw, facts)).split()).upper()


class AreaCode(Text):
    """An area of the district, of one level where `level` is given."""

    def __init__(self, label: str, *, level: str = "", **more: Any) -> None:
        super().__init__(label, **more)
        self.level = level

    def read(self, raw: Any, facts: Facts) -> str:
        try:
            code = check_area_code(super().read(raw, facts))
        except Refused as refused:
            raise Wrong(f"{self.label}：{refused.message.rstrip('。')}") from None
        if facts.session.get(Area, code) is None:
            raise Wrong(f"{self.label}：没有代码为 {code} 的区划，请核对")
        if self.level and level_of(code) != self.level:
            raise Wrong(f"{self.label}：{code} 不是村（社区），请选到村（社区）")
        return code

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{12}$"}

    def example(self, facts: Facts) -> str:
        wanted = select(Area.code).where(Area.level == (self.level or "village")).order_by(Area.code).limit(1)
        found = facts.session.scalar(wanted)
        if found is None:
            raise LookupError(self.label)
        return found


class HukouArea(AreaCode):
    """Where a person is registered: within the district a known area, elsewhere a known county."""

    def read(self, raw: Any, facts: Facts) -> str:
        try:
            code = check_area_code(Text.read(self, raw, facts))
            county = ancestor(code, "county")
        except Refused as refused:
            raise Wrong(f"{self.label}：{refused.message.rstrip('。')}") from None
        if facts.session.get(Area, county) is not None:
            return super().read(code, facts)
        if id_number_warning(county[:6]):
            raise Wrong(f"{self.label}：没有代码为 {county[:6]} 的县（市、区），请核对")
        return code


class Phone(Text):
    """A telephone number."""

    limit = 30

    def read(self, raw: Any, facts: Facts) -> str:
        text = "".join(super().read(raw, facts).split())
        if (
            not all(c.isascii() and (c.isdigit() or c in "+-()") for c in text)
            or sum(map(str.isdigit, text)) < FEWEST_DIGITS
        ):
            raise Wrong(f"{self.label}请写成电话号码，例如 13800000000 或 0574-88888888")
        return text


class BankAccount(Text):
    """An account number; only its last four digits are ever shown."""

    limit = 40

    def read(self, raw: Any, facts: Facts) -> str:
        text = "".join(super().read(raw, facts).split())
        if not (text.isascii() and text.isdigit()):
            raise Wrong(f"{self.label}只能是数字")
        return text


class Short(Text):
    """A word or two."""

    limit = 60


MEMBER_FIELDS: dict[str, Field] = {
    "relation": Choice("与户主关系", RELATIONS),
    "name": Name("姓名", sample="王秀英"),
    "id_number": IdNumber(
        "公民身份号码",
        required=False,
        hint="还没有号码的（新生儿、未落户）留空，并填写出生日期和性别；护照等其他证件请另选证件种类",
    ),
    "birth": Day("出生日期", required=False, hint="有身份号码的不用填"),
    "sex": Choice("性别", SEXES, required=False, hint="有身份号码的不用填"),
    "phone": Phone("电话", required=False),
    "hukou_area": HukouArea("户籍所在地区划代码", required=False, hint="不填即为居住的村（社区）"),
    "labour": Choice("劳动能力", LABOUR, required=False),
    "occupation": Short("职业", required=False),
    "student": YesNo("全日制在校", required=False),
    "disability_kind": Choice("残疾类别", DISABILITIES, required=False),
    "disability_grade": Whole("残疾等级", at_least=0, at_most=4, required=False),
    "serious_illness": YesNo("患重大疾病", required=False),
    "bank_account": BankAccount("银行账号", required=False),
    "id_kind": Choice("证件种类", ID_KINDS, required=False, hint="不选即为居民身份证"),
    "id_note": Short("没有号码的原因", required=False, hint="例如新生儿未落户、与他人同号已报公安机关"),
    "same_as": Whole("同一人编号", at_least=1, required=False, hint="提示可能已经登记过、确是同一人的填写"),
    "not_same": Text("另有其人的理由", required=False, hint="提示可能已经登记过、不是同一人的填写"),
}


class HouseholdForm(Form):
    """A household with its members, their incomes and what it owns, as declared."""

    area_code = AreaCode("居住的村（社区）", level="village")
    setting = Choice("城镇或农村", SETTINGS, hint="按户籍适用哪个标准")
    address = Text("住址", sample="和平路 1 号")
    phone = Phone("联系电话", required=False)
    members = Rows("家庭成员", MEMBER_FIELDS, at_least=1)
    incomes = Rows(
        "年收入",
        {
            "member": Whole("成员序号", at_least=1, at_most=MOST_MEMBERS, hint="家庭成员表中的第几人"),
            "category": Choice("收入类别", INCOME_CATEGORIES),
            "kind": Choice("收入项目", INCOME_KINDS, required=False),
            "annual": Money("年收入（元）"),
            "new_employment": YesNo("救助期间新就业所得", required=False),
        },
    )
    assets = Rows("家庭财产", {"kind": Choice("财产类别", ASSET_KINDS), "amount": Money("金额或数量")})

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Faults between fields."""
        errors = {
            "members": _members(form["members"], facts.today),
            "incomes": _incomes(form),
            "assets": _assets(form["assets"]),
        }
        return {name: message for name, message in errors.items() if message}

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """A single person without means."""
        head = {"relation": "head", "name": "王秀英", "birth": "1960-01-01", "sex": "F"}
        return super().example(facts) | {"members": [head]}


def clean_household(raw: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The cleaned form. Raises FormRefused."""
    return HouseholdForm.clean(raw, cast("Facts", asked))


def number_fault(member: dict[str, Any], today: date) -> str:
    """Why the number is none of its paper ("" where it is). Citizens' are checked whole, the others plainly."""
    number, kind = member["id_number"], member["id_kind"] or "citizen"
    if not number:
        return ""
    if kind == "none":
        return f"证件种类选了“{ID_KINDS[kind]}”，又填了号码，请核对"
    if kind == "citizen" or is_citizen_number(number):
        try:
            check_id_number(number, today=today)
        except Refused as refused:
            return refused.message.rstrip("。")
    elif not _OTHER_NUMBER.fullmatch(number):
        return f"{ID_KINDS[kind]}号码应是 5 至 18 位字母和数字，请核对"
    return ""


def check_member(member: dict[str, Any], today: date) -> tuple[str, str] | None:
    """The field that contradicts another and why, None where none does; fills in birth and sex from the number."""
    number = member["id_number"]
    if fault := number_fault(member, today):
        return "id_number", fault
    if is_citizen_number(number):
        birth, sex = birth_of(number).isoformat(), sex_of(number)
        if member["birth"] and member["birth"] != birth:
            return "birth", f"出生日期 {member['birth']} 与身份号码中的 {birth} 不符，请核对"
        if member["sex"] and member["sex"] != sex:
            return "sex", f"性别“{SEXES[member['sex']]}”与身份号码（{SEXES[sex]}）不符，请核对"
        member["birth"], member["sex"] = birth, sex
    elif not (member["birth"] and member["sex"]):
        return "birth", "没有身份号码的，请填写出生日期和性别"
    elif date.fromisoformat(member["birth"]) > today:
        return "birth", f"出生日期 {member['birth']} 在今天以后，请核对"
    if bool(member["disability_kind"]) != bool(member["disability_grade"]):
        return "disability_grade", "残疾类别和残疾等级请一并填写"
    return None


def _members(members: list[dict[str, Any]], today: date) -> str:
    if len(members) > MOST_MEMBERS:
        return f"家庭成员超过 {MOST_MEMBERS} 人，请核对"
    for number, member in enumerate(members, 1):
        if fault := check_member(member, today):
            return f"家庭成员第 {number} 行：{fault[1]}"
    heads = [m for m in members if m["relation"] == "head"]
    if len(heads) != 1:
        return f"户主应是 1 人，现在有 {len(heads)} 人"
    numbers = [m["id_number"] for m in members if m["id_number"]]
    if len(set(numbers)) < len(numbers):
        return "两名家庭成员的身份号码相同，请核对"
    return ""


def _incomes(form: dict[str, Any]) -> str:
    seen = set()
    for number, row in enumerate(form["incomes"], 1):
        if row["member"] > len(form["members"]):
            return f"年收入第 {number} 行：没有第 {row['member']} 名家庭成员"
        item = (row["member"], row["category"], row["kind"])
        if item in seen:
            return f"年收入第 {number} 行：同一人的同一项收入请合并成一行"
        seen.add(item)
    return ""


def _assets(assets: list[dict[str, Any]]) -> str:
    kinds = [row["kind"] for row in assets]
    if len(set(kinds)) < len(kinds):
        return "同一类财产请合并成一行"
    for row in assets:
        if row["kind"] in COUNTED_ASSETS and Decimal(row["amount"]) % 1:
            return f"{ASSET_KINDS[row['kind']]}应是整数"
    return ""
