"""What will be late in the next weeks at the present pace, by stage and place, and what moving one person would change."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from web import context
from web.board.standing import label_of
from web.board.views import ROLES, stage_choices
from web.duties import area_choices, narrowed, require
from web.filters import given_filters
from web.problems import UnknownFilter
from workflow.areas import ancestor, covers, level_of
from workflow.forecast.ahead import HORIZONS, Forecast, Row, World, forecast
from workflow.forecast.queue import Piece, Post
from workflow.forecast.reading import WEEKS, read_world, stage_of
from workflow.models import Area, Case, Task, User
from workflow.policy import readable_areas
from workflow.roles import ROLES as ALL_ROLES

FILTERS = {"area": "区域", "programme": "项目", "stage": "环节"}
CASES = 50
"""So many of the cases most likely late are shown."""
bp = Blueprint("forecast", __name__, template_folder="templates")


@dataclass(frozen=True)
class Risk:
    """An open task that may be missed, what it is, its case, who has it, and in what share of the runs it was missed."""

    task: Task
    what: str
    case: Case
    holder: str
    share: float


@dataclass(frozen=True)
class Change:
    """One person moved: all that is missed before and after, and where it changes."""

    words: str
    before: float
    after: float
    stages: list[tuple[str, float]]
    places: list[tuple[str, float]]


@bp.get("/board/forecast")
def show() -> ResponseReturnValue:
    """The forecast for the reader's areas. Everything is queued, what he may see is shown."""
    require(*ROLES)
    session, today, office = context.session(), context.today(), context.edge().office
    world = read_world(session, office.catalogue, office.calendar, today)
    people = _people(world)
    choices = stage_choices() | {
        "area": area_choices("town", "village"), "days": [(str(days), "") for days in HORIZONS],
        "person": people, "to": area_choices("county", "town", "village"),
    }  # fmt: skip
    given = given_filters(FILTERS | {"days": "期间", "person": "人员", "to": "调往"}, choices)
    days = int(given.get("days", HORIZONS[-1]))
    areas, seed = narrowed(given.get("area", "")), today.isoformat()
    shown = {name: given[name] for name in FILTERS if name in given}

    def seen(piece: Piece) -> bool:
        definition, stage = stage_of(piece).split(":")
        wanted = given.get("programme", definition), given.get("stage", stage)
        return (definition, stage) == wanted and any(covers(area, piece.area) for area in areas)

    towns = any(level_of(area) == "county" for area in areas)

    def place(piece: Piece) -> str:
        return ancestor(piece.area, "town") if towns and level_of(piece.area) == "village" else piece.area

    whole = forecast(world, seed)
    found = whole.only(seen)
    rows: dict[str, list[Row[str]]] = {"stage": found.rows(stage_of), "area": found.rows(place)}
    change = None
    if "person" in given and "to" in given:
        after = forecast(_changed(world, given["person"], given["to"]), seed).only(seen)
        names = _names(rows["area"], given["to"])
        change = Change(
            f"{dict(people)[given['person']]} → {names[given['to']]}",
            found.total(days).expected, after.total(days).expected,
            _by_size({label_of(one): by for one, by in after.against(found, stage_of, days).items()}),
            _by_size({names.get(one, one): by for one, by in after.against(found, place, days).items()}),
        )  # fmt: skip
    risks, count = _risks(found, days)
    return render_template(
        "board/forecast.html", given=given, shown=shown, names=FILTERS, choices=choices, days=days, horizons=HORIZONS,
        weeks=WEEKS, runs=len(whole.missed), first=world.days[0], last=world.days[days - 1], rows=rows,
        totals={h: found.total(h) for h in HORIZONS}, late=sum(row.late for row in rows["stage"]),
        widest=max([1.0, *(band.high for group in rows.values() for row in group for band in row.ahead)]),
        places=_names(rows["area"]), label_of=label_of, link=_link, change=change, risks=risks, count=count,
    )  # fmt: skip


def _names(rows: list[Row[str]], *more: str) -> dict[str, str]:
    """The names of the places of these rows."""
    found = context.session().execute(
        select(Area.code, Area.name).where(Area.code.in_({*(row.key for row in rows), *more}))
    )
    return dict(found.all())


def _link(name: str, key: str) -> dict[str, str]:
    """The filters behind a row."""
    if name != "stage":
        return {name: key}
    programme, _colon, stage = key.partition(":")
    return {"programme": programme, "stage": stage}


def _by_size(changes: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(changes.items(), key=lambda one: (-abs(one[1]), one[0]))


def _people(world: World) -> list[tuple[str, str]]:
    """Whom the reader may try elsewhere: people in posts below the county, and one more in each of their roles."""
    areas = readable_areas(context.actor())
    held = {
        (one.id, post)
        for one in world.holders.values()
        for post, first, last in one.posts
        if first <= 0 <= last
        and level_of(post[1]) != "county"
        and any(covers(area, post[1]) for area in areas)
    }
    session = context.session()
    names = dict(
        session.execute(select(User.id, User.name).where(User.id.in_({who for who, _post in held}))).all()
    )
    places = dict(
        session.execute(
            select(Area.code, Area.name).where(Area.code.in_({post[1] for _who, post in held}))
        ).all()
    )
    roles = [role for role in ALL_ROLES if any(post[0] == role for _who, post in held)]
    return [
        (f"+:{role}:", _("增加一人：%(role)s", role=_(ALL_ROLES[role].title))) for role in roles
    ] + sorted(
        [
            (f"{who}:{post[0]}:{post[1]}", f"{places[post[1]]} {_(ALL_ROLES[post[0]].title)} {names[who]}")
            for who, post in held
        ],
        key=lambda one: one[1],
    )


def _changed(world: World, person: str, to: str) -> World:
    """The same with one person moved, or one more. Raises UnknownFilter where the role is not held at that level."""
    who, role, scope = person.split(":")
    if level_of(to) not in ALL_ROLES[role].levels:
        raise UnknownFilter(_("%(role)s不设在这一级，请选别的地方。", role=_(ALL_ROLES[role].title)))
    post: Post = (role, scope)
    return world.joined((role, to)) if who == "+" else world.moved(int(who), post, to)


def _risks(found: Forecast, days: int) -> tuple[list[Risk], int]:
    """The open tasks most likely missed, without those of cases the reader must keep out of, and how many there are."""
    likely = found.likely(days)
    wanted = {piece.key: share for piece, share in likely[:CASES]}
    rows = context.session().execute(
        select(Task, Case, User.name)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(Task.id.in_(wanted))
    )
    persons = set(context.actor().persons)
    lines = {
        task.id: Risk(task, _what(task, case), case, name or "", wanted[task.id])
        for task, case, name in rows
        if not persons & set(case.barred)
    }
    return [lines[key] for key in wanted if key in lines], len(likely)


def _what(task: Task, case: Case) -> str:
    """What part of a stage a task is, "" where it is the whole."""
    parts = context.edge().office.catalogue.of(case).stages[task.stage].parts
    return next((part.label for part in parts if part.code == task.part), "")
