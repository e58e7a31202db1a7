"""What was handed in from the phone and what came of it; what was refused is gone on with here, nothing typed again."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from definitions.shared.materials import MATERIALS
from web import context, kept
from web.agent import bag
from web.cases.conflicts import answers, since
from web.cases.page import facts_of, find_case
from web.duties import codes, reserve
from web.headers import SANDBOX
from web.menu import Entry
from workflow import fieldwork
from workflow.errors import NotFound, NotPermitted
from workflow.models import Case, DocumentContent, FieldPackage, FieldPaper, PhoneBox
from workflow.policy import may_read

STATES = {
    "received": "正在办理",
    "done": "已办理",
    "held": "待您核对",
    "resumed": "已转入办件",
    "dropped": "不再办理",
}
SHOWN = 100


def waiting() -> int:
    """How many packages wait for their sender."""
    wanted = select(func.count()).where(
        FieldPackage.user_id == context.actor().id, FieldPackage.state == "held"
    )
    return context.session().scalar(wanted) or 0


MENU = (Entry("走访送达", "packages.index", 13, codes(*bag.FIELD_ROLES), count=waiting),)
bp = Blueprint("packages", __name__, template_folder="templates", url_prefix="/agent/packages")
reserve(bp, *bag.FIELD_ROLES)


def _own(package_id: int) -> FieldPackage:
    """A package of the reader's. Raises NotFound."""
    found = context.session().get(FieldPackage, package_id)
    if found is None or found.user_id != context.actor().id:
        raise NotFound
    return found


@bp.get("/")
def index() -> ResponseReturnValue:
    """What the reader has handed in, what waits for him first; and the phones that hold something of his."""
    session, me = context.session(), context.actor().id
    rows = session.execute(
        select(FieldPackage, Case).join(Case, Case.id == FieldPackage.case_id).where(FieldPackage.user_id == me)
        .order_by(FieldPackage.state != "held", FieldPackage.id.desc()).limit(SHOWN)
    ).all()  # fmt: skip
    boxes = session.scalars(
        select(PhoneBox).where(PhoneBox.user_id == me, PhoneBox.ended_at.is_(None)).order_by(PhoneBox.made_at)
    ).all()
    told = {case for box in boxes for case in box.told}
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(told)))}
    return render_template(
        "agent/packages.html", rows=rows, states=STATES, receipt=fieldwork.receipt_of, boxes=boxes, cases=cases,
    )  # fmt: skip


@bp.get("/<int:package_id>")
def show(package_id: int) -> ResponseReturnValue:
    """One package: why it waits, what happened to the case meanwhile, and all that was typed and photographed."""
    package = _own(package_id)
    case = context.session().get_one(Case, package.case_id)
    page = bag.page_of(case)
    word = page.blueprint.actions.get(package.action)
    facts = facts_of(page.office, page.session, case, page.actor, page.now)
    typed: MultiDict[str, str] = MultiDict([tuple(pair) for pair in package.typed])
    readable = may_read(page.actor, case)
    return render_template(
        "agent/package.html", package=package, case=case, page=page, word=word, states=STATES, readable=readable,
        receipt=fieldwork.receipt_of(package), papers=fieldwork.papers_of(context.session(), package.id), kinds=MATERIALS,
        answers=answers(word.form, typed, facts) if word else [], changes=since(page, package.seen) if readable else [],
        open=word is not None and readable and bool(page.offers),
    )  # fmt: skip


@bp.get("/<int:package_id>/papers/<int:paper>")
def picture(package_id: int, paper: int) -> Response:
    """A photograph or signature of one's own package."""
    package = _own(package_id)
    found = context.session().get(FieldPaper, (package.id, paper))
    if found is None:
        raise NotFound
    answer = make_response(context.session().get_one(DocumentContent, found.sha256).body)
    answer.headers["Content-Type"] = found.media_type
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


@bp.post("/<int:package_id>/resume")
def resume(package_id: int) -> ResponseReturnValue:
    """Go on with it: papers into the case, what was typed into its form, which shows what happened meanwhile."""
    package = _own(package_id)
    case = context.session().get_one(Case, package.case_id)
    page = bag.page_of(find_case(context.session(), case.number, context.actor()))
    if not page.offers:
        raise NotPermitted("这个环节不由您办理，资料不能放进这个办件。照片和填写的内容仍保存在这份送达里。")
    place = url_for("actions.do", number=case.number, action=package.action)
    with context.acting() as conn:
        fieldwork.resume(page.office, conn, package, actor=context.actor(), now=context.now())
        typed = [(str(name), str(value)) for name, value in package.typed]
        kept.save(conn, context.actor().id or 0, place, [*typed, ("seen", str(package.seen))], context.now())
    flash(_("照片和签名已放进办件，填写的内容都在，请核对后提交。"))
    return redirect(place, 303)


@bp.post("/<int:package_id>/drop")
def drop(package_id: int) -> ResponseReturnValue:
    """Let it be; it stays on record."""
    package = _own(package_id)
    with context.acting() as conn:
        fieldwork.drop(conn, package, now=context.now())
    flash(_("已记为不再办理，资料保留在送达记录里。"))
    return redirect(url_for("packages.index"), 303)
