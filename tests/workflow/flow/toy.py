"""A small definition with every way off the straight one, and a linked one it opens."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.catalogue import Catalogue
from workflow.facts import CaseState
from workflow.flow.quorum import Quorum
from workflow.flow.returns import KEPT, returns
from workflow.flow.revoking import Compensation, revokes
from workflow.flow.signing import (
    Signing,
    agreed,
    all_of,
    any_of,
    count,
    in_sequence,
    none_open,
    share,
    weighted,
)
from workflow.forms import Form, Reason
from workflow.periods import Days, Workdays
from workflow.roles import (
    COUNTY_APPROVER,
    COUNTY_REVIEWER,
    INVESTIGATOR,
    LINKED,
    TOWN_REVIEWER,
    VERIFIER,
    WINDOW,
)
from workflow.vocabulary import Definition, Limit, Minimum, PapersLater, Part, Span, Stage, action, stays

Effect = dict[str, Any]


class Why(Form):
    reason = Reason("理由", sample="情况属实")


def promise(session: Session, case: CaseState, form: Effect, actor: Actor, now: datetime) -> None:
    case.facts["promised"] = True


def unpromise(session: Session, case: CaseState, form: Effect, actor: Actor, now: datetime) -> None:
    case.facts.pop("promised")


def undo(name: str) -> Any:
    def compensate(session: Session, case: CaseState, form: Effect, actor: Actor, now: datetime) -> None:
        case.facts["undone"] = [*case.facts.get("undone", ()), name]

    return compensate


def hand_over(session: Session, case: CaseState, form: Effect, actor: Actor, now: datetime) -> None:
    from workflow.acts import follow

    follow(session, case.parent_id or 0, "report", actor=actor, now=now, origin=case)


def signed(code: str, label: str, rule: Quorum, *, minimum: int = 2, on_demand: bool = True) -> Part:
    by = (COUNTY_REVIEWER, INVESTIGATOR) if rule.code in ("weight", "sequence") else (COUNTY_REVIEWER,)
    return Part(code, label, COUNTY_REVIEWER, f"签署{label}",
                signing=Signing(rule, by=by, minimum=minimum, source="X-9", hand="county_review", on_demand=on_demand))  # fmt: skip


class Inquiry(Definition):
    code, editions, title, prefix = "inquiry", ("NB2016",), "查询", "CX"
    asked = Stage("查询中", held_by=VERIFIER, todo="答复", limit=Limit(Workdays(5), "X-1"), initial=True)
    answered = Stage("已答复", final=True, result="answered")
    dropped = Stage("不再查询", final=True, result="dropped")
    answer = action("答复", asked.to(answered), by=VERIFIER, says="答复了", effects=(hand_over,))
    call_off = action("撤回查询", asked.to(dropped), by=LINKED, form=Why, says="不再查询")


class Story(Definition):
    """受理、调查（查询、走访）、审核、公示、县级、决定。"""

    code, editions, title, prefix = "story", ("NB2016",), "试办事项", "SB"
    opened_by, papers = (WINDOW,), {"visit_form": "走访表", "proof": "证明"}
    spans = (
        Span("whole", "总时限", since=("accept",), until=("decide",), rule=Workdays(30), source="X-2", held_by=TOWN_REVIEWER),
        Span("town", "镇级时限", since=("accept", "county_return_to_reviewing"), until=("propose",), rule=Workdays(10), source="X-3",
             held_by=TOWN_REVIEWER),
    )  # fmt: skip

    filed = Stage("已提交", held_by=WINDOW, todo="受理", limit=Limit(Workdays(5), "X-4"), initial=True)
    looking = Stage("调查", held_by=TOWN_REVIEWER, todo="汇总", within="town", parts=(
        Part("inquiry", "查询", VERIFIER, "答复", opens="inquiry", ends="call_off", no_limit="由查询计时"),
        Part("visit", "走访", INVESTIGATOR, "走访", limit=Limit(Workdays(8), "X-5")),
    ))  # fmt: skip
    reviewing = Stage("审核", held_by=TOWN_REVIEWER, todo="审核", within="town")
    posted = Stage(
        "公示", held_by=TOWN_REVIEWER, todo="揭下", minimum=Minimum(Days(7), "X-6"), no_limit="公示期满揭下"
    )
    forwarding = Stage("待报送", held_by=TOWN_REVIEWER, todo="报送", limit=Limit(Workdays(3), "X-7"))
    county = Stage("县级审核", held_by=COUNTY_REVIEWER, todo="审核", limit=Limit(Workdays(5), "X-8"), parts=(
        signed("everybody", "会签", all_of()), signed("shared", "比例签", share(2, 3), minimum=3), signed("two", "两人签", count(2)),
        signed("votes", "票签", weighted(1, 2, {"county_reviewer": 2, "investigator": 1}, "X-10")),
        signed("line", "顺序签", in_sequence()), signed("anyone", "或签", any_of()),
    ))  # fmt: skip
    deciding = Stage("决定", held_by=COUNTY_APPROVER, todo="决定", limit=Limit(Workdays(5), "X-11"),
                     parts=(signed("joint", "联签", all_of(), on_demand=False),))  # fmt: skip
    done = Stage("已办结", final=True, result="approved")
    gone = Stage("已撤销", final=True, result="revoked")

    accept = action("受理", filed.to(looking), by=WINDOW, says="受理了", hand="intake")
    report = action("收到答复", stays(looking), by=LINKED, says="收到答复", completes="inquiry")
    visit = action(
        "走访", stays(looking), by=INVESTIGATOR, says="走访了", completes="visit", hand="investigation"
    )
    conclude = action(
        "调查完成",
        looking.to(reviewing),
        by=TOWN_REVIEWER,
        says="调查完成",
        effects=(promise,),
        undo=(unpromise,),
        withdrawable=True,
    )
    urgent = action("先行审核", looking.to(reviewing), by=TOWN_REVIEWER, says="先行转审核",
                    papers_later=PapersLater(("visit_form", "proof"), Limit(Workdays(10), "X-12", "补办手续")))  # fmt: skip
    propose = action("拟同意", reviewing.to(posted), by=TOWN_REVIEWER, says="拟同意", hand="opinion")
    take_down = action("揭下", posted.to(forwarding), by=TOWN_REVIEWER, says="揭下了")
    forward = action("报送", forwarding.to(county), by=TOWN_REVIEWER, says="报送了", withdrawable=True)
    agree = action("拟批准", county.to(deciding), by=COUNTY_REVIEWER, says="拟批准", hand="county_review", withdrawable=True,
                   when=(none_open("everybody", "shared", "two", "votes", "line", "anyone"), agreed("everybody")))  # fmt: skip
    decide = action("批准", deciding.to(done), by=COUNTY_APPROVER, says="批准了", decides=True, hand="decision",
                    apart_from=("investigation", "opinion", "county_review"), when=(none_open("joint"), agreed("joint")))  # fmt: skip
    town_return = returns("退回", {looking: (filed,), reviewing: (looking, filed)}, by=TOWN_REVIEWER, source="X-13", straight_back=(filed,),
                          keeps_parts=True, siblings=KEPT)  # fmt: skip
    county_return = returns(
        "退回镇级", {county: (reviewing, forwarding)}, source="X-14", straight_back=(forwarding,)
    )
    approver_return = returns(
        "退回", {deciding: (county, forwarding)}, source="X-15", straight_back=(county,), hand="county_review"
    )
    revoke = revokes("撤销", gone, filed, looking, reviewing, posted, forwarding, county, deciding, source="X-16", compensations=(
        Compensation("撤下公示", undo("notice"), after=(posted,)), Compensation("收回拟定", undo("proposal"), after=(reviewing,)),
    ))  # fmt: skip


STORIES = Catalogue((Story, Inquiry))
"""On its own, so that overdue limits open no escalation."""
