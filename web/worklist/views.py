"""My tasks in order of urgency, the next case, claiming, and search."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web import context
from web.filters import given_filters
from web.menu import Entry
from web.problems import UnknownFilter
from web.show import place
from workflow import tasks
from workflow.case_queries import search
from workflow.desk.bulk import VERBS
from workflow.desk.handing_out import hand_out
from workflow.errors import UnknownValue
from workflow.models import AccessLog
from workflow.roles import ROLES
from workflow.worklist import GROUPS, Filters, Worklist, worklist, worklist_choices

PER_PAGE = 50
FILTERS = {"village": "村（社区）", "programme": "项目", "stage": "环节", "deadline": "期限"}

MENU = (
    Entry("我的待办", "worklist.mine", 10, frozenset(code for code, role in ROLES.items() if role.levels)),
)
bp = Blueprint("worklist", __name__, template_folder="templates")


def read_filters() -> Filters:
    """The filters in the address. Raises UnknownFilter by name."""
    return Filters(**given_filters(FILTERS, _choices(), "cursor"))


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What each filter may be set to: codes and labels."""
    catalogue = context.edge().office.catalogue
    roles = context.actor().roles
    stages: dict[str, str] = {}
    programmes: dict[str, str] = {}
    for blueprint in catalogue:
        for code, stage in blueprint.stages.items():
            if roles & {r.code for r in (stage.held_by, *(part.held_by for part in stage.parts)) if r}:
                stages.setdefault(code, stage.label)
                programmes.setdefault(blueprint.code, blueprint.title)
    return {
        "village": [
            (area.code, place(area.name)) for area in worklist_choices(context.session(), context.actor())
        ],
        "programme": list(programmes.items()),
        "stage": list(stages.items()),
        "deadline": list(GROUPS.items()),
    }


def _mine(filters: Filters, cursor: str = "", limit: int = PER_PAGE) -> Worklist:
    return worklist(
        context.session(),
        context.actor(),
        context.today(),
        context.edge().office.calendar,
        filters,
        cursor,
        limit,
    )


@bp.get("/")
def mine() -> ResponseReturnValue:
    """The worklist."""
    try:
        filters = read_filters()
        found = _mine(filters, request.args.get("cursor", ""))
    except UnknownValue as wrong:
        raise UnknownFilter(wrong.message) from None
    return render_template(
        "worklist/mine.html", found=found, filters=filters, names=FILTERS, choices=_choices(), groups=GROUPS, bulk_verbs=VERBS,
        given={name: value for name in FILTERS if (value := getattr(filters, name))},
    )  # fmt: skip


@bp.post("/next")
def next_case() -> ResponseReturnValue:
    """The legally most urgent case, claimed and opened: nobody picks the easy ones."""
    with context.acting() as conn:
        handed = hand_out(context.edge().office, conn, actor=context.actor(), now=context.now())
    if handed is not None:
        return redirect(url_for("cases.show", number=handed.number), 303)
    flash(_("现在没有可以办的待办。"))
    return redirect(url_for("worklist.mine"), 303)


@bp.post("/tasks/<int:task_id>/<any(claim, release):what>")
def take(task_id: int, what: str) -> ResponseReturnValue:
    """Take a free task, or give it back."""
    do = tasks.claim if what == "claim" else tasks.release
    with context.acting() as conn:
        do(context.edge().office, conn, task_id, actor=context.actor(), now=context.now())
    flash(_("已签收，这件由您办理。") if what == "claim" else _("已退回，其他人可以签收。"))
    back = request.form.get("back", "")
    return redirect(
        back if back.startswith("/") and not back.startswith(("//", "/\\")) else url_for("worklist.mine"), 303
    )


@bp.post("/search")
def find() -> ResponseReturnValue:
    """Search by number, name, pinyin or identity number: always posted, so that no name stands in an address."""
    text = request.form.get("q", "").strip()
    try:
        hits = search(context.session(), context.actor(), text)
    except UnknownValue as wrong:
        return render_template("worklist/search.html", text=text, hits=None, message=wrong.message), 422
    if len(hits.items) == 1 and hits.items[0].number == text.upper():
        return redirect(url_for("cases.show", number=hits.items[0].number), 303)
    with context.acting() as conn:
        writing = context.write(conn)
        writing.add(
            AccessLog(
                at=context.now(), user_id=context.actor().id, what="search", reason=str(len(hits.items))
            )
        )
        writing.flush()
    return render_template("worklist/search.html", text=text, hits=hits, message="")
