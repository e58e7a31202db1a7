"""Letters about running aid: increase or reduction, stop, gradual exit, suspension. All say why and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from definitions.letters.clauses import basis, contact, remedy
from definitions.letters.decision import DUTY, derivation
from definitions.letters.sheet import Given, Letter, LetterIncomplete, day_words, numbered, yuan_words


def adjustment(facts: Mapping[str, Any]) -> Letter:
    """增发（减发）通知书. Facts: `old_amount`, `amount`, `from_month`, `reasons` (texts), `derivation` where there is one."""
    given = Given("金额调整通知书", facts)
    old, new = given.money("old_amount"), given.money("amount")
    if new <= Decimal(0) or new == old:
        raise LetterIncomplete(
            "金额没有变化或者减为零，不能出具金额调整通知书；减为零的，请出具停发通知书。", missing="amount"
        )
    word = "增发" if new > old else "减发"
    table = derivation(given, "新的金额是这样算出来的：") if given.has("derivation") else None
    return Letter(
        kind="adjustment",
        title=f"{given.text('programme')}{word}通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            (
                f"经复核，您家每月的{given.text('programme')}金，自{given.month('from_month')}起由{yuan_words(old)}"
                f"调整为{yuan_words(new)}，{word}{yuan_words(abs(new - old))}。理由如下："
            ),
            *numbered(given.texts("reasons")),
        ),
        rows=(
            ("受理编号", given.text("case_number")),
            ("原每月金额", yuan_words(old)),
            ("现每月金额", yuan_words(new)),
            ("开始月份", given.month("from_month")),
        ),
        table=table,
        after=(DUTY,),
        remedy=remedy(given),
        basis=basis(given, "adjustment"),
        contact=contact(given),
    )


def stop(facts: Mapping[str, Any]) -> Letter:
    """停发通知书. Facts: `from_month` (the first month without payment), `reasons` (texts)."""
    given = Given("停发通知书", facts)
    return Letter(
        kind="stop",
        title=f"{given.text('programme')}停发通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            (
                f"经复核，决定自{given.month('from_month')}起停发您家的{given.text('programme')}金"
                f"（受理编号{given.text('case_number')}）。理由如下："
            ),
            *numbered(given.texts("reasons")),
        ),
        after=(
            f"{given.month('from_month')}以前应发的钱照常发给您。如有多领需要退回，我们会另行通知，不会直接扣款。",
            "以后生活再遇到困难，您可以重新申请，也可以向我们咨询其他救助。",
        ),
        remedy=remedy(given),
        basis=basis(given, "stop"),
        contact=contact(given),
    )


def gradual_exit(facts: Mapping[str, Any]) -> Letter:
    """渐退通知书: income rose through work. Facts: `from_month`, `last_month`, `amount` (a month), `reasons` (texts),
    `derivation` (steps of the rule: `what`, `formula`, `value`, `source`).
    """
    given = Given("渐退通知书", facts)
    first, last, amount = (
        given.month("from_month"),
        given.month("last_month"),
        yuan_words(given.money("amount")),
    )
    return Letter(
        kind="gradual_exit",
        title=f"{given.text('programme')}渐退通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            "您家通过就业增加了收入，人均收入超过了保障标准。为了让您安心工作，不马上停发，设一段渐退期：",
            f"自{first}起至{last}止，每月仍发给您家{amount}；从下一个月起不再发放。",
            *numbered(given.texts("reasons")),
        ),
        rows=(
            ("受理编号", given.text("case_number")),
            ("渐退期", f"{first}至{last}"),
            ("期间每月金额", amount),
        ),
        table=derivation(given, "为什么可以渐退"),
        after=("渐退期内收入又下降的，请马上告诉我们，我们会重新复核。",),
        remedy=remedy(given),
        basis=basis(given, "gradual_exit"),
        contact=contact(given),
    )


def suspension(facts: Mapping[str, Any]) -> Letter:
    """暂停发放通知书. Facts: `from_month`, `until` (the day by which it is decided again), `reasons` (texts)."""
    given = Given("暂停发放通知书", facts)
    return Letter(
        kind="suspension",
        title=f"{given.text('programme')}暂停发放通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            (
                f"自{given.month('from_month')}起，暂停发放您家的{given.text('programme')}金（受理编号{given.text('case_number')}），"
                "原因如下："
            ),
            *numbered(given.texts("reasons")),
        ),
        after=(
            (
                f"请尽快与我们联系。原因消除后恢复发放，暂停期间应发的钱一并补发。"
                f"最迟到{day_words(given.day('until'))}，我们会作出恢复或者停发的决定，并书面通知您。"
            ),
        ),
        remedy=remedy(given),
        basis=basis(given, "suspension"),
        contact=contact(given),
    )
