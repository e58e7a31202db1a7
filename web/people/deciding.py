"""One person or two: what the clerk decides about people who look alike, and its undoing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web import context, kept
from web.duties import require
from web.filters import key
from web.people.base import DECIDERS, RECORDERS, age, find, log, places
from web.problems import status_of
from workflow.errors import FormRefused, NotFound, Refused, Unmet
from workflow.households import LABOUR, SEXES
from workflow.models import DocumentContent, Person, PersonMerge
from workflow.people.lookalikes import asked_of, lookalikes, not_the_same
from workflow.people.merging import find_merge, merge, undo_merge
from workflow.people.moving import Plan, plan
from workflow.people.words import ID_KINDS

bp = Blueprint("people_merges", __name__, template_folder="templates")


@bp.post("/people/<int:person_id>/not-same")
def apart(person_id: int) -> ResponseReturnValue:
    """They were looked at and are two people, because."""
    require(*RECORDERS)
    person = find(person_id)
    other = key(request.form.get("other", ""))
    likely = lookalikes(context.session(), [asked_of(person)])[0].hits
    if other not in {hit.person.id for hit in likely}:
        raise Unmet("这两人现在没有疑似重复的提示，不用判断；可能登记已经更正。")
    with context.acting() as conn:
        session = context.write(conn)
        not_the_same(
            session,
            session.get_one(Person, person.id),
            session.get_one(Person, other),
            because=request.form.get("because", ""),
            actor=context.actor(),
            now=context.now(),
        )
    flash(_("已记下不是同一人；两人的姓名、生日、性别或号码变动以后会重新提示。"))
    return redirect(url_for("people.show", person_id=person.id), 303)


@bp.route("/people/<int:person_id>/merge/<int:other_id>", methods=["GET", "POST"])
@kept.reshows
def join(person_id: int, other_id: int) -> ResponseReturnValue:
    """Two people side by side, what would move, and on what evidence they are one."""
    require(*DECIDERS)
    kept_one, gone = find(person_id), find(other_id)
    message, errors, status = kept.only_show(), dict[str, str](), 200
    if request.method == "POST" and not message:
        paper = request.files.get("file")
        document = (paper.filename or "", paper.read()) if paper and paper.filename else None
        try:
            with context.acting() as conn:
                session = context.write(conn)
                made = merge(
                    session, session.get_one(Person, kept_one.id), session.get_one(Person, gone.id),
                    evidence=request.form.get("evidence", ""), document=document, actor=context.actor(), now=context.now(),
                )  # fmt: skip
                left = made.moved["left"]
        except FormRefused as refused:
            errors, status = refused.errors, 422
        except Refused as refused:
            message, status = refused.message, status_of(refused)[0]
        else:
            flash(_("已合并为编号 %(n)s。", n=kept_one.id) + "".join(f" {line}。" for line in left))
            return redirect(url_for("people.show", person_id=kept_one.id), 303)
    foreseen: Plan | None = None
    if not message:
        try:
            foreseen = plan(context.session(), kept_one, gone, context.today())
        except Refused as refused:
            message = refused.message
    if request.method == "GET":
        log("person", kept_one.id, _("合并比对"))
        log("person", gone.id, _("合并比对"))
    return render_template(
        "people/merge.html", kept=kept_one, gone=gone, plan=foreseen, message=message, errors=errors, today=context.today(),
        sides=_side_by_side(kept_one, gone), evidence=request.form.get("evidence", ""), place=request.path,
    ), status  # fmt: skip


@bp.route("/people/merges/<int:merge_id>/undo", methods=["GET", "POST"])
@kept.reshows
def undo(merge_id: int) -> ResponseReturnValue:
    """The two were two after all: what was moved goes back."""
    require(*DECIDERS)
    merged = find_merge(context.session(), merge_id)
    kept_one, gone = find(merged.kept_id), find(merged.gone_id)
    message, errors, status = kept.only_show(), dict[str, str](), 200
    if request.method == "POST" and not message:
        try:
            with context.acting() as conn:
                session = context.write(conn)
                stuck = undo_merge(
                    session, session.get_one(PersonMerge, merge_id), because=request.form.get("because", ""),
                    actor=context.actor(), now=context.now(),
                )  # fmt: skip
        except FormRefused as refused:
            errors, status = refused.errors, 422
        except Refused as refused:
            message, status = refused.message, status_of(refused)[0]
        else:
            flash(_("已撤销合并。") + "".join(f" {line}。" for line in stuck))
            return redirect(url_for("people.show", person_id=gone.id), 303)
    return render_template(
        "people/undo.html", merged=merged, kept=kept_one, gone=gone, message=message, errors=errors, place=request.path,
        because=request.form.get("because", ""),
    ), status  # fmt: skip


@bp.get("/people/merges/<int:merge_id>/document")
def document(merge_id: int) -> ResponseReturnValue:
    """The paper on which two were found to be one."""
    require(*DECIDERS)
    merged = find_merge(context.session(), merge_id)
    find(merged.kept_id)
    if merged.document_sha256 is None:
        raise NotFound
    log("person_paper", merged.kept_id)
    answer = make_response(context.session().get_one(DocumentContent, merged.document_sha256).body)
    answer.headers["Content-Type"] = merged.document_type
    answer.headers["Content-Disposition"] = "attachment"
    return answer


def _side_by_side(one: Person, other: Person) -> list[tuple[str, Any, Any]]:
    """What both rows say, label by label."""
    names = places({one.hukou_area, other.hukou_area})

    def said(person: Person) -> list[tuple[str, Any]]:
        return [
            ("编号", person.id), ("姓名", person.name), ("性别", SEXES[person.sex]), ("出生", person.birth.isoformat()),
            ("年龄", age(person, context.today())), ("证件", ID_KINDS[person.id_kind]), ("号码", person.id_number or ""),
            ("没有号码的原因", person.id_note), ("户籍地", names.get(person.hukou_area, person.hukou_area)),
            ("电话", person.phone), ("劳动能力", LABOUR.get(person.labour, "")), ("职业", person.occupation),
            ("死亡日期", person.died_on.isoformat() if person.died_on else ""),
        ]  # fmt: skip

    return [
        (label, mine, theirs) for (label, mine), (_label, theirs) in zip(said(one), said(other), strict=True)
    ]
