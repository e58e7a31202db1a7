"""A small definition with everything the API shows: a form, a part, a document, a guard, a minimum, an end."""

from workflow.catalogue import Catalogue
from workflow.errors import Unmet
from workflow.forms import Form, Money, Reason, Rows, Staff, Text, Whole
from workflow.periods import Days, Workdays
from workflow.roles import INVESTIGATOR, TOWN_REVIEWER, VILLAGE_AGENT, WINDOW
from workflow.vocabulary import Definition, Limit, Minimum, Part, Span, Stage, action, stays


class Decision(Form):
    reason = Reason("理由", sample="情况属实，可以办理")
    amount = Money("金额", sample="100.00")


class Visit(Form):
    visitors = Staff("走访人", INVESTIGATOR, at_least=1)
    notes = Rows("记录", {"who": Text("姓名"), "count": Whole("次数")})


class Impossible(Form):
    people = Staff("人员", VILLAGE_AGENT, at_least=9)


def small_enough(facts):
    if facts.form["amount"] > "500.00":
        raise Unmet("金额超过 500 元，请报上级。")


class Toy(Definition):
    code, editions, title, prefix = "toy", ("NB2016",), "试办事项", "WJ"
    opened_by = (WINDOW,)
    spans = (Span("all", "总时限", ("open",), ("agree",), Workdays(15), "X-1", TOWN_REVIEWER),)
    draft = Stage("草稿", held_by=WINDOW, todo="补齐并提交", limit=Limit(Workdays(5), "X-2"), initial=True)
    review = Stage(
        "审核",
        held_by=TOWN_REVIEWER,
        todo="审核",
        within="all",
        parts=(Part("visit", "走访", INVESTIGATOR, "上门走访"),),
    )
    posted = Stage("公示", held_by=WINDOW, todo="揭下公示", minimum=Minimum(Days(7), "X-3"), within="all")
    done = Stage("已办结", final=True, result="approved")
    gone = Stage("已撤回", final=True, result="withdrawn")
    submit = action(
        "提交",
        draft.to(review),
        by=WINDOW,
        says="提交了材料",
        needs=lambda facts: ["application"],
        primary=True,
    )
    withdraw = action("撤回", draft.to(gone), by=WINDOW, says="撤回了")
    never = action("做不到", stays(draft), by=WINDOW, form=Impossible, says="没有做")
    visit = action("走访", stays(review), by=INVESTIGATOR, form=Visit, says="走访了", completes="visit")
    agree = action(
        "同意",
        review.to(posted),
        by=TOWN_REVIEWER,
        form=Decision,
        guards=(small_enough,),
        says="同意",
        hand="opinion",
    )
    finish = action("揭下", posted.to(done), by=WINDOW, says="揭下了公示")


class Elder(Toy):
    """Opened by nobody."""

    code, title, prefix = "elder", "别的事项", "BD"
    opened_by = ()


CATALOGUE = Catalogue((Toy, Elder))
