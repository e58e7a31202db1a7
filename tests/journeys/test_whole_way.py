"""From the application to the end of the benefit, once in every edition."""

from datetime import date
from decimal import Decimal

from tests.district import District
from workflow.models import Case

def test_nb2016_from_application_to_stop(district: District) -> None:
    case = district.bring(district.application(members=3, incomes=("14400",)), "on_benefit")
    print(district.today)
    for e in district.journal(case): print(e.seq,e.at,e.action,e.actor_name,e.from_stage,e.to_stage)
    assert district.broken() == {}
