"""What a signed decision lays down for a day on which payment is suspended is done when payment is resumed."""

from datetime import date

import pytest

from tests.district import BOTH, District
from workflow.models import ScheduledAct


def decided(district: District, months: int) -> int:
    """A family for which a gradual exit from January 2023 is signed, and payment is suspended before it begins."""
    district.day("2022-11-07")
    case = district.on_benefit(members=2)
    head, _ = district.people(case)
    district.live_until("2022-12-05", step=5)
    district.do(case, "report_change", kind="job")
    district.review(
        case, "grace", incomes=[(head, "60000")], months=months, reason="就业后收入超过标准，渐退"
    )
    district.do(case, "suspend", cause="unreachable", reason="多次联系不上，暂停发放待核实")
    return case


@BOTH
def test_a_gradual_exit_that_falls_into_a_suspension_begins_when_payment_is_resumed(
    district: District,
) -> None:
    case = decided(district, months=3)
    district.live_until("2023-02-10", step=5)
    (put_off,) = [entry for entry in district.journal(case) if entry.action == "defer"]
    assert (put_off.from_stage, put_off.says) == (
        "suspended",
        "案件在“暂停发放”，“进入渐退期”到期未执行，恢复后执行",
    )
    assert district.rows(ScheduledAct, case, action="begin_grace")[0].state == "deferred"

    district.do(case, "resume", reason="已联系上，情况属实")
    district.live_until("2023-02-11")
    assert district.stage(case) == "gradual_exit"
    assert district.planned(case)["end_grace"] == date(2023, 4, 1)
    district.live_until("2023-04-02", step=5)
    assert district.stage(case) == "stopped"
    assert sorted({line.month for line in district.lines(case)}) == [
        "2022-12",
        "2023-01",
        "2023-02",
        "2023-03",
    ]
    assert district.broken() == {}


@pytest.mark.parametrize("resumed_on", ["2023-02-28", "2023-03-01", "2023-03-20"])
def test_a_gradual_exit_that_ran_out_during_the_suspension_pays_its_months_and_no_more(
    quick: District, resumed_on: str
) -> None:
    case = decided(quick, months=2)
    quick.live_until(resumed_on, step=3)
    quick.do(case, "resume", reason="已联系上，情况属实")
    quick.day(quick.today, 12)
    quick.sweep()
    quick.live_until("2023-04-03", step=1)
    assert quick.stage(case) == "stopped"
    assert sorted({line.month for line in quick.lines(case)}) == ["2022-12", "2023-01", "2023-02"]
    assert quick.broken() == {}


def test_a_newer_decision_replaces_what_was_put_off(district: District) -> None:
    case = decided(district, months=3)
    head, _ = district.people(case)
    district.live_until("2023-01-05", step=5)
    district.do(case, "report_change", kind="income")
    district.review(case, "keep", incomes=[(head, "0.00")], reason="已失业，收入回落")
    district.do(case, "resume", reason="已联系上，情况属实")
    district.live_until("2023-02-03", step=5)
    assert district.stage(case) == "on_benefit"
    assert district.rows(ScheduledAct, case, action="begin_grace")[0].state == "cancelled"


def test_what_was_put_off_is_dropped_when_the_benefit_is_stopped(district: District) -> None:
    case = decided(district, months=3)
    district.live_until("2023-01-10", step=5)
    district.do(case, "stop_suspended", reason="查实已迁出本区，停发")
    district.live_until("2023-02-02", step=5)
    assert district.stage(case) == "stopped"
    assert {row.state for row in district.rows(ScheduledAct, case)} == {"cancelled", "done"}
    assert district.broken() == {}
