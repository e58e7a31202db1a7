"""公示异议 (objection): looked into as a case of its own; its answer moves the case it is about (M220-29; M57-19)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.acts import follow
from workflow.errors import Unmet
from workflow.facts import CaseState, Facts
from workflow.forms import Day, Form, LongText, Reason
from workflow.models import Case
from workflow.periods import OnDate
from workflow.roles import COUNTY_REVIEWER, TOWN_REVIEWER
from workflow.vocabulary import Definition, Effect, Limit, Stage, action, stays


class Inquiry(Form):
    """What was done to find out."""

    asked_on = Day("核查日期")
    findings = LongText("核查情况", sample="走访核实，反映的收入已计入")


class Answer(Form):
    """The answer, with its reason; a named objector is told."""

    reason = Reason("复查结论和理由", sample="反映的收入在调查时已经计入，异议不成立")


def inquired(facts: Facts) -> None:
    """Nobody answers an objection without having looked into it."""
    if not facts.case.facts.get("inquiries"):
        raise Unmet("还没有登记核查情况，不能答复异议。")


def count_inquiry(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """One inquiry more."""
    case.facts["inquiries"] = case.facts.get("inquiries", 0) + 1


def answer(verdict: str) -> Effect:
    """Carry the verdict to the case the objection is about, by the action its stage has for it."""

    def tell(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
        assert case.parent_id is not None
        parent = session.get_one(Case, case.parent_id)
        word = f"second_{verdict}" if parent.stage == "second_objected" else f"objection_{verdict}"
        follow(session, parent.id, word, form={"reason": form["reason"]}, actor=actor, now=now, origin=case)

    tell.__name__ = f"answer_{verdict}"
    return tell


class ObjectionCase(Definition):
    """公示异议：核查之后答复，成立或不成立。"""

    code, editions, title, prefix = (
        "objection",
        ("NB2016", "NAT2021", "NAT2021-DELEGATED"),
        "公示异议复查",
        "YY",
    )
    steps = ("inquiring", "rejected")

    inquiring = Stage("复查中", held_by=TOWN_REVIEWER, todo="核查异议并答复", initial=True,
                      limit=Limit(OnDate("answer_by"), "M220-29；镇级与 NAT 版为内部要求"))  # fmt: skip
    rejected = Stage("异议不成立", final=True, result="rejected")
    upheld = Stage("异议成立", final=True, result="upheld")

    inquire = action("登记核查情况", stays(inquiring), by=(TOWN_REVIEWER, COUNTY_REVIEWER), form=Inquiry, says="登记了异议核查情况",
                     source="M220-29", effects=(count_inquiry,), hand="investigation")  # fmt: skip
    reject = action("异议不成立", inquiring.to(rejected), by=(TOWN_REVIEWER, COUNTY_REVIEWER), form=Answer, says="异议不成立，已答复",
                    source="M220-29；M57-19", when=(inquired,), effects=(answer("rejected"),), primary=True)  # fmt: skip
    uphold = action("异议成立", inquiring.to(upheld), by=(TOWN_REVIEWER, COUNTY_REVIEWER), form=Answer, says="异议成立，已答复",
                    source="M220-29；M57-19", when=(inquired,), effects=(answer("upheld"),))  # fmt: skip
