"""A longer limit: once, before it ends, for one of the reasons of law, confirmed by a second person."""

from datetime import date

import pytest

from tests.district import District
from workflow.actors import Actor
from workflow.errors import FormRefused, NotPermitted, Unmet
from workflow.extensions import ask_extension, confirm_extension
from workflow.models import Extension
from workflow.periods import at_local
from workflow.roles import HEAD, SUPERVISOR, TOWN_REVIEWER, WINDOW

REASON = "公示期内收到异议，正在复查"


def ask(
    district: District,
    case: int,
    *,
    span: str = "overall",
    code: str = "",
    reason: str = REASON,
    actor: Actor | None = None,
) -> int:
    extension = district.office.catalogue.of(district.case(case)).spans[span].extension
    code = code or (next(iter(extension.reasons)) if extension else "any")
    with district.database.acting() as conn:
        return ask_extension(
            district.office,
            conn,
            case,
            span,
            code=code,
            reason=reason,
            actor=actor or district.staff(TOWN_REVIEWER),
            now=district.now,
        ).id


def confirm(district: District, extension: int, actor: Actor | None = None) -> None:
    with district.database.acting() as conn:
        confirm_extension(
            district.office, conn, extension, actor=actor or district.staff(SUPERVISOR), now=district.now
        )


def accepted(district: District, *, delegated: bool = False) -> int:
    """Accepted on Monday, 2021-07-05: thirty working days end on 2021-08-16, twenty on 2021-08-02."""
    if delegated:
        district.delegate()
    district.day("2021-07-05")
    return district.bring(district.application(), "accepted")


@pytest.mark.parametrize("delegated, before", [(False, date(2021, 8, 16)), (True, date(2021, 8, 2))])
def test_the_overall_limit_becomes_forty_five_working_days_from_acceptance(
    district: District, delegated: bool, before: date
) -> None:
    case = accepted(district, delegated=delegated)
    assert district.deadline(case, "span:overall").due_on == before
    district.day("2021-07-20")
    number = ask(district, case)
    assert district.deadline(case, "span:overall").due_on == before
    confirm(district, number)
    deadline = district.deadline(case, "span:overall")
    assert (deadline.due_on, deadline.extended_from, deadline.rule) == (date(2021, 9, 6), before, "45wd")
    assert district.case(case).clocks["overall"] == "2021-09-06"
    assert [entry.action for entry in district.journal(case)[-2:]] == ["ask_extension", "extend"]
    assert district.broken() == {}


def test_the_second_person_is_another_and_holds_the_office_for_it(district: District) -> None:
    case = accepted(district)
    number = ask(district, case, actor=district.everything)
    with pytest.raises(NotPermitted, match="提出人以外"):
        confirm(district, number, district.everything)
    with pytest.raises(NotPermitted):
        confirm(district, number, district.staff(TOWN_REVIEWER, 2))
    confirm(district, number, district.staff(HEAD))


def test_it_is_asked_for_by_the_town_or_the_supervisor(district: District) -> None:
    case = accepted(district)
    with pytest.raises(NotPermitted):
        ask(district, case, actor=district.staff(WINDOW))
    ask(district, case, actor=district.staff(SUPERVISOR))


@pytest.mark.parametrize("code, reason, field", [("holiday", REASON, "code"), ("", "忙", "reason")])
def test_only_the_reasons_of_law_count_and_they_are_written_out(
    district: District, code: str, reason: str, field: str
) -> None:
    case = accepted(district)
    with pytest.raises(FormRefused) as caught:
        ask(district, case, code=code, reason=reason)
    assert set(caught.value.errors) == {field}


def test_once_is_once(district: District) -> None:
    case = accepted(district)
    number = ask(district, case)
    with pytest.raises(Unmet, match="一次"):
        ask(district, case)
    confirm(district, number)
    with pytest.raises(Unmet):
        confirm(district, number)
    with pytest.raises(Unmet, match="一次"):
        ask(district, case)
    assert len(district.rows(Extension, case)) == 1


@pytest.mark.parametrize("day, hour, in_time", [("2021-08-16", 23, True), ("2021-08-17", 0, False)])
def test_it_is_asked_and_confirmed_before_the_limit_ends(
    quick: District, day: str, hour: int, in_time: bool
) -> None:
    asked_late, confirmed_late = accepted(quick), accepted(quick)
    number = ask(quick, confirmed_late)
    quick.clock.move(at_local(date.fromisoformat(day), hour))
    if in_time:
        confirm(quick, number)
        ask(quick, asked_late)
        return
    with pytest.raises(Unmet, match="届满"):
        confirm(quick, number)
    with pytest.raises(Unmet, match="届满"):
        ask(quick, asked_late)


def test_an_extended_limit_reminds_and_escalates_by_its_new_days(quick: District) -> None:
    case = accepted(quick)
    quick.bring(case, "opinion")
    quick.day("2021-07-26")
    quick.sweep()
    assert quick.actions_done(case).count("remind") == 1
    confirm(quick, ask(quick, case))
    for day, overdue in (("2021-08-17", 0), ("2021-09-06", 0), ("2021-09-07", 1), ("2021-09-10", 1)):
        quick.day(day)
        quick.sweep()
        assert quick.actions_done(case).count("overdue") == overdue
    assert quick.actions_done(case).count("remind") == 1
    assert quick.broken() == {}


def test_the_law_of_2016_has_no_extension_nor_has_any_other_span(district: District) -> None:
    old = district.bring(district.application(), "accepted")
    for span in ("town", "investigation"):
        with pytest.raises(Unmet, match="不能延期"):
            ask(district, old, span=span)
    with pytest.raises(Unmet, match="不能延期"), district.database.acting() as conn:
        ask_extension(
            district.office,
            conn,
            old,
            "nothing",
            code="x",
            reason=REASON,
            actor=district.staff(TOWN_REVIEWER),
            now=district.now,
        )


def test_what_is_decided_meanwhile_is_not_extended(district: District) -> None:
    case = accepted(district)
    number = ask(district, case)
    district.bring(case, "on_benefit")
    with pytest.raises(Unmet):
        confirm(district, number)
