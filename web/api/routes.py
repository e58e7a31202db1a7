"""The route table of the API: each operation says once what it takes and answers, for the server and for OpenAPI.

A view is a function of a `Call` and returns an `Answer`. Around it stand sign-in, the reading of query and body, one
transaction, idempotency and the problem documents: no view repeats them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from web.api import idempotency, problems
from web.api.asking import PAGING, Param, known_keys, read_json, read_query, seen_version
from web.api.idempotency import Kept
from web.api.problems import Problem
from workflow.actors import Actor, load_actor
from workflow.documents import MAX_BYTES
from workflow.errors import Refused
from workflow.forms import Field, Form
from workflow.models import canonical
from workflow.periods import local_date
from workflow.staff import find_by_token

if TYPE_CHECKING:
    from web.edge import Edge

LARGEST_BODY = 1024 * 1024
blueprint = Blueprint("api", __name__)


@dataclass
class Call:
    """One request as a view sees it: who asks, when, with what, and the transaction it runs in."""

    edge: Edge
    actor: Actor
    now: datetime
    conn: Connection
    session: Session
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    file: tuple[str, bytes] = ("", b"")
    seen: int | None = None


@dataclass(frozen=True)
class Answer:
    """What a view answers: a JSON document, its status and headers."""

    document: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


View = Callable[..., Answer]


@dataclass(frozen=True)
class Operation:
    """A line of the route table. `form` is the body; `any_form` says that the body is the form of an action."""

    method: str
    path: str
    view: View
    summary: str
    answer: str
    status: int = 200
    query: Mapping[str, Param] = field(default_factory=dict)
    form: type[Form] | None = None
    any_form: bool = False
    file: str = ""
    if_match: str = ""
    paged: bool = False
    etag: bool = False

    @property
    def code(self) -> str:
        """Its name, unique in the API."""
        return self.view.__name__

    @property
    def params(self) -> Mapping[str, Param]:
        """All its query parameters."""
        return {**self.query, **(PAGING if self.paged else {})}


OPERATIONS: list[Operation] = []


def operation(method: str, path: str, summary: str, answer: str, **more: Any) -> Callable[[View], View]:
    """Put a view on the route table. `answer` names the schema of its good answer; `more` are fields of Operation."""

    def put(view: View) -> View:
        found = Operation(method, path, view, summary, answer, **more)
        OPERATIONS.append(found)
        handle = _handle_get if method == "GET" else _handle_post
        blueprint.add_url_rule(
            f"/api/v1{path}",
            found.code,
            lambda **place: handle(found, place),
            methods=[method],
            provide_automatic_options=False,
        )
        return view

    return put


def the_edge() -> Edge:
    """The composition root this application was made with."""
    found: Edge = current_app.extensions["edge"]
    return found


def _signed_in(edge: Edge, now: datetime) -> Actor:
    """Whose token this is, with the roles of today. Raises Problem 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        with edge.database.reading() as session:
            user = find_by_token(session, token.strip())
            if user is not None:
                return load_actor(session, user.id, local_date(now))
    raise Problem(
        "not-signed-in",
        "请带上 Authorization: Bearer 和您的个人令牌；令牌在“我的”页面或用 jiuzhu user token 生成。",
    )


def _handle_get(asked: Operation, place: dict[str, Any]) -> Response:
    edge = the_edge()
    now = edge.now()
    actor = _signed_in(edge, now)
    query = read_query(request.args, asked.params)
    with edge.database.reading() as reading:
        conn = reading.connection()
        answer = asked.view(Call(edge, actor, now, conn, edge.office.session(conn), query), **place)
    return _send(_kept(answer))


def _handle_post(asked: Operation, place: dict[str, Any]) -> Response:
    edge = the_edge()
    now = edge.now()
    actor = _signed_in(edge, now)
    assert actor.id is not None
    query = read_query(request.args, asked.params)
    key = idempotency.read_key(request.headers.get("Idempotency-Key", "").strip())
    body, file = _read_body(asked)
    seen = seen_version(request.headers, required=asked.if_match == "required") if asked.if_match else None
    digest = idempotency.request_hash(request.path, body, b"\0".join((file[0].encode(), file[1])))
    first = partial(idempotency.first_answer, user_id=actor.id, key=key, digest=digest, now=now)
    try:
        with edge.database.acting() as conn:
            kept = first(conn)
            if kept is None:
                call = Call(edge, actor, now, conn, edge.office.session(conn), query, body, file, seen)
                kept = _kept(asked.view(call, **place))
                idempotency.keep(conn, actor.id, key, kept)
    except Refused as refused:
        refusal = _refusal(refused)
        with edge.database.acting() as conn:  # the refused act is rolled back; only what was answered remains
            kept = first(conn)
            if kept is None:
                kept = refusal
                idempotency.keep(conn, actor.id, key, kept)
    return _send(kept)


def _refusal(refused: Refused) -> Kept:
    """The refusal as it is kept. Raises it again where it says that nothing was tried."""
    found = problems.document(refused) | {"instance": request.path}
    if found["status"] not in idempotency.REFUSALS_KEPT:
        raise refused
    return Kept(found["status"], canonical(found), {"Content-Type": problems.MEDIA_TYPE})


def _read_body(asked: Operation) -> tuple[dict[str, Any], tuple[str, bytes]]:
    """The body as JSON, or the texts and the file of a multipart form. Raises Problem."""
    if not asked.file:
        request.max_content_length = LARGEST_BODY
        body = read_json(request.get_data(cache=False), request.mimetype)
        if asked.form is not None:
            known_keys(body, asked.form.fields())
        return body, ("", b"")
    request.max_content_length = MAX_BYTES + LARGEST_BODY
    if request.mimetype != "multipart/form-data":
        raise Problem("unsupported-media-type", "上传文件要用 multipart/form-data。")
    assert asked.form is not None
    known_keys(
        dict.fromkeys([*request.form, *request.files]), asked.form.fields() | {asked.file: Field("文件")}
    )
    sent: list[FileStorage] = request.files.getlist(asked.file)
    if len(sent) != 1:
        raise Problem("malformed", f"“{asked.file}”要有且只有一个文件。", key=asked.file)
    texts = {name: values[0] for name, values in request.form.lists()}
    return texts, (sent[0].filename or "", sent[0].read())


def _kept(answer: Answer) -> Kept:
    return Kept(
        answer.status, canonical(answer.document), {"Content-Type": "application/json", **answer.headers}
    )


def _send(kept: Kept) -> Response:
    return Response(kept.body, kept.status, dict(kept.headers))


@blueprint.after_request
def guard_answer(answer: Response) -> Response:
    """Personal data is kept by no cache between, and no browser takes an answer for a page."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Authorization"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return answer
