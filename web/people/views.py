"""Finding people, asking who looks alike, and the page of one person."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select
from werkzeug.datastructures import MultiDict

from web import context, kept
from web.duties import READERS, codes, require
from web.fields import questions, read_form
from web.households.asking import asked as looking
from web.people.base import DECIDERS, RECORDERS, age, alike, find, holds, log, places
from workflow.errors import FormRefused
from workflow.forms import Choice, Day, Form
from workflow.households import RELATIONS, SEXES
from workflow.households.form import IdNumber, Name
from workflow.models import Household, Membership, PaymentLine, Person, PersonMerge, User
from workflow.people.facts import in_words, known_of, past_of
from workflow.people.kin import Tie, ties_of
from workflow.people.lookalikes import Asked, Found, asked_of, lookalikes
from workflow.people.merging import rows_of
from workflow.people.search import find_people
from workflow.people.words import FACT_KINDS, FACT_SOURCES, ID_KINDS, KIN

bp = Blueprint("people", __name__, template_folder="templates")
_LINES = 12


class Described(Form):
    """What is known of somebody about to be entered."""

    name = Name("姓名", required=False)
    birth = Day("出生日期", required=False)
    sex = Choice("性别", SEXES, required=False)
    id_number = IdNumber("证件号码", required=False, hint="可以照着证件原样填写，写错一位也能找到")


@bp.get("/people")
def index() -> ResponseReturnValue:
    """The search, before anything is typed."""
    require(*READERS)
    return render_template("people/index.html", found=None, text="", may_check=holds(*RECORDERS))


@bp.post("/people/find")
def search() -> ResponseReturnValue:
    """By name, pinyin, initials, number or its last four: always posted, so that no name stands in an address."""
    require(*READERS)
    text = request.form.get("q", "").strip()
    if not text:
        return redirect(url_for("people.index"), 303)
    found = list(find_people(context.session(), context.actor(), text))
    log("people_search", reason=str(len(found)))
    homes = _homes([person.id for person in found])
    names = places({person.hukou_area for person in found} | {home.area_code for _, home in homes.values()})
    return render_template(
        "people/index.html", found=found, text=text, homes=homes, places=names, relations=RELATIONS, age=age,
        may_check=holds(*RECORDERS), id_kinds=ID_KINDS,
    )  # fmt: skip


@bp.route("/people/check", methods=["GET", "POST"])
@kept.reshows
def check() -> ResponseReturnValue:
    """查重 before somebody is entered: what is known of him against everybody on file."""
    require(*RECORDERS)
    typed = MultiDict(request.form)
    found: Found | None = None
    errors: dict[str, str] = {}
    if request.method == "POST" and not kept.only_show():
        try:
            form = Described.clean(read_form(Described, typed), looking())
        except FormRefused as refused:
            errors = refused.errors
        else:
            own = sorted({scope for role, scope in context.actor().grants if role in codes(*RECORDERS)})
            (found,) = lookalikes(context.session(), [
                Asked(form["name"], _day(form["birth"]), form["sex"], form["id_number"], own[0] if own else "")
            ])  # fmt: skip
            log("people_check", reason=str(len(found.hits)))
    return render_template(
        "people/check.html", questions=questions(Described, looking(), typed, errors), errors=errors, found=found,
        message=kept.only_show(), **alike([found] if found else []),
    ), 422 if errors else 200  # fmt: skip


@bp.get("/people/<int:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    """All that is known of one person, each fact with its source. Every look is written down."""
    require(*READERS)
    person = find(person_id)
    log("person", person.id)
    session, today = context.session(), context.today()
    rows = rows_of(session, person.id)
    memberships = session.scalars(
        select(Membership).where(Membership.person_id.in_(rows)).order_by(Membership.from_date.desc(), Membership.id)
    ).all()  # fmt: skip
    home = next((m for m in memberships if m.to_date is None and m.person_id == person.id), None)
    stands = person.merged_into is None
    (found,) = lookalikes(session, [asked_of(person, home)]) if stands else (Found(),)
    lines = session.scalars(
        select(PaymentLine).where(PaymentLine.person_id.in_(rows)).order_by(PaymentLine.month.desc(), PaymentLine.id).limit(_LINES)
    ).all()  # fmt: skip
    codes_shown = {m.household.area_code for m in memberships} | {person.hukou_area}
    return render_template(
        "people/show.html", person=person, age=age(person, today), home=home, memberships=memberships, found=found, lines=lines,
        known=known_of(session, person.id, today), past=past_of(session, person.id, today), in_words=in_words,
        tree=_tree(person, today), merges=_merges(person), rows=rows, places=places(codes_shown), relations=RELATIONS, kin=KIN,
        sexes=SEXES, id_kinds=ID_KINDS, fact_kinds=FACT_KINDS, fact_sources=FACT_SOURCES, on=today,
        may_record=stands and holds(*RECORDERS), may_decide=holds(*DECIDERS), reads=context.actor().reads,
        **alike([found]),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _homes(people: list[int]) -> dict[int, tuple[Membership, Household]]:
    rows = context.session().execute(
        select(Membership, Household)
        .join(Household, Household.id == Membership.household_id)
        .where(Membership.person_id.in_(people), Membership.to_date.is_(None))
    )
    return {membership.person_id: (membership, home) for membership, home in rows}


def _tree(person: Person, today: date) -> list[tuple[Tie, Person, list[tuple[Tie, Person]]]]:
    """His kin, and under each of them theirs."""
    session = context.session()
    direct = ties_of(session, [person.id], today)
    below = ties_of(session, [one.other for one in direct], today)
    ids = {one.other for one in (*direct, *below)}
    people = {p.id: p for p in session.scalars(select(Person).where(Person.id.in_(ids)))}
    shown = {person.id, *(one.other for one in direct)}
    return [
        (one, people[one.other], [
            (further, people[further.other]) for further in below
            if further.person == one.other and further.other not in shown
        ])
        for one in direct
    ]  # fmt: skip


def _merges(person: Person) -> list[tuple[PersonMerge, Person, str, str]]:
    """The merges he was in, newest first, each with the other person and the names of who decided and undid."""
    session = context.session()
    rows = session.scalars(
        select(PersonMerge)
        .where(or_(PersonMerge.kept_id == person.id, PersonMerge.gone_id == person.id))
        .order_by(PersonMerge.id.desc())
    ).all()
    staff = {number for row in rows for number in (row.decided_by, row.undone_by) if number is not None}
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(staff))).all())
    return [
        (row, session.get_one(Person, row.gone_id if row.kept_id == person.id else row.kept_id),
         names.get(row.decided_by or 0, ""), names.get(row.undone_by or 0, ""))
        for row in rows
    ]  # fmt: skip
