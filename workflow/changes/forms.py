"""What is asked about each event: one validation for the pages and for acts that record one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from workflow.areas import ancestor
from workflow.changes.words import AWAY, EVENT_SOURCES
from workflow.facts import Facts
from workflow.forms import Choice, Day, Form, Member, Members, Text, Wrong
from workflow.households.form import MEMBER_FIELDS, AreaCode, Asked, HukouArea, IdNumber, Name
from workflow.households.words import RELATIONS, SETTINGS, SEXES
from workflow.models import Absence, Household

KIN = {code: label for code, label in RELATIONS.items() if code != "head"}
WHERE_MARRIED = {"in": "配偶来本户共同生活", "out": "本人去配偶家共同生活", "apart": "各住各家"}
WHERE_DIVORCED = {"new": "在本区另立一户", "gone": "离开本区，不再登记"}


@dataclass
class About(Asked):
    """What these fields may look at: the household, as it is today."""

    household: Household


class OneMember(Member):
    """One member of the household, by his person id."""

    def options(self, facts: Any) -> dict[int, str]:
        """The members today: id and name."""
        return {m.person_id: m.person.name for m in facts.household.members(facts.today)}

    def read(self, raw: Any, facts: Facts) -> int:
        number = super().read(raw, facts)
        if number not in self.options(facts):
            raise Wrong(f"{self.label}：只能选本户成员")
        return number


class SomeMembers(Members):
    """Members of the household, by their person ids."""

    def options(self, facts: Any) -> dict[int, str]:
        """The members today: id and name."""
        return OneMember(self.label).options(facts)


class OneAway(OneMember):
    """Somebody of the family who lives elsewhere now."""

    def options(self, facts: Any) -> dict[int, str]:
        """Those away: id and name."""
        wanted = select(Absence).where(Absence.household_id == facts.household.id, Absence.to_date.is_(None))
        return {
            row.person_id: f"{row.person.name}（{AWAY[row.kind]}）" for row in facts.session.scalars(wanted)
        }

    def read(self, raw: Any, facts: Facts) -> int:
        if not self.options(facts):
            raise Wrong("这一家没有登记暂时离家的人")
        return super().read(raw, facts)


ON, SOURCE = Day("发生日期"), Choice("根据什么登记", EVENT_SOURCES)
EVIDENCE = Text(
    "证件或文书的名称和编号", required=False, hint="根据证件、文书登记的必填", sample="死亡医学证明 2016-001"
)


class Event(Form):
    """An event of a family."""

    on = ON

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """What is recorded by a certificate names it."""
        if form["source"] == "certificate" and not form["evidence"]:
            return {"evidence": "根据证件、文书登记的，请写明名称和编号"}
        return {}


class Birth(Event):
    """A child is born to the family."""

    name = Name("孩子姓名", sample="王小宝")
    sex = Choice("性别", SEXES)
    id_number = IdNumber("公民身份号码", required=False, hint="还没有号码的留空，落户以后补登")
    mother = OneMember("母亲", required=False, hint="母亲是本户成员的请选")
    relation = Choice("与户主关系", {code: KIN[code] for code in ("child", "grandchild", "other")})
    same_as, not_same = MEMBER_FIELDS["same_as"], MEMBER_FIELDS["not_same"]
    source, evidence = SOURCE, EVIDENCE


class Death(Event):
    """A member has died."""

    person = OneMember("死亡的成员")
    source, evidence = SOURCE, EVIDENCE


class Marriage(Event):
    """A member marries."""

    person = OneMember("结婚的成员")
    partner_name = Name("配偶姓名", sample="陈大明")
    partner_number = IdNumber("配偶公民身份号码", required=False, hint="没有的留空，并填写出生日期和性别")
    partner_birth = Day("配偶出生日期", required=False)
    partner_sex = Choice("配偶性别", SEXES, required=False)
    where = Choice("婚后住哪里", WHERE_MARRIED)
    same_as, not_same = MEMBER_FIELDS["same_as"], MEMBER_FIELDS["not_same"]
    source, evidence = SOURCE, EVIDENCE


class Divorce(Event):
    """A couple of the family divorces; one of them leaves."""

    person = OneMember("离开本户的一方")
    children = SomeMembers("随其离开的成员", required=False)
    where = Choice("离开后", WHERE_DIVORCED)
    area_code = AreaCode(
        "新住地的村（社区）代码",
        level="village",
        required=False,
        hint="在本区另立一户的填写，不填即原来的村（社区）",
    )
    address = Text("新住址", required=False, hint="在本区另立一户的填写")
    source, evidence = SOURCE, EVIDENCE

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """A new household has an address; nobody goes with himself."""
        if form["where"] == "new" and not form["address"]:
            return {"address": "请填写另立一户的住址"}
        if form["person"] in form["children"]:
            return {"children": "随其离开的成员不要再选本人"}
        return super().check(form, facts)


class MoveIn(Event):
    """Somebody joins the family."""

    relation = Choice("与户主关系", KIN)
    source, evidence = SOURCE, EVIDENCE


for _name, _field in MEMBER_FIELDS.items():
    if _name != "relation":
        setattr(MoveIn, _name, _field)


class MoveWithin(Event):
    """Members, or all of them, move to another place of the county."""

    who = SomeMembers("搬走的成员", hint="全家搬迁的全选")
    area_code = AreaCode("新住地的村（社区）代码", level="village")
    address = Text("新住址", sample="和平路 2 号")
    setting = Choice("城镇或农村", SETTINGS)
    source, evidence = SOURCE, EVIDENCE


class MoveAway(Event):
    """Members, or all of them, are registered outside the county from now on."""

    who = SomeMembers("迁出的成员", hint="全家迁出的全选")
    hukou_area = HukouArea("迁往地区划代码", sample="330106000000")
    source, evidence = SOURCE, EVIDENCE

    @classmethod
    def check(cls, form: dict[str, Any], facts: Any) -> dict[str, str]:
        """Outside the county of the household."""
        if ancestor(form["hukou_area"], "county") == ancestor(facts.household.area_code, "county"):
            return {"hukou_area": "迁往地还在本区，请用“区内迁移”登记"}
        return super().check(form, facts)


class Leave(Event):
    """A member lives elsewhere from a day on."""

    person = OneMember("离家的成员")
    why = Choice("去向", AWAY)
    source, evidence = SOURCE, EVIDENCE


class Return(Event):
    """Somebody who was away is back."""

    person = OneAway("回家的成员")
    source, evidence = SOURCE, EVIDENCE


class Split(Event):
    """Some members form a household of their own."""

    who = SomeMembers("分出去的成员")
    head = OneMember("新户的户主")
    area_code = AreaCode(
        "新住地的村（社区）代码", level="village", required=False, hint="不填即原来的村（社区）"
    )
    address = Text("新住址", sample="和平路 3 号")
    source, evidence = SOURCE, EVIDENCE

    @classmethod
    def check(cls, form: dict[str, Any], facts: Any) -> dict[str, str]:
        """Its head is one of them, and somebody stays."""
        if form["head"] not in form["who"]:
            return {"head": "新户的户主应是分出去的成员之一"}
        if len(form["who"]) == len(facts.household.members(facts.today)):
            return {"who": "全家都分出去就不是分户；搬家请用“区内迁移”登记"}
        return super().check(form, facts)


class Join(Event):
    """Another household is taken into this one."""

    number = IdNumber("并入的那一户任一成员的公民身份号码")
    relation = Choice("那一户的户主与本户户主的关系", KIN)
    source, evidence = SOURCE, EVIDENCE


FORMS: dict[str, type[Event]] = {
    "birth": Birth, "death": Death, "marriage": Marriage, "divorce": Divorce, "move_in": MoveIn,
    "move_within": MoveWithin, "move_away": MoveAway, "leave": Leave, "return": Return, "split": Split, "join": Join,
}  # fmt: skip
"""Kind of an event -> its form."""


def day_of(form: dict[str, Any]) -> date:
    """When it happened."""
    return date.fromisoformat(form["on"])
