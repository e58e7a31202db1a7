"""The rules and the numbers of every edition as one text in Markdown, made from what the program computes with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from definitions.editions.catalogue import EDITIONS
from definitions.editions.names import NAMES
from definitions.editions.number import Edition, Number, Value
from definitions.editions.samples import sample_rows
from definitions.editions.sources import cite
from definitions.editions.standards import KINDS, SETTINGS

FORMULAS: dict[str, tuple[tuple[str, str], ...]] = {
    "家庭成员与收入（benefit、means）": (
        ("共同生活且在世的家庭成员计入家庭人数；没有在世成员的不能计算。", "members"),
        ("每项收入按年计，除以 12，不取整；法定不计入的项目计 0。", "income"),
        (
            "不计入的就业收入 = 取最小（救助期间新就业的月收入，低保标准 × 倍数），限定月数；没有这一规定的版本按渐退办理。",
            "disregard",
        ),
        ("家庭计入月收入 = 各项收入之和 − 不计入的就业收入 − 扣减，不低于 0。", "income"),
        ("人均月收入 = 家庭计入月收入 ÷ 家庭人数；低于低保标准的，收入条件符合。", "income_test"),
        ("低保边缘：人均月收入在 低保标准 × 倍数 以内；有的版本含本数，且不高于当地最低工资。", "low_edge"),
    ),
    "家庭财产（means）": (
        ("人均货币财产须低于 低保标准 × 12 × 年数。", "property"),
        (
            "没有生活用机动车辆、船舶，没有商铺、办公楼等用房；城镇家庭一套住房，第二套按人均面积。",
            "property",
        ),
    ),
    "低保待遇（benefit）": (
        ("基本救助金 =（低保标准 − 人均月收入）× 保留份额的人数，只在最后取整一次。", "base"),
        (
            "当地定有分档标准的，基本救助金 = 家庭所在档的每人每月金额 × 保留份额的人数；金额不随收入提高，各档到低保标准为止。",
            "tiers",
        ),
        ("拒绝工作等被停发的成员不保留本人份额。", "share_forfeited"),
        ("分类施保 = 每人各项理由中最高一项之和；每月救助金额 = 基本救助金 + 分类施保。", "supplement"),
        ("各人份额按分平均，余下的分依编号各加一分，合计等于总额。", "base"),
    ),
    "渐退": (
        (
            "不计劳动收入时人均月收入低于低保标准、因就业达到标准的，可以渐退：次月起，不超过最多月数，期间照发。",
            "gradual_exit",
        ),
    ),
    "临时救助（temporary）": (
        ("救助限额 = 低保标准 × 倍数 × 人数；救助金额取申请与限额中较小的。", "temporary"),
    ),
    "医疗救助（medical）": (
        ("剩余自付费用 = 总费用 − 医保报销 − 慈善帮扶 − 其他救助，不低于 0。", "medical"),
        ("救助金额取 申请金额、剩余自付费用、（剩余自付费用 − 起付标准）× 比例 中最小的。", "medical"),
    ),
    "自理能力（selfcare）": (
        ("吃饭、穿衣、上下床、如厕、室内行走、洗澡六项，按不能自主完成的项数定级。", "selfcare"),
    ),
    "刚性支出困难家庭（rigid）": (
        (
            "刚性支出 ÷ 家庭年收入 高于比例限，人均年收入低于当地平均，人均月收入不低于低保边缘上限，且财产符合。",
            "rigid",
        ),
        ("有效期至认定之日起满规定月数的前一日。", "rigid"),
    ),
    "追缴（recovery）": (
        ("退回 = 每月多领金额 × 月数；骗取的，罚款在退回金额的最低与最高倍数之间。", "recovery"),
    ),
    "复核（review）": (("下次复核 = 上次复核之日起满间隔月数的对应日，不顺延。", "review"),),
    "发放（payment）": (
        ("批准的次月起发放。", "first_month"),
        ("发放日不顺延；可按季发放的，在季度首月发放。", "pay"),
    ),
}
"""Title of a rule -> its formulas in words, each with the name of its article in an edition."""

SETTING_LABELS = dict(zip(SETTINGS, ("城镇", "农村"), strict=True))


def handbook() -> str:
    """Formulas, then the numbers of each edition, then the sample amounts; every number with dates and source."""
    return (
        "\n".join([*_formulas(), *(line for law in EDITIONS.values() for line in _edition(law)), *_samples()])
        + "\n"
    )


def _formulas() -> Iterator[str]:
    yield "# 计算规则与数值"
    yield ""
    yield "本页由程序据以计算的规则和数值生成（`jiuzhu definitions docs`），请勿手改。"
    for title, formulas in FORMULAS.items():
        yield from ("", f"## {title}", "", "| 公式 | 依据 |", "|---|---|")
        yield from (f"| {formula} | {_cited(article)} |" for formula, article in formulas)


def _cited(article: str) -> str:
    """The clause in each edition; editions with the same clause together."""
    codes: dict[str, list[str]] = {}
    for law in EDITIONS.values():
        clause = law.articles.get(article)
        codes.setdefault(cite(clause) if clause else "没有这一规定", []).append(law.code)
    return "；".join(f"{'、'.join(held)}：{clause}" for clause, held in codes.items())


def _edition(law: Edition) -> Iterator[str]:
    yield from (
        "",
        f"## 规则版本 {law.code}：{law.title}",
        "",
        f"施行期：{_span(law.from_, law.to)}。依据：{cite(law.source)}。",
    )
    yield from ("", "| 数值 | 取值 | 时段 | 依据 |", "|---|---|---|---|")
    for number in law.numbers:
        yield f"| {_label(number)} | {_value(number.value)} | {_span(number.from_, number.to)} | {cite(number.source)} |"
    for title, kinds in (("不计入收入", law.excluded_incomes), ("扣减项目", law.deductions)):
        yield from ("", f"| {title} | 时段 | 依据 |", "|---|---|---|")
        yield from (
            f"| {kind.label} | {_span(kind.from_, kind.to)} | {cite(kind.source)} |" for kind in kinds
        )


def _samples() -> Iterator[str]:
    yield from (
        "",
        "## 样例区的当地数值（未经核实）",
        "",
        "| 数值 | 城乡 | 取值 | 时段 | 依据 |",
        "|---|---|---|---|---|",
    )
    for row in sample_rows():
        where = SETTING_LABELS[row.setting]
        yield f"| {KINDS[row.kind]} | {where} | {row.amount} | {_span(row.from_, row.to)} | {cite(row.source)} |"


def _label(number: Number) -> str:
    return NAMES[number.name] + (f"（{SETTING_LABELS[number.setting]}）" if number.setting else "")


def _value(value: Value) -> str:
    if value is None:
        return "由当地确定"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _span(first: date, last: date | None) -> str:
    return f"{first} 起" + (f"至 {last}" if last else "")
