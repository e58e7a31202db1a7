"""Copies and questions: told without a right to act, read with a receipt, asked and answered in the journal."""

from dataclasses import fields

import pytest

from tests.district import BOTH, District
from tests.journeys.test_tasks_handing_on import doing, waiting
from workflow.desk import asking
from workflow.desk.recusal import recuse
from workflow.errors import FormRefused, NotFound, NotPermitted, Unmet
from workflow.models import CarbonCopy
from workflow.policy import may_read
from workflow.roles import AUDITOR, FINANCE, LIAISON, TOWN_REVIEWER, WINDOW

SEEN = {
    "id",
    "number",
    "definition",
    "stage",
    "opened_on",
    "due_on",
    "closed_on",
    "sender",
    "words",
    "sent_at",
    "read_at",
}
"""All that the reader of a copy sees: no name, no household, no amount, no paper."""


def copied(district: District, user: int) -> list[asking.CopyView]:
    with district.database.reading() as session:
        return asking.copies(session, district.office.catalogue, user)


@BOTH
def test_a_copy_tells_little_gives_no_right_and_has_a_receipt(district: District) -> None:
    case, _ = waiting(district)
    sender, reader = district.staff(TOWN_REVIEWER, 2), district.staff(LIAISON, 2)
    doing(district, asking.send_copy, case, to=[reader.id], words="请知悉", actor=sender)
    (view,) = copied(district, reader.id or 0)
    assert {field.name for field in fields(view)} == SEEN
    assert (view.number, view.stage, view.read_at) == (district.case(case).number, "初审", None)
    assert district.case(case).title not in repr(view)
    assert not may_read(reader, district.case(case))
    district.refused(NotPermitted, case, "propose_approve", reader)
    doing(district, asking.mark_read, view.id, actor=reader)
    assert copied(district, reader.id or 0)[0].read_at == district.now
    assert district.actions_done(case)[-2:] == ["copy", "read_copy"]
    assert district.messages(case, "copied")[0].facts["title"] == ""
    doing(district, asking.mark_read, view.id, actor=reader)
    assert district.actions_done(case).count("read_copy") == 1
    with pytest.raises(NotFound):
        doing(district, asking.mark_read, view.id, actor=district.staff(LIAISON, 3))
    assert district.broken() == {}


def test_nobody_gets_a_second_copy_before_he_has_read_the_first(quick: District) -> None:
    case, _ = waiting(quick)
    sender, reader = quick.staff(TOWN_REVIEWER, 2), quick.staff(LIAISON, 2)
    doing(quick, asking.send_copy, case, to=[reader.id], words="", actor=sender)
    with pytest.raises(Unmet):
        doing(quick, asking.send_copy, case, to=[reader.id], words="", actor=sender)
    assert len(quick.rows(CarbonCopy)) == 1


def test_who_must_keep_out_is_told_nothing(quick: District) -> None:
    case, _ = waiting(quick)
    sender, out = quick.staff(TOWN_REVIEWER, 2), quick.staff(TOWN_REVIEWER, 3)
    doing(quick, asking.send_copy, case, to=[out.id], words="", actor=sender)
    doing(quick, recuse, case, reason="与申请人是亲戚", actor=out)
    assert copied(quick, out.id or 0) == []
    with pytest.raises(NotFound):
        doing(quick, asking.mark_read, quick.rows(CarbonCopy)[0].id, actor=out)
    for verb, to in ((asking.send_copy, [out.id]), (asking.ask, out.id)):
        with pytest.raises(FormRefused, match="回避"):
            doing(quick, verb, case, to=to, words="请问情况", actor=sender)
    with pytest.raises(NotFound):
        doing(quick, asking.ask, case, to=sender.id, words="请问情况", actor=out)


@BOTH
def test_a_question_is_answered_and_both_stand_in_the_journal(district: District) -> None:
    case, _ = waiting(district)
    asker, asked = district.staff(TOWN_REVIEWER, 2), district.staff(WINDOW, 2)
    version = district.case(case).version
    row = doing(district, asking.ask, case, to=asked.id, words="户口簿是原件吗？", actor=asker)
    with pytest.raises(NotFound):
        doing(district, asking.answer, row.id, words="是", actor=asker)
    with pytest.raises(FormRefused):
        doing(district, asking.answer, row.id, words="", actor=asked)
    doing(district, asking.answer, row.id, words="是原件，已核对", actor=asked)
    with pytest.raises(Unmet):
        doing(district, asking.answer, row.id, words="再答一次", actor=asked)
    entries = district.journal(case)[-2:]
    assert [(e.action, e.reason) for e in entries] == [
        ("question", "户口簿是原件吗？"),
        ("answer", "是原件，已核对"),
    ]
    assert [district.messages(case, topic)[0].user_id for topic in ("questioned", "answered")] == [
        asked.id,
        asker.id,
    ]
    assert district.case(case).version == version, "no form on a desk goes stale by it"
    with district.database.reading() as session:
        assert len(asking.questions(session, asked)) == 1
        assert asking.questions(session, district.staff(LIAISON)) == []
    assert district.broken() == {}


def test_one_asks_only_who_may_see_the_case(quick: District) -> None:
    case, _ = waiting(quick)
    with pytest.raises(FormRefused, match="看不到本案"):
        doing(
            quick,
            asking.ask,
            case,
            to=quick.staff(LIAISON, 2).id,
            words="请问情况",
            actor=quick.staff(TOWN_REVIEWER),
        )


def test_the_auditor_only_looks(quick: District) -> None:
    case, _ = waiting(quick)
    for verb, to in ((asking.send_copy, [quick.staff(FINANCE).id]), (asking.ask, quick.staff(WINDOW).id)):
        with pytest.raises(NotPermitted):
            doing(quick, verb, case, to=to, words="请问情况", actor=quick.staff(AUDITOR))
