"""Releases: shipped with the product, signed by two, never changed in place; editions put in force the same way."""

from datetime import date

import pytest
from sqlalchemy import select

from definitions import CATALOGUE
from definitions.releasing import bound
from tests.district import District
from tests.releases import planted
from workflow import pictures
from workflow.errors import BadConfiguration, NotPermitted, Unmet
from workflow.models import EditionPeriod, Release
from workflow.periods import Workdays
from workflow.releases import release as releases
from workflow.releases.compare import compare
from workflow.releases.timetable import confirm_order, propose_order
from workflow.roles import ADMINISTRATOR, COUNTY_REVIEWER, HEAD
from workflow.vocabulary import Limit

CHANGES = [
    ({"span": "town", "rule": Workdays(12)}, "总时限“镇级审核”（town）的期限：15 个工作日 → 12 个工作日"),
    ({"stage": "decision", "limit": Limit(Workdays(5), "M220-29")}, "环节“审批”（decision）的时限：3 个工作日（M220-29） → 5 个工作日（M220-29）"),
    ({"stage": "decision", "held_by": COUNTY_REVIEWER}, "环节“审批”（decision）的经办岗位：县级审批人 → 县级审核人"),
]  # fmt: skip


def start(district: District, catalogue=CATALOGUE) -> None:
    with district.database.reading() as session:
        releases.require_released(session, catalogue, bound(), district.today)


def propose(district: District, catalogue, by=ADMINISTRATOR, from_date: date | None = None) -> int:
    with district.database.acting() as conn:
        session = district.office.session(conn)
        blueprint = catalogue.get("dibao", "NB2016")
        return releases.propose(
            session,
            blueprint,
            "NB2016",
            bound(),
            from_date=from_date or district.today,
            actor=district.staff(by),
            now=district.now,
        ).id


def confirm(district: District, catalogue, number: int, by=HEAD) -> Release:
    with district.database.acting() as conn:
        session = district.office.session(conn)
        row = releases.confirm(
            session, catalogue, bound(), number, actor=district.staff(by), now=district.now
        )
        session.expunge(row)
        return row


def test_what_ships_is_released_and_starts(quick: District):
    start(quick)
    rows = quick.rows(Release)
    assert {(row.definition, row.edition) for row in rows} == {
        (b.code, e) for b in CATALOGUE for e in b.editions
    }
    assert {(row.written_name, row.signed_name, row.revision) for row in rows} == {
        ("随产品发布", "随产品发布", 1)
    }


@pytest.mark.parametrize("change, named", CHANGES)
def test_a_change_in_place_is_refused_in_one_line_that_names_it(quick: District, change, named):
    with pytest.raises(BadConfiguration) as caught:
        start(quick, planted.catalogue("dibao", "NB2016", **change))
    assert "dibao:NB2016 发布后被改动" in caught.value.message
    assert "\n" not in caught.value.message
    found = compare(
        pictures.document(CATALOGUE.get("dibao", "NB2016")),
        pictures.document(planted.catalogue("dibao", "NB2016", **change).get("dibao", "NB2016")),
    )
    assert [str(one) for one in found] == [named]
    assert named in caught.value.message


def test_wording_may_change_without_a_release(quick: District):
    start(quick, planted.catalogue("dibao", "NB2016", stage="decision", label="县级审批"))


def test_a_change_is_released_by_two_people_and_then_starts(quick: District):
    quick.bring(quick.application(), "opinion")
    changed = planted.catalogue("dibao", "NB2016", span="town", rule=Workdays(12))
    number = propose(quick, changed)
    with pytest.raises(BadConfiguration):
        start(quick, changed)
    with pytest.raises(NotPermitted):
        confirm(quick, changed, number, by=ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        confirm(quick, changed, number, by=COUNTY_REVIEWER)
    row = confirm(quick, changed, number)
    assert (row.revision, row.effects["open_cases"], row.effects["by_stage"]) == (2, 1, {"opinion": 1})
    assert [one["code"] for one in row.effects["differences"]] == ["town"]
    start(quick, changed)
    with pytest.raises(BadConfiguration):
        start(quick)


def test_what_was_changed_again_after_it_was_written_is_not_signed(quick: District):
    number = propose(quick, planted.catalogue("dibao", "NB2016", span="town", rule=Workdays(12)))
    with pytest.raises(Unmet):
        confirm(quick, planted.catalogue("dibao", "NB2016", span="town", rule=Workdays(11)), number)


def test_nothing_is_released_twice_nor_for_a_day_that_is_past(quick: District):
    with pytest.raises(Unmet):
        propose(quick, CATALOGUE)
    with pytest.raises(Unmet):
        propose(
            quick,
            planted.catalogue("dibao", "NB2016", span="town", rule=Workdays(12)),
            from_date=date(2016, 9, 4),
        )


def test_a_release_waits_for_its_day(quick: District):
    changed = planted.catalogue("dibao", "NB2016", span="town", rule=Workdays(12))
    confirm(quick, changed, propose(quick, changed, from_date=date(2016, 10, 8)))
    with pytest.raises(BadConfiguration, match="2016-10-08"):
        start(quick, changed)
    quick.day("2016-10-08")
    start(quick, changed)


def test_a_stage_with_cases_in_it_is_not_released_away(quick: District):
    quick.bring(quick.application(), "appraising")
    changed = planted.catalogue("dibao", "NB2016", span="town", rule=Workdays(12))
    blueprint = changed.get("dibao", "NB2016")
    blueprint.stages = {code: stage for code, stage in blueprint.stages.items() if code != "appraising"}
    with pytest.raises(Unmet, match="appraising 1 件"):
        confirm(quick, changed, propose(quick, changed))


def test_letters_and_numbers_are_bound_too(quick: District):
    loose = releases.Bound("0" * 64, bound().numbers)
    with quick.database.reading() as session, pytest.raises(BadConfiguration, match="文书"):
        releases.require_released(session, CATALOGUE, loose, quick.today)
    other = releases.Bound(bound().letters, {**bound().numbers, "NB2016": "0" * 64})
    with quick.database.reading() as session, pytest.raises(BadConfiguration, match="NB2016 的规则数值"):
        releases.require_released(session, CATALOGUE, other, quick.today)


# Pins


def test_a_case_is_pinned_when_opened_and_again_when_bound(quick: District):
    case = quick.application()
    first = quick.case(case)
    pins = quick.office.pins.of(first)
    assert (pins["law"], pins["definition"]) == (
        "NB2016",
        pictures.fingerprint(CATALOGUE.get("dibao", "NB2016")),
    )
    assert pins["forms"] == pictures.form_set(CATALOGUE.get("dibao", "NB2016"))
    assert pins["software"]
    quick.bring(case, "submitted")
    quick.day("2021-07-01")
    quick.do(case, "accept")
    bound_now = quick.office.pins.of(quick.case(case))
    assert (bound_now["law"], bound_now["definition"]) == (
        "NAT2021",
        pictures.fingerprint(CATALOGUE.get("dibao", "NAT2021")),
    )
    assert quick.broken() == {}


def test_a_pin_changed_behind_the_journal_is_seen(quick: District):
    case = quick.application()
    other = next(row.id for row in quick.rows(Release) if row.edition == "NAT2021")
    with quick.database.acting() as conn:
        from sqlalchemy import update

        from workflow.models import Case

        conn.execute(update(Case).where(Case.id == case).values(release_id=other))
    assert {"pins_agree", "replay_gives_state"} <= quick.broken().keys()


# Editions in force


def order(district: District, edition: str, day: str, by=ADMINISTRATOR) -> int:
    with district.database.acting() as conn:
        session = district.office.session(conn)
        return propose_order(
            session,
            CATALOGUE,
            edition,
            from_date=date.fromisoformat(day),
            source="甬民发〔2021〕1 号",
            actor=district.staff(by),
            now=district.now,
        ).id


def sign_order(district: District, number: int, by=HEAD) -> None:
    with district.database.acting() as conn:
        confirm_order(
            district.office.session(conn), CATALOGUE, number, actor=district.staff(by), now=district.now
        )
    district.refresh()


def test_an_edition_is_put_in_force_by_two_people_and_cases_bind_to_it(quick: District):
    waiting, running = (
        quick.bring(quick.application(), "submitted"),
        quick.bring(quick.application(), "accepted"),
    )
    number = order(quick, "NAT2021", "2016-10-10")
    with pytest.raises(NotPermitted):
        sign_order(quick, number, by=ADMINISTRATOR)
    assert quick.office.edition_on(date(2016, 10, 10)) == "NB2016"
    sign_order(quick, number)
    with quick.database.reading() as session:
        periods = [
            (str(p.from_date), str(p.to_date), p.edition)
            for p in session.scalars(select(EditionPeriod).order_by(EditionPeriod.from_date))
        ]
    assert periods == [
        ("1900-01-01", "2016-10-09", "NB2016"),
        ("2016-10-10", "2021-06-30", "NAT2021"),
        ("2021-07-01", "None", "NAT2021"),
    ]
    quick.day("2016-10-10")
    quick.do(waiting, "accept")
    assert (quick.case(waiting).edition, quick.case(running).edition) == ("NAT2021", "NB2016")


@pytest.mark.parametrize(
    "edition, day",
    [
        ("NAT2021", "2016-09-05"),
        ("NAT2021", "2010-01-01"),
        ("NB2016", "2016-10-10"),
        ("NO2030", "2016-10-10"),
    ],
)
def test_an_order_that_cannot_be_is_refused(quick: District, edition, day):
    with pytest.raises(Unmet):
        order(quick, edition, day)
