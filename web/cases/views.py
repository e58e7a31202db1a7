"""The case page, its documents, and looking at a citizen number with a reason."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from web import context, kept
from web.board.extensions import extensions_for
from web.cases.done_by import done_by
from web.cases.filling import others
from web.cases.flow import FlowPage
from web.cases.page import SOURCES, CasePage, find_case
from web.filters import given_filters
from web.headers import SANDBOX
from web.menu import Entry
from web.notices.letters import letters_for
from web.problems import UnknownFilter
from web.show import place
from web.window.panel import panel_of
from workflow.areas import level_of
from workflow.case_queries import CaseFilters, case_list
from workflow.documents import add_document
from workflow.errors import FormRefused, NotFound, NotPermitted, UnknownValue
from workflow.flow.seen import look
from workflow.households import ASSET_KINDS, COUNTED_ASSETS, RELATIONS
from workflow.models import AccessLog, Area, Case, Document, DocumentContent, Membership, Person
from workflow.pictures import svg
from workflow.policy import area_filter, readable_areas
from workflow.roles import ROLES

REASONS = {
    "handling": "办理本案核对身份",
    "verification": "信息核对、授权书核验",
    "delivery": "送达、发放核验账户",
    "complaint": "答复咨询、异议或投诉",
    "audit": "监督检查",
}
"""Why somebody may look at a whole citizen number."""

FILTERS = {"area": "区域", "programme": "项目", "stage": "环节", "state": "状态"}
STATES = {"open": "在办", "closed": "已办结"}

MENU = (Entry("办件", "cases.index", 20, frozenset(code for code, role in ROLES.items() if role.reads)),)
bp = Blueprint("cases", __name__, template_folder="templates")


def document_kinds() -> dict[str, str]:
    """The kinds of papers and what they are called."""
    from definitions.shared.materials import MATERIALS

    return MATERIALS


def _log(case: Case, what: str, reason: str = "", household: int | None = None) -> None:
    """Write down who looked at what. Where that fails, nothing is shown."""
    with context.acting() as conn:
        writing = context.write(conn)
        writing.add(AccessLog(at=context.now(), user_id=context.actor().id, what=what, case_id=case.id,
                              household_id=household, reason=reason))  # fmt: skip
        writing.flush()
        if what == "case":
            look(conn, case.id, context.actor(), context.now())


@bp.get("/cases")
def index() -> ResponseReturnValue:
    """The cases the reader may see, the newest first."""
    choices = _choices()
    given = given_filters(FILTERS, choices, "cursor")
    try:
        found = case_list(
            context.session(), context.actor(), CaseFilters(**given), request.args.get("cursor", "")
        )
    except UnknownValue as wrong:
        raise UnknownFilter(wrong.message) from None
    return render_template("cases/index.html", found=found, given=given, names=FILTERS, choices=choices)


def _choices() -> dict[str, list[tuple[str, str]]]:
    catalogue = context.edge().office.catalogue
    areas = context.session().scalars(
        select(Area).where(area_filter(Area.code, readable_areas(context.actor()))).order_by(Area.code)
    )
    indent = {"county": "", "town": "", "village": "　"}
    return {
        "area": [(area.code, indent.get(level_of(area.code), "") + place(area.name)) for area in areas],
        "programme": [(code, catalogue.editions(code)[-1].title) for code in catalogue.codes],
        "stage": list(
            {code: stage.label for blueprint in catalogue for code, stage in blueprint.stages.items()}.items()
        ),
        "state": list(STATES.items()),
    }


@bp.get("/cases/<number>")
def show(number: str) -> ResponseReturnValue:
    """One case. Every look at it is written down."""
    case = find_case(context.session(), number, context.actor())
    return _show(case)


def _show(case: Case, *, errors: dict[str, str] | None = None, message: str = "") -> str:
    page = CasePage(context.edge().office, context.session(), case, context.actor(), context.now())
    _log(case, "case", household=page.household_id)
    return render_template(
        "cases/show.html", page=page, case=case, kinds=document_kinds(), reasons=REASONS, relations=RELATIONS,
        sources=SOURCES, counted={ASSET_KINDS[kind] for kind in COUNTED_ASSETS}, letters=letters_for(case, context.session()),
        extensions=extensions_for(case, page.deadlines), errors=errors or {}, message=message,
        filling=others(case, context.actor()), flow=FlowPage(page), intake=panel_of(page),
    )  # fmt: skip


@bp.get("/cases/<number>/map.svg")
def picture(number: str) -> Response:
    """Where the case has been, stands, and may go next, as a drawing."""
    case = find_case(context.session(), number, context.actor())
    page = CasePage(context.edge().office, context.session(), case, context.actor(), context.now())
    notes = done_by(context.session(), case.id)
    answer = make_response(svg(page.blueprint, done=page.been, current=case.stage, notes=notes, translate=_))
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


@bp.post("/cases/<number>/people/<int:person_id>/id-number")
def id_number(number: str, person_id: int) -> ResponseReturnValue:
    """A whole citizen number, for a reason from the list, written down."""
    case = find_case(context.session(), number, context.actor())
    page = CasePage(context.edge().office, context.session(), case, context.actor(), context.now())
    reason = request.form.get("reason", "")
    person = context.session().get(Person, person_id)
    belongs = context.session().scalar(
        select(Membership.id)
        .where(Membership.person_id == person_id, Membership.household_id == page.household_id)
        .limit(1)
    )
    if person is None or belongs is None:
        raise NotFound
    if reason not in REASONS:
        raise FormRefused({"reason": "请选一个查看身份证号的理由，查看会留下记录。"})
    _log(case, "id_number", reason, page.household_id)
    shown = "cases/id_number_part.html" if request.headers.get("HX-Request") else "cases/id_number.html"
    return render_template(shown, case=case, person=person, reason=REASONS[reason])


def _check_upload(kind: str, files: int) -> None:
    """Raise FormRefused for an unknown kind or no file."""
    if kind not in document_kinds():
        raise FormRefused({"kind": "请选择材料种类"})
    if not files:
        raise FormRefused({"file": "请选择要上传的文件"})


@bp.post("/cases/<number>/documents")
@kept.reshows
def upload(number: str) -> ResponseReturnValue:
    """Attach papers of one kind."""
    case = find_case(context.session(), number, context.actor())
    if message := kept.only_show():
        return _show(case, message=message)
    kind, files = (
        request.form.get("kind", ""),
        [file for file in request.files.getlist("file") if file.filename],
    )
    page = CasePage(context.edge().office, context.session(), case, context.actor(), context.now())
    if not page.offers:
        raise NotPermitted("这个环节不由您办理，不能为本案上传材料。")
    try:
        _check_upload(kind, len(files))
        with context.acting() as conn:
            writing = context.write(conn)
            for file in files:
                add_document(writing, case, kind=kind, name=file.filename or "", body=file.read(),
                             actor=context.actor(), now=context.now())  # fmt: skip
            writing.flush()
    except FormRefused as refused:
        return _show(case, errors=refused.errors), 422
    flash(_("已上传 %(n)s 份“%(kind)s”。", n=len(files), kind=_(document_kinds()[kind])))
    return redirect(url_for("cases.show", number=number) + "#documents", 303)


@bp.get("/cases/<number>/documents/<int:document_id>")
def download(number: str, document_id: int) -> Response:
    """A paper, to be kept, never run: as an attachment, in a sandbox. Every look at it is written down."""
    case = find_case(context.session(), number, context.actor())
    document = context.session().get(Document, document_id)
    if document is None or document.case_id != case.id:
        raise NotFound
    _log(case, "document", f"{document.kind} {document.name}"[:200])
    answer = make_response(context.session().get_one(DocumentContent, document.sha256).body)
    answer.headers["Content-Type"] = document.media_type
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.name)}"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
