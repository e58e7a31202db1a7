"""The letter to a source that cannot be asked by machine, or has not answered: who is asked about, on whose leave, by when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from definitions.editions.sources import cite
from definitions.letters.sheet import Letter, Table, day_words
from workflow.verification.queries import Wanted

ANSWER = (
    "请按贵单位登记的情况，对每个人分别答复：有数据的写明项目、金额或数量、单位和数据时点；没有数据的写“无数据”；"
    "姓名与证件号码不符的写“身份不符”，不要答复他人的情况。"
)


def inquiry(
    wanted: Sequence[Wanted], *, source: str, number: str, office: str, phone: str, signed_on: date
) -> Letter:
    """家庭经济状况核对函. `source` is what the source is called, `number` the order's; one line a person."""
    by = max(one.due_on for one in wanted)
    asked = by if by > signed_on else None
    return Letter(
        kind="inquiry",
        title="家庭经济状况核对函",
        number=f"{number}-函-{source}",
        office=office,
        signed_on=signed_on,
        addressee=source if source.endswith(("机构", "平台")) else f"{source}部门",
        paragraphs=(
            f"因办理社会救助，需要核对下列{len(wanted)}人的家庭经济状况。他们都已书面授权，授权书编号附后。",
            ANSWER,
            f"请于{day_words(asked)}以前书面答复。" if asked else "请在收到本函后尽快书面答复。",
        ),
        table=Table(
            ("姓名", "证件号码", "授权书编号", "查询编号"),
            tuple((one.name, one.id_number, one.authorisation, one.key) for one in wanted),
            (2, 4, 3, 5),
        ),
        after=("本函含个人信息，只用于上述核对，请注意保密，办结后按规定保管。",),
        basis=cite("R649-58"),
        contact=f"联系电话：{phone}" if phone else "",
    )
