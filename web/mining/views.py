"""Which ways cases really went: variants, times per stage, ways back, and the picture with counts and heat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from web import context
from web.duties import codes, require
from web.filters import given_filters
from web.headers import SANDBOX
from web.menu import Entry
from web.problems import UnknownFilter
from workflow.areas import covers
from workflow.catalogue import Blueprint as Definition
from workflow.errors import NotFound
from workflow.mining import MOST, Mined, Passed, Sample, mine, sample
from workflow.models import Area, Case
from workflow.pictures import svg
from workflow.pictures.outline import Heat, text
from workflow.policy import area_filter, readable
from workflow.roles import ADMINISTRATOR, AUDITOR, HEAD, SUPERVISOR

ROLES = (SUPERVISOR, HEAD, AUDITOR, ADMINISTRATOR)
"""Those who answer for how work is done. The administrator sees numbers, no cases: his post reads none."""
FILTERS = {"definition": "流程", "edition": "规则版本", "area": "区域"}
PERIOD = ("from", "to")
YEAR = timedelta(days=365)
SHOWN, LISTED = 15, 100
"""So many variants, and so many cases of one, are listed."""

MENU = (Entry("流程挖掘", "mining.show", 55, codes(*ROLES)),)
bp = Blueprint("mining", __name__, template_folder="templates")


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    definition: Definition
    edition: str
    areas: list[str]
    first: date
    last: date
    given: dict[str, str]

    def read(self) -> Sample:
        """The cases."""
        return sample(
            context.session(), self.areas, self.definition.code, self.edition, self.first, self.last
        )

    def mined(self, found: Sample) -> Mined:
        """Their counts."""
        return mine(self.definition, found.cases, context.now())


def _asked(*also: str) -> tuple[Asked, dict[str, list[tuple[str, str]]]]:
    """The filters of this request and their choices. Raises UnknownFilter."""
    require(*ROLES)
    catalogue = context.edge().office.catalogue
    code = request.args.get("definition", "") or catalogue.codes[0]
    editions = (
        [name for one in catalogue.editions(code) for name in one.editions] if code in catalogue.codes else []
    )
    choices = {
        "definition": [(one, catalogue.editions(one)[-1].title) for one in catalogue.codes],
        "edition": [(one, one) for one in editions],
        "area": _area_choices(),
    }
    given = given_filters(FILTERS, choices, *PERIOD, *also)
    today = context.today()
    last = _day("to") or today
    first = _day("from") or last - YEAR
    if first > last:
        raise UnknownFilter("开始日期在结束日期以后，请改正。")
    edition = given.get("edition", "") or _latest(editions, code)
    kept = given | {name: value for name in PERIOD if (value := request.args.get(name, ""))}
    return Asked(
        catalogue.get(code, edition), edition, _areas(given.get("area", "")), first, last, kept
    ), choices


def _latest(editions: list[str], code: str) -> str:
    """The edition in force today, where the definition has it; else its last."""
    current = context.edge().office.edition_on(context.today())
    return current if current in editions else editions[-1]


def _area_choices() -> list[tuple[str, str]]:
    """The towns, and the villages set in under them, of the roles that open this page."""
    wanted = select(Area).where(area_filter(Area.code, _areas("")), Area.level.in_(("town", "village")))
    rows = context.session().scalars(wanted.order_by(Area.code))
    return [(one.code, ("　" if one.level == "village" else "") + one.name) for one in rows]


def _areas(area: str) -> list[str]:
    """The areas of the roles that open this page; within them the one chosen."""
    scopes = sorted({scope for role, scope in context.actor().grants if role in codes(*ROLES)})
    if not area:
        return scopes
    return [area] if any(covers(scope, area) for scope in scopes) else []


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UnknownFilter(f"“{text}”不是日期，请写成 2016-09-05 这样。") from None


@bp.get("/mining")
def show() -> ResponseReturnValue:
    """Variants, times and ways back of a definition and edition in a period."""
    asked, choices = _asked()
    found = asked.read()
    mined = asked.mined(found)
    stages = [one for one in mined.stages.values() if not asked.definition.stages[one.stage].final]
    return render_template(
        "mining/show.html", asked=asked, choices=choices, names=FILTERS, found=found, mined=mined, most=MOST,
        variants=mined.variants[:SHOWN], stages=stages, here=_here(asked),
        again=sum(any(one.path.count(stage) > 1 for stage in one.path) for one in found.cases),
        text=text(asked.definition, heat=_notes(asked.definition, mined), translate=_),
    )  # fmt: skip


def _here(asked: Asked) -> dict[str, Any]:
    """The address of this selection, whole, for links from it."""
    return asked.given | {"definition": asked.definition.code, "edition": asked.edition}


@bp.get("/mining/map.svg")
def picture() -> ResponseReturnValue:
    """The definition with counts and median times, warm where cases stand long."""
    asked, _choices = _asked()
    mined = asked.mined(asked.read())
    answer = make_response(svg(asked.definition, heat=_notes(asked.definition, mined), translate=_))
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _notes(definition: Definition, mined: Mined) -> dict[str, Heat]:
    """What stands on each box: visits, median, how many are there now."""
    notes = {}
    for code, one in mined.stages.items():
        if not one.visits:
            continue
        words = [_("%(n)s 次", n=one.visits)]
        if one.median is not None and not definition.stages[code].final:
            words.append(duration(one.median))
        if one.here:
            words.append(_("现有 %(n)s", n=one.here))
        notes[code] = Heat(" · ".join(words), one.level)
    return notes


@bp.get("/mining/cases")
def cases() -> ResponseReturnValue:
    """The cases of one variant, those that came back to a stage, or all: for readers who see cases."""
    asked, _choices = _asked("path", "again")
    mined = asked.mined(asked.read())
    path, again = request.args.get("path", ""), request.args.get("again", "")
    chosen = [one for one in mined.variants if not path or one.key == path]
    if (path and not chosen) or (again and again not in asked.definition.stages):
        raise NotFound
    found = [one for variant in chosen for one in variant.cases if not again or one.path.count(again) > 1]
    steps = chosen[0].path if path else ()
    shown = _readable(found)
    return render_template(
        "mining/cases.html", asked=asked, here=_here(asked), steps=steps, again=again, count=len(found),
        shown=shown[:LISTED], hidden=len(found) - len(shown), listed=LISTED,
    )  # fmt: skip


def _readable(found: list[Passed]) -> list[Passed]:
    """Those the reader may open: his post reads cases there, and he need not keep out of them."""
    actor = context.actor()
    wanted = select(Case.id).where(readable(actor), Case.id.in_([one.case_id for one in found]))
    ids = set(context.session().scalars(wanted))
    return [one for one in found if one.case_id in ids and actor.id not in one.barred]


def duration(length: timedelta) -> str:
    """A length of time as people say it: hours below two days, then days."""
    hours = length.total_seconds() / 3600
    if hours < 48:  # noqa: PLR2004 - two days
        return _("%(n)s 小时", n=f"{hours:.0f}")
    return _("%(n)s 天", n=f"{hours / 24:.0f}")


@bp.app_template_filter("duration")
def _duration(length: timedelta | None) -> str:
    return "–" if length is None else duration(length)
