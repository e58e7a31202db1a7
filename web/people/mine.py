"""申报回避关系: a member of staff says who he is among the people of the district, and who his near kin are."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from web import context, kept
from web.fields import questions, read_form
from web.households.asking import asked
from web.problems import status_of
from workflow.errors import FormRefused, Refused
from workflow.forms import Choice, Form
from workflow.households.form import IdNumber, Name
from workflow.models import Person, User
from workflow.people.kin import ties_of
from workflow.people.staff import declare_relative, link_staff
from workflow.people.words import KIN

bp = Blueprint("people_mine", __name__, template_folder="templates")


class Own(Form):
    """Who he is."""

    id_number = IdNumber("您本人的身份号码")


class Relative(Form):
    """Who is near to him."""

    relation = Choice("他（她）是您的", KIN)
    name = Name("姓名")
    id_number = IdNumber("公民身份号码")


@bp.route("/me/relatives", methods=["GET", "POST"])
@kept.reshows
def show() -> ResponseReturnValue:
    """His near kin as he has declared them; their cases are kept from him by themselves."""
    session, reader = context.session(), context.actor()
    user = session.get_one(User, reader.id)
    form: type[Form] = Relative if user.person_id is not None else Own
    typed, errors, message, status = MultiDict(request.form), dict[str, str](), kept.only_show(), 200
    if request.method == "POST" and not message:
        try:
            said = form.clean(read_form(form, typed), asked())
            with context.acting() as conn:
                writing = context.write(conn)
                me = writing.get_one(User, reader.id)
                if form is Own:
                    link_staff(writing, me, said["id_number"], now=context.now())
                else:
                    declare_relative(
                        writing, me, relation=said["relation"], name=said["name"], number=said["id_number"], actor=reader,
                        now=context.now(),
                    )  # fmt: skip
        except FormRefused as refused:
            errors, status = refused.errors, 422
        except Refused as refused:
            message, status = refused.message, status_of(refused)[0]
        else:
            flash(_("已登记。这些人家的办件会自动对您回避。"))
            return redirect(url_for("people_mine.show"), 303)
    own = session.get(Person, user.person_id) if user.person_id is not None else None
    ties = ties_of(session, [own.id], context.today()) if own else []
    kin = [(KIN[one.relation], session.get_one(Person, one.other)) for one in ties]
    return render_template(
        "people/mine.html", own=own, kin=kin, questions=questions(form, asked(), typed, errors), errors=errors, message=message,
    ), status  # fmt: skip
