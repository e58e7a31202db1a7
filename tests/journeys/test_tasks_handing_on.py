"""Giving work on: for good, for an opinion, back to the pool; nobody gets what he could not finish."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.district import BOTH, District
from workflow import tasks
from workflow.actors import Actor
from workflow.errors import ChangedMeanwhile, FormRefused, NotPermitted, Refused, Unmet
from workflow.models import Nudge, Task
from workflow.roles import INVESTIGATOR, SUPERVISOR, TOWN_REVIEWER, WINDOW

WHY = "手里事多，请接办"


def doing(district: District, verb: Callable[..., Any], *args: Any, **more: Any) -> Any:
    """One verb, in a transaction of its own."""
    with district.database.acting() as conn:
        return verb(district.office, conn, *args, now=district.now, **more)


def waiting(district: District, stage: str = "opinion") -> tuple[int, Task]:
    """A case that waits in a stage, and its task."""
    case = district.bring(district.application(), stage)
    return case, district.tasks(case)[0]


def reviewers(district: District) -> list[Actor]:
    return [district.staff(TOWN_REVIEWER, number) for number in (2, 3, 4)]


@BOTH
def test_what_is_given_away_is_the_receivers_for_good(district: District) -> None:
    case, task = waiting(district)
    giver, receiver, _ = reviewers(district)
    doing(district, tasks.claim, task.id, actor=giver)
    doing(district, tasks.transfer, task.id, to=receiver.id, reason=WHY, actor=giver)
    (now_is,) = district.tasks(case)
    assert (now_is.assignee_id, now_is.owner_id) == (receiver.id, None)
    entry = district.journal(case)[-1]
    assert (entry.action, entry.says, entry.reason) == ("transfer", f"转办给{receiver.name}", WHY)
    assert district.messages(case, "assigned")[-1].user_id == receiver.id
    district.refused(NotPermitted, case, "propose_approve", giver)
    with pytest.raises(NotPermitted):
        doing(district, tasks.release, task.id, actor=giver)
    district.do(case, "propose_approve", receiver)
    assert district.broken() == {}


def _barred(district: District, case: int) -> Actor:
    out = district.staff(TOWN_REVIEWER, 4)
    district.do(case, "recuse", out)
    return out


def _had_a_hand(district: District, case: int) -> Actor:
    ids = district.case(case).hands["investigation"]
    return next(actor for actor in district.all_rounders if actor.id in ids)


REFUSED: list[tuple[str, Callable[[District, int], Actor], type[Refused], str]] = [
    ("to himself", lambda district, case: district.staff(TOWN_REVIEWER, 2), Unmet, "自己"),
    ("without the role", lambda district, case: district.staff(WINDOW), Unmet, "不是这个区域"),
    ("to a barred person", _barred, Unmet, "回避"),
    ("against four eyes", _had_a_hand, Unmet, "分离原则"),
]


@pytest.mark.parametrize("verb", [tasks.transfer, tasks.delegate], ids=lambda verb: verb.__name__)
@pytest.mark.parametrize("who, refusal, says", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_nobody_is_given_what_he_may_not_do(
    quick: District,
    verb: Callable[..., Any],
    who: Callable[[District, int], Actor],
    refusal: type[Refused],
    says: str,
) -> None:
    quick.cast["investigation"] = quick.everything
    case, _ = waiting(quick)
    giver, to = quick.staff(TOWN_REVIEWER, 2), who(quick, case)
    (task,) = quick.tasks(case)
    doing(quick, tasks.claim, task.id, actor=giver)
    before = quick.case(case).seq
    with pytest.raises(refusal, match=says):
        doing(quick, verb, task.id, to=to.id, reason=WHY, actor=giver)
    assert quick.tasks(case)[0].assignee_id == giver.id
    assert quick.case(case).seq == before


def test_only_the_holder_gives_his_task_away_and_says_why(quick: District) -> None:
    case, task = waiting(quick)
    holder, other, third = reviewers(quick)
    doing(quick, tasks.claim, task.id, actor=holder)
    for verb in (tasks.transfer, tasks.delegate):
        with pytest.raises(NotPermitted):
            doing(quick, verb, task.id, to=third.id, reason=WHY, actor=other)
        with pytest.raises(FormRefused):
            doing(quick, verb, task.id, to=third.id, reason=" ", actor=holder)
    assert quick.tasks(case)[0].assignee_id == holder.id


@BOTH
def test_a_delegated_task_is_prepared_by_one_and_decided_by_its_owner(district: District) -> None:
    case, task = waiting(district)
    owner, helper, third = reviewers(district)
    doing(district, tasks.claim, task.id, actor=owner)
    doing(district, tasks.delegate, task.id, to=helper.id, reason="请先看案卷", actor=owner)
    for actor in (owner, helper):
        assert "委派中" in str(district.refused(NotPermitted, case, "propose_approve", actor))
    for to, says in ((third, "不能再次委派"), (owner, "不能委派回委派人")):
        with pytest.raises(Unmet, match=says):
            doing(district, tasks.delegate, task.id, to=to.id, reason=WHY, actor=helper)
    with pytest.raises(Unmet, match="不能转办"):
        doing(district, tasks.transfer, task.id, to=third.id, reason=WHY, actor=helper)
    with pytest.raises(FormRefused):
        doing(district, tasks.advise, task.id, opinion="", actor=helper)
    doing(district, tasks.advise, task.id, opinion="材料齐全，建议同意", actor=helper)
    assert district.journal(case)[-1].reason == "材料齐全，建议同意"
    assert district.messages(case, "advised")[0].user_id == owner.id
    assert helper.id in district.case(case).hands["opinion"], "who gave an opinion has had a hand in the case"
    district.do(case, "propose_approve", owner)
    assert district.broken() == {}


def test_a_delegation_is_taken_back_by_its_owner_alone(quick: District) -> None:
    case, task = waiting(quick)
    owner, helper, third = reviewers(quick)
    doing(quick, tasks.claim, task.id, actor=owner)
    doing(quick, tasks.delegate, task.id, to=helper.id, reason=WHY, actor=owner)
    with pytest.raises(NotPermitted):
        doing(quick, tasks.recall, task.id, actor=third)
    doing(quick, tasks.recall, task.id, actor=owner)
    with pytest.raises(NotPermitted):
        doing(quick, tasks.advise, task.id, opinion="同意", actor=helper)
    assert [entry.action for entry in quick.journal(case)][-3:] == ["claim", "delegate", "recall"]
    quick.do(case, "propose_approve", owner)


def test_nobody_takes_what_four_eyes_would_not_let_him_finish(quick: District) -> None:
    quick.cast["investigation"] = quick.everything
    _, task = waiting(quick)
    with pytest.raises(Unmet, match="分离原则"):
        doing(quick, tasks.claim, task.id, actor=quick.everything)


def test_two_reach_for_one_task_and_one_is_told(quick: District) -> None:
    _, task = waiting(quick)
    one, two, _ = reviewers(quick)
    doing(quick, tasks.claim, task.id, actor=one)
    with pytest.raises(ChangedMeanwhile):
        doing(quick, tasks.claim, task.id, actor=two)


@BOTH
def test_a_task_is_urged_once_a_working_day_and_the_next_again(district: District) -> None:
    case, task = waiting(district)
    by = district.staff(SUPERVISOR)
    district.day("2016-09-23")  # a Friday
    doing(district, tasks.urge, case, words="请尽快", actor=by)
    with pytest.raises(Unmet, match="今天已经催办过"):
        doing(district, tasks.urge, case, words="再催一次", actor=by)
    district.day("2016-09-24")  # the Saturday and the Sunday count with the Monday
    doing(district, tasks.urge, case, words="周末也催", actor=by)
    for day in ("2016-09-25", "2016-09-26"):
        district.day(day)
        with pytest.raises(Unmet):
            doing(district, tasks.urge, case, words="又催", actor=by)
    district.day("2016-09-27")
    doing(district, tasks.urge, case, words="请办结", actor=by)
    assert [row.words for row in district.rows(Nudge, task_id=task.id)] == ["请尽快", "周末也催", "请办结"]


def test_every_verb_has_a_word_of_its_own_in_the_journal(quick: District) -> None:
    case, task = waiting(quick)
    one, two, three = reviewers(quick)
    doing(quick, tasks.claim, task.id, actor=one)
    doing(quick, tasks.release, task.id, actor=one)
    doing(quick, tasks.assign, task.id, to=one.id, reason=WHY, actor=quick.staff(SUPERVISOR))
    doing(quick, tasks.transfer, task.id, to=two.id, reason=WHY, actor=one)
    doing(quick, tasks.delegate, task.id, to=three.id, reason=WHY, actor=two)
    doing(quick, tasks.advise, task.id, opinion="同意", actor=three)
    doing(quick, tasks.urge, case, words="请今天办结", actor=quick.staff(SUPERVISOR))
    assert quick.actions_done(case)[-7:] == [
        "claim", "release", "assign", "transfer", "delegate", "advise", "urge",
    ]  # fmt: skip
    assert quick.broken() == {}


def test_an_investigator_is_not_urged_by_one_without_the_right(quick: District) -> None:
    from workflow.desk import rights

    case, _ = waiting(quick)
    with pytest.raises(NotPermitted):
        rights.require("urge", quick.staff(INVESTIGATOR), quick.case(case).area_code)
    rights.require("urge", quick.staff(SUPERVISOR), quick.case(case).area_code)
