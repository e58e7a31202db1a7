"""Tasks: the worklist, and taking, giving back, assigning and delegating a task."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select

from web.api import represent
from web.api.asking import LIMIT, Param, area, filters_of, make_cursor, one_of, read_cursor, text
from web.api.problems import Problem
from web.api.routes import Answer, Call, operation
from workflow import tasks
from workflow.desk.handing_out import hand_out
from workflow.entries import read
from workflow.errors import FormRefused, NotFound
from workflow.facts import Facts
from workflow.forms import Form, Reason, Whole
from workflow.households.form import Asked
from workflow.models import Task, User
from workflow.policy import may_read
from workflow.worklist import GROUPS, Filters, worklist

FILTERS: dict[str, Param] = {
    "definition": text("流程定义"),
    "stage": text("环节"),
    "area": area("村（社区）的区划代码"),
    "deadline": one_of(
        "紧急程度：severe 严重逾期，overdue 逾期，soon 即将到期，later 未到期，waiting 还没有到可办之日",
        *GROUPS,
    ),
}
LARGEST = 2**53 - 1


class Hand(Form):
    """To whom a task goes, and why."""

    to = Whole("接办人的人员编号", at_least=1, at_most=LARGEST)
    reason = Reason("理由", sample="工作需要，请接办")


@operation("GET", "/tasks", "我的待办", "TaskPage", query=FILTERS, paged=True)
def list_tasks(call: Call) -> Answer:
    """The caller's own tasks and those free for his roles, the legally most urgent first.

    Tasks that may not be done before a day (publicity) are listed by `deadline=waiting`.
    """
    query = call.query
    code, stage = query.get("definition", ""), query.get("stage", "")
    catalogue = call.edge.office.catalogue
    if code and code not in catalogue.codes:
        raise Problem(
            "malformed",
            f"参数“definition”：没有流程“{code}”。可用：{'、'.join(catalogue.codes)}。",
            parameter="definition",
        )
    if stage and not any(stage in one.stages for one in catalogue):
        raise Problem("malformed", f"参数“stage”的值“{stage}”没有定义。", parameter="stage")
    place = read_cursor(query, str)
    filters = Filters(query.get("area", ""), code, stage, query.get("deadline", ""))
    # a first page begins with an empty cursor; what waits has a filter of its own
    page = worklist(
        call.session, call.actor, call.edge.today(), call.edge.office.calendar, filters, place[0] if place else "",
        query.get("limit", LIMIT),
    )  # fmt: skip
    shown = [item.task_id for item in page.items]
    rows = {row[0].id: row for row in represent.task_rows(call, Task.id.in_(shown))}
    items = [represent.task(call, *rows[task_id]) for task_id in shown]
    following = make_cursor([page.next], filters_of(query)) if page.next else None
    return Answer({"items": items, "next": following})


def _asked(call: Call) -> Facts:
    return cast("Facts", Asked(call.session, call.actor, call.now))


def _change(call: Call, task_id: str, change: Any, **hand: Any) -> Answer:
    """Change who has a task; the answer is its case as it now is. The case is locked before its version is compared."""
    number = int(task_id) if task_id.isascii() and task_id.isdigit() and int(task_id) <= LARGEST else 0
    row = call.conn.execute(select(Task.case_id).where(Task.id == number)).first()
    if row is None:
        raise NotFound(f"没有编号为 {task_id} 的待办，或者不在您的管辖范围内。")
    case, _ = read(call.edge.office, call.conn, row.case_id)
    if not may_read(call.actor, case):
        raise NotFound(f"没有编号为 {task_id} 的待办，或者不在您的管辖范围内。")
    if call.seen is not None and call.seen != case.version:
        raise Problem("stale", "案件已有变动，请重新查询后再办。", version=case.version)
    now_is = change(call.edge.office, call.conn, number, actor=call.actor, now=call.now, **hand)
    return Answer(represent.case(call, now_is), headers=represent.etag(now_is.version))


def _to(call: Call) -> dict[str, Any]:
    """The receiver and the reason of a hand-over. Raises FormRefused."""
    form = Hand.clean(call.body, _asked(call))
    user = call.session.get(User, form["to"])
    if user is None or user.disabled_at is not None:
        raise FormRefused({"to": f"没有编号为 {form['to']} 的在用人员"})
    return {"to": form["to"], "reason": form["reason"]}


class Nothing(Form):
    """An empty body."""


@operation("POST", "/tasks/<task_id>/claim", "签收待办", "Case", form=Nothing, if_match="optional", etag=True)
def claim_task(call: Call, task_id: str) -> Answer:
    """Take a free task."""
    return _change(call, task_id, tasks.claim)


@operation(
    "POST", "/tasks/<task_id>/release", "退回待办", "Case", form=Nothing, if_match="optional", etag=True
)
def release_task(call: Call, task_id: str) -> Answer:
    """Give a task back."""
    return _change(call, task_id, tasks.release)


@operation("POST", "/tasks/<task_id>/assign", "分派待办", "Case", form=Hand, if_match="optional", etag=True)
def assign_task(call: Call, task_id: str) -> Answer:
    """Give a task to a colleague."""
    return _change(call, task_id, tasks.assign, **_to(call))


class Opinion(Form):
    """What one hands a delegated task back with."""

    opinion = Reason("办理情况和意见", sample="材料齐全，建议同意")


class Nudge(Form):
    """What the holder is told."""

    words = Reason("催办内容", sample="请今天办结")


@operation("POST", "/tasks/<task_id>/transfer", "转办待办", "Case", form=Hand, if_match="optional", etag=True)
def transfer_task(call: Call, task_id: str) -> Answer:
    """Give one's own task away for good."""
    return _change(call, task_id, tasks.transfer, **_to(call))


@operation(
    "POST", "/tasks/<task_id>/advise", "交回委派意见", "Case", form=Opinion, if_match="optional", etag=True
)
def advise_task(call: Call, task_id: str) -> Answer:
    """Hand a delegated task back with one's opinion; its owner finishes it."""
    return _change(call, task_id, tasks.advise, **Opinion.clean(call.body, _asked(call)))


@operation(
    "POST", "/tasks/<task_id>/recall", "收回委派", "Case", form=Nothing, if_match="optional", etag=True
)
def recall_task(call: Call, task_id: str) -> Answer:
    """Take a task back that one has delegated."""
    return _change(call, task_id, tasks.recall)


@operation("POST", "/tasks/<task_id>/urge", "催办", "Case", form=Nudge, if_match="optional", etag=True)
def urge_task(call: Call, task_id: str) -> Answer:
    """Nudge the holder of a task, once a working day."""
    return _change(call, task_id, tasks.urge_task, **Nudge.clean(call.body, _asked(call)))


@operation("POST", "/tasks/next", "领下一件", "Next", form=Nothing)
def take_next(call: Call) -> Answer:
    """Take the legally most urgent task: one's own, or a free one that is claimed thereby. `task` is null for none."""
    handed = hand_out(call.edge.office, call.conn, actor=call.actor, now=call.now)
    return Answer({"task": handed.task_id if handed else None, "case": handed.number if handed else None})


@operation("POST", "/tasks/<task_id>/delegate", "委派待办", "Case", form=Hand, if_match="optional", etag=True)
def delegate_task(call: Call, task_id: str) -> Answer:
    """Let a colleague do one's own task."""
    return _change(call, task_id, tasks.delegate, **_to(call))
