"""Medical and education aid: who is known goes straight to the department, who is not is verified first (domain 3.4)."""

from decimal import Decimal

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from definitions.education import school_year
from tests.district import District
from tests.journey import Journey
from workflow.models import AidBill, AidGrant, Notice
from workflow.periods import local_date
from workflow.roles import TOWN_REVIEWER

MONDAY = "2016-09-05"


def bill(
    invoice: str = "SJ-0001", total: str = "12000.00", insurance: str = "7000.00", **more: str
) -> dict[str, str]:
    paid = {"charity": "0.00", "other_aid": "0.00"} | more
    return {
        "invoice": invoice,
        "hospital": "区人民医院",
        "issued_on": "2016-09-01",
        "total": total,
        "insurance": insurance,
    } | paid


def certificate(group: str = "low_edge", until: str = "2017-06-30") -> dict[str, str]:
    return {"group": group, "certificate": "DB2016-17", "valid_until": until}


def at_checking(journey, definition: str = "医疗救助", **form) -> Journey:
    return (
        journey(definition, on=MONDAY)
        .does("提交申请", **form)
        .does("受理")
        .stands("资格核验", held_by="乡镇审核人")
    )


def verified(case: Journey, conclusion: str = "符合") -> Journey:
    check = case.does("委托核对").stands("核对中").linked("家庭经济状况核对")
    check.does("发出核对").does("登记答复").does(
        "出具核对报告", conclusion={"符合": "match", "不符合": "mismatch"}[conclusion]
    )
    return case


def hung(case: Journey) -> Journey:
    case.does("拟同意").does("张贴公示").stands("公示", held_by="村级代理员").cannot(
        "期满无异议，揭下", because="公示到 2016-09-12"
    )
    return case.waits("2016-09-13").does("期满无异议，揭下").stands("部门审核", held_by="部门审核人")


# Medical


def test_a_family_with_a_certificate_goes_straight_to_the_department(journey):
    case = at_checking(journey, bills=[bill()], requested="5000.00", **certificate())
    case.cannot("委托核对", because="已是低保边缘家庭成员").cannot(
        "不需核对，转镇级审核", because="请直接转部门审核"
    )
    case.does("资格有效，转部门审核").stands("部门审核", held_by="部门审核人", due="2016-09-20")
    case.does("拟同意，报审批").does("同意救助").stands("待支付").does("登记支付").ended("approved")
    [grant] = case.district.rows(AidGrant, case.case)
    assert (grant.amount, grant.self_paid) == (Decimal("1200.00"), Decimal("5000.00"))  # (5000 - 3000) x 60 %
    assert grant.paid_on == local_date(case.district.now)
    assert not case.district.rows(Notice, case.case)


def test_a_family_on_dibao_needs_no_certificate(journey, quick: District):
    family = quick.family(members=2)
    benefit = quick.bring(quick.open(family), "on_benefit")
    quick.live_until("2016-11-01")
    case = Journey(quick, quick.open(family, "medical"))
    case.does("提交申请", bills=[bill()], requested="5000.00").does("受理").does("资格有效，转部门审核")
    assert quick.case(case.case).facts["tier"] == {
        "group": "dibao",
        "shown_by": quick.case(benefit).number,
        "until": "",
    }
    case.does("拟同意，报审批").does("同意救助")
    assert quick.rows(AidGrant, case.case)[0].amount == Decimal("3500.00")  # 5000 x 70 %


def test_a_family_without_one_is_verified_reviewed_and_published(journey):
    case = at_checking(journey, bills=[bill(total="30000.00", insurance="10000.00")], requested="20000.00")
    case.cannot("资格有效，转部门审核", because="委托核对").cannot(
        "不需核对，转镇级审核", because="先委托核对"
    )
    hung(verified(case).stands("镇级审核", held_by="乡镇审核人", due="2016-09-20"))
    case.does("拟同意，报审批").does("同意救助").does("登记支付").ended("approved")
    assert case.district.rows(AidGrant, case.case)[0].amount == Decimal("6000.00")  # (20000 - 8000) x 50 %
    [notice] = case.district.rows(Notice, case.case)
    assert set(notice.content) == {"applicant", "board", "edition", "opinion", "posting"}


def test_a_certificate_of_heavy_spending_spares_the_check_and_not_the_publicity(journey):
    case = at_checking(journey, **certificate("expenditure"))
    case.cannot("资格有效，转部门审核", because="没有有效的低保、特困或者低保边缘证件").does(
        "不需核对，转镇级审核"
    )
    hung(case)


@pytest.mark.parametrize("until, holds", [("2016-09-05", True), ("2016-09-04", False)])
def test_a_certificate_counts_to_its_last_day(journey, until, holds):
    case = at_checking(journey, **certificate(until=until))
    if holds:
        case.does("资格有效，转部门审核").stands("部门审核")
    else:
        case.cannot("资格有效，转部门审核", because="委托核对")


def test_a_bill_rests_on_one_case_at_a_time(journey, quick: District):
    first = journey("医疗救助", on=MONDAY).does("提交申请", bills=[bill("SJ-0009")], requested="100.00")
    second = journey("医疗救助")
    number = quick.case(first.case).number
    second.cannot(
        "提交申请", bills=[bill("sj- 0009")], requested="100.00", because=f"SJ-0009 已经在 {number} 用过"
    )
    second.cannot("提交申请", bills=[bill("SJ-1"), bill("SJ-1")], because="重复填写")
    first.does("申请人撤回").ended("withdrawn")
    second.does("提交申请", bills=[bill("SJ-0009")], requested="100.00").stands("已提交")


@pytest.mark.parametrize(
    "row, because",
    [
        (bill(insurance="12000.01"), "合计超过总费用"),
        (bill(insurance="12000.00", charity="0.01"), "合计超过总费用"),
        (bill(total="0.00", insurance="0.00"), "应大于 0"),
        (bill("一号"), "票据号应为"),
    ],
)
def test_a_bill_adds_up(journey, row, because):
    journey("医疗救助", on=MONDAY).cannot("提交申请", bills=[row], because=because)


def test_the_database_takes_no_bill_twice_and_no_aid_above_what_is_left(journey, district: District):
    case = Journey(district, district.open(district.family(), "medical")).does(
        "提交申请", bills=[bill("SJ-77")], **certificate()
    )
    person = district.case(case.case).facts["person_id"]
    row = {
        "case_id": case.case,
        "person_id": person,
        "invoice": "SJ-77",
        "hospital": "区人民医院",
        "issued_on": district.today,
    }
    money = {"total": Decimal(10), "insurance": Decimal(0), "charity": Decimal(0), "other_aid": Decimal(0)}
    with pytest.raises(IntegrityError), district.database.acting() as conn:
        conn.execute(insert(AidBill).values(**row, **money))
    case.does("受理").does("资格有效，转部门审核").does("拟同意，报审批").does("同意救助")
    with pytest.raises(IntegrityError), district.database.acting() as conn:
        conn.execute(update(AidGrant).where(AidGrant.case_id == case.case).values(amount=Decimal("5000.01")))


def test_the_department_grants_what_is_computed_or_less_with_a_reason(journey):
    case = at_checking(journey, bills=[bill()], requested="5000.00", **certificate()).does(
        "资格有效，转部门审核"
    )
    case.cannot("拟同意，报审批", amount="1200.01", because="最多 1200.00 元")
    case.cannot("拟同意，报审批", amount="1199.99", because="低于它须写明理由")
    case.does("拟同意，报审批", amount="1199.99", reason="部分药品不在目录内").does("退回审核").does(
        "拟同意，报审批", amount="1200.00"
    )
    case.cannot("同意救助", by=case.who_did("拟同意，报审批"), because="没有这个岗位")
    case.does("同意救助")


def test_nothing_left_to_pay_cannot_be_granted(journey):
    case = at_checking(journey, bills=[bill(insurance="9500.00")], requested="2500.00", **certificate())
    case.does("资格有效，转部门审核").cannot("拟同意，报审批", because="没有可以救助的金额")
    case.does("拟不予救助，报审批").cannot("同意救助", because="现在的意见是不予救助")
    case.cannot("不予救助", reason="", because="理由").does("不予救助").stands(
        "待送达不予救助通知", held_by="窗口受理员"
    )
    case.does("送达不予救助通知").ended("refused")


def test_four_eyes_hold_for_whoever_has_every_post(journey):
    case = at_checking(journey, **certificate()).does("资格有效，转部门审核")
    person = case.district.everything
    case.district.cast["department_review"] = person
    case.does("拟同意，报审批").cannot("同意救助", by=person, because="分离原则")


def test_what_is_missing_is_told_once_and_a_silent_family_has_withdrawn(journey):
    case = (
        journey("医疗救助", on=MONDAY)
        .does("提交申请")
        .does("一次性告知补正")
        .stands("待补正", due="2016-10-08")
    )
    case.cannot("逾期未补，视为撤回", because="还没有超过").waits("2016-10-09").does(
        "逾期未补，视为撤回"
    ).ended("withdrawn")
    other = journey("医疗救助").does("提交申请").does("一次性告知补正", missing="缺医保结算单\n缺出院小结")
    assert other.district.case(other.case).facts["gaps"] == ["缺医保结算单", "缺出院小结"]
    other.does("补正齐备，受理").stands("资格核验")
    journey("医疗救助").does("作废").ended("discarded")


def test_the_town_may_be_against_it_and_the_department_decides(journey):
    case = verified(at_checking(journey), "不符合").does("拟不同意，报部门").stands("部门审核")
    case.does("退回核验").stands("资格核验").does("不需核对，转镇级审核").does("拟不同意，报部门").does(
        "拟不予救助，报审批"
    )
    case.does("不予救助").does("送达不予救助通知").ended("refused")


@pytest.mark.parametrize("answer, stage", [("异议不成立", "部门审核"), ("异议成立", "镇级审核")])
def test_an_objection_is_looked_into(journey, answer, stage):
    case = verified(at_checking(journey)).does("拟同意").does("张贴公示").does("公示缺失，重新张贴")
    case.does("收到异议").stands("公示异议复查").linked("公示异议复查").does("登记核查情况").does(answer)
    case.stands(stage)


def test_a_late_objection_is_noted_and_stops_nothing(journey):
    case = verified(at_checking(journey)).does("拟同意").does("张贴公示")
    case.cannot("登记逾期异议", because="收到异议").waits("2016-09-13").does("登记逾期异议").stands("公示")


# Education


def test_a_pupil_with_a_certificate_is_helped_for_the_school_year(journey):
    case = at_checking(journey, "教育救助", level="high", **certificate())
    case.does("资格有效，转学校").stands("征求学校意见", held_by="部门联络员", due="2016-09-20")
    case.does("登记学校意见").stands("部门审核", held_by="部门审核人")
    case.does("拟同意，报审批").does("同意救助").does("登记落实").ended("approved")
    [grant] = case.district.rows(AidGrant, case.case)
    assert (grant.amount, grant.period, grant.item) == (
        Decimal("2500.00"),
        "2016-2017学年",
        "学费减免和国家助学金",
    )


def test_a_pupil_without_one_is_verified_first(journey):
    case = at_checking(journey, "教育救助").cannot("资格有效，转学校", because="先委托核对")
    verified(case).stands("资格核验").cannot("委托核对", because="不用重复核对").does(
        "资格有效，转学校"
    ).does("登记学校意见")
    case.does("拟同意，报审批").does("退回审核").does("退回学校").does("登记学校意见").does(
        "拟同意，报审批"
    ).does("同意救助")


def test_who_is_found_well_off_is_not_helped(journey):
    case = verified(at_checking(journey, "教育救助"), "不符合").does("资格有效，转学校").does("登记学校意见")
    case.cannot("拟同意，报审批", because="核对结论不是“符合”").does("拟不予救助，报审批").does("不予救助")
    case.does("送达不予救助通知").ended("refused")


def test_who_does_not_go_to_that_school_is_not_helped(journey):
    case = (
        at_checking(journey, "教育救助", **certificate())
        .does("资格有效，转学校")
        .does("登记学校意见", enrolled=False)
    )
    case.cannot("拟同意，报审批", because="学校没有确认就学")


def test_the_same_help_once_a_school_year(journey, quick: District):
    family = quick.family(members=2, minors=1)
    quick.day(MONDAY)
    first = (
        Journey(quick, quick.open(family, "education"))
        .does("提交申请", **certificate())
        .does("受理")
        .does("资格有效，转学校")
    )
    second = (
        Journey(quick, quick.open(family, "education"))
        .does("提交申请", **certificate())
        .does("受理")
        .does("资格有效，转学校")
    )
    for case in (first, second):
        case.does("登记学校意见").does("拟同意，报审批")
    first.does("同意救助")
    second.cannot("同意救助", because="不能重复救助")
    third = Journey(quick, quick.open(family, "education"))
    third.cannot("提交申请", because="已经享受")
    quick.day("2017-08-01")
    third.does("提交申请").stands("已提交")


@pytest.mark.parametrize(
    "day, year",
    [("2016-07-31", "2015-2016学年"), ("2016-08-01", "2016-2017学年"), ("2017-01-01", "2016-2017学年")],
)
def test_a_school_year_begins_in_august(day, year):
    from datetime import date

    assert school_year(date.fromisoformat(day)) == year


def test_an_application_for_a_pupil_may_end_before_it_is_looked_at(journey):
    journey("教育救助", on=MONDAY).does("作废").ended("discarded")
    journey("教育救助").does("提交申请").does("申请人撤回").ended("withdrawn")
    late = journey("教育救助").does("提交申请").does("一次性告知补正")
    late.waits("2016-10-09").does("逾期未补，视为撤回").ended("withdrawn")
    journey("教育救助", on="2016-10-10").does("提交申请").does("一次性告知补正").does(
        "补正齐备，受理"
    ).stands("资格核验")


def test_a_number_without_its_end_is_no_certificate(journey):
    case = journey("教育救助", on=MONDAY)
    case.cannot("提交申请", group="low_edge", because="请填写证件编号")
    assert TOWN_REVIEWER.code in {task.role for task in at_checking(journey).tasks()}
