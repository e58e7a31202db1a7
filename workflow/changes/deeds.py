"""What each event does to the households: one function a kind. Raises Refused, FormRefused, NotPermitted."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from workflow.changes.doing import DAY, Doing, check_free, open_absence
from workflow.changes.ties import part, spouse_of, tie
from workflow.changes.words import AWAY, NO_MEMBER, towards
from workflow.errors import FormRefused
from workflow.households.register import open_membership
from workflow.models import Absence, Household, Membership, Person

_TO_PARTNER = {"head": "spouse", "child": "child_in_law"}
"""What the partner of such a member is to the head of the household he comes into."""
_ABSENT = "这个人没有登记为暂时离家，请核对。"


def birth(doing: Doing) -> None:
    """A child joins the family; its mother is older than it and was alive."""
    form = doing.form
    mother = doing.member(form["mother"]).person if form["mother"] else None
    if mother is not None and mother.sex != "F":
        raise FormRefused({"mother": f"{mother.name}登记的性别是男，不能是母亲，请核对"})
    if mother is not None and mother.birth >= doing.on:
        raise FormRefused(
            {"on": f"孩子的出生日期 {doing.on} 早于母亲{mother.name}的出生日期 {mother.birth}，请核对"}
        )
    child = {
        "relation": form["relation"], "name": form["name"], "sex": form["sex"], "birth": doing.on.isoformat(),
        "id_number": form["id_number"], "same_as": form["same_as"], "not_same": form["not_same"],
    }  # fmt: skip
    if any(m.person.name == form["name"] and m.person.birth == doing.on for m in doing.members()):
        raise FormRefused({"name": f"{form['name']}（{doing.on} 出生）已经是本户成员，不能重复登记"})
    born = doing.register(child, {"birth": "on"}).person
    doing.person_id = born.id
    if mother is not None:
        tie(doing, mother, born, "child")


def death(doing: Doing) -> None:
    """A member leaves by death; the last day is the day he died."""
    member = doing.member(doing.form["person"])
    doing.person_id = member.person_id
    if member.person.birth > doing.on:
        raise FormRefused({"on": f"死亡日期早于{member.person.name}的出生日期 {member.person.birth}，请核对"})
    doing.leave(member.person_id, "death", last=doing.on)


def marriage(doing: Doing) -> None:
    """Two people who are not married marry; one may come to live with the other."""
    form, member = doing.form, doing.member(doing.form["person"])
    person = doing.session.get_one(Person, member.person_id)
    doing.person_id = person.id
    _unmarried(doing, person, "person")
    partner = _partner(doing)
    if partner is not None:
        if partner.id == person.id:
            raise FormRefused({"partner_number": "配偶不能是本人，请核对身份号码"})
        _unmarried(doing, partner, "partner_number")
        if partner.sex == person.sex:
            raise FormRefused({"partner_number": f"{partner.name}与{person.name}登记的性别相同，请核对证件"})
    if form["where"] == "in":
        partner = _comes(doing, partner, _TO_PARTNER.get(member.relation, "other"))
    elif form["where"] == "out":
        _goes(doing, person, partner)
    if partner is not None:
        tie(doing, person, partner, "spouse")


def _partner(doing: Doing) -> Person | None:
    number, name = doing.form["partner_number"], doing.form["partner_name"]
    if not number:
        same = [m.person for m in doing.members() if m.person.name == name]
        return same[0] if len(same) == 1 else None
    found = doing.session.scalar(select(Person).where(Person.id_number == number))
    if found is not None and found.name != name:
        raise FormRefused({"partner_name": "这个身份号码登记的是另一个姓名，请核对证件"})
    if found is not None and found.died_on is not None:
        raise FormRefused({"partner_number": f"{found.name}已登记于 {found.died_on} 死亡，请核对"})
    return found


def _unmarried(doing: Doing, person: Person, field: str) -> None:
    if (spouse := spouse_of(doing, person)) is not None:
        raise FormRefused({field: f"{person.name}登记的配偶是{spouse.name}，请先登记离婚或核对"})


def _goes(doing: Doing, person: Person, partner: Person | None) -> None:
    """A member goes to live with the partner: in another household of the actor's, or beyond the district."""
    home = open_membership(doing.session, partner.id) if partner is not None else None
    if home is None:
        doing.leave(person.id, "marriage")
        return
    if home.household_id == doing.household.id:
        raise FormRefused({"where": "配偶就在本户，请选“配偶来本户共同生活”"})
    doing.touch(home.household)
    doing.carry_one(person.id, home.household, _TO_PARTNER.get(home.relation, "other"), "marriage")


def _comes(doing: Doing, partner: Person | None, relation: str) -> Person:
    """The partner joins this household: from another of the actor's, from nowhere, or newly put on file."""
    form = doing.form
    if partner is None:
        member = {
            "relation": relation, "name": form["partner_name"], "id_number": form["partner_number"],
            "birth": form["partner_birth"], "sex": form["partner_sex"], "same_as": form["same_as"],
            "not_same": form["not_same"],
        }  # fmt: skip
        fields = {name: f"partner_{name}" for name in ("name", "birth", "sex")}
        return doing.register(
            member, fields | {"id_number": "partner_number", "member": "partner_number"}
        ).person
    home = open_membership(doing.session, partner.id)
    if home is None:
        doing.enter(doing.household, partner, relation)
    elif home.household_id != doing.household.id:
        doing.touch(home.household)
        doing.carry_one(partner.id, doing.household, relation, "marriage")
    return partner


def divorce(doing: Doing) -> None:
    """A couple of this household parts; who leaves founds a household of his own, or is gone."""
    form, leaver = doing.form, doing.member(doing.form["person"])
    person = leaver.person
    doing.person_id = person.id
    stays = spouse_of(doing, person)
    if stays is None:
        raise FormRefused({"person": f"{person.name}没有登记配偶，不能登记离婚，请核对或先补登婚姻"})
    if stays.id in form["children"]:
        raise FormRefused({"children": f"{stays.name}是离婚的另一方，不能随{person.name}离开"})
    centre = leaver.relation
    part(doing, person, stays)
    if form["where"] == "new":
        made = doing.found_household(
            form["area_code"] or doing.household.area_code, form["address"], doing.household.setting
        )
        doing.carry([person.id, *form["children"]], made, centre, person.id)
    else:
        doing.all_leave([person.id, *form["children"]])


def move_in(doing: Doing) -> None:
    """Somebody joins: new on file, or free to join."""
    member = {name: value for name, value in doing.form.items() if name not in {"on", "source", "evidence"}}
    known = doing.session.scalar(select(Person).where(Person.id_number == (doing.form["id_number"] or None)))
    if known is not None:
        check_free(doing.session, known)
    doing.person_id = doing.register(member, {"member": "id_number"}).person_id


def move_within(doing: Doing) -> None:
    """The household, or part of it, lives elsewhere in the county from now on."""
    form, members = doing.form, doing.members()
    if set(form["who"]) == {m.person_id for m in members}:
        home = doing.household
        home.area_code, home.address, home.setting = form["area_code"], form["address"], form["setting"]
        for member in members:
            member.person.hukou_area = form["area_code"]
        doing.session.flush()
        return
    leaving = [m for m in members if m.person_id in form["who"]]
    head = leaving[0]
    made = doing.found_household(form["area_code"], form["address"], form["setting"])
    doing.carry([m.person_id for m in leaving], made, head.relation, head.person_id)


def move_away(doing: Doing) -> None:
    """Members are registered outside the county from now on."""
    for person_id in doing.form["who"]:
        doing.member(person_id).person.hukou_area = doing.form["hukou_area"]
    doing.all_leave(doing.form["who"])


def leave(doing: Doing) -> None:
    """A member lives elsewhere for a time; where law does not count him there, he is no member meanwhile."""
    member = doing.member(doing.form["person"])
    doing.person_id = member.person_id
    if (row := open_absence(doing.session, member.person_id)) is not None:
        raise FormRefused({"person": f"{member.person.name}已登记{AWAY[row.kind]}，请先登记回家"})
    doing.away(member, doing.form["why"], doing.form["source"])


def come_back(doing: Doing) -> None:
    """Somebody who was away is back, as what he was; a former head finds another one in his place."""
    row = open_absence(doing.session, doing.form["person"])
    if row is None or row.household_id != doing.household.id:
        raise FormRefused({"person": _ABSENT})
    if doing.on < row.from_date:
        raise FormRefused({"on": f"回家日期早于离家日期 {row.from_date}，请核对"})
    doing.person_id = row.person_id
    row.to_date = max(row.from_date, doing.on - DAY)
    doing.session.flush()
    if row.kind in NO_MEMBER:
        doing.enter(doing.household, row.person, _relation_again(doing, row))


def _relation_again(doing: Doing, row: Absence) -> str:
    """What he is to whoever is head now."""
    members = doing.members()
    if not members:
        return "head"
    head = members[0]
    if row.relation != "head":
        return row.relation
    past = doing.session.scalars(
        select(Membership.relation).where(
            Membership.person_id == head.person_id, Membership.household_id == doing.household.id,
            Membership.relation != "head",
        ).order_by(Membership.id.desc())
    ).first()  # fmt: skip
    return towards(past, "head") if past else "other"


def split(doing: Doing) -> None:
    """Some members form a household of their own."""
    form = doing.form
    head = doing.member(form["head"])
    made = doing.found_household(
        form["area_code"] or doing.household.area_code, form["address"], doing.household.setting
    )
    doing.carry(form["who"], made, head.relation, head.person_id)


def join(doing: Doing) -> None:
    """Another household is taken in; its members are to this head what its head is."""
    form = doing.form
    person = doing.session.scalar(select(Person).where(Person.id_number == form["number"]))
    home = open_membership(doing.session, person.id) if person is not None else None
    if home is None:
        raise FormRefused({"number": "这个身份号码没有登记在任何家庭，请核对；单个人加入请用“迁入”登记"})
    if home.household_id == doing.household.id:
        raise FormRefused({"number": "这个人就是本户成员，请填另一户成员的号码"})
    doing.touch(home.household)
    other: Household = home.household
    for member in sorted(doing.members(other), key=lambda m: m.relation == "head"):
        relation = (
            form["relation"] if member.relation == "head" else _taken_in(form["relation"], member.relation)
        )
        doing.carry_one(member.person_id, doing.household, relation, "moved")


_TAKEN_IN: dict[str, dict[str, str]] = {
    "spouse": {"child": "child", "grandchild": "grandchild", "parent": "parent_in_law"},
    "child": {"spouse": "child_in_law", "child": "grandchild"},
    "parent": {"spouse": "parent", "child": "sibling"},
    "sibling": {"parent": "parent", "sibling": "sibling"},
}


def _taken_in(head: str, relation: str) -> str:
    """What somebody of another household is here, where its head is `head` here; "other" where that is not certain."""
    return _TAKEN_IN.get(head, {}).get(relation, "other")


DEEDS: dict[str, Callable[[Doing], None]] = {
    "birth": birth, "death": death, "marriage": marriage, "divorce": divorce, "move_in": move_in,
    "move_within": move_within, "move_away": move_away, "leave": leave, "return": come_back, "split": split, "join": join,
}  # fmt: skip
"""Kind of an event -> what it does."""
