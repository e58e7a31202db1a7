"""Handing one task on: transfer, delegate, assign, hand back with an opinion, urge, pass over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from web import context, kept
from web.cases.page import find_case
from web.problems import status_of
from workflow import tasks
from workflow.actors import Actor
from workflow.desk import rights
from workflow.desk.eligible import able
from workflow.desk.handing_out import pass_over
from workflow.errors import FormRefused, NotFound, NotPermitted, Refused
from workflow.models import Case, Task

bp = Blueprint("desk", __name__, template_folder="templates")


@dataclass(frozen=True)
class Hand:
    """One way of handing a task on, as its form shows it."""

    label: str
    intro: str
    words: str
    to: bool = False
    done: str = "已办理。"
    name: str = "reason"


HANDS: dict[str, Hand] = {
    "transfer": Hand("转办", "交给别人办理，以后由对方负责。对方须有这个岗位，不须回避，也没有参与过应当分离的环节。",
                     "转办理由", to=True, done="已转办，由对方办理。"),
    "delegate": Hand("委派", "请别人先办、写出意见，再交回由您确认；决定仍由您作出。", "委派事项和理由", to=True, done="已委派，交回后由您确认。"),
    "assign": Hand("分派", "指定由谁办理。", "分派理由", to=True, done="已分派。"),
    "advise": Hand("交回意见", "写出办理情况和意见，交回委派人确认。", "办理情况和意见", done="已交回委派人。", name="opinion"),
    "urge": Hand("催办", "提醒经办人尽快办理。每项待办每个工作日只能催一次，督办看得到。", "催办内容", done="已催办。"),
    "pass": Hand("跳过", "放回待领，今天不再派给您；理由记入日志。", "跳过的理由", done="已放回待领。"),
}  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """A verb the reader may use on a task: its label and where. `post` says that it asks nothing."""

    label: str
    url: str
    post: bool = False


def open_task(number: str, task_id: int) -> tuple[Case, Task]:
    """An open task of a case the reader may see. Raises NotFound."""
    case = find_case(context.session(), number, context.actor())
    task = context.session().get(Task, task_id)
    if task is None or task.case_id != case.id or task.state != "open":
        raise NotFound("没有这项待办，或者它已经办结。")
    return case, task


def in_post(actor: Actor, case: Case, task: Task, desk: int | None) -> Actor:
    """The reader as he has to do with the task."""
    return actor.in_post(task.role, task.scope, task.definition, desk=desk, but=case.barred)


def codes_for(case: Case, task: Task) -> list[str]:
    """The verbs the reader may use on this task now."""
    actor = context.actor()
    mine = (
        task.assignee_id is not None
        and task.assignee_id in in_post(actor, case, task, task.assignee_id).persons
    )
    owner = task.owner_id is not None and task.owner_id in in_post(actor, case, task, task.owner_id).persons
    found = []
    if mine:
        found += ["advise"] if task.owner_id is not None else ["transfer", "delegate", "pass"]
    if owner and not mine:
        found.append("recall")
    if rights.leads(actor, case.area_code):
        found.append("assign")
    if not mine and _may_urge(actor, case):
        found.append("urge")
    return found


def _may_urge(actor: Actor, case: Case) -> bool:
    try:
        rights.require("urge", actor, case.area_code)
    except NotPermitted:
        return False
    return True


@bp.app_template_global()
def task_verbs(case: Case, task: Task) -> list[Verb]:
    """The verbs beside a task on the page of its case."""
    return [
        Verb("收回委派", url_for("desk.recall", number=case.number, task_id=task.id), post=True)
        if code == "recall"
        else Verb(HANDS[code].label, url_for("desk.hand", number=case.number, task_id=task.id, way=code))
        for code in codes_for(case, task)
    ]


@bp.route("/cases/<number>/tasks/<int:task_id>/<any(transfer, delegate, assign, advise, urge, pass):way>",
          methods=["GET", "POST"])  # fmt: skip
@kept.reshows
def hand(number: str, task_id: int, way: str) -> ResponseReturnValue:
    """Show the form of a way; take it."""
    case, task = open_task(number, task_id)
    if way not in codes_for(case, task):
        raise NotPermitted(f"现在不能由您“{HANDS[way].label}”这项待办。")
    if request.method == "GET" or kept.only_show():
        return _form(case, task, way, message=kept.only_show())
    words = request.form.get(HANDS[way].name, "")
    try:
        with context.acting() as conn:
            _do(conn, case, task, way, words)
    except FormRefused as refused:
        return _form(case, task, way, errors=refused.errors), 422
    except Refused as refused:
        return _form(case, task, way, message=refused.message), status_of(refused)[0]
    flash(_(HANDS[way].done))
    gone = way == "pass"
    return redirect(url_for("worklist.mine") if gone else url_for("cases.show", number=number), 303)


def _do(conn: Any, case: Case, task: Task, verb: str, words: str) -> None:
    office = context.edge().office
    who: dict[str, Any] = {"actor": context.actor(), "now": context.now()}
    if verb == "urge":
        if len(words.strip()) < tasks.SHORTEST_REASON:
            raise FormRefused({"reason": "请写明催办内容"})
        tasks.urge(office, conn, case.id, words=words.strip(), only=task.id, **who)
    elif verb == "pass":
        pass_over(office, conn, task.id, reason=words, **who)
    elif verb == "advise":
        tasks.advise(office, conn, task.id, opinion=words, **who)
    else:
        to = request.form.get("to", type=int)
        if to not in {user_id for user_id, _name in _receivers(case, task)}:
            raise FormRefused({"to": "请从列表里选一位"})
        do = {"transfer": tasks.transfer, "delegate": tasks.delegate, "assign": tasks.assign}[verb]
        do(office, conn, task.id, to=to, reason=words, **who)


def _receivers(case: Case, task: Task) -> list[tuple[int, str]]:
    """Who may get the task: holders of the post whom neither recusal nor four eyes keeps out."""
    blueprint = context.edge().office.catalogue.of(case)
    people = able(context.session(), blueprint, case, task, context.today())
    return [(user.id, user.name) for user in people if user.id not in (task.assignee_id, task.owner_id)]


def _form(
    case: Case, task: Task, verb: str, *, errors: dict[str, str] | None = None, message: str = ""
) -> str:
    shown = HANDS[verb]
    return render_template(
        "desk/hand.html", case=case, task=task, hand=shown, receivers=_receivers(case, task) if shown.to else [],
        typed=request.form, errors=errors or {}, message=message, back=url_for("cases.show", number=case.number),
    )  # fmt: skip


@bp.post("/cases/<number>/tasks/<int:task_id>/recall")
def recall(number: str, task_id: int) -> ResponseReturnValue:
    """Take a delegated task back."""
    case, task = open_task(number, task_id)
    with context.acting() as conn:
        tasks.recall(context.edge().office, conn, task.id, actor=context.actor(), now=context.now())
    flash(_("已收回，由您办理。"))
    return redirect(url_for("cases.show", number=case.number), 303)


@bp.app_template_global()
def names_of(ids: list[int]) -> dict[int, str]:
    """Names of members of staff by their numbers."""
    from workflow.models import User

    return dict(context.session().execute(select(User.id, User.name).where(User.id.in_(ids))).all())
