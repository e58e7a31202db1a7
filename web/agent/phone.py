"""What the phone asks for and hands in: the server's half of its key, the day's work, and the packages."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from definitions.shared.materials import MATERIALS
from web import context
from web.agent import bag
from web.agent.answers import asked, to_phone, uuid_in
from web.duties import require
from web.fields import read_form
from workflow import fieldwork
from workflow.errors import Busy, FormRefused, Refused
from workflow.fieldwork import Paper, Sent
from workflow.models import AccessLog, Case, FieldPackage

LONGEST = 200_000
"""Characters of a package without its papers."""

bp = Blueprint("phone", __name__, url_prefix="/agent")


@bp.post("/box")
@to_phone
def box() -> ResponseReturnValue:
    """The server's half of the key of this phone's box."""
    require(*bag.FIELD_ROLES)
    wanted = uuid_in(asked(), "box")
    with context.acting() as conn:
        session = context.write(conn)
        found = fieldwork.open_box(
            session, wanted, actor=context.actor(), device=request.user_agent.string or "",
            secret=context.edge().office.entropy.token(32), now=context.now(),
        )  # fmt: skip
        session.flush()
        return {"secret": found.secret, "ended": found.ended_at is not None}


@bp.post("/bag")
@to_phone
def fill() -> ResponseReturnValue:
    """The reader's field work of today, and the families he names. What leaves the office is written down."""
    require(*bag.FIELD_ROLES)
    said = asked()
    wanted, families = uuid_in(said, "box"), said.get("families") or []
    if not isinstance(families, list) or not all(isinstance(one, str) for one in families):
        raise FormRefused({"families": "要带上的家庭无法识别，请重新勾选。"})
    work = [*bag.due_now(), *bag.changes_of(families)]
    with context.acting() as conn:
        session = context.write(conn)
        fieldwork.put_in(
            fieldwork.box_of(session, wanted, context.actor()), [page.case.id for page, _word in work]
        )
        for page in {page.case.id: page for page, _word in work}.values():
            session.add(AccessLog(at=context.now(), user_id=context.actor().id, what="bag", case_id=page.case.id,
                                  household_id=page.household_id, reason=wanted))  # fmt: skip
        session.flush()
    return {"day": context.today().isoformat(), "visits": [bag.packed(page, word) for page, word in work]}


@bp.post("/box/end")
@to_phone
def end() -> ResponseReturnValue:
    """The phone has thrown its box away."""
    require(*bag.FIELD_ROLES)
    wanted = uuid_in(asked(), "box")
    with context.acting() as conn:
        fieldwork.end_box(conn, wanted, actor=context.actor(), now=context.now())
    return "", 204


@bp.post("/box/lost")
def lost() -> ResponseReturnValue:
    """The phone is lost: its box can no longer be opened with what the server knows, and is emptied when it is heard of."""
    require(*bag.FIELD_ROLES)
    wanted = uuid_in(dict(request.form), "box")
    with context.acting() as conn:
        fieldwork.end_box(conn, wanted, actor=context.actor(), now=context.now())
    flash(_("已作废。那部手机再连上网时，上面的资料会清除。"))
    return redirect(url_for("packages.index"), 303)


@bp.post("/packages")
@to_phone
def hand_in() -> ResponseReturnValue:
    """Keep one package, then do what it says. Sent again, the first answer is given; nothing is done twice.

    Also from somebody who has left his post since: what he carried is kept, and the act refused.
    """
    sent, actor, now = _read(), context.actor(), context.now()
    with context.acting() as conn:
        session = context.write(conn)
        kept = fieldwork.receive(session, sent, actor=actor, now=now).id
        session.flush()
    with context.edge().database.reading() as session:
        package = session.get_one(FieldPackage, kept)
    if package.state == "received":
        _try(package)
    with context.edge().database.reading() as session:
        return _answer(session.get_one(FieldPackage, kept))


def _try(package: FieldPackage) -> None:
    """Do the act. Refused, the package waits for its sender; while the database is busy the phone sends it again."""
    office, actor, now = context.edge().office, context.actor(), context.now()
    word = office.catalogue.of(context.session().get_one(Case, package.case_id)).actions.get(package.action)
    form = read_form(word.form, MultiDict([tuple(pair) for pair in package.typed])) if word else {}
    try:
        with context.acting() as conn:
            fieldwork.perform(office, conn, package, form, actor=actor, now=now)
    except Busy:
        raise
    except Refused as refused:
        with context.acting() as conn:
            fieldwork.hold(conn, package.id, refused)


def _answer(package: FieldPackage) -> dict[str, Any]:
    return {
        "receipt": fieldwork.receipt_of(package), "state": package.state, "message": _(package.message),
        "url": url_for("packages.show", package_id=package.id),
    }  # fmt: skip


def _read() -> Sent:
    """The package of this request. Raises FormRefused for what no phone of ours has sent."""
    try:
        said = json.loads(_short(request.form.get("package", "")))
        files = request.files.getlist("paper")
        papers = [
            Paper(_kind(one["kind"]), str(one["name"]), file.read())
            for one, file in zip(said["papers"], files, strict=True)
        ]
        return Sent(
            client_id=uuid_in(said, "id"), case_id=_whole(said["case"]), action=str(said["action"])[:40], seen=_whole(said["seen"]),
            typed=[(str(name), str(value)) for name, value in said["typed"]], filled_at=_moment(said["filled_at"]), papers=papers,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise FormRefused({"package": "手机送来的资料无法识别，请刷新页面后再送。"}) from None


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError
    return text


def _kind(text: Any) -> str:
    if text not in MATERIALS:
        raise ValueError(text)
    return str(text)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**53:
        raise ValueError(value)
    return value


def _moment(text: Any) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found
