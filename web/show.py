"""How dates, limits and money are shown: template filters, the same words on every page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape

from definitions.editions.sources import cite
from web import context
from web.language import count as _n
from workflow.identity import mask_bank, mask_id, mask_phone
from workflow.models import Case
from workflow.periods import CHINA
from workflow.roles import ROLES
from workflow.worklist import SEVERE, SOON, Bounds


@dataclass(frozen=True)
class Chip:
    """A short word with its tone: late, soon, ok or plain."""

    text: str
    tone: str


def is_english() -> bool:
    """Whether the page is shown in English."""
    return str(get_locale() or "").startswith("en")


def plain_day(day: date) -> str:
    """10 月 13 日, with the year where it is not this year's."""
    same_year = day.year == context.today().year
    if is_english():
        return f"{day.day} {day:%b}" if same_year else f"{day.day} {day:%b %Y}"
    return f"{day.month} 月 {day.day} 日" if same_year else f"{day.year} 年 {day.month} 月 {day.day} 日"


def day(value: date | str | None) -> Markup:
    """A date as people say it, machine-readable beside."""
    if not value:
        return Markup("–")
    found = date.fromisoformat(value) if isinstance(value, str) else value
    return Markup('<time datetime="{}">{}</time>').format(found.isoformat(), plain_day(found))


def moment(value: datetime) -> Markup:
    """A date and time in China."""
    local = value.astimezone(CHINA)
    return Markup('<time datetime="{}">{} {:%H:%M}</time>').format(
        value.isoformat(), plain_day(local.date()), local
    )


def left(due: date) -> Chip:
    """The working days left until a limit, or since it has passed."""
    today, calendar = context.today(), context.edge().office.calendar
    if due < today:
        late = max(calendar.working_days_between(due, today), 1)
        return Chip(_n("逾期 %(n)s 个工作日", late), "late")
    days = calendar.working_days_between(today, due)
    if due == today:
        return Chip(_("今天到期"), "soon")
    return Chip(_n("还剩 %(n)s 个工作日", days), "soon" if due <= Bounds.of(today, calendar).soon else "ok")


def money(value: Decimal | str | None, places: int = 2) -> str:
    """1,516.00; a dash where there is none."""
    return "–" if value is None else f"{Decimal(value):,.{places}f}".replace("-", "−")


def role(code: str) -> str:
    """What a role is called."""
    return _(ROLES[code].title) if code in ROLES else code


def stage(case: Case | Any) -> str:
    """What the stage of a case is called."""
    return _(context.edge().office.catalogue.of(case).stages[case.stage].label)


def programme(code: str) -> str:
    """What a definition is called."""
    catalogue = context.edge().office.catalogue
    return _(catalogue.editions(code)[-1].title) if code in catalogue.codes else code


def todo(task: Any) -> str:
    """What a task asks to be done."""
    found = context.edge().office.catalogue.get(task.definition, task.edition).stages[task.stage]
    part = next((part for part in found.parts if part.code == task.part.partition(".")[0]), None)
    return _(part.todo if part else found.todo or found.label)


def place(area: str) -> str:
    """A village or community without the name of its committee: 茅山村."""
    return area.removesuffix("村委会").removesuffix("居委会") or area


_UNITS = re.compile(r"(\d+) (个工作日|天|个月|小时)")


def rule(label: str) -> str:
    """A period in words: 10 个工作日, 7 天期满后 2 个工作日."""
    units = {
        "个工作日": lambda n: _n("%(n)s 个工作日", n),
        "天": lambda n: _n("%(n)s 天", n),
        "个月": lambda n: _n("%(n)s 个月", n),
        "小时": lambda n: _n("%(n)s 小时", n),
    }
    parts = [
        _UNITS.sub(lambda found: units[found[2]](int(found[1])), part) for part in label.split("期满后 ")
    ]
    return _("%(first)s期满后 %(then)s", first=parts[0], then=parts[1]) if parts[1:] else parts[0]


_BROWSERS = (
    ("Edg", "Edge"),
    ("MicroMessenger", "微信"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")


def device(agent: str) -> str:
    """What a browser calls itself, in two words: Chrome · Windows."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    return " · ".join(part for part in (browser, system) if part) or agent[:40]


def paragraphs(text: str) -> Markup:
    """A text with its line breaks."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    app.jinja_env.filters.update(
        day=day, moment=moment, left=left, money=money, role=role, stage=stage, programme=programme, todo=todo,
        mask_id=mask_id, mask_phone=mask_phone, mask_bank=mask_bank, place=place, device=device, rule=rule, paragraphs=paragraphs, cited=cite,
    )  # fmt: skip
    app.jinja_env.globals.update(SEVERE=SEVERE, SOON=SOON, today=context.today, now=context.now)
