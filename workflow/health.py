"""What `jiuzhu doctor` looks at: each check says what it found and, where something is wrong, what to do."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.metadata import PackageNotFoundError, distribution, requires
from typing import Any, Literal

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from workflow.backup import BACKED_UP, RESTORED
from workflow.config import Config
from workflow.db import Database
from workflow.models import CalendarYear, InboxMessage, OutboxMessage, Setting, Standard, Tick, User
from workflow.periods import local_date

State = Literal["fine", "look", "wrong"]

PYTHON = (3, 11)
SQLITE = (3, 35)
"""The first SQLite with RETURNING, which acts use."""
STANDARD_NOTICE = timedelta(days=60)
NEXT_YEAR_FROM = 11
"""From November on the holidays of the next year are published."""
UNDELIVERED = timedelta(minutes=15)
SILENT_RUNS = 3
"""A job that has missed so many of its rounds is silent."""
LEAST_SECRET = 32
BACKUP_AGE = timedelta(hours=26)
SYNCHRONOUS_FULL = 2
_SETTINGS = {"urban": "城镇", "rural": "农村"}


@dataclass(frozen=True)
class Finding:
    """`look` is for a person to know, `wrong` must be mended; `remedy` says how."""

    name: str
    state: State
    message: str
    remedy: str = ""


def installation() -> Iterator[Finding]:
    """Python, SQLite and the libraries."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        yield Finding(
            "Python",
            "wrong",
            f"版本 {version} 太旧。",
            "请安装 Python 3.11 或更新的版本，重新运行 make setup。",
        )
    else:
        yield Finding("Python", "fine", version)
    if sqlite3.sqlite_version_info < SQLITE:
        yield Finding(
            "SQLite",
            "wrong",
            f"版本 {sqlite3.sqlite_version} 太旧。",
            "请换用自带 SQLite 3.35 以上的 Python。",
        )
    missing = sorted(name for name in _requirements() if not _installed(name))
    if missing:
        yield Finding("程序库", "wrong", f"缺少 {'、'.join(missing)}。", "请重新运行 make setup。")
    else:
        yield Finding("程序库", "fine", "齐全")


def _requirements() -> Iterable[str]:
    try:
        wanted = requires("jiuzhu") or []
    except PackageNotFoundError:
        return []
    stops = "<>=!~;[ ("
    return {next((line[:i] for i, c in enumerate(line) if c in stops), line) for line in wanted}


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def durability(database: Database) -> Iterator[Finding]:
    """SQLite: acts must survive a power failure, and readers must not wait for writers."""
    if not database.is_sqlite:
        yield Finding("数据库", "fine", "PostgreSQL")
        return
    with database.engine.connect() as conn:
        mode = str(conn.execute(text("PRAGMA journal_mode")).scalar())
        full = conn.execute(text("PRAGMA synchronous")).scalar() == SYNCHRONOUS_FULL
    if mode == "wal" and full:
        yield Finding("数据库", "fine", "SQLite，WAL，完全同步")
    else:
        remedy = "请把数据库放在本机磁盘上（不要放网络盘），再重新启动。"
        yield Finding("数据库", "wrong", f"SQLite 的 journal_mode={mode}，断电可能丢数据。", remedy)


def calendar(session: Session, today: date) -> Iterator[Finding]:
    """The holidays of this year, and from November of the next, are published."""
    known = set(session.scalars(select(CalendarYear.year)))
    for year in (today.year, *((today.year + 1,) if today.month >= NEXT_YEAR_FROM else ())):
        if year in known:
            yield Finding("日历", "fine", f"{year} 年已有放假安排")
        else:
            message = f"缺少 {year} 年的放假安排，涉及这一年的时限都是暂定的。"
            state: State = "wrong" if year == today.year else "look"
            yield Finding("日历", state, message, "国务院办公厅公布后运行 jiuzhu import holidays 文件。")


def standards(session: Session, today: date, labels: Mapping[str, str]) -> Iterator[Finding]:
    """Every local amount (kind -> label) is in force, does not end within 60 days, and is no sample."""
    rows = session.scalars(
        select(Standard).where(Standard.to_date >= today).order_by(Standard.from_date)
    ).all()
    keys = session.execute(select(Standard.kind, Standard.setting, Standard.area_code).distinct()).all()
    remedy = "请用 jiuzhu import standards 导入新公布的标准。"
    ending = []

    def named(key: Any) -> str:
        return f"{labels.get(key.kind, key.kind)}（{_SETTINGS[key.setting]}）"

    for key in keys:
        mine = [row for row in rows if (row.kind, row.setting, row.area_code) == tuple(key)]
        last = _covered_until(mine, today)
        if last is None:
            yield Finding("标准", "wrong", f"{named(key)}今天没有有效的数值，不能作新的决定。", remedy)
        elif last <= today + STANDARD_NOTICE:
            ending.append(f"{named(key)}到 {last}")
    if ending:
        yield Finding("标准", "look", f"60 天内到期：{'、'.join(ending)}。", remedy)
    samples = sorted(
        {labels.get(row.kind, row.kind) for row in rows if row.sample and row.from_date <= today}
    )
    if samples:
        yield Finding("样例标准", "look", f"正在使用样例数值：{'、'.join(samples)}。", f"正式使用前{remedy}")


def _covered_until(rows: Sequence[Standard], today: date) -> date | None:
    """The last day up to which there is an amount without a gap from today on."""
    reached = None
    for row in sorted(rows, key=lambda r: r.from_date):
        if row.from_date <= (today if reached is None else reached + timedelta(days=1)):
            reached = max(reached or row.to_date, row.to_date)
    return reached


def scheduler(session: Session, now: datetime, periods: dict[str, int]) -> Iterator[Finding]:
    """Each periodic job (id -> seconds) has run lately and without an error."""
    ticks = {tick.name: tick for tick in session.scalars(select(Tick))}
    silent = [
        name
        for name, every in periods.items()
        if name not in ticks or now - ticks[name].at > timedelta(seconds=SILENT_RUNS * max(every, 60))
    ]
    if silent:
        last = max((tick.at for tick in ticks.values()), default=None)
        since = f"，最近一次是 {last:%Y-%m-%d %H:%M} UTC" if last else "，从来没有运行过"
        remedy = "请启动 jiuzhu scheduler，并让系统服务保持它运行。"
        yield Finding("定时任务", "wrong", f"没有按时运行：{'、'.join(silent)}{since}。", remedy)
    else:
        yield Finding("定时任务", "fine", "按时运行")
    for tick in ticks.values():
        if tick.error:
            remedy = "请看 jiuzhu scheduler 的日志；排除原因后会自动重试。"
            yield Finding(
                "定时任务", "wrong", f"{tick.name} 最近一次出错：{tick.error.splitlines()[0][:200]}", remedy
            )


def messages(session: Session, config: Config, now: datetime) -> Iterator[Finding]:
    """Messages leave in time; e-mail has a way out."""
    oldest = session.scalar(
        select(func.min(OutboxMessage.created_at)).where(OutboxMessage.state == "waiting")
    )
    if oldest is not None and now - oldest > UNDELIVERED:
        yield Finding(
            "消息", "wrong", f"最早的待发消息是 {oldest:%Y-%m-%d %H:%M} UTC 的。", "请检查 jiuzhu scheduler。"
        )
    else:
        yield Finding("消息", "fine", "没有积压")
    failed = session.scalar(
        select(func.count()).select_from(InboxMessage).where(InboxMessage.mail_state == "failed")
    )
    if failed:
        yield Finding(
            "邮件", "look", f"{failed} 封邮件多次发送失败。", "请核对 SMTP_URL 和收件人的邮箱，再重新发送。"
        )
    if not config.smtp_url:
        yield Finding(
            "邮件", "look", "没有设置 SMTP_URL，邮件只显示在系统里。", "设置 SMTP_URL 和 MAIL_FROM。"
        )
    restored = session.get(Setting, RESTORED)
    if restored is not None and restored.value:
        message = f"数据库于 {restored.value} 从备份恢复，邮件先留着没有发送。"
        yield Finding("恢复", "look", message, "请管理员核对待发邮件后放行。")


def people(session: Session) -> Iterator[Finding]:
    """Somebody can sign in."""
    able = select(func.count()).select_from(User).where(User.disabled_at.is_(None), User.password_hash != "")
    if session.scalar(able):
        yield Finding("人员", "fine", "有可以登录的人员")
    else:
        yield Finding(
            "人员",
            "wrong",
            "没有可以登录的人员。",
            "用 jiuzhu user add 新增，或用 jiuzhu user reset 重设密码。",
        )


def production(session: Session, database: Database, config: Config, now: datetime) -> Iterator[Finding]:
    """What a service for real families needs besides."""
    if not config.secure:
        yield Finding(
            "网址",
            "wrong",
            f"PUBLIC_URL 是 {config.public_url}，不是 https。",
            "把 PUBLIC_URL 设为 https 开头的正式网址。",
        )
    if len(config.secret_key) < LEAST_SECRET:
        remedy = f"把 SECRET_KEY 设为至少 {LEAST_SECRET} 个随机字符，各个进程相同。"
        yield Finding("密钥", "wrong", "没有设置 SECRET_KEY，或者太短。", remedy)
    last = session.get(Setting, BACKED_UP)
    made = None if last is None else datetime.fromisoformat(last.value)
    if made is None or now - made > BACKUP_AGE:
        found = "还没有备份过" if made is None else f"最近一次备份是 {made:%Y-%m-%d %H:%M} UTC"
        yield Finding(
            "备份", "wrong", f"{found}。", "每天定时运行 jiuzhu backup 文件，并把文件存到另一台机器。"
        )
    if database.is_sqlite:
        yield Finding(
            "数据库", "look", "SQLite 只能在一台机器上运行。", "要几台机器分担或热备，请改用 PostgreSQL。"
        )
    samples = session.scalar(
        select(func.count()).select_from(Standard).where(Standard.sample, Standard.to_date >= local_date(now))
    )
    if samples:
        yield Finding(
            "样例标准",
            "wrong",
            f"还有 {samples} 条样例标准有效。",
            "请用 jiuzhu import standards 导入正式公布的标准。",
        )
