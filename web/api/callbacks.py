"""Where bureaus bring their answers: no user signs in here, the call is signed with the secret the bureau shares with us."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from notifications.bureaus.receiving import Replayed, receive
from notifications.bureaus.signing import MOMENT, NONCE, SIGNATURE, SOURCE, NotSigned
from web.api.problems import Problem
from web.api.routes import LARGEST_BODY, blueprint, the_edge
from workflow.errors import BadConfiguration
from workflow.models import canonical

HEADERS = {
    SOURCE: "来源部门的代码", MOMENT: "UTC 时刻，如 2016-09-05T01:00:00Z", NONCE: "每次回调不同的 16 到 64 个字母或数字",
    SIGNATURE: "HMAC-SHA-256 签名（十六进制小写），算法见 docs/verification.md",
}  # fmt: skip
REFUSALS = (400, 401, 404, 409, 413, 422, 500, 503)


@blueprint.post("/api/v1/verification/callbacks")
def take_answer() -> Response:
    """The answer of a bureau to one question; the same answer again changes nothing."""
    edge = the_edge()
    now = edge.now()
    request.max_content_length = LARGEST_BODY
    body = request.get_data(cache=False)
    try:
        with edge.database.acting() as conn:
            taken = receive(edge.office, conn, edge.config, request.path, dict(request.headers), body, now)
    except NotSigned as error:
        raise Problem("not-signed-in", error.message) from None
    except Replayed as error:
        raise Problem("conflict", error.message) from None
    except BadConfiguration as error:
        raise Problem("not-ready", error.message) from None
    return Response(canonical({"status": taken.status}), mimetype="application/json")


def described(refused: Any, ref: Any) -> dict[str, Any]:
    """Its place in the description of the API: `refused` and `ref` make answers and references."""
    headers = [
        {"name": name, "in": "header", "required": True, "description": words, "schema": {"type": "string"}}
        for name, words in HEADERS.items()
    ]
    answers = {"200": {"description": "已收下", "content": {"application/json": {"schema": ref("Status")}}}}
    return {"post": {
        "operationId": "take_answer", "summary": "来源部门回传核对答复", "security": [], "parameters": headers,
        "requestBody": {"required": True, "content": {"application/json": {"schema": ref("BureauAnswer")}}},
        "responses": answers | {str(status): refused(status) for status in REFUSALS},
    }}  # fmt: skip
