"""One window: a family comes once; its needs are assessed once, split into cases of their own, and answered (R649-60; ZJ-53)."""

from typing import Any

from tests.district import District
from tests.hardship import hardship
from tests.journey import Journey
from workflow.acts import read
from workflow.errors import FormRefused, NotPermitted, Unmet
from workflow.facts import Facts
from workflow.models import Case, Deadline, Document, PersonFact
from workflow.roles import VILLAGE_AGENT, WINDOW

TROUBLES = ["living", "medical", "education", "housing", "employment"]
PAPERS = (
    "application",
    "identity",
    "statement",
    "authorisation",
    "undertaking",
    "illness_proof",
    "medical_bill",
    "school_proof",
)


def at_the_window(district: District) -> Journey:
    """The family in hardship has come to the window."""
    return Journey(district, district.open(hardship(district), "intake"))


def told(district: District, case: int) -> dict[str, Any]:
    """What the family answers when it is asked."""
    father, mother, student, grandmother = district.people(case)
    return {
        "bill_total": "86000.00", "bill_insurance": "41000.00", "housing": "dilapidated", "emergency": "none", "disaster": False,
        "supporters": "unable", "no_income": [father, student, grandmother], "no_property": True, "no_disability": True,
        "schooling": [{"person": student, "school": "university"}, *({"person": p, "school": "none"} for p in (father, mother, grandmother))],
        "working": [{"person": father, "work": "unemployed"}, {"person": mother, "work": "employed"}, {"person": student, "work": "none"}],
    }  # fmt: skip


def assessed(district: District) -> Journey:
    """Registered and assessed, with the papers brought once."""
    intake = at_the_window(district)
    district.attach(intake.case, *PAPERS)
    intake.does("登记", troubles=TROUBLES)
    return intake.does("需求评估", **told(district, intake.case))


DECISIONS = [
    {"item": "dibao", "decision": "open"},
    {"item": "medical", "decision": "open"},
    {"item": "education", "decision": "open"},
    {"item": "housing", "decision": "refer", "why": "房屋漏雨，申请危房改造"},
    {"item": "employment", "decision": "not_wanted"},
    {"item": "charity", "decision": "not_wanted"},
]


def decided(**otherwise: str) -> list[dict[str, str]]:
    """The decisions, some made otherwise."""
    return [row | {"decision": otherwise.get(row["item"], row["decision"])} for row in DECISIONS]


def proposal(district: District, case: int, item: str) -> dict[str, Any]:
    return next(one for one in district.case(case).facts["proposals"] if one["item"] == item)


def papers(district: District, case: int) -> set[str]:
    return {paper.kind for paper in district.rows(Document, case)}


def children(district: District, case: int) -> dict[str, Case]:
    return {row.definition: row for row in district.rows(Case, parent_id=case)}


def end_all(district: District, intake: Journey) -> None:
    """Every case opened comes to an end before it has cost anything: withdrawn or discarded."""
    for code, child in children(district, intake.case).items():
        district.do(child.id, "discard" if code in ("medical", "education") else "withdraw")


def test_a_family_comes_once_and_every_help_runs_by_its_own_clock(district: District) -> None:
    intake = assessed(district).stands("已评估", held_by="窗口受理员", due="2016-09-07")
    assert {one["item"]: one["verdict"] for one in district.case(intake.case).facts["proposals"]} == {
        "dibao": "can", "tekun": "can", "medical": "can", "education": "can", "housing": "can", "employment": "can",
        "charity": "can", "low_edge": "cannot", "temporary": "cannot", "disability": "cannot", "disaster": "cannot",
    }  # fmt: skip
    intake.does("分办", decisions=DECISIONS).stands("分办中")
    assert set(children(district, intake.case)) == {"dibao", "medical", "education", "referral"}

    dibao, medical, education, housing = (
        intake.linked(code) for code in ("dibao", "medical", "education", "referral")
    )
    dibao.stands("已提交", held_by="窗口受理员", due="2016-09-12")
    medical.does("提交申请").stands("已提交", due="2016-09-12")
    education.does("提交申请")
    housing.stands("待部门签收", held_by="部门联络员", due="2016-09-07")
    numbers = {district.case(one.case).number for one in (intake, dibao, medical, education, housing)}
    assert len({number[:2] for number in numbers}) == 5, numbers
    assert {"identity", "application"} <= papers(district, dibao.case) & papers(district, medical.case)
    assert "medical_bill" in papers(district, medical.case)
    assert "school_proof" in papers(district, education.case)
    assert not papers(district, housing.case) & {"medical_bill", "illness_proof"}, (
        "a department sees what it needs"
    )

    housing.does("签收").does("答复：已落实").does("告知申请人，办结").ended("served")
    dibao.does("受理", papers=False).stands("已受理")
    district.bring(dibao.case, "on_benefit")
    district.do(medical.case, "accept")
    intake.waits("2016-10-08")  # on benefit from October: the certificate that medical aid goes by
    district.do(medical.case, "pass_on")
    medical.does("拟同意，报审批").does("同意救助").does("登记支付").ended("approved")
    intake.stands("分办中")
    education.does("申请人撤回").ended("withdrawn")

    intake.waits(days=1).stands("待回访", held_by="窗口受理员")
    assert set(district.case(intake.case).facts["results"].values()) == {
        "保障中",
        "已救助",
        "已撤回",
        "已落实",
    }
    intake.does("登记回访", how="phone", answer="satisfied").ended("closed")
    assert district.broken() == {}


def test_what_is_known_is_not_asked_and_what_is_not_known_is_not_guessed(district: District) -> None:
    intake = at_the_window(district).does("登记", troubles=TROUBLES)
    form = intake.blueprint.actions["assess"].form

    def asked() -> set[str]:
        with district.database.acting() as conn:
            case, _ = read(district.office, conn, intake.case)
            return set(
                form.asked(
                    Facts(district.office, conn, intake.blueprint, case, district.staff(WINDOW), district.now)
                )
            )

    assert {"bill_total", "housing", "schooling", "working", "no_income"} <= asked()
    assert "hukou_here" not in asked(), "the register says where they are registered"
    intake.does("需求评估")
    assert proposal(district, intake.case, "dibao")["verdict"] == "unknown"
    assert "周建国的收入" in proposal(district, intake.case, "dibao")["missing"]
    intake.does("补充评估", **told(district, intake.case))
    assert proposal(district, intake.case, "dibao")["verdict"] == "can"
    assert asked() == {"note"}, "nothing is asked twice"
    mother = district.people(intake.case)[1]
    assert {fact.kind: fact.value["present"] for fact in district.rows(PersonFact, person_id=mother)} == {
        "schooling": False, "work": True, "disability": False,
    }, "what was told once is on the family's file"  # fmt: skip
    intake.does("申请人不再申请")
    household = district.case(intake.case).subject_id
    again = Journey(district, district.open(household, "intake")).does("登记")
    with district.database.acting() as conn:
        case, _ = read(district.office, conn, again.case)
        facts = Facts(district.office, conn, intake.blueprint, case, district.staff(WINDOW), district.now)
        names = [row["person"] for row in form.suggests(facts)["schooling"]]
    assert str(mother) not in names, "nor does the next intake ask"


def test_whoever_decides_otherwise_than_the_rules_says_why(district: District) -> None:
    intake = assessed(district)
    intake.cannot("分办", decisions=decided(dibao="not_entitled"), because="与系统建议不同，请写明理由")
    intake.cannot("分办", decisions=decided()[1:], because="还没有决定：最低生活保障")
    intake.cannot(
        "分办",
        decisions=[*decided(), {"item": "temporary", "decision": "refer", "why": "钱"}],
        because="“临时救助”与系统建议不同",
    )
    intake.cannot("分办", decisions=decided(housing="open"), because="不在窗口开办")
    intake.cannot("分办", decisions=[*decided(), DECISIONS[0]], because="写了两行")
    intake.cannot(
        "分办",
        decisions=[*decided(), {"item": "other", "decision": "refer", "why": "咨询遗产继承"}],
        because="转给哪个部门",
    )
    rows = [
        row | ({"why": "车辆超过限额，本人也不愿申请"} if row["item"] == "dibao" else {})
        for row in decided(dibao="not_entitled")
    ]
    intake.does("分办", decisions=[*rows, {"item": "tekun", "decision": "not_wanted"}]).stands("分办中")
    assert "dibao" not in children(district, intake.case)


def test_what_was_decided_is_not_proposed_again_and_what_is_not_known_only_where_it_was_asked_for(
    district: District,
) -> None:
    def proposed(case: int) -> list[str]:
        with district.database.acting() as conn:
            state, _ = read(district.office, conn, case)
            blueprint = district.office.catalogue.of(state)
            facts = Facts(district.office, conn, blueprint, state, district.staff(WINDOW), district.now)
            return [row["item"] for row in blueprint.actions["split"].form.suggests(facts)["decisions"]]

    intake = at_the_window(district).does("登记", troubles=["medical", "sudden"]).does("需求评估")
    assert proposed(intake.case) == ["medical", "temporary"]
    intake.does("补充评估", **told(district, intake.case))
    assert proposed(intake.case) == ["dibao", "medical", "education", "housing", "employment", "charity"]
    intake.does("分办", decisions=DECISIONS)
    assert proposed(intake.case) == [], "beside dibao there is nothing else to be decided"


def test_a_case_under_way_is_not_opened_twice(district: District) -> None:
    intake = assessed(district)
    household = district.case(intake.case).subject_id
    running = district.open(household, "dibao")
    intake.cannot("分办", decisions=DECISIONS, because=district.case(running).number)
    district.do(running, "discard")
    intake.does("分办", decisions=DECISIONS)
    intake.cannot("追加开办或者转办", decisions=DECISIONS[:1], because="不能重复开办")
    intake.does(
        "追加开办或者转办",
        decisions=[{"item": "other", "decision": "refer", "department": "women", "why": "婚姻家庭纠纷调解"}],
    )
    assert len(district.rows(Case, parent_id=intake.case, definition="referral")) == 2


def test_a_family_that_wants_none_of_it_is_answered_at_once(district: District) -> None:
    intake = assessed(district)
    nothing = [{"item": row["item"], "decision": "not_wanted"} for row in DECISIONS] + [
        {"item": "tekun", "decision": "not_wanted"}
    ]
    intake.cannot("分办", decisions=nothing, because="当面答复")
    intake.cannot("无事项可办，当面答复", decisions=DECISIONS, because="请用“分办”")
    intake.does("无事项可办，当面答复", decisions=nothing).ended("answered")


def test_an_agent_registers_on_written_entrustment_only(district: District) -> None:
    intake = Journey(district, district.open(hardship(district), "intake", VILLAGE_AGENT))
    agent = {"channel": "agent", "by_agent": True, "agent_name": "村里的小李"}
    intake.cannot("登记", by=VILLAGE_AGENT, because="委托书", **agent)
    intake.cannot("登记", by=VILLAGE_AGENT, because="村（社区）代办", **agent | {"channel": "window"})
    intake.cannot("登记", by=VILLAGE_AGENT, because="应选“是”", channel="agent", by_agent=False)
    district.attach(intake.case, "entrustment", by=VILLAGE_AGENT)
    intake.does("登记", by=VILLAGE_AGENT, **agent).stands("已登记", held_by="窗口受理员")
    intake.does("需求评估", **told(district, intake.case)).does("分办", decisions=DECISIONS)
    assert "entrustment" in papers(district, intake.linked("dibao").case)


def test_what_comes_from_elsewhere_says_from_where(district: District) -> None:
    intake = at_the_window(district)
    intake.cannot("登记", channel="referred", because="由哪个单位转来")
    intake.does("登记", channel="referred", came_from="区残联").does("申请人不再申请").ended("withdrawn")
    Journey(district, district.open(district.family(), "intake")).does("作废").ended("discarded")


def test_a_near_relative_keeps_out_of_every_case_opened_from_the_window(district: District) -> None:
    intake = at_the_window(district)
    kin = district.staff("investigator")
    intake.does("登记", near_relatives=[{"staff_name": kin.name, "relation": "sibling"}])
    intake.does("需求评估", **told(district, intake.case)).does("分办", decisions=DECISIONS)
    dibao = district.case(intake.linked("dibao").case)
    assert (kin.id in dibao.barred, dibao.facts["near_relative"]) == (True, True)


def test_results_come_back_once_and_the_family_is_called(district: District) -> None:
    intake = assessed(district).does("分办", decisions=DECISIONS)
    intake.waits(days=1).stands("分办中")
    end_all(district, intake)
    district.sweep()
    district.sweep()
    assert district.actions_done(intake.case).count("results_in") == 1
    intake.cannot("多次联系不上，办结", because="至少 3 次")
    for _ in range(3):
        intake.does("登记没有联系上")
    intake.does("多次联系不上，办结").ended("closed")


def test_a_further_need_begins_a_new_intake(district: District) -> None:
    intake = assessed(district).does("分办", decisions=DECISIONS)
    end_all(district, intake)
    district.sweep()
    intake.cannot("登记回访", answer="unsatisfied", because="记下原话")
    intake.cannot("登记回访", answer="further", because="还有哪些困难")
    intake.does("登记回访", answer="further", troubles=["employment"]).ended("closed")
    intake.linked("综合受理").stands("登记中").does("登记", troubles=["employment"]).stands("已登记")


def test_papers_still_valid_are_not_asked_for_again_and_never_grow_younger(district: District) -> None:
    first = assessed(district).does("分办", decisions=DECISIONS)
    end_all(district, first)
    household = district.case(first.case).subject_id
    handed_in = {paper.kind: paper.uploaded_at for paper in district.rows(Document, first.case)}
    district.day("2017-02-01")
    again = (
        Journey(district, district.open(household, "intake"))
        .does("登记")
        .does("需求评估", **told(district, first.case))
    )
    again.does("分办", decisions=DECISIONS)
    dibao = again.linked("dibao").case
    assert papers(district, dibao) == {"identity", "illness_proof"}, (
        "what served one matter alone is asked for anew"
    )
    assert {paper.uploaded_at for paper in district.rows(Document, dibao)} == {handed_in["identity"]}


def test_only_the_window_of_the_town_splits_and_nobody_forces_the_results(district: District) -> None:
    intake = assessed(district)
    district.refused(NotPermitted, intake.case, "split", district.staff(VILLAGE_AGENT), decisions=DECISIONS)
    intake.does("分办", decisions=DECISIONS)
    district.refused(NotPermitted, intake.case, "results_in", district.staff(WINDOW))
    district.refused(NotPermitted, intake.case, "child_ended", district.staff(WINDOW), number="x", result="y")
    assert district.rows(Deadline, intake.case, state="open") == [], "the cases opened have the clocks"


def test_a_form_may_be_refused_without_anything_being_opened(district: District) -> None:
    intake = assessed(district)
    before = len(district.rows(Case))
    district.refused(FormRefused, intake.case, "split", decisions=[{"item": "dibao", "decision": "open"}])
    assert len(district.rows(Case)) == before
    other = district.open(district.family(), "intake")
    assert "委托书" in str(district.refused(Unmet, other, "register", by_agent=True, agent_name="邻居"))
