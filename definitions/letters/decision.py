"""Letters of decision: check result, approval, refusal, certificate, and an application that ends without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.editions.sources import cite
from definitions.letters.clauses import TERMS, basis, contact, remedy
from definitions.letters.sheet import Given, Letter, Table, day_words, numbered, yuan_words

DUTY = "家庭人口、收入或者财产有变化时，请及时告诉我们；不如实报告的，可能被停发并追回多领的钱。"


def check_result(facts: Mapping[str, Any]) -> Letter:
    """核对结果告知书: the check found the family outside the limits. Facts: `reasons` (texts), `objection_by`."""
    given = Given("核对结果告知书", facts)
    return Letter(
        kind="check_result",
        title="家庭经济状况核对结果告知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            f"我们核对了您申请{given.text('programme')}时授权核对的家庭经济状况，发现下列情况不符合条件：",
            *numbered(given.texts("reasons")),
        ),
        after=(
            (
                f"如果您认为核对结果有误，请最迟在{day_words(given.day('objection_by'))}提出异议，并附上证明材料。"
                "我们会重新核对，并把结果告诉您。"
            ),
            "这不是最后的决定。是否给予救助，以后另发通知书。",
        ),
        basis=basis(given, "check_result"),
        contact=contact(given),
    )


def approval(facts: Mapping[str, Any]) -> Letter:
    """审批（确认）通知书 with the derivation.

    Facts: `persons`, `amount`, `from_month`, `derivation` (steps of the calculation: `what`, `formula`, `value`,
    `source`), `review_due` where set.
    """
    given = Given("审批结果通知书", facts)
    terms = TERMS.get(given.text("edition"), TERMS["NAT2021"])
    programme, amount = given.text("programme"), yuan_words(given.money("amount"))
    rows = [
        ("受理编号", given.text("case_number")),
        ("保障人数", f"{given.whole('persons')}人"),
        ("每月金额", amount),
        ("开始月份", given.month("from_month")),
    ]
    if given.has("review_due"):
        rows.append(("下次复核", day_words(given.day("review_due"))))
    return Letter(
        kind="approval",
        title=f"{programme}{terms.decided}通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            (
                f"您家申请{programme}，经审核符合条件，现决定予以{terms.decide}："
                f"自{given.month('from_month')}起，每月发给您家{amount}。"
            ),
        ),
        rows=tuple(rows),
        table=derivation(given, "金额是这样算出来的："),
        after=(f"钱每月打入您提供的银行账户。{DUTY}",),
        remedy=remedy(given),
        basis=basis(given, "approval"),
        contact=contact(given),
    )


def refusal(facts: Mapping[str, Any]) -> Letter:
    """不予批准（确认）通知书 with written reasons. Facts: `reasons` (texts); `derivation` where an amount decided."""
    given = Given("不予批准通知书", facts)
    terms = TERMS.get(given.text("edition"), TERMS["NAT2021"])
    programme = given.text("programme")
    table = derivation(given, "核对和计算的过程如下：") if given.has("derivation") else None
    return Letter(
        kind="refusal",
        title=f"{terms.refuse}{programme}通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            (
                f"您家于{day_words(given.day('applied_on'))}提出的{programme}申请（受理编号{given.text('case_number')}），"
                f"经审核，决定{terms.refuse}。理由如下："
            ),
            *numbered(given.texts("reasons")),
        ),
        table=table,
        after=(
            "家庭情况有变化或者有新的证明材料时，您可以重新申请。生活遇到其他困难的，也可以向我们咨询其他救助。",
        ),
        remedy=remedy(given),
        basis=basis(given, "refusal"),
        contact=contact(given),
    )


def certificate(facts: Mapping[str, Any]) -> Letter:
    """低保证. Facts: `certificate_number`, `members` ({`name`, `relation`}), `amount`, `from_month`."""
    given = Given("低保证", facts)
    members = given.items("members")
    return Letter(
        kind="certificate",
        title=f"{given.text('programme')}证",
        number=given.text("certificate_number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        rows=(
            ("持证人", given.text("applicant")),
            ("所在村（社区）", given.text("village")),
            ("保障人数", f"{len(members)}人"),
            ("每月金额", yuan_words(given.money("amount"))),
            ("开始月份", given.month("from_month")),
        ),
        table=Table(
            ("序号", "姓名", "与持证人关系"),
            tuple((str(i), str(m["name"]), str(m["relation"])) for i, m in enumerate(members, 1)),
            (0, 3, 3),
        ),
        after=("本证由持证人保管，不得转借、涂改。金额以最近一次通知书为准；停发以后，本证失效。",),
        basis=basis(given, "certificate"),
        contact=contact(given),
        sheet="certificate",
    )


def terminated(facts: Mapping[str, Any]) -> Letter:
    """终止审核通知书: the family would not cooperate. Facts: `reasons` (texts), `warned_on` (days of the warnings)."""
    given = Given("终止审核通知书", facts)
    warned = "、".join(
        day_words(Given(given.title, {"warned_on": day}).day("warned_on")) for day in given.items("warned_on")
    )
    return Letter(
        kind="terminated",
        title="终止审核通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            (
                f"您家的{given.text('programme')}申请（受理编号{given.text('case_number')}），经{warned}告知后，"
                "仍因下列原因无法继续审核，现决定终止审核："
            ),
            *numbered(given.texts("reasons")),
        ),
        after=("愿意配合核对和调查时，您可以重新申请。",),
        remedy=remedy(given),
        basis=basis(given, "terminated"),
        contact=contact(given),
    )


def withdrawn(facts: Mapping[str, Any]) -> Letter:
    """按撤回申请处理通知书: gaps not filled, closed by a clerk. Facts: `applied_on`, `correct_by`."""
    given = Given("按撤回申请处理通知书", facts)
    return Letter(
        kind="withdrawn",
        title="按撤回申请处理通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            (
                f"您于{day_words(given.day('applied_on'))}提出的{given.text('programme')}申请，我们已一次性告知需要补正的材料，"
                f"请您最迟在{day_words(given.day('correct_by'))}补齐。到期材料仍未补齐，现按撤回申请处理。"
            ),
            "这不影响您的权利：材料备齐后，您随时可以重新申请。",
        ),
        remedy=remedy(given, what="本处理"),
        basis=basis(given, "withdrawn"),
        contact=contact(given),
    )


def derivation(given: Given, caption: str) -> Table:
    """How an amount was reached, step by step with the article of each."""
    steps = given.items("derivation")
    return Table(
        ("步骤", "怎样计算", "结果", "依据"),
        tuple((str(s["what"]), str(s["formula"]), str(s["value"]), cite(str(s["source"]))) for s in steps),
        (3, 6, 2, 4),
        caption,
    )
