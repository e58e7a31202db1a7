"""Recording what is known of a person: facts by source, and kinship."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from web import context, kept
from web.duties import require
from web.fields import questions, read_form
from web.households.asking import asked
from web.people.base import RECORDERS, find
from web.problems import status_of
from workflow.errors import FormRefused, NotFound, Refused
from workflow.forms import Choice, Day, Form, Whole
from workflow.models import Person
from workflow.people import kin
from workflow.people.facts import FORMS, FactForm, known_of, record_fact
from workflow.people.words import FACT_KINDS, FACT_SOURCES, KIN

bp = Blueprint("people_facts", __name__, template_folder="templates")


class Related(Form):
    """Somebody on file is kin to a person."""

    other = Whole("对方的人员编号", at_least=1, hint="在人员页面的标题下面可以看到")
    relation = Choice("对方是本人的", KIN)
    from_date = Day("从哪一天起", required=False, hint="结婚、确定监护的日期；血亲可以不填")
    source = Choice("来源", FACT_SOURCES)


class Ended(Form):
    """A tie has ended."""

    on = Day("最后一天")


@bp.route("/people/<int:person_id>/facts/<fact>", methods=["GET", "POST"])
@kept.reshows
def state(person_id: int, fact: str) -> ResponseReturnValue:
    """State one thing about a person as a source says it."""
    require(*RECORDERS)
    person = find(person_id)
    if fact not in FORMS:
        raise NotFound

    def keep(session: Session, raw: dict[str, Any]) -> None:
        record_fact(
            session,
            session.get_one(Person, person.id),
            fact,
            raw,
            actor=context.actor(),
            now=context.now(),
        )

    known = [side for side in known_of(context.session(), person.id, context.today()) if side.kind == fact]
    return _take(person, FORMS[fact], _("登记情况：%(what)s", what=_(FACT_KINDS[fact])), keep, known=known)


@bp.route("/people/<int:person_id>/kin/new", methods=["GET", "POST"])
@kept.reshows
def relate(person_id: int) -> ResponseReturnValue:
    """Register that somebody is kin to a person."""
    require(*RECORDERS)
    person = find(person_id)

    def keep(session: Session, raw: dict[str, Any]) -> None:
        form = Related.clean(raw, asked())
        other = session.get(Person, form["other"])
        if other is None:
            raise FormRefused({"other": f"没有编号为 {form['other']} 的人，请核对"})
        kin.tie(
            session, session.get_one(Person, person.id), other, form["relation"], source=form["source"],
            actor=context.actor(), now=context.now(),
            from_date=date.fromisoformat(form["from_date"]) if form["from_date"] else None,
        )  # fmt: skip

    return _take(person, Related, _("登记亲属"), keep)


@bp.route("/people/<int:person_id>/kin/<int:tie_id>/end", methods=["GET", "POST"])
@kept.reshows
def part(person_id: int, tie_id: int) -> ResponseReturnValue:
    """A tie ends: divorce, the end of a guardianship, or entered in error."""
    require(*RECORDERS)
    person = find(person_id)
    mine = {one.row for one in kin.ties_of(context.session(), [person.id], context.today())}
    if tie_id not in mine:
        raise NotFound

    def keep(session: Session, raw: dict[str, Any]) -> None:
        form = Ended.clean(raw, asked())
        kin.end_tie(session, tie_id, on=date.fromisoformat(form["on"]), now=context.now())

    return _take(person, Ended, _("结束亲属关系"), keep)


def _take(person: Person, form: type[Form], title: str, keep: Any, **more: Any) -> ResponseReturnValue:
    """Show the form; take it: `keep(session, raw)` stores what it says."""
    typed, errors, message, status = MultiDict(request.form), {}, kept.only_show(), 200
    if request.method == "POST" and not message:
        try:
            with context.acting() as conn:
                keep(context.write(conn), read_form(form, typed))
        except FormRefused as refused:
            errors, status = refused.errors, 422
        except Refused as refused:
            message, status = refused.message, status_of(refused)[0]
        else:
            flash(_("已登记。"))
            return redirect(url_for("people.show", person_id=person.id), 303)
    found = questions(form, asked(), typed, errors)
    found.sort(key=lambda question: question.name in FactForm.fields() and form is not Related)
    names = {question.name for question in found}
    return render_template(
        "people/record.html", person=person, title=title, questions=found, message=message,
        errors={name: text for name, text in errors.items() if name in names},
        others=[text for name, text in errors.items() if name not in names], sources=FACT_SOURCES,
        **({"known": []} | more),
    ), status  # fmt: skip
