"""Letters of intake: receipt, acceptance, the one notice of all gaps, and not accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.letters.clauses import basis, contact, remedy
from definitions.letters.sheet import Given, Letter, Table, day_words, numbered

PROGRESS = "扫描二维码查看办理进度，或者打开查询页，输入受理编号和查询码。"


def receipt(facts: Mapping[str, Any]) -> Letter:
    """收件凭证: what was handed in, with the progress code and its QR. Facts: `materials` (texts), `received_on`."""
    given = Given("收件凭证", facts)
    materials = given.texts("materials")
    return Letter(
        kind="receipt",
        title="收件凭证",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(f"我们已收到您申请{given.text('programme')}的下列材料，共{len(materials)}项。",),
        rows=(
            ("受理编号", given.text("case_number")),
            ("查询码", given.text("progress_code")),
            ("收件日期", day_words(given.day("received_on"))),
        ),
        table=Table(
            ("序号", "材料名称"), tuple((str(i), name) for i, name in enumerate(materials, 1)), (0, 1)
        ),
        after=(
            "凭受理编号和查询码可以查看办理进度。查询码相当于您的钥匙，请妥善保管，不要告诉他人。",
            "本凭证只说明收到了材料，不表示已经受理或者批准。办理救助申请不收取任何费用。",
        ),
        basis=basis(given, "receipt"),
        contact=contact(given),
        link=given.text("link"),
        caption=PROGRESS,
    )


def acceptance(facts: Mapping[str, Any]) -> Letter:
    """受理通知书. Facts: `applied_on`, `accepted_on`, `progress_code`, `link`; `due_on` with `due_label` where set."""
    given = Given("受理通知书", facts)
    limit = ""
    if given.has("due_on"):
        limit = f"按照规定，我们应当最迟在{day_words(given.day('due_on'))}完成{given.text('due_label')}。"
    return Letter(
        kind="acceptance",
        title=f"{given.text('programme')}申请受理通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            (
                f"您于{day_words(given.day('applied_on'))}提出的{given.text('programme')}申请，材料齐全，"
                f"我们已于{day_words(given.day('accepted_on'))}受理。"
            ),
            (
                "接下来，我们会核对您家的收入和财产信息，并派至少两名工作人员入户调查，然后提出审核意见并公示。"
                f"请您和家人如实说明情况、给予配合。{limit}"
            ),
            "办理期间，如果家里的人口、收入或者财产有变化，请及时告诉我们。办理救助申请不收取任何费用。",
        ),
        rows=(("受理编号", given.text("case_number")), ("查询码", given.text("progress_code"))),
        basis=basis(given, "acceptance"),
        contact=contact(given),
        link=given.text("link"),
        caption=PROGRESS,
    )


def correction(facts: Mapping[str, Any]) -> Letter:
    """补正材料一次性告知书: all gaps in one notice. Facts: `gaps` (texts, or {`what`, `how`}), `correct_by`."""
    given = Given("补正材料一次性告知书", facts)
    gaps = [_gap(item) for item in given.items("gaps")]
    by = day_words(given.day("correct_by"))
    return Letter(
        kind="correction",
        title="补正材料一次性告知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            (
                f"您于{day_words(given.day('applied_on'))}提出的{given.text('programme')}申请，经查看，还需要补正下面{len(gaps)}项。"
                "这是一次性告知：除法律法规有新规定或者出现新情况外，我们不会再要求您补交其他材料。"
            ),
        ),
        table=Table(
            ("序号", "需要补正的材料", "怎样补正"),
            tuple((str(i), what, how) for i, (what, how) in enumerate(gaps, 1)),
            (0, 4, 5),
        ),
        after=(
            f"请最迟在{by}把上述材料交到收件窗口，也可以委托村（居）民委员会或者他人代交。材料补齐后，我们即予受理。",
            f"过了{by}仍未补齐的，我们会先与您联系，再决定是否按撤回申请处理；按撤回处理后，您随时可以重新申请。",
            "确实拿不到的材料，请告诉我们。能够由政府部门之间核对的，不需要您提供。",
        ),
        basis=basis(given, "correction"),
        contact=contact(given),
    )


def not_accepted(facts: Mapping[str, Any]) -> Letter:
    """不予受理通知书. Facts: `reasons` (texts), `right_department` where another one is in charge."""
    given = Given("不予受理通知书", facts)
    after: tuple[str, ...] = ()
    if given.has("right_department"):
        after = (f"您的情况可以向{given.text('right_department')}提出申请。需要的话，我们可以帮您转交。",)
    return Letter(
        kind="not_accepted",
        title="不予受理通知书",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            f"您于{day_words(given.day('applied_on'))}提出的{given.text('programme')}申请，我们不予受理，理由如下：",
            *numbered(given.texts("reasons")),
        ),
        after=(*after, "情况有变化或者有新的证明材料时，您随时可以重新申请。"),
        remedy=remedy(given),
        basis=basis(given, "not_accepted"),
        contact=contact(given),
    )


def _gap(item: Any) -> tuple[str, str]:
    if isinstance(item, Mapping):
        return str(item["what"]), str(item.get("how") or "补交")
    return str(item), "补交"
