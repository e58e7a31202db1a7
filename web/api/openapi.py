"""The description of the API (OpenAPI 3.1), made from the route table and the forms of the definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from web.api import callbacks
from web.api.idempotency import LONGEST
from web.api.problems import KINDS, MEDIA_TYPE
from web.api.routes import OPERATIONS, Operation
from web.api.schemas import SCHEMAS, TEXT, WHOLE, ref
from workflow.catalogue import Catalogue
from workflow.forms import Form

VERSION = "1"
PLACES = {
    "number": "案件编号", "action": "操作", "task_id": "待办编号", "person_id": "人员编号", "household_id": "家庭编号",
    "authorisation_id": "授权编号",
}  # fmt: skip
"""What stands for what in a path."""


def describe(catalogue: Catalogue) -> dict[str, Any]:
    """The whole description."""
    paths: dict[str, dict[str, Any]] = {}
    for found in OPERATIONS:
        path = "/api/v1" + re.sub(r"<(?:int:)?(\w+)>", r"{\1}", found.path)
        paths.setdefault(path, {})[found.method.lower()] = _operation(found, catalogue)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "救助办件接口", "version": VERSION,
            "description": "凭个人令牌办理救助案件。金额是文字（元，两位小数），日期是当地的法定日期，时刻是 UTC。",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths | _open_paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS | {form_name(form): form.schema() for form in _forms(catalogue)},
        },
    }  # fmt: skip


def form_name(form: type[Form]) -> str:
    """What a form is called among the schemas."""
    return f"Form.{form.__module__}.{form.__name__}"


def _forms(catalogue: Catalogue) -> list[type[Form]]:
    """The forms of all actions, and those of the API itself."""
    own = [found.form for found in OPERATIONS if found.form is not None]
    of_actions = [word.form for blueprint in catalogue for word in blueprint.actions.values()]
    return sorted({*own, *of_actions}, key=form_name)


def _operation(found: Operation, catalogue: Catalogue) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": found.code,
        "summary": found.summary,
        "parameters": list(_parameters(found)),
        "responses": {str(found.status): _good(found)}
        | {str(status): _refused(status) for status in statuses(found)},
    }
    if found.view.__doc__:
        described["description"] = " ".join(found.view.__doc__.split())
    if found.any_form:
        described["requestBody"] = _any_form(catalogue)
    elif found.file:
        assert found.form is not None
        schema = found.form.schema()
        schema["properties"][found.file] = {"type": "string", "contentMediaType": "application/octet-stream"}
        schema["required"].append(found.file)
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    elif found.form is not None:
        required = bool(found.form.schema()["required"])
        described["requestBody"] = {
            "required": required,
            "content": {"application/json": {"schema": ref(form_name(found.form))}},
        }
    return described


def _parameters(found: Operation) -> Iterator[dict[str, Any]]:
    for kind, place in re.findall(r"<(int:)?(\w+)>", found.path):
        schema = WHOLE if kind else TEXT
        yield {"name": place, "in": "path", "required": True, "description": PLACES[place], "schema": schema}
    for name, param in found.params.items():
        yield {
            "name": name,
            "in": "query",
            "required": False,
            "description": param.label,
            "schema": dict(param.schema),
        }
    if found.method == "POST":
        yield {
            "name": "Idempotency-Key", "in": "header", "required": True,
            "description": "每个新请求一个新值；重发同一请求用同一个值，得到第一次的答复",
            "schema": {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": LONGEST},
        }  # fmt: skip
    if found.if_match:
        yield {
            "name": "If-Match", "in": "header", "required": found.if_match == "required",
            "description": "查询案件时得到的 ETag", "schema": {"type": "string", "pattern": '^"[0-9]{1,15}"$'},
        }  # fmt: skip


def statuses(found: Operation) -> list[int]:
    """The refusals an operation may answer with."""
    wanted = {400, 401, 500, 503}
    if "<" in found.path:
        wanted.add(404)
    if found.method == "POST":
        wanted |= {403, 404, 409, 413, 415, 422}
    if found.if_match:
        wanted |= {412, 428}
    return sorted(wanted)


def _good(found: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": found.summary,
        "content": {"application/json": {"schema": ref(found.answer)}},
    }
    if found.etag:
        answer["headers"] = {"ETag": {"description": "案件的版本", "schema": TEXT}}
    return answer


def _refused(status: int) -> dict[str, Any]:
    titles = "；".join(title for known, title in KINDS.values() if known == status)
    return {"description": titles, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}


def _any_form(catalogue: Catalogue) -> dict[str, Any]:
    """The body of an action: one of the definitions' forms, named in `x-actions` by definition, edition and action."""
    table = {
        blueprint.code: {
            edition: {code: form_name(word.form) for code, word in one.actions.items()}
            for one in catalogue.editions(blueprint.code)
            for edition in one.editions
        }
        for blueprint in catalogue
    }
    names = sorted(
        {name for editions in table.values() for words in editions.values() for name in words.values()}
    )
    schema = {"anyOf": [ref(name) for name in names], "x-actions": table}
    return {"required": False, "content": {"application/json": {"schema": schema}}}


def _open_paths() -> dict[str, Any]:
    """What is open without sign-in."""

    def path(
        code: str, summary: str, media_type: str, schema: dict[str, Any], *refusals: int
    ) -> dict[str, Any]:
        answers: dict[str, Any] = {
            "200": {"description": summary, "content": {media_type: {"schema": schema}}}
        }
        answers |= {str(status): _refused(status) for status in refusals}
        return {"get": {"operationId": code, "summary": summary, "security": [], "responses": answers}}

    return {
        "/healthz": path("healthz", "进程在运行", "application/json", ref("Status")),
        "/readyz": path("readyz", "数据库可用", "application/json", ref("Status"), 503),
        "/api/v1/verification/callbacks": callbacks.described(_refused, ref),
        "/metrics": path("metrics", "计数", "text/plain", TEXT, 500, 503),
        "/api/v1/openapi.json": path("openapi", "本说明", "application/json", {"type": "object"}, 500),
    }
