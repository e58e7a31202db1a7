"""Answers to the phone's own requests: JSON, with the refusal in words where there is one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.problems import status_of
from workflow.errors import FormRefused, Refused


def to_phone(view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
    """Answer a refusal with its status and message, which the phone shows beside what it keeps."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        try:
            return current_app.make_response(view(*args, **kwargs))
        except Refused as refused:
            return {"message": _(refused.message)}, status_of(refused)[0]

    return answered


def asked() -> dict[str, Any]:
    """The JSON object that was sent. Raises FormRefused for anything else."""
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise FormRefused({"": "手机送来的内容无法识别，请刷新页面再试。"})
    return found


def uuid_in(said: dict[str, Any], name: str) -> str:
    """A number the phone has made. Raises FormRefused."""
    try:
        return str(UUID(said.get(name, "")))
    except (ValueError, AttributeError, TypeError):
        raise FormRefused({name: "手机送来的编号无法识别，请刷新页面再试。"}) from None
