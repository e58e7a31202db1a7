"""The journeys that are recorded: each definition in each edition comes in at least one of them."""

from __future__ import annotations

from collections.abc import Callable

from tests.district import District

BEGINS = {"NB2016": "2016-09-05", "NAT2021": "2021-09-06", "NAT2021-DELEGATED": "2021-09-06"}


def granted(district: District) -> None:
    """From the application to the first month on benefit, with its payment list and the re-check a year later."""
    case = district.bring(district.application(), "on_benefit")
    first = (district.today.year + district.today.month // 12, district.today.month % 12 + 1)
    month = f"{first[0]}-{first[1]:02d}"
    district.day(f"{month}-02")
    district.sweep()
    district.pay(month)
    district.day(district.planned(case)["open_review"])
    district.sweep()
    district.review(case, "keep", reason="家庭情况无明显变化")


def refused(district: District) -> None:
    """Refused by whoever decides, and served."""
    case = district.bring(district.application(), "decision")
    district.do(case, "refuse")
    district.do(case, "serve_refusal")


def corrected(district: District) -> None:
    """Something is missing, is brought, and the family withdraws."""
    case = district.bring(district.application(), "submitted")
    district.do(case, "notify_missing")
    district.days(9)
    district.do(case, "complete")
    district.days(3)
    district.do(case, "withdraw")


def objected(district: District) -> None:
    """Somebody objects while the notice hangs; the objection is found to be right."""
    case = district.bring(district.application(), "publicity")
    district.days(3)
    district.do(case, "object_")
    objection = district.child(case, "objection")
    district.do(objection, "inquire")
    district.do(objection, "uphold")


def late(district: District) -> None:
    """Nobody looks at an application: reminded, overdue, escalated, told to the head; then it goes on."""
    case = district.bring(district.application(), "submitted")
    for days in (4, 4, 4):
        district.days(days)
        district.sweep()
    district.do(case, "accept")


STORIES: dict[str, Callable[[District], None]] = {
    story.__name__: story for story in (granted, refused, corrected, objected, late)
}


def tell(district: District, edition: str, name: str) -> None:
    """One story under one edition."""
    district.day(BEGINS[edition])
    if edition == "NAT2021-DELEGATED":
        district.delegate()
    STORIES[name](district)
