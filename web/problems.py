"""Every refusal and every fault as a page that says what happened and what to do, never a bare code."""

from __future__ import annotations

import logging

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from web import context
from web.throttle import TooManyTries
from workflow.errors import (
    BadConfiguration,
    Busy,
    ChangedMeanwhile,
    FormRefused,
    NotFound,
    NotNow,
    NotPermitted,
    Refused,
    Unmet,
)

log = logging.getLogger("jiuzhu.web")

STATUS: tuple[tuple[type[Refused], int, str], ...] = (
    (NotFound, 404, "没有找到"),
    (NotPermitted, 403, "您不能办理这一项"),
    (ChangedMeanwhile, 409, "内容刚刚有变动"),
    (NotNow, 409, "现在不能办理"),
    (Unmet, 409, "条件还不具备"),
    (FormRefused, 422, "填写的内容要改"),
    (TooManyTries, 429, "请稍后再试"),
    (Busy, 503, "系统正忙"),
    (BadConfiguration, 500, "系统设置有误"),
    (Refused, 409, "现在不能办理"),
)
"""The first class that fits gives status and heading."""

RETRY_AFTER = {429: "900", 503: "5"}
"""In seconds."""

PLAIN: dict[int, tuple[str, str]] = {
    400: ("这次操作没有完成", "请求里有系统看不懂的内容。请从页面上的按钮重新操作。"),
    404: ("没有找到这一页", "地址可能写错了，或者页面已经移走。请从待办或搜索进入。"),
    405: ("这次操作没有完成", "这个地址不能这样打开。请从页面上的按钮重新操作。"),
    413: ("文件太大", "一次最多上传 10 MB。请把照片压缩或分开上传；其他内容请重新填写。"),
    415: ("这次操作没有完成", "提交的内容格式不对。请从页面上的按钮重新操作。"),
    500: (
        "系统出了故障",
        "您的操作没有完成，已有的数据没有改动。请稍后再试；如果还不行，请告诉系统管理员下面的时间。",
    ),
}


class UnknownFilter(Refused):
    """没有这个筛选条件。"""


def status_of(refused: Refused) -> tuple[int, str]:
    """The HTTP status of a refusal, and the heading of its page."""
    if isinstance(refused, UnknownFilter):
        return 400, "没有这个筛选条件"
    return next((status, title) for kind, status, title in STATUS if isinstance(refused, kind))


def page(status: int, title: str, message: str, *, advice: str = "") -> ResponseReturnValue:
    """The page of a refusal or fault."""
    back = request.referrer if (request.referrer or "").startswith(request.host_url) else ""
    return render_template(
        "problem.html", title=title, message=message, advice=advice, back=back, status=status
    ), status


def init_app(app: Flask) -> None:
    """Answer every refusal, HTTP error and unforeseen fault with a page."""

    @app.errorhandler(Refused)
    def _refused(error: Refused) -> ResponseReturnValue:
        status, title = status_of(error)
        answer = app.make_response(page(status, title, _(error.message)))
        if status in RETRY_AFTER:
            answer.headers["Retry-After"] = RETRY_AFTER[status]
        return answer

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        if isinstance(error, RequestRedirect):
            return error
        code = error.code or 500
        title, message = PLAIN.get(code, PLAIN[code // 100 * 100])
        return page(code, title, message)

    @app.errorhandler(Exception)
    def _fault(error: Exception) -> ResponseReturnValue:
        log.error("unforeseen fault at %s %s", request.method, request.path, exc_info=error)
        title, message = PLAIN[500]
        return page(500, title, message, advice=context.now().isoformat(timespec="seconds"))
