"""What a household earns and owns, declared anew. Who belongs to it changes by events (web.households.events)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from web import context, kept
from web.duties import require
from web.fields import questions, read_form
from web.households.asking import REGISTRARS, asked, may_register
from web.households.views import find
from web.problems import status_of
from workflow.errors import ChangedMeanwhile, FormRefused, NotFound, NotPermitted, Refused
from workflow.forms import Choice, Day, Form, Money, YesNo
from workflow.households import (
    ASSET_KINDS,
    INCOME_CATEGORIES,
    INCOME_KINDS,
    RELATIONS,
    differences,
    record_asset,
    record_income,
)
from workflow.models import Asset, Case, Household, Income, Membership

bp = Blueprint("changes", __name__, template_folder="templates")


class Earned(Form):
    """A yearly income as the family now declares it."""

    category = Choice("收入类别", INCOME_CATEGORIES)
    kind = Choice("收入项目", INCOME_KINDS, required=False)
    annual = Money("年收入（元）", hint="没有了就填 0")
    new_employment = YesNo("救助期间新就业所得", required=False)
    as_of = Day("从哪一天起")


class Owned(Form):
    """Property as the family now declares it."""

    kind = Choice("财产类别", ASSET_KINDS)
    amount = Money("金额或数量")
    as_of = Day("从哪一天起")


def _changeable(household_id: int) -> Household:
    require(*REGISTRARS)
    household = find(household_id)
    if not may_register(household.area_code):
        raise NotPermitted("家庭由其所在乡镇（街道）的窗口受理员或村级代理员登记，您不管这个区域。")
    return household


def _benefit(household: Household) -> Case | None:
    """The benefit the household draws now."""
    cases = context.session().scalars(
        select(Case).where(
            Case.subject_kind == "household", Case.subject_id == household.id, Case.closed_at.is_(None)
        )
    )
    catalogue = context.edge().office.catalogue
    return next((case for case in cases if catalogue.of(case).stages[case.stage].keeps), None)


def _stamp(session: Session, household_id: int) -> str:
    """What changes with every registration for the household: its newest rows and how many have ended."""
    newest = [session.scalar(select(func.max(kind.id)).where(kind.household_id == household_id))
              for kind in (Membership, Income, Asset)]  # fmt: skip
    ended = select(func.count(Membership.to_date)).where(Membership.household_id == household_id)
    return "-".join(str(number or 0) for number in (*newest, session.scalar(ended)))


def _page(
    household: Household,
    form: type[Form],
    title: str,
    *,
    errors: dict[str, str] | None = None,
    message: str = "",
    who: str = "",
    changed: bool = False,
) -> str:
    draft = (
        kept.draft(context.session(), context.actor().id or 0, request.path)
        if request.method == "GET"
        else None
    )
    typed, saved_at = draft or (MultiDict(request.form), None)
    found = questions(form, asked(), typed, errors or {})
    names = {question.name for question in found}
    return render_template(
        "households/change.html", household=household, title=title, questions=found, message=message, who=who,
        errors={name: text for name, text in (errors or {}).items() if name in names},
        others=[text for name, text in (errors or {}).items() if name not in names], benefit=_benefit(household),
        saved_at=saved_at, place=request.path, relations=RELATIONS,
        stamp=(not changed and typed.get("stamp")) or _stamp(context.session(), household.id),
        members=household.members(context.today()) if changed else [],
        means=differences(context.session(), household.id, context.today()) if changed else [],
    )  # fmt: skip


def _take(
    household: Household, form: type[Form], title: str, keep: Any, *, who: str = ""
) -> ResponseReturnValue:
    """Show the form; take it: `keep(session, cleaned)` stores what it says."""
    if request.method == "GET" or kept.only_show():
        return _page(household, form, title, message=kept.only_show(), who=who)
    try:
        with context.acting() as conn:
            writing, seen = context.write(conn), request.form.get("stamp")
            if seen and seen != _stamp(writing, household.id):
                raise ChangedMeanwhile(
                    "这户的登记在您填写期间有变动。您填写的内容已保留，请与下面现在登记的核对后再提交。"
                )
            keep(writing, read_form(form, MultiDict(request.form)))
            kept.discard(conn, context.actor().id or 0, request.path)
    except FormRefused as refused:
        return _page(household, form, title, errors=refused.errors, who=who), 422
    except Refused as refused:
        changed = isinstance(refused, ChangedMeanwhile)
        if changed:
            context.session().rollback()
        shown = _page(household, form, title, message=refused.message, who=who, changed=changed)
        return shown, status_of(refused)[0]
    benefit = _benefit(household)
    if benefit is not None:
        flash(_("已登记。这户正在享受救助，请接着登记变化，启动复核。"))
        return redirect(url_for("actions.do", number=benefit.number, action="report_change"), 303)
    flash(_("已登记。"))
    return redirect(url_for("households.show", household_id=household.id), 303)


@bp.route("/households/<int:household_id>/members/<int:person_id>/income", methods=["GET", "POST"])
@kept.reshows
def earn(household_id: int, person_id: int) -> ResponseReturnValue:
    """An income of a member, declared anew."""
    household = _changeable(household_id)
    member = next((m for m in household.members(context.today()) if m.person_id == person_id), None)
    if member is None:
        raise NotFound

    def keep(session: Any, raw: dict[str, Any]) -> None:
        form = Earned.clean(raw, asked())
        record_income(
            session, household_id=household.id, person_id=person_id, category=form["category"], kind=form["kind"],
            annual=Decimal(form["annual"]), source="declared", as_of=date.fromisoformat(form["as_of"]),
            new_employment=bool(form["new_employment"]),
        )  # fmt: skip

    return _take(household, Earned, "登记收入", keep, who=member.person.name)


@bp.route("/households/<int:household_id>/property", methods=["GET", "POST"])
@kept.reshows
def own(household_id: int) -> ResponseReturnValue:
    """Property of the household, declared anew."""
    household = _changeable(household_id)

    def keep(session: Any, raw: dict[str, Any]) -> None:
        form = Owned.clean(raw, asked())
        record_asset(session, household_id=household.id, kind=form["kind"], amount=Decimal(form["amount"]), source="declared",
                     as_of=date.fromisoformat(form["as_of"]))  # fmt: skip

    return _take(household, Owned, "登记财产", keep)
