"""Every rule finds the fault planted for it, and no other rule does."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from definitions import CATALOGUE
from definitions.editions.catalogue import EDITIONS as SHIPPED
from definitions.proving import law
from workflow.catalogue import Catalogue
from workflow.definition_checks import RULES, check, check_law, require_sound
from workflow.definition_checks.words import texts
from workflow.desk.policies import LEAST_LOADED
from workflow.errors import Misdefined
from workflow.flow.returns import returns
from workflow.flow.revoking import Compensation, revokes
from workflow.flow.signing import Signing, all_of, any_of, count, weighted
from workflow.forms import Choice, Form, LongText, Reason, Rows, Staff, Text, Whole
from workflow.periods import Days, Hours, Workdays
from workflow.roles import COUNTY_APPROVER, INVESTIGATOR, LINKED, SYSTEM, TOWN_REVIEWER, WINDOW, Role
from workflow.vocabulary import (
    Definition,
    Extension,
    Limit,
    Minimum,
    PapersLater,
    Part,
    Span,
    Stage,
    action,
    again,
    from_any,
    stays,
)

EDITIONS = ("NB2016", "NAT2021")


class Why(Form):
    reason = Reason("理由")


def the_whole(**more) -> Span:
    words = {"until": (), "source": "X-2", "held_by": TOWN_REVIEWER} | more
    return Span("whole", "总时限", since=("accept",), rule=Workdays(15), **words)


def build(**changes):
    """A sound little definition with some of its words changed; None takes one away."""
    draft = Stage("草稿", held_by=WINDOW, todo="填写", no_limit="尚未提交", initial=True)
    review = Stage(
        "审核",
        held_by=TOWN_REVIEWER,
        todo="审核",
        within="whole",
        parts=(Part("visit", "入户", INVESTIGATOR, "走访"),),
    )
    decision = Stage("审批", held_by=COUNTY_APPROVER, todo="审批", limit=Limit(Workdays(3), "X-3"))
    approved = Stage("已批准", final=True, result="approved")
    refused = Stage("不予批准", final=True, result="refused", refusal=True)
    stages = {
        "draft": draft,
        "review": review,
        "decision": decision,
        "approved": approved,
        "refused": refused,
    }
    given = changes.pop("stages", dict)
    stages |= given() if callable(given) else given
    s = type("Stages", (), stages)
    body = {
        "code": "toy", "editions": ("NB2016",), "title": "玩具", "prefix": "WJ", "opened_by": (WINDOW,),
        "spans": (the_whole(),), "steps": ("review", "decision"), **stages,
        "accept": action("受理", s.draft.to(s.review), by=WINDOW, says="受理了"),
        "visit": action("走访", stays(s.review), by=INVESTIGATOR, says="走访了", completes="visit", hand="investigation"),
        "forward": action("报送", s.review.to(s.decision), by=TOWN_REVIEWER, says="报送了", hand="opinion"),
        "approve": action("批准", s.decision.to(s.approved), by=COUNTY_APPROVER, says="批准了", decides=True,
                          apart_from=("investigation", "opinion"), primary=True),
        "refuse": action("不予批准", s.decision.to(s.refused), by=COUNTY_APPROVER, says="不予批准", form=Why, decides=True,
                         apart_from=("investigation", "opinion")),
    }  # fmt: skip
    for name, change in changes.items():
        body[name] = change(s) if callable(change) and not isinstance(change, type) else change
    return type("Toy", (Definition,), {name: value for name, value in body.items() if value is not None})


def rules_broken(*definitions) -> set[str]:
    return {finding.rule for finding in check(Catalogue(definitions), EDITIONS)}


def held(label="另设", **more) -> Stage:
    words = {"held_by": TOWN_REVIEWER, "todo": "办理", "no_limit": "未定"} | more
    return Stage(label, **words)


def word(label, moves, **more):
    return lambda s: action(label, moves(s), **({"by": TOWN_REVIEWER, "says": "办了"} | more))


def asks(form):
    return {"note": word("登记", lambda s: stays(s.review), form=form)}


def questions(**fields):
    return type("Asked", (Form,), fields)


def in_review(**changes):
    words = {
        "held_by": TOWN_REVIEWER,
        "todo": "审核",
        "within": "whole",
        "parts": (Part("visit", "入户", INVESTIGATOR, "走访"),),
    }
    return {"stages": lambda: {"review": Stage("审核", **(words | changes))}}


def in_visit(**changes):
    return in_review(parts=(replace(Part("visit", "入户", INVESTIGATOR, "走访"), **changes),))


def at_end(**changes):
    return {
        "stages": lambda: {"approved": Stage("已批准", **({"final": True, "result": "approved"} | changes))}
    }


def nothing(session, case, form, actor, now):
    """An effect."""


def published(*, straight: bool = False, withdrawable: bool = False):
    """A notice hangs between review and decision; what the decision sends back may go straight on, or the forwarding be taken back."""
    changes = {
        "stages": lambda: {"posted": held("公示", minimum=Minimum(Days(7), "X-6"))},
        "forward": word("报送", lambda s: s.review.to(s.posted), hand="opinion", withdrawable=withdrawable),
        "hung": word("揭下", lambda s: s.posted.to(s.decision)),
    }
    if straight:
        changes["back"] = lambda s: returns(
            "退回", {s.decision: (s.review,)}, source="X-9", straight_back=(s.review,)
        )
    return changes


def looked_up(**part):
    """The visit is a linked case of the same kind."""
    return in_visit(opens="toy", **part) | {
        "visit": word("走访", lambda s: stays(s.review), by=LINKED, completes="visit", hand="investigation")
    }


def signed(**words):
    """The decision is signed by several."""
    given = {"rule": all_of(), "by": (COUNTY_APPROVER,), "source": "X-9"} | words
    joint = Part("joint", "会商", COUNTY_APPROVER, "会签", signing=Signing(**given))
    limit = Limit(Workdays(3), "X-3")
    return {
        "stages": lambda: {
            "decision": Stage("审批", held_by=COUNTY_APPROVER, todo="审批", limit=limit, parts=(joint,))
        }
    }


def reads_too_much(session, case, form, actor, now):
    """An effect that asks for an answer nobody gives."""
    case.facts["size"] = form["size"]


def reads_through_another(session, case, form, actor, now):
    reads_too_much(session, case, form, actor, now)


def writes_first(session, case, form, actor, now):
    form["size"] = "m"


def small_only(facts):
    assert facts.form["size"] == "s"


NOBODY = Role("nobody", "无此岗位", ("town",))
OPEN_ENDED = {
    "validate_trap_states": False,
    "validate_final_reachability": False,
    "validate_disconnected_states": False,
}
GO_BACK = word("退回", lambda s: s.decision.to(s.review), by=COUNTY_APPROVER)

FAULTS = [
    ("stage_is_reachable", {"stages": lambda: {"lost": held()}, "leave": word("离开", lambda s: s.lost.to(s.approved))} | OPEN_ENDED),
    ("stage_can_end", {"stages": lambda: {"trap": held()}, "enter": word("进入", lambda s: s.review.to(s.trap)),
                       "wait": word("等待", lambda s: stays(s.trap))} | OPEN_ENDED),
    ("stage_is_held", in_review(held_by=None, no_limit="")),
    ("stage_is_held", in_review(todo="")),
    ("stage_is_timed", in_review(within="", limit=None, parts=(Part("visit", "入户", INVESTIGATOR, "走访", no_limit="未定"),))),
    ("stage_is_timed", in_review(no_limit="又说没有时限")),
    ("holder_can_act", in_review(held_by=WINDOW)),
    ("part_is_held", in_visit(todo="")),
    ("part_is_timed", in_review(within="", no_limit="未定")),
    ("part_can_be_done", {"visit": word("走访", lambda s: stays(s.review), completes="visit", hand="investigation")}),
    ("part_can_be_done", in_visit(opens="toy")),
    ("part_opens_a_definition", in_visit(opens="nothing")
        | {"visit": word("走访", lambda s: stays(s.review), by=LINKED, completes="visit", hand="investigation")}),
    ("parts_never_strand", {"forward": word("报送", lambda s: s.review.to(s.decision), hand="opinion", completes="visit",
                                            by=(TOWN_REVIEWER, INVESTIGATOR)),
                            "note": word("登记", lambda s: stays(s.review))}),
    ("final_stage_rests", at_end(result="")),
    ("final_stage_rests", at_end(no_limit="", held_by=WINDOW)),
    ("final_stage_rests", in_review(result="approved")),
    ("refusal_is_marked", at_end(result="not_accepted")),
    ("words_are_chinese", {"title": "toy"}),
    ("words_are_chinese", {"note": word("note", lambda s: stays(s.review))}),
    ("words_are_chinese", {"note": word("登记", lambda s: stays(s.review), says="noted")}),
    ("words_are_chinese", in_visit(label="visit")),
    ("codes_fit", {"n" * 41: word("登记", lambda s: stays(s.review))}),
    ("prefix_is_its_own", {"prefix": "wj-1"}),
    ("edition_exists", {"editions": ("NB1999",)}),
    ("steps_name_stages", {"steps": ("review", "nowhere")}),
    ("steps_name_stages", {"steps": ("review", "review")}),
    ("opened_by_people", {"opened_by": (SYSTEM,)}),
    ("time_has_source", {"spans": (the_whole(source=""),)}),
    ("time_has_source", {"stages": lambda: {"decision": Stage("审批", held_by=COUNTY_APPROVER, todo="审批", limit=Limit(Workdays(3), ""))}}),
    ("time_has_source", in_review(minimum=Minimum(Days(7), ""))),
    ("time_has_source", in_visit(limit=Limit(Days(5), ""))),
    ("time_has_source", {"spans": (the_whole(extension=Extension(Workdays(20), {"many": "人数众多"}, "")),)}),
    ("span_names_actions", {"spans": (the_whole(until=("nothing",)),)}),
    ("span_names_actions", {"spans": (the_whole(held_by=SYSTEM),)}),
    ("within_names_a_span", in_review(within="nothing")),
    ("span_runs_within", {"spans": (the_whole(until=("forward",)),), "back": GO_BACK}),
    ("extension_is_longer", {"spans": (the_whole(extension=Extension(Workdays(15), {"many": "人数众多"}, "X-4")),)}),
    ("extension_is_longer", {"spans": (the_whole(extension=Extension(Workdays(20), {}, "X-4")),)}),
    ("waiting_is_known", in_review(waits_for="godot")),
    ("minimum_is_in_days", in_review(within="", limit=Limit(Days(5), "X-5"), minimum=Minimum(Hours(24), "X-6"))),
    ("minimum_fits_the_limit", in_review(within="", limit=Limit(Days(5), "X-5"), minimum=Minimum(Days(7), "X-6"))),
    ("time_decides_nothing", {"lapse": word("到期", lambda s: s.review.to(s.approved), by=SYSTEM)}),
    ("time_decides_nothing", {"lapse": word("到期", lambda s: s.review.to(s.refused), by=SYSTEM, source="X-7", form=Why)}),
    ("time_decides_nothing", {"lapse": word("到期", lambda s: s.review.to(s.approved), by=(SYSTEM, COUNTY_APPROVER), source="X-7",
                                            decides=True, apart_from=("investigation", "opinion"))}),
    ("action_speaks", {"note": word("", lambda s: stays(s.review))}),
    ("action_speaks", {"note": word("登记", lambda s: stays(s.review), says="")}),
    ("action_speaks", {"note": word("登记", lambda s: stays(s.review), by=())}),
    ("action_speaks", {"note": word("登记", lambda s: stays(s.review), by=NOBODY)}),
    ("action_means_one_thing", {"note": word("登记", lambda s: s.review.to(s.approved) | s.review.to(s.decision))}),
    ("action_means_one_thing", {"note": word("登记", lambda s: stays(s.review) | again(s.decision))}),
    ("labels_differ", {"note": word("报送", lambda s: stays(s.review))}),
    ("one_primary_action", {"note": word("缓办", lambda s: stays(s.decision), by=COUNTY_APPROVER, primary=True)}),
    ("one_primary_action", {"note": word("接收", lambda s: stays(s.decision), by=LINKED, primary=True)}),
    ("unattended_has_no_hands", {"note": word("接收", lambda s: stays(s.review), by=SYSTEM, source="X-8", hand="check")}),
    ("refusal_has_reason", {"deny": word("驳回", lambda s: s.review.to(s.refused))}),
    ("refusal_has_reason", {"deny": word("驳回", lambda s: s.review.to(s.refused), form=questions(reason=LongText("理由")))}),
    ("refusal_has_reason", {"deny": word("驳回", lambda s: s.review.to(s.refused), form=questions(reason=Reason("理由", required=False)))}),
    ("decision_keeps_four_eyes", {"grant": word("直接批准", lambda s: s.review.to(s.approved), decides=True)}),
    ("decision_keeps_four_eyes", {"grant": word("直接批准", lambda s: s.review.to(s.approved), decides=True, apart_from=("opinion",))}),
    ("decision_keeps_four_eyes", {"grant": word("直接批准", lambda s: s.review.to(s.approved), decides=True,
                                                apart_from=("investigation",))}),
    ("decision_keeps_four_eyes", {"note": word("登记", lambda s: stays(s.review), hand="thumb")}),
    ("decision_keeps_four_eyes", {"note": word("登记", lambda s: stays(s.review), apart_from=("county_visit",))}),
    ("decision_keeps_four_eyes", {"note": word("登记", lambda s: stays(s.review), hand="check", apart_from=("check",))}),
    ("completes_names_a_part", {"note": word("登记", lambda s: stays(s.decision), by=COUNTY_APPROVER, completes="visit")}),
    ("field_is_labelled", asks(questions(name=Text("name")))),
    ("field_is_labelled", asks(questions(rows=Rows("人员", {"age": Whole("")})))),
    ("choice_has_answers", asks(questions(kind=Choice("种类", {})))),
    ("choice_has_answers", asks(questions(who=Staff("办理人")))),
    ("choice_has_answers", asks(questions(rows=Rows("人员", {})))),
    ("condition_names_a_field", asks(questions(name=Text("姓名", only_if="nothing")))),
    ("return_goes_back", {"back": lambda s: returns("退回", {s.review: (s.decision,)}, source="X-9")}),
    ("return_goes_back", {"aside": word("改由另办", lambda s: s.draft.to(s.other), by=WINDOW), "end": word("办结", lambda s: s.other.to(s.approved)),
                          "stages": lambda: {"other": held()}, "back": lambda s: returns("退回", {s.decision: (s.other,)}, source="X-9")}),
    ("straight_back_skips_no_legal_step", published(straight=True)),
    ("returned_parts_can_be_ended", looked_up() | {"back": lambda s: returns("退回", {s.review: (s.draft,)}, source="X-9")}),
    ("returned_parts_can_be_ended", looked_up(ends="nothing")),
    ("taken_back_leaves_nothing", {"note": word("登记", lambda s: stays(s.review), withdrawable=True)}),
    ("taken_back_leaves_nothing", {"note": word("登记", lambda s: stays(s.review), undo=(nothing,))}),
    ("taken_back_leaves_nothing", {"pass_": word("转交", lambda s: s.review.to(s.decision), effects=(nothing,), withdrawable=True)}),
    ("taken_back_leaves_nothing", {"end": word("办结", lambda s: s.review.to(s.approved), withdrawable=True)}),
    ("taken_back_leaves_nothing", looked_up() | {"accept": word("受理", lambda s: s.draft.to(s.review), by=WINDOW, withdrawable=True)}),
    ("taken_back_leaves_nothing", published(withdrawable=True)),
    ("signing_is_lawful", signed(rule=any_of())),
    ("signing_is_lawful", signed(source="")),
    ("signing_is_lawful", signed(by=(LINKED,))),
    ("signing_is_lawful", signed(minimum=1)),
    ("signing_is_lawful", signed(rule=count(3))),
    ("signing_is_lawful", signed(rule=weighted(1, 2, {"county_approver": 2}, ""))),
    ("signing_is_lawful", signed(rule=weighted(1, 2, {"window_clerk": 2}, "X-9"))),
    ("revocation_names_what_it_undoes", {"undo": lambda s: revokes("撤销", s.review, s.decision, source="X-9")}),
    ("revocation_names_what_it_undoes", {"undo": lambda s: revokes("撤销", s.approved, s.decision, source="X-9"),
                                         "undo_too": lambda s: revokes("再撤销", s.approved, s.decision, source="X-9")}),
    ("revocation_names_what_it_undoes", {"undo": lambda s: revokes("撤销", s.approved, s.decision, source="X-9", compensations=(
        Compensation("", nothing, after=(s.review,)),))}),
    ("revocation_names_what_it_undoes", {"undo": lambda s: revokes("撤销", s.approved, s.decision, source="X-9", compensations=(
        Compensation("撤下公示", nothing, after=()),))}),
    ("later_papers_are_known", {"hurry": word("先行报送", lambda s: s.review.to(s.decision), papers_later=PapersLater(("x",), Limit(Days(5), "X-9")))}),
    ("later_papers_are_known", {"hurry": word("先行报送", lambda s: s.review.to(s.decision), papers_later=PapersLater((), Limit(Days(5), "X-9")))}),
    ("later_papers_are_known", {"papers": {"x": "证明"}, "hurry": word("先行报送", lambda s: s.review.to(s.decision),
                                                                   papers_later=PapersLater(("x",), Limit(Days(5), "")))}),
    ("later_papers_are_known", {"papers": {"x": "证明"}, "hurry": word("先行登记", lambda s: stays(s.review),
                                                                   papers_later=PapersLater(("x",), Limit(Days(5), "X-9")))}),
    ("action_can_be_done", {"straight": word("直送", lambda s: s.review.to(s.decision), straight_back=True)}),
    ("assigning_needs_a_holder", in_visit(opens="toy", assigns=LEAST_LOADED)
        | {"visit": word("走访", lambda s: stays(s.review), by=LINKED, completes="visit", hand="investigation")}),
    ("assigning_needs_a_holder", at_end(pauses=True)),
    ("assigning_needs_a_holder", at_end(assigns=LEAST_LOADED)),
    ("answer_is_asked_for", {"note": word("登记", lambda s: stays(s.review), effects=(reads_too_much,))}),
    ("answer_is_asked_for", {"note": word("登记", lambda s: stays(s.review), effects=(reads_through_another,))}),
    ("answer_is_asked_for", {"note": word("登记", lambda s: stays(s.review), guards=(small_only,))}),
    ("offering_asks_no_answer", {"note": word("登记", lambda s: stays(s.review), when=(small_only,), form=questions(size=Text("尺码")))}),
    ("names_are_not_the_engines", {"take_back": word("拿回", lambda s: stays(s.review))}),
]  # fmt: skip


def test_a_sound_definition_has_no_finding():
    assert check(Catalogue((build(),)), EDITIONS) == []


@pytest.mark.parametrize("rule, changes", FAULTS, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(FAULTS)])
def test_a_planted_fault_is_found_by_exactly_its_rule(rule, changes):
    assert rules_broken(build(**changes)) == {rule}


def test_definitions_do_not_share_a_prefix():
    assert rules_broken(build(), build(code="other")) == {"prefix_is_its_own"}


def test_editions_of_one_definition_share_their_prefix():
    assert rules_broken(build(), build(editions=("NAT2021",), prefix="WX")) == {"prefix_is_its_own"}


def test_a_binding_action_is_there_in_every_edition():
    binding = {"accept": word("受理", lambda s: s.draft.to(s.review), by=WINDOW, binds=True)}
    renamed = {"take": word("收下", lambda s: s.draft.to(s.review), by=WINDOW), "accept": None,
               "spans": (Span("whole", "总时限", since=("take",), until=(), rule=Workdays(15), source="X-2", held_by=TOWN_REVIEWER),)}  # fmt: skip
    assert rules_broken(build(**binding), build(editions=("NAT2021",), **renamed)) == {
        "binding_reaches_all_editions"
    }


def test_a_text_without_translation_is_named():
    known = {text for _, text in texts(Catalogue((build(),)).get("toy", "NB2016"))}
    assert check(Catalogue((build(),)), EDITIONS, known) == []
    found = check(Catalogue((build(title="新玩具"),)), EDITIONS, known)
    assert {(one.rule, one.place) for one in found} == {("text_is_translated", "")}
    assert {one.message.split("”")[0] for one in found} == {"“新玩具", "“开办新玩具"}


OF_SEVERAL = {"binding_reaches_all_editions", "text_is_translated"}
"""Planted in tests of their own: they need more than one definition, or a catalogue of texts."""


def test_every_rule_has_a_planted_fault():
    assert set(RULES) - {rule for rule, _ in FAULTS} == OF_SEVERAL


@pytest.mark.parametrize(
    "form, effects",
    [(questions(size=Text("尺码")), (reads_too_much,)), (Form, (writes_first, reads_too_much))],
)
def test_an_answer_that_is_asked_for_or_written_before_is_known(form, effects):
    assert (
        rules_broken(build(note=word("登记", lambda s: stays(s.review), form=form, effects=effects))) == set()
    )


def test_straight_back_follows_a_return_from_there():
    back = {"straight": word("直送", lambda s: s.review.to(s.decision), straight_back=True),
            "back": word("退回", lambda s: s.decision.to(s.review), by=COUNTY_APPROVER, sends_back=True)}  # fmt: skip
    assert "action_can_be_done" not in rules_broken(build(**back))


def test_what_ships_is_clean():
    assert [str(finding) for finding in [*check(CATALOGUE, SHIPPED), *check_law(law())]] == []


def give_hand(session, case, form, actor, now):
    case.add_hand("county_visit", 7)


def give_hand_through_another(session, case, form, actor, now):
    give_hand(session, case, form, actor, now)


@pytest.mark.parametrize("effect", [give_hand, give_hand_through_another])
def test_a_hand_given_by_an_effect_counts(effect):
    noted = word("登记", lambda s: stays(s.review), effects=(effect,), apart_from=("county_visit",))
    assert rules_broken(build(note=noted)) == set()


def test_a_stage_without_holder_may_wait_for_another_case():
    waiting = {"stages": lambda: {"away": Stage("等待关联案件", no_limit="由关联案件计时")},
               "hand_over": word("送出", lambda s: s.review.to(s.away)), "come": word("收回", lambda s: s.away.to(s.approved), by=LINKED)}  # fmt: skip
    assert rules_broken(build(**waiting)) == set()


def test_a_refused_letter_may_be_served_after_the_refusing_stage():
    serving = {"stages": lambda: {"refused": Stage("不予批准", final=True, result="refused"),
                                  "refusing": Stage("待送达", held_by=WINDOW, todo="送达", limit=Limit(Days(3), "X-9"), refusal=True)},
               "refuse": word("不予批准", lambda s: s.decision.to(s.refusing), by=COUNTY_APPROVER, form=Why),
               "serve": word("送达", lambda s: s.refusing.to(s.refused), by=WINDOW)}  # fmt: skip
    assert rules_broken(build(**serving)) == set()


def test_a_finding_names_file_line_and_mend():
    [finding] = check(Catalogue((Mistaken,)), EDITIONS)
    source = Path(finding.file).read_text(encoding="utf-8").splitlines()
    assert (finding.rule, finding.definition, finding.place) == ("time_has_source", "mistaken", "waiting")
    assert 'waiting = Stage("等待"' in source[finding.line - 1]
    assert "请写 source=" in str(finding)


def test_the_engine_refuses_to_start_with_a_broken_definition():
    require_sound(Catalogue((build(),)), EDITIONS)
    with pytest.raises(Misdefined, match="时限没有依据"):
        require_sound(Catalogue((Mistaken,)), EDITIONS)


def test_ten_definitions_are_checked_in_a_moment():
    catalogue = Catalogue(tuple(build(code=f"toy{n}", prefix="W" + chr(65 + n)) for n in range(10)))
    fastest = 1.0
    for _ in range(5):
        begun = time.perf_counter()
        require_sound(catalogue, EDITIONS)
        fastest = min(fastest, time.perf_counter() - begun)
    assert fastest < 0.05


class Mistaken(Definition):
    code, editions, title, prefix = "mistaken", ("NB2016",), "写错的流程", "XC"
    waiting = Stage("等待", held_by=WINDOW, todo="办理", limit=Limit(Days(5), ""), initial=True)
    over = Stage("办结", final=True, result="done")
    finish = action("办结", from_any(over, waiting), by=WINDOW, says="办结了")
