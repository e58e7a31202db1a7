"""抽查: a sample by seed, verified case by case, on the page, as a table and on paper. Nothing here changes a case."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from definitions.letters.report import Report
from definitions.letters.sheet import Table
from notifications.letters import render
from web import context
from web.duties import codes, reserve
from web.menu import Entry
from web.show import programme as programme_title
from workflow.errors import FormRefused
from workflow.imports.tables import csv_bytes
from workflow.models import AccessLog, Area
from workflow.roles import AUDITOR
from workflow.running.auditing import MOST, Drawn, Sample, sample

FIRST_NUMBER = 20
LONGEST_SEED = 60
SOUND = "与日志一致"

MENU = (Entry("抽查", "audit.show", 60, codes(AUDITOR)),)
bp = Blueprint("audit", __name__, template_folder="templates", url_prefix="/audit")
reserve(bp, AUDITOR)


@bp.get("/")
def show() -> ResponseReturnValue:
    """The form, and with a seed the sample."""
    catalogue = context.edge().office.catalogue
    programmes = [(code, catalogue.editions(code)[-1].title) for code in catalogue.codes]
    try:
        drawn, asked = _drawn()
    except FormRefused as refused:
        return _page(programmes, None, {}, errors=refused.errors), 422
    return _page(programmes, drawn, asked)


def _page(
    programmes: list[tuple[str, str]],
    drawn: Sample | None,
    asked: dict[str, str],
    errors: dict[str, str] | None = None,
) -> str:
    here: dict[str, Any] = {**asked}
    return render_template(
        "audit/sample.html", sample=drawn, programmes=programmes, asked=asked, given=request.args, errors=errors or {}, most=MOST,
        number=FIRST_NUMBER, names=_names(drawn), pdf=url_for("audit.pdf", **here), csv=url_for("audit.csv", **here),
        wrong=sum(1 for one in drawn.drawn if one.problem) if drawn else 0,
    )  # fmt: skip


@bp.get("/sample.csv")
def csv() -> ResponseReturnValue:
    """The sample as a table."""
    drawn, asked = _drawn()
    if drawn is None:
        raise FormRefused({"seed": "请填写抽样种子"})
    names = _names(drawn)
    rows = [(one.place, one.case.number, *_words(one, names)) for one in drawn.drawn]
    answer = make_response(
        csv_bytes([("序号", "受理号", "项目", "环节", "区划", "开办日期", "核对结果"), *rows])
    )
    return _file(answer, "text/csv; charset=utf-8", f"sample-{asked['until']}.csv", "attachment")


@bp.get("/sample.pdf")
def pdf() -> ResponseReturnValue:
    """The sample on paper, with seed and day, so that it can be drawn again."""
    drawn, asked = _drawn()
    if drawn is None:
        raise FormRefused({"seed": "请填写抽样种子"})
    names = _names(drawn)
    wrong = sum(1 for one in drawn.drawn if one.problem)
    head = ("序号", "受理号", "项目", "环节", "区划", "开办日期", "核对结果")
    rows = tuple((str(one.place), one.case.number, *_words(one, names)) for one in drawn.drawn)
    report = Report(
        title="社会救助办件抽查清单", number=f"种子 {drawn.seed}　截至 {drawn.until.isoformat()}",
        office=_("社会救助管理服务中心"), signed_on=context.today(),
        paragraphs=((f"自截至 {drawn.until.isoformat()} 开办的 {drawn.whole} 件中抽取 {len(rows)} 件：按种子与受理号的 SHA-256 值由小到大排列，"
                    f"取前列各件，用同一种子可以重新抽出同样的办件。逐件按办理日志重放核对，{wrong} 件不一致。"),),
        tables=(Table(head, rows, (2, 5, 4, 4, 4, 4, 5), "抽中的办件"),),
    )  # fmt: skip
    answer = make_response(render(report, context.edge().config))
    return _file(answer, "application/pdf", f"sample-{asked['until']}.pdf", "inline")


def _file(answer: Response, kind: str, name: str, manner: str) -> Response:
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'{manner}; filename="{name}"'
    return answer


def _drawn() -> tuple[Sample | None, dict[str, str]]:
    """What the address asks for, drawn and written down. Raises FormRefused."""
    seed = request.args.get("seed", "").strip()
    if not seed:
        return None, {}
    number, until = request.args.get("number", FIRST_NUMBER, type=int), _day(request.args.get("until", ""))
    programme = request.args.get("programme", "")
    errors = {}
    if len(seed) > LONGEST_SEED:
        errors["seed"] = f"种子最多 {LONGEST_SEED} 个字"
    if not 1 <= number <= MOST:
        errors["number"] = f"抽取 1 到 {MOST} 件"
    if programme and programme not in context.edge().office.catalogue.codes:
        errors["programme"] = "没有这个项目"
    if errors:
        raise FormRefused(errors)
    office = context.edge().office
    drawn = sample(
        context.session(),
        office.catalogue,
        context.actor(),
        seed=seed,
        number=number,
        until=until,
        programme=programme,
    )
    asked = {"seed": seed, "number": str(number), "until": until.isoformat(), "programme": programme}
    _log(drawn, " ".join(asked.values()))
    return drawn, asked


def _day(text: str) -> date:
    try:
        return min(date.fromisoformat(text), context.today())
    except ValueError:
        return context.today()


def _log(drawn: Sample, reason: str) -> None:
    """The names of families are shown: each of these looks is written down."""
    with context.acting() as conn:
        writing = context.write(conn)
        writing.add_all(
            AccessLog(
                at=context.now(),
                user_id=context.actor().id,
                what="audit_sample",
                case_id=one.case.id,
                reason=reason[:200],
            )
            for one in drawn.drawn
        )
        writing.flush()


def _names(drawn: Sample | None) -> dict[str, str]:
    codes_ = {one.case.area_code for one in drawn.drawn} if drawn else set()
    return dict(context.session().execute(select(Area.code, Area.name).where(Area.code.in_(codes_))).all())


def _words(one: Drawn, names: dict[str, str]) -> tuple[str, str, str, str, str]:
    case = one.case
    blueprint = context.edge().office.catalogue.of(case)
    return (
        programme_title(case.definition), blueprint.stages[case.stage].label, names.get(case.area_code, case.area_code),
        f"{case.opened_at:%Y-%m-%d}", one.problem.partition("：")[2] or SOUND,
    )  # fmt: skip
