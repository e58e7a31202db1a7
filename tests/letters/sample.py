"""Facts of an invented family, enough for every letter."""

from datetime import date
from decimal import Decimal

from definitions.letters import number_of
from definitions.letters.publicity import Posting, PublicityContent, Resident, publicity_content

STEPS = [
    {
        "what": "家庭月收入",
        "formula": "工资 12000.00 ÷ 12 + 赡养费 2400.00 ÷ 12",
        "value": "1200.00",
        "source": "M220-16",
    },
    {"what": "人均月收入", "formula": "家庭月收入 1200.00 ÷ 人数 3", "value": "400.00", "source": "M220-16"},
    {
        "what": "收入条件",
        "formula": "人均月收入 400.00 低于 保障标准 744.00",
        "value": "是",
        "source": "R649-9;ZJ-9",
    },
    {
        "what": "每月金额",
        "formula": "（保障标准 744.00 − 人均月收入 400.00）× 人数 3",
        "value": "1032.00",
        "source": "M220-27",
    },
]

FACTS = {
    "edition": "NB2016",
    "programme": "最低生活保障",
    "case_number": "DB-2016-000012",
    "applicant": "王秀英",
    "village": "新城村",
    "office": "鄞州区民政局",
    "phone": "0574-88881234",
    "address": "惠风东路568号",
    "review_body": "鄞州区人民政府",
    "link": "https://jiuzhu.example/public/progress?number=DB-2016-000012&code=K7M2Q9",
    "progress_code": "K7M2Q9",
    "signed_on": "2016-10-28",
    "applied_on": "2016-09-05",
    "received_on": "2016-09-05",
    "accepted_on": date(2016, 9, 6),
    "due_on": "2016-09-27",
    "due_label": "乡镇审核",
    "materials": ["申请书", "身份证和户口簿", "收入财产声明", "核对授权书"],
    "gaps": [{"what": "李明的核对授权书", "how": "李明本人签字后补交"}, "诚信承诺书"],
    "correct_by": "2016-10-06",
    "objection_by": "2016-10-15",
    "reasons": ["家庭人均月收入820.00元，不低于保障标准744.00元", "名下有一辆机动车"],
    "right_department": "区人力社保局",
    "persons": 3,
    "amount": "1032.00",
    "old_amount": Decimal("1200.00"),
    "from_month": "2016-11",
    "last_month": "2017-04",
    "until": "2017-01-31",
    "review_due": "2017-04-28",
    "derivation": STEPS,
    "certificate_number": "000012",
    "members": [{"name": "王秀英", "relation": "本人"}, {"name": "李明", "relation": "配偶"}],
    "warned_on": ["2016-09-20", "2016-09-27"],
}

POSTING = Posting(
    programme="最低生活保障",
    village="下应街道新城村",
    office="下应街道办事处",
    rule="7d",
    first_day=date(2016, 10, 10),
    last_day=date(2016, 10, 17),
    phone="0574-88881234",
    address="湖下路1号",
)
HEAD = Resident("王秀英", date(1960, 1, 1))
FAMILY = (HEAD, Resident("李明", date(1962, 1, 1)), Resident("李小雨", date(2005, 1, 1)))


def second(**other: object) -> PublicityContent:
    shown = {"members": FAMILY, "amount": Decimal("1032.00")} | other
    return publicity_content("second", "NB2016", posting=POSTING, applicant=HEAD, **shown)


def facts_for(kind: str, **other: object) -> dict[str, object]:
    facts = FACTS | {"number": number_of(kind, "DB-2016-000012"), "contents": [second()]}
    if kind == "gradual_exit":
        facts |= {
            "edition": "NAT2021",
            "signed_on": "2024-03-01",
            "from_month": "2024-04",
            "last_month": "2024-09",
        }
    if kind.startswith("aid_"):
        facts |= {
            "programme": "医疗救助",
            "aid": "medical",
            "office": "鄞州区医疗保障局",
            "person": "李明",
            "item": "住院和门诊费用救助",
        }
    return facts | other
