"""Letters of a single department: what it grants, and what it refuses with reasons and remedies (R649-65)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.letters.clauses import basis, contact, remedy
from definitions.letters.decision import derivation
from definitions.letters.sheet import Given, Letter, day_words, numbered, yuan_words


def aid_granted(facts: Mapping[str, Any]) -> Letter:
    """救助决定通知书. Facts: `aid` (programme code), `person`, `item`, `amount`, `derivation`; `period` where it has one."""
    given = Given("救助决定通知书", facts)
    programme = given.text("programme")
    rows = [
        ("受理编号", given.text("case_number")),
        ("救助对象", given.text("person")),
        ("救助事项", given.text("item")),
        ("救助金额", yuan_words(given.money("amount"))),
    ]
    if given.has("period"):
        rows.append(("期间", given.text("period")))
    return Letter(
        kind="aid_granted",
        title=f"{programme}决定通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            f"您家申请{programme}，经审核符合条件，现决定给予救助{yuan_words(given.money('amount'))}。",
        ),
        rows=tuple(rows),
        table=derivation(given, "金额是这样算出来的："),
        after=("同一张票据、同一事项只救助一次。家庭情况有变化时，请及时告诉窗口。",),
        remedy=remedy(given),
        basis=basis(given, f"aid_granted_{given.text('aid')}"),
        contact=contact(given),
    )


def aid_refused(facts: Mapping[str, Any]) -> Letter:
    """不予救助通知书. Facts: `aid` (programme code), `reasons` (texts)."""
    given = Given("不予救助通知书", facts)
    programme = given.text("programme")
    return Letter(
        kind="aid_refused",
        title=f"不予{programme}通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            (
                f"您家于{day_words(given.day('applied_on'))}提出的{programme}申请（受理编号{given.text('case_number')}），"
                "经审核，决定不予救助。理由如下："
            ),
            *numbered(given.texts("reasons")),
        ),
        after=("有新的情况或者证明材料时，您可以重新申请。生活遇到其他困难的，也可以向窗口咨询其他救助。",),
        remedy=remedy(given),
        basis=basis(given, f"aid_refused_{given.text('aid')}"),
        contact=contact(given),
    )
