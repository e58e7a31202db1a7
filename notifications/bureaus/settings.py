"""How a source is set up: by an administrator on a page, or by a command."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from definitions.verification.sources import SOURCES
from notifications.bureaus.folders import check_folder
from notifications.bureaus.http import check_address
from workflow.config import Config
from workflow.errors import NotFound, Refused
from workflow.facts import Facts
from workflow.forms import Choice, Form, Text, Whole, YesNo
from workflow.models import Query, VerificationSource

TRANSPORTS = {"http": "接口", "files": "批量文件", "letter": "发函"}
WHEN_SILENT = {
    "none": "报告注明未答复",
    "last_known": "用最近一次的答复并注明日期",
    "stop": "没有答复不能出报告",
}
ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GBK"}
CIRCUITS = {"closed": "正常", "half_open": "正在试探", "open": "暂停询问"}
MOST_TRIES = 10


class Settings(Form):
    """The settings of a source."""

    transport = Choice("核对方式", TRANSPORTS)
    address = Text("地址", required=False, hint="接口填 https:// 网址，批量文件填文件夹名，发函填通信地址")
    secret_name = Text(
        "密钥名称", required=False, hint="密钥放在环境变量 BUREAU_SECRET_名称 里，这里只填名称"
    )
    encoding = Choice("文件编码", ENCODINGS)
    timeout_seconds = Whole("每次等待（秒）", at_least=1, at_most=120)
    retry_seconds = Text("失败后隔多久重试（秒）", hint="每次重试一个数，用空格分开；都用完就转为发函")
    poll_seconds = Whole("对方受理后隔多久查询（秒）", at_least=5, at_most=86_400)
    deadline_days = Whole("答复期限（工作日）", at_least=1, at_most=60)
    breaker_failures = Whole("连续失败几次后暂停询问", at_least=1, at_most=1000)
    breaker_seconds = Whole("暂停多久后试一次（秒）", at_least=10, at_most=86_400)
    when_silent = Choice("到期没有答复时", WHEN_SILENT)
    active = YesNo("参加核对")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """The address fits the road, the waits are numbers."""
        errors = {}
        try:
            if form["transport"] == "http":
                check_address(form["address"])
            elif form["transport"] == "files" and form["address"]:
                check_folder(form["address"])
        except Refused as refused:
            errors["address"] = refused.message
        if form["transport"] == "http" and not form["secret_name"].isidentifier():
            errors["secret_name"] = "接口要有密钥；名称用字母、数字、下划线，例如 TAX"  # noqa: S105 - a message
        if not _waits(form["retry_seconds"]):
            errors["retry_seconds"] = f"请写 1 到 {MOST_TRIES} 个秒数，用空格分开，例如 60 300 1800"
        return errors


def _waits(text: str) -> list[int]:
    """The waits between tries; [] where the text is not such."""
    words = text.split()
    fit = 0 < len(words) <= MOST_TRIES and all(re.fullmatch("[1-9][0-9]{0,5}", word) for word in words)
    return [int(word) for word in words] if fit else []


def typed(source: VerificationSource) -> dict[str, Any]:
    """The settings as a form shows them."""
    found = {name: getattr(source, name) for name in Settings.fields()}
    return found | {"retry_seconds": " ".join(map(str, source.retry_seconds))}


def change(session: Session, code: str, raw: Mapping[str, Any]) -> VerificationSource:
    """Set up a source; its circuit is closed then, so that the next run tries. Raises NotFound, FormRefused."""
    source = session.get(VerificationSource, code, with_for_update=True)
    if source is None:
        raise NotFound
    form = Settings.clean(raw, cast("Facts", None))
    for name, value in (form | {"retry_seconds": _waits(form["retry_seconds"])}).items():
        setattr(source, name, value)
    source.circuit, source.failures, source.try_at = "closed", 0, None
    session.flush()
    return source


@dataclass(frozen=True)
class Standing:
    """A source, how many questions to it are open and how many the verifier has on his hands, and what it lacks."""

    source: VerificationSource
    queued: int
    waiting: int
    by_hand: int
    lacks: str


def standings(session: Session, config: Config) -> list[Standing]:
    """All sources with the state of their road."""
    counted = select(Query.source, Query.state, func.count()).where(
        Query.state.in_(("waiting", "sent", "failed", "by_letter", "mismatch"))
    )
    counts: dict[tuple[str, str], int] = {
        (source, state): number
        for source, state, number in session.execute(counted.group_by(Query.source, Query.state))
    }
    return [
        Standing(
            source, counts.get((source.code, "waiting"), 0), counts.get((source.code, "sent"), 0),
            sum(counts.get((source.code, state), 0) for state in ("failed", "by_letter", "mismatch")),
            lacking(source, config),
        )
        for source in sorted(session.scalars(select(VerificationSource)), key=lambda one: list(SOURCES).index(one.code))
    ]  # fmt: skip


def on_paper(session: Session) -> set[str]:
    """The sources that are written to from the start."""
    written = select(VerificationSource.code).where(VerificationSource.transport == "letter")
    return set(session.scalars(written))


def lacking(source: VerificationSource, config: Config) -> str:
    """What the installation has to set before this road works; "" for nothing."""
    if source.transport == "http" and not config.bureau_secrets.get(source.secret_name):
        return f"没有设置环境变量 BUREAU_SECRET_{source.secret_name}"
    if source.transport == "files" and not config.exchange_folder:
        return "没有设置环境变量 EXCHANGE_FOLDER"
    return ""
