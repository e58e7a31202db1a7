"""会签、或签、票签、顺序签: rows and tasks a signer, rules, signers added and dropped, never below the minimum."""

import pytest

from tests.workflow.flow.conftest import Stories
from workflow.actors import Actor
from workflow.errors import FormRefused, NotNow, NotPermitted, Unmet
from workflow.models import CasePart, Signature
from workflow.roles import COUNTY_REVIEWER, INVESTIGATOR


def people(stories: Stories, number: int, role: object = COUNTY_REVIEWER) -> list[Actor]:
    return [stories.staff(role, n + 2) for n in range(number)]  # type: ignore[arg-type]


def ask(stories: Stories, part: str, signers: list[Actor], case: int = 0) -> int:
    case = case or stories.begin("county")
    stories.do(case, f"{part}_ask", signers=[one.id for one in signers])
    return case


def sign(stories: Stories, case: int, part: str, who: Actor, opinion: str = "agreed") -> None:
    stories.do(case, f"{part}_sign", who, opinion=opinion, note="意见如此")


def state(stories: Stories, case: int, part: str) -> str:
    return str(stories.rows(CasePart, case, code=part)[-1].state)


def test_each_signer_has_a_task_of_his_own_and_all_must_agree(stories: Stories) -> None:
    a, b, c = people(stories, 3)
    case = ask(stories, "everybody", [a, b])
    assert {t.assignee_id for t in stories.tasks(case) if t.part} == {a.id, b.id}
    assert "还没有签署完毕" in str(stories.refused(Unmet, case, "agree"))
    stories.refused(NotPermitted, case, "everybody_sign", c)
    stories.refused(FormRefused, case, "everybody_sign", a, opinion="disagreed", note="")
    sign(stories, case, "everybody", a)
    stories.refused(NotPermitted, case, "everybody_sign", a)
    sign(stories, case, "everybody", b)
    rows = stories.rows(Signature, case)
    assert [(r.user_id, r.state, r.opinion, r.signed_at is not None) for r in rows] == [
        (a.id, "agreed", "意见如此", True), (b.id, "agreed", "意见如此", True)
    ]  # fmt: skip
    assert state(stories, case, "everybody") == "done"
    assert [t.part for t in stories.tasks(case)] == [""]
    assert set(stories.case(case).hands["county_review"]) >= {a.id, b.id}
    stories.do(case, "agree")
    stories.sound()


def test_one_against_ends_a_round_of_all_and_it_is_no_agreement(quick_stories: Stories) -> None:
    a, b = people(quick_stories, 2)
    case = ask(quick_stories, "everybody", [a, b])
    sign(quick_stories, case, "everybody", b, "disagreed")
    assert state(quick_stories, case, "everybody") == "done"
    assert "没有通过" in str(quick_stories.refused(Unmet, case, "agree"))
    quick_stories.refused(NotPermitted, case, "everybody_sign", a)


@pytest.mark.parametrize(
    "part, opinions, passes",
    [
        ("shared", ["agreed", "agreed"], True), ("shared", ["agreed", "disagreed", "agreed"], True),
        ("shared", ["disagreed", "disagreed"], False), ("two", ["agreed", "disagreed", "agreed"], True),
        ("two", ["disagreed", "disagreed"], False), ("anyone", ["agreed"], True), ("anyone", ["disagreed", "agreed"], True),
        ("anyone", ["disagreed", "disagreed", "disagreed"], False),
    ],
)  # fmt: skip
def test_a_round_ends_as_soon_as_it_is_certain(
    quick_stories: Stories, part: str, opinions: list[str], passes: bool
) -> None:
    signers = people(quick_stories, 3)
    case = ask(quick_stories, part, signers)
    for who, opinion in zip(signers, opinions, strict=False):
        assert state(quick_stories, case, part) == "open"
        sign(quick_stories, case, part, who, opinion)
    assert state(quick_stories, case, part) == "done"
    signing = quick_stories.office.catalogue.get("story", "NB2016").stages["county"]
    rule = next(p.signing for p in signing.parts if p.code == part).rule
    assert rule.verdict(quick_stories.rows(Signature, case)) is passes


def test_votes_weigh_by_role(quick_stories: Stories) -> None:
    (heavy,), light = people(quick_stories, 1), people(quick_stories, 2, INVESTIGATOR)
    case = ask(quick_stories, "votes", [heavy, *light])
    assert sorted(r.weight for r in quick_stories.rows(Signature, case)) == [1, 1, 2]
    sign(quick_stories, case, "votes", heavy)
    assert state(quick_stories, case, "votes") == "done"


def test_in_sequence_only_he_whose_turn_it_is_has_a_task(stories: Stories) -> None:
    (first,), later = people(stories, 1), people(stories, 2, INVESTIGATOR)
    case = ask(stories, "line", [later[1], first, later[0]])
    for who in (first, *later):
        assert [t.assignee_id for t in stories.tasks(case) if t.part] == [who.id]
        if who is first:
            assert "还没有轮到" in str(
                stories.refused(NotPermitted, case, "line_sign", later[0], opinion="agreed")
            )
        sign(stories, case, "line", who)
    assert state(stories, case, "line") == "done"


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_signer_is_added_before_the_others_or_after_them(quick_stories: Stories, place: str) -> None:
    a, b, added = people(quick_stories, 3)
    case = ask(quick_stories, "everybody", [a, b])
    sign(quick_stories, case, "everybody", a)
    quick_stories.do(case, "everybody_add", signers=[added.id], place=place)
    turn = [added, b] if place == "before" else [b, added]
    for who in turn:
        assert [t.assignee_id for t in quick_stories.tasks(case) if t.part] == [who.id]
        sign(quick_stories, case, "everybody", who)
    assert state(quick_stories, case, "everybody") == "done"
    assert "没有正在签署" in str(quick_stories.refused(Unmet, case, "everybody_add", signers=[a.id]))


def test_nobody_signs_twice_in_a_round(quick_stories: Stories) -> None:
    a, b = people(quick_stories, 2)
    case = ask(quick_stories, "everybody", [a, b])
    assert "已经是签署人" in str(
        quick_stories.refused(Unmet, case, "everybody_add", signers=[a.id], place="after")
    )
    quick_stories.refused(Unmet, case, "everybody_ask", signers=[a.id, b.id])


def test_a_round_never_falls_below_the_legal_minimum(stories: Stories) -> None:
    a, b, c = people(stories, 3)
    case = stories.begin("county")
    stories.refused(FormRefused, case, "everybody_ask", signers=[a.id])
    ask(stories, "everybody", [a, b], case)
    assert "至少 2 人" in str(stories.refused(Unmet, case, "everybody_drop", signers=[a.id]))
    stories.do(case, "everybody_add", signers=[c.id], place="after")
    stories.refused(Unmet, case, "everybody_drop", signers=[a.id, b.id])
    stories.do(case, "everybody_drop", signers=[b.id])
    assert {r.user_id: r.state for r in stories.rows(Signature, case)}[b.id] == "dropped"
    sign(stories, case, "everybody", a)
    sign(stories, case, "everybody", c)
    assert state(stories, case, "everybody") == "done"
    stories.sound()


def test_dropping_the_last_who_waits_can_decide_the_round(quick_stories: Stories) -> None:
    a, b, c = people(quick_stories, 3)
    case = ask(quick_stories, "everybody", [a, b, c])
    sign(quick_stories, case, "everybody", a)
    sign(quick_stories, case, "everybody", b)
    quick_stories.do(case, "everybody_drop", signers=[c.id])
    assert state(quick_stories, case, "everybody") == "done"


def test_a_part_that_is_always_signed_begins_with_naming_the_signers(quick_stories: Stories) -> None:
    case = quick_stories.begin("deciding")
    assert {t.part for t in quick_stories.tasks(case)} == {"", "joint"}
    a, b = people(quick_stories, 2)
    quick_stories.do(case, "joint_ask", signers=[a.id, b.id])
    assert "joint" not in {t.part for t in quick_stories.tasks(case)}
    quick_stories.refused(Unmet, case, "decide")
    sign(quick_stories, case, "joint", a)
    sign(quick_stories, case, "joint", b)
    quick_stories.do(case, "decide")
    quick_stories.refused(NotNow, case, "joint_sign", a)
