"""What a letter is: plain data that a PDF and a print page show alike, and the facts it is written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from workflow.errors import Refused

NAMES: dict[str, str] = {
    "number": "文书编号",
    "case_number": "受理编号",
    "edition": "规则版本",
    "programme": "救助项目",
    "applicant": "申请人姓名",
    "village": "村（社区）",
    "office": "出具机关",
    "signed_on": "落款日期",
    "phone": "联系电话",
    "address": "办公地址",
    "link": "查询网址",
    "progress_code": "查询码",
    "review_body": "行政复议机关",
    "applied_on": "申请日期",
    "received_on": "收件日期",
    "accepted_on": "受理日期",
    "due_on": "办理期限",
    "due_label": "办理期限的名称",
    "received_by": "收件人",
    "materials": "收到的材料",
    "gaps": "需要补正的材料",
    "correct_by": "补正期限",
    "reasons": "理由",
    "right_department": "应当向哪个部门申请",
    "contents": "公示内容",
    "persons": "保障人数",
    "amount": "每月金额",
    "old_amount": "原每月金额",
    "from_month": "起始月份",
    "last_month": "最后月份",
    "from_date": "起始日期",
    "until": "截止日期",
    "derivation": "计算过程",
    "review_due": "下次复核日期",
    "certificate_number": "证件编号",
    "aid": "部门救助项目",
    "person": "救助对象",
    "item": "救助事项",
    "period": "期间",
    "members": "家庭成员",
    "warned_on": "告知日期",
    "objection_by": "提出异议的期限",
}
"""Every fact a letter may need -> what it is called when it is missing."""


class LetterIncomplete(Refused):
    """出具文书所需的内容不全。"""


class LetterNotForEdition(Refused):
    """本规则版本没有这种文书。"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts. `widths` are shares of the width, one a column, 0 for as wide as the text; `caption` stands above."""

    head: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. All texts are plain text; none is markup, whatever it holds.

    In order on paper: title, number, addressee, `paragraphs`, `rows` (label, value), `table`, `after`, `remedy`,
    `basis` (the articles in words), then seal place with `office` and `signed_on`, `contact`, and the QR code of
    `link` with `caption` beneath. Empty parts are left out.
    """

    kind: str
    title: str
    number: str
    office: str
    signed_on: date
    addressee: str = ""
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    after: tuple[str, ...] = ()
    remedy: str = ""
    basis: str = ""
    contact: str = ""
    link: str = ""
    caption: str = ""
    sheet: Literal["letter", "poster", "certificate"] = "letter"

    def as_json(self) -> dict[str, Any]:
        """The letter as JSON, its date in words."""
        return asdict(self) | {"signed_on": day_words(self.signed_on)}

    def texts(self) -> list[str]:
        """Every text that is printed, in order: what snapshots and searches look at."""
        rows = [f"{label}：{value}" for label, value in self.rows]
        cells = [self.table.caption] if self.table else []
        cells += [cell for line in (self.table.head, *self.table.body) for cell in line] if self.table else []
        parts = [
            self.title, self.number, self.addressee, *self.paragraphs, *rows, *cells, *self.after, self.remedy,
            self.basis, self.office, day_words(self.signed_on), self.contact, self.caption,
        ]  # fmt: skip
        return [part for part in parts if part]


@dataclass(frozen=True, slots=True)
class Given:
    """The facts of one letter, read by name and type. Raises LetterIncomplete, which names the missing fact.

    Days are dates or ISO texts, months "YYYY-MM", money `Decimal` yuan or text with two places, as forms give them.
    """

    title: str
    facts: Mapping[str, Any]

    def has(self, name: str) -> bool:
        """Whether the fact is there and not empty."""
        return self.facts.get(name) not in (None, "", [], ())

    def raw(self, name: str) -> Any:
        """The fact as it came."""
        if not self.has(name):
            raise LetterIncomplete(
                f"还缺“{NAMES[name]}”（{name}），不能出具{self.title}。请先补上。", missing=name
            )
        return self.facts[name]

    def text(self, name: str, default: str | None = None) -> str:
        """A text."""
        return default if default is not None and not self.has(name) else str(self.raw(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """One or more texts; a single text counts as one."""
        value = self.raw(name)
        return (value,) if isinstance(value, str) else tuple(str(item) for item in value)

    def items(self, name: str) -> Sequence[Any]:
        """One or more things."""
        return tuple(self.raw(name))

    def whole(self, name: str) -> int:
        """A count."""
        return int(self.raw(name))

    def day(self, name: str) -> date:
        """A day."""
        value = self.raw(name)
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            raise self._unfit(name, value) from None

    def money(self, name: str) -> Decimal:
        """An amount in yuan."""
        value = self.raw(name)
        try:
            amount = Decimal(value)
        except (InvalidOperation, TypeError):
            raise self._unfit(name, value) from None
        if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
            raise self._unfit(name, value)
        return amount

    def month(self, name: str) -> str:
        """A month in words."""
        value = str(self.raw(name))
        try:
            return month_words(value)
        except ValueError:
            raise self._unfit(name, value) from None

    def _unfit(self, name: str, value: object) -> LetterIncomplete:
        return LetterIncomplete(
            f"“{NAMES[name]}”（{name}）的内容“{value}”不能用于{self.title}，请改正。", missing=name
        )


def day_words(day: date) -> str:
    """2016-09-05 as 2016年9月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_words(month: str) -> str:
    """2016-11 as 2016年11月. Raises ValueError where it is no month."""
    first = date.fromisoformat(f"{month}-01")
    return f"{first.year}年{first.month}月"


def yuan_words(amount: Decimal) -> str:
    """Money in a sentence: 1,234.50元."""
    return f"{amount:,.2f}元"


def numbered(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts as a numbered list; a single one stands alone, with its full stop."""
    ended = [text if text.endswith(("。", "！", "？", "；")) else f"{text}。" for text in texts]
    return tuple(ended) if len(ended) == 1 else tuple(f"{i}. {text}" for i, text in enumerate(ended, 1))
