"""The receipt of the one window: what the family said is registered, and with one code it sees every help under way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.letters.clauses import basis, contact
from definitions.letters.intake import PROGRESS
from definitions.letters.sheet import Given, Letter, Table, day_words


def intake_receipt(facts: Mapping[str, Any]) -> Letter:
    """综合受理收件凭证, with the progress code and its QR. Facts: `received_on`; `materials` (texts) where there are any."""
    given = Given("综合受理收件凭证", facts)
    materials = given.texts("materials") if given.has("materials") else ()
    brought = (
        f"同时收到您带来的材料{len(materials)}项。"
        if materials
        else "您还没有带来材料，需要哪些，窗口会一次告诉您。"
    )
    return Letter(
        kind="intake_receipt",
        title="综合受理收件凭证",
        number=given.text("number"),
        office=given.text("office"),
        signed_on=given.day("signed_on"),
        addressee=given.text("applicant"),
        paragraphs=(
            f"您家的困难和需要，我们已经登记。{brought}",
            "您只需来这一个窗口：我们评估您家的需要，能够在这里办的逐项开办，由其他部门办的转给他们，结果都由本窗口告诉您。",
        ),
        rows=(
            ("受理编号", given.text("case_number")),
            ("查询码", given.text("progress_code")),
            ("收件日期", day_words(given.day("received_on"))),
        ),
        table=Table(
            ("序号", "材料名称"), tuple((str(i), name) for i, name in enumerate(materials, 1)), (0, 1)
        )
        if materials
        else None,
        after=(
            "凭受理编号和查询码可以查看每一项办到哪一步。查询码相当于您的钥匙，请妥善保管，不要告诉他人。",
            "同一份材料只收一次，各项救助共用。办理救助申请不收取任何费用。",
        ),
        basis=basis(given, "intake_receipt"),
        contact=contact(given),
        link=given.text("link"),
        caption=PROGRESS,
    )
