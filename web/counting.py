"""How many acts this process was asked for, and how each ended: for monitoring, without a word on who or what."""

from __future__ import annotations

from collections import Counter

from flask import Flask, Response, current_app, request

_BY_STATUS = {
    403: "not_permitted",
    404: "not_found",
    409: "not_now",
    412: "overtaken",
    422: "form_refused",
    428: "not_now",
    503: "busy",
}
RESULTS = ("done", *dict.fromkeys(_BY_STATUS.values()), "refused", "error")
"""How an act can end."""
_FIRST_REFUSAL, _FIRST_ERROR = 400, 500


def init_app(app: Flask) -> None:
    """Count every act that is handed in, by page or API."""
    app.extensions["acts"] = Counter[str]()

    @app.after_request
    def _count(answer: Response) -> Response:
        rule = request.url_rule
        act = request.endpoint == "actions.do" or (
            rule is not None and rule.rule.endswith("/actions/<action>")
        )
        if act and request.method == "POST":
            current_app.extensions["acts"][result_of(answer.status_code)] += 1
        return answer


def result_of(status: int) -> str:
    """The result a status stands for."""
    if status < _FIRST_REFUSAL:
        return "done"
    return _BY_STATUS.get(status) or ("error" if status >= _FIRST_ERROR else "refused")


def counted() -> dict[str, int]:
    """Result -> number, since this process began."""
    return {result: current_app.extensions["acts"][result] for result in RESULTS}
