"""What may stand on a public board, and the poster made of it.

`PublicityContent` is the only way onto a board or a public page: it has no room for anything but what the law lists
for that board in that edition, and it is what the notice row keeps and its hash covers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from definitions.editions.sources import cite
from definitions.letters.clauses import clause
from definitions.letters.sheet import Given, Letter, Table, day_words, yuan_words
from workflow.errors import Refused
from workflow.forms import is_adult
from workflow.identity import mask_name
from workflow.periods import parse_rule

BOARDS: dict[str, str] = {
    "first": "初审公示", "second": "拟批准公示", "result": "结果公布", "long_term": "长期公示", "aid": "审核公示",
}  # fmt: skip
"""Kind of board -> its name."""

WHITELIST: dict[tuple[str, str], tuple[str, ...]] = {
    ("first", "NB2016"): ("visit", "appraisal", "opinion"),
    ("first", "NAT2021"): ("opinion",),
    ("first", "NAT2021-DELEGATED"): ("opinion",),
    ("second", "NB2016"): ("members", "amount"),
    ("result", "NAT2021"): ("persons", "amount"),
    ("result", "NAT2021-DELEGATED"): ("persons", "amount"),
    ("long_term", "NB2016"): ("persons", "amount"),
    ("aid", "NB2016"): ("opinion",),
    ("aid", "NAT2021"): ("opinion",),
    ("aid", "NAT2021-DELEGATED"): ("opinion",),
}
"""Board and edition -> what may be shown beside the applicant's name (M220-25, 29, 34; M57-19, 24; N22).

Of aid by a department only the opinion of the town is shown (ZJ-23): never the illness, the bill or the amount.
"""

OUTCOMES: dict[str, dict[str, str]] = {
    "visit": {"match": "与申报一致", "mismatch": "与申报不一致"},
    "appraisal": {"true": "情况属实", "disputed": "有争议，已重新调查"},
    "opinion": {"approve": "拟同意", "refuse": "拟不同意"},
}
"""Results are words of the law, never free text: free text would carry whatever somebody types."""

COLUMNS: dict[str, str] = {
    "visit": "入户调查结果", "appraisal": "民主评议结果", "opinion": "审核意见",
    "members": "家庭成员", "persons": "保障人数", "amount": "每月金额",
}  # fmt: skip

MINOR = "未成年人（依法不公开姓名）"
_NAME = re.compile(
    r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+(·[㐀-䶿一-鿿\U00020000-\U0003ffff]+)*|[A-Za-z]+([ ·'-][A-Za-z]+)*"
)
_NAME_LENGTH = 40


class NotPublishable(Refused):
    """这项内容不得公示。"""


class Resident(NamedTuple):
    """A person as far as a board needs to know: the name, and the birth to keep minors out."""

    name: str
    birth: date


@dataclass(frozen=True, slots=True)
class Posting:
    """Where and how long a board shows something, and where an objection goes."""

    programme: str
    village: str
    office: str
    rule: str
    first_day: date
    last_day: date
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class PublicityContent:
    """What is shown of one household. Build it with `publicity_content`; amounts are yuan a month."""

    board: str
    edition: str
    posting: Posting
    applicant: str
    opinion: str | None = None
    visit: str | None = None
    appraisal: str | None = None
    members: tuple[str, ...] | None = None
    minors: int | None = None
    persons: int | None = None
    amount: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        """The content as a notice row keeps it: what is not shown is not there."""
        posting = {f.name: getattr(self.posting, f.name) for f in fields(Posting)}
        posting |= {
            "first_day": self.posting.first_day.isoformat(),
            "last_day": self.posting.last_day.isoformat(),
        }
        shown = {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if f.name not in ("posting", "amount", "members")
        }
        shown |= {"posting": posting, "members": None if self.members is None else list(self.members)}
        shown |= {"amount": None if self.amount is None else str(self.amount)}
        return {name: value for name, value in shown.items() if value is not None}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> PublicityContent:
        """The content a notice row kept. Raises NotPublishable where it holds a field that no board has."""
        known = {f.name for f in fields(cls)}
        if strange := set(content) - known:
            raise NotPublishable(
                f"公示内容里有不该有的项目：{'、'.join(sorted(strange))}。", fields=sorted(strange)
            )
        values = dict(content)
        posting = dict(values.pop("posting"))
        posting |= {name: date.fromisoformat(posting[name]) for name in ("first_day", "last_day")}
        if "members" in values:
            values["members"] = tuple(values["members"])
        if "amount" in values:
            values["amount"] = Decimal(values["amount"])
        return cls(posting=Posting(**posting), **values)

    def masked(self) -> PublicityContent:
        """The copy for the internet: names shortened to the first character."""
        members = None if self.members is None else tuple(map(mask_name, self.members))
        applicant = self.applicant if self.applicant == MINOR else mask_name(self.applicant)
        return replace(self, applicant=applicant, members=members)

    def cells(self) -> dict[str, str]:
        """Column -> text, in the order they are shown."""
        cells = {"申请人": self.applicant}
        for name in WHITELIST[self.board, self.edition]:
            cells[COLUMNS[name]] = self._cell(name)
        return cells

    def _cell(self, name: str) -> str:
        if name in OUTCOMES:
            return OUTCOMES[name][getattr(self, name)]
        if name == "members":
            others = f"未成年人{self.minors}名" if self.minors else ""
            return "、".join(part for part in ("、".join(self.members or ()), others) if part)
        if name == "persons":
            return f"{self.persons}人"
        assert self.amount is not None
        return yuan_words(self.amount)


def publicity_content(
    board: str, edition: str, *, posting: Posting, applicant: Resident, **shown: Any
) -> PublicityContent:
    """What a board may show of one household, complete and nothing besides.

    `shown` must hold exactly what `WHITELIST` names: `visit`, `appraisal`, `opinion` a code of `OUTCOMES`; `members`
    the residents of the household, of whom minors are only counted; `persons` a number; `amount` yuan a month.
    Raises NotPublishable, which names what is too much, missing or no fit value.
    """
    title = BOARDS.get(board, board)
    if (allowed := WHITELIST.get((board, edition))) is None:
        raise NotPublishable(f"规则版本 {edition} 没有“{title}”，不能公示。", board=board, edition=edition)
    if extra := set(shown) - set(allowed):
        raise NotPublishable(f"“{title}”不得公示：{'、'.join(sorted(extra))}。", fields=sorted(extra))
    if missing := set(allowed) - set(shown):
        raise NotPublishable(
            f"“{title}”还缺：{'、'.join(COLUMNS[name] for name in sorted(missing))}。", fields=sorted(missing)
        )
    _check(posting)
    values: dict[str, Any] = {}
    for name, value in shown.items():
        if name == "members":
            adults = [r for r in value if is_adult(r.birth, posting.first_day)]
            values |= {"members": tuple(_name(r.name) for r in adults), "minors": len(value) - len(adults)}
        else:
            values[name] = _value(name, value)
    who = _name(applicant.name) if is_adult(applicant.birth, posting.first_day) else MINOR
    return PublicityContent(board, edition, posting, who, **values)


def poster(facts: Mapping[str, Any]) -> Letter:
    """The A4 poster of one board in one village for one period.

    Facts: `contents` (PublicityContent or what a notice row kept of one), `number`, `link` (the public page).
    """
    given = Given("公示", facts)
    contents = [
        c if isinstance(c, PublicityContent) else PublicityContent.from_json(c)
        for c in given.items("contents")
    ]
    board, edition, posting = _one_board(contents)
    source = cite(clause(edition, f"publicity_{board}", BOARDS[board]))
    rows = [tuple(content.cells().values()) for content in contents]
    head = tuple(contents[0].cells())
    widths = (0, *(_WIDTHS.get(name, 3) for name in head))
    return Letter(
        kind="publicity",
        title=f"{posting.programme}{BOARDS[board]}",
        number=given.text("number"),
        office=posting.office,
        signed_on=posting.first_day,
        paragraphs=(f"根据{source}，现将{posting.village}有关家庭的情况公示如下，请大家监督。",),
        rows=(
            ("公示期限", f"{parse_rule(posting.rule).label}，第一天不计入，最后一天是休息日的顺延"),
            ("公示第一天", day_words(posting.first_day)),
            ("公示最后一天", day_words(posting.last_day)),
        ),
        table=Table(("序号", *head), tuple((str(i), *row) for i, row in enumerate(rows, 1)), widths),
        after=(
            (
                f"对公示内容有异议的，请在{day_words(posting.last_day)}24时前反映，当面、书面、电话都可以，"
                "实名、匿名都受理；我们对反映人的身份保密。"
            ),
        ),
        contact=f"反映电话：{posting.phone}\n反映地址：{posting.address}",
        link=given.text("link"),
        caption="扫码查看公示网页；反映请打电话或到窗口",
        sheet="poster",
    )


_WIDTHS = {"申请人": 3, "家庭成员": 6}


def _one_board(contents: Sequence[PublicityContent]) -> tuple[str, str, Posting]:
    boards = {(c.board, c.edition, c.posting) for c in contents}
    if len(boards) != 1:
        raise NotPublishable("一张公示只能写同一个村（社区）、同一种公示、同一个期限的家庭，请分开打印。")
    return boards.pop()


def _check(posting: Posting) -> None:
    for name, label in (
        ("phone", "反映电话"),
        ("address", "反映地址"),
        ("village", "村（社区）"),
        ("office", "出具机关"),
    ):
        if not getattr(posting, name).strip():
            raise NotPublishable(f"公示上必须有{label}，请先在区划资料里填写。", fields=[name])
    parse_rule(posting.rule)
    if posting.last_day < posting.first_day:
        raise NotPublishable("公示最后一天早于第一天，请核对。", fields=["last_day"])


def _value(name: str, value: Any) -> Any:
    if name in OUTCOMES:
        if value not in OUTCOMES[name]:
            raise NotPublishable(
                f"“{COLUMNS[name]}”只能是：{'、'.join(OUTCOMES[name].values())}。", fields=[name]
            )
        return value
    if name == "persons" and isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    if name == "amount" and isinstance(value, Decimal) and value.is_finite() and value >= 0:
        return value.quantize(Decimal("0.01"))
    raise NotPublishable(f"“{COLUMNS[name]}”的值不能公示，请核对。", fields=[name])


def _name(text: str) -> str:
    """A person's name and nothing else: no digits, no remark, so that no other fact slips in with it."""
    name = " ".join(text.split())
    if len(name) > _NAME_LENGTH or not _NAME.fullmatch(name):
        raise NotPublishable(
            "公示的姓名只能是姓名本身，不能带有数字、括号或者说明，请先更正姓名。", fields=["name"]
        )
    return name
