"""Every refusal and fault of the API as a problem document (RFC 9457), in Chinese: what is wrong and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from flask import Response, request
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from workflow.errors import (
    Busy,
    ChangedMeanwhile,
    FormRefused,
    NotFound,
    NotMigrated,
    NotNow,
    NotPermitted,
    Refused,
    UnknownValue,
    Unmet,
)
from workflow.models import canonical

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("jiuzhu.api")

KINDS: dict[str, tuple[int, str]] = {
    "malformed": (400, "请求无法识别"),
    "unknown-parameter": (400, "没有这个参数"),
    "unknown-key": (400, "没有这个字段"),
    "idempotency-key-missing": (400, "缺少 Idempotency-Key"),
    "not-signed-in": (401, "没有有效的令牌"),
    "not-permitted": (403, "没有权限"),
    "not-found": (404, "没有找到"),
    "method-not-allowed": (405, "这个地址不能这样使用"),
    "not-now": (409, "现在不能办理"),
    "unmet": (409, "办理条件还不具备"),
    "conflict": (409, "刚刚有变动"),
    "stale": (412, "内容已经变动"),
    "too-large": (413, "内容太大"),
    "unsupported-media-type": (415, "内容格式不对"),
    "invalid": (422, "填写的内容要改"),
    "idempotency-key-reused": (422, "Idempotency-Key 已用于另一个请求"),
    "version-missing": (428, "缺少 If-Match"),
    "fault": (500, "系统出了故障"),
    "busy": (503, "系统正忙"),
    "not-ready": (503, "系统还没有准备好"),
}
"""Kind of problem -> status and title. The kind ends the problem's `type`."""

REFUSALS: tuple[tuple[type[Refused], str], ...] = (
    (NotFound, "not-found"),
    (NotPermitted, "not-permitted"),
    (ChangedMeanwhile, "conflict"),
    (Unmet, "unmet"),
    (FormRefused, "invalid"),
    (Busy, "busy"),
    (NotMigrated, "not-ready"),
    (NotNow, "not-now"),
    (UnknownValue, "malformed"),
    (Refused, "not-now"),
)
"""The first class that fits gives the kind."""

_HTTP = {
    400: "malformed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
}


class Problem(Refused):
    """A refusal that only the API knows. `kind` is one of KINDS; `members` are added to the document."""

    def __init__(
        self, kind: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.kind, self.headers, self.members = kind, dict(headers or {}), members


def kind_of(refused: Refused) -> str:
    """The kind of problem a refusal is."""
    if isinstance(refused, Problem):
        return refused.kind
    return next(kind for cls, kind in REFUSALS if isinstance(refused, cls))


def document(refused: Refused) -> dict[str, Any]:
    """The problem document of a refusal: field errors as `errors`, missing documents as `needs`."""
    kind = kind_of(refused)
    status, title = KINDS[kind]
    found = {
        "type": f"urn:jiuzhu:problem:{kind}",
        "title": title,
        "status": status,
        "detail": refused.message,
    }
    if isinstance(refused, FormRefused):
        found["errors"] = [
            {"field": field, "pointer": f"#/{field}", "detail": message}
            for field, message in refused.errors.items()
        ]
    if isinstance(refused, Unmet) and refused.facts.get("needs"):
        found["needs"] = list(refused.facts["needs"])
    if isinstance(refused, Problem):
        found |= refused.members
    return found


def headers_of(refused: Refused) -> dict[str, str]:
    """The headers that go with it."""
    kind = kind_of(refused)
    if kind == "not-signed-in":
        return {"WWW-Authenticate": 'Bearer realm="jiuzhu"'}
    if kind == "busy":
        return {"Retry-After": "5"}
    return refused.headers if isinstance(refused, Problem) else {}


def answer(error: Exception) -> Response:
    """The answer to any exception."""
    refused = _refused(error)
    found = document(refused) | {"instance": request.path}
    return Response(canonical(found), found["status"], headers_of(refused), mimetype=MEDIA_TYPE)


def _refused(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, IntegrityError):
        log.warning("conflicting write at %s %s: %s", request.method, request.path, error.orig)
        return Problem("conflict", "别人刚刚保存了相同或相冲突的内容，请查询最新情况后再试。")
    if isinstance(error, HTTPException) and error.code in _HTTP:
        return Problem(_HTTP[error.code], "请求不符合接口说明，请核对 /api/v1/openapi.json。")
    log.error("unforeseen fault at %s %s", request.method, request.path, exc_info=error)
    return Problem("fault", "操作没有完成，已有的数据没有改动。请稍后再试；如果还不行，请告诉系统管理员。")
