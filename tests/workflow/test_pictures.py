"""What the pictures of a definition say is what the definition says, and nothing in them needs a script or a style."""

import json
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from statemachine.io import load

from workflow import pictures
from workflow.catalogue import Blueprint, Catalogue
from workflow.errors import Refused
from workflow.forms import Choice, Form, Reason
from workflow.periods import Days, Workdays
from workflow.pictures.layout import Arc, Node, lay_out, rank
from workflow.pictures.lettering import balanced, width, wrap
from workflow.pictures.outline import Heat
from workflow.pictures.scene import plan, scene_of
from workflow.roles import COUNTY_APPROVER, INVESTIGATOR, SYSTEM, TOWN_REVIEWER, WINDOW
from workflow.vocabulary import Definition, Limit, Minimum, Part, Span, Stage, action, again, from_any, stays

BPMN, BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/MODEL}", "{http://www.omg.org/spec/BPMN/20100524/DI}"
SVG = "{http://www.w3.org/2000/svg}"


class Why(Form):
    reason = Reason("不同意的理由")
    kind = Choice("类别", {"income": "收入", "assets": "财产"}, required=False)


def tell(session, case, form, actor, now):
    case.facts["told"] = True


class Toy(Definition):
    code, editions, title, prefix, opened_by = "toy", ("NB2016",), "玩具", "WJ", (WINDOW,)
    spans = (Span("whole", "总时限", ("accept",), (), Workdays(15), "X-2", TOWN_REVIEWER),)
    steps = ("review", "posting", "decision")
    draft = Stage("草稿", held_by=WINDOW, todo="填写", no_limit="尚未提交", initial=True)
    review = Stage(
        "审核",
        held_by=TOWN_REVIEWER,
        todo="审核",
        within="whole",
        parts=(Part("visit", "入户", INVESTIGATOR, "走访"),),
    )
    posting = Stage(
        "公示", held_by=WINDOW, todo="揭下公示", minimum=Minimum(Days(7), "X-4"), limit=Limit(Days(9), "X-5")
    )
    decision = Stage("审批", held_by=COUNTY_APPROVER, todo="审批", limit=Limit(Workdays(3), "X-3"))
    approved = Stage("已批准", final=True, result="approved")
    refused = Stage("不予批准", final=True, result="refused", refusal=True)
    withdrawn = Stage("已撤回", final=True, result="withdrawn")
    accept = action("受理", draft.to(review), by=WINDOW, says="受理了", source="X-1")
    visit = action("走访", stays(review), by=INVESTIGATOR, says="走访了", completes="visit")
    post = action("张贴", review.to(posting), by=WINDOW, says="张贴了")
    repost = action("重贴", again(posting), by=WINDOW, says="重新张贴")
    take_down = action("揭下", posting.to(decision), by=WINDOW, says="揭下了")
    object_ = action("有异议，退回", from_any(review, posting, decision), by=WINDOW, says="收到异议")
    approve = action("批准", decision.to(approved), by=COUNTY_APPROVER, says="批准了", effects=(tell,))
    refuse = action("不予批准", decision.to(refused), by=COUNTY_APPROVER, says="不予批准", form=Why)
    withdraw = action("撤回", from_any(withdrawn, draft, review, posting, decision), by=WINDOW, says="撤回了")
    lapse = action("清理草稿", draft.to(withdrawn), by=SYSTEM, says="清理了", source="X-6")


@pytest.fixture(scope="module")
def toy() -> Blueprint:
    return Blueprint(Toy)


def test_the_table_names_every_stage_action_role_limit_and_source(toy):
    page = pictures.md(toy)
    for said in ("审核** `review`", "乡镇审核人", "总时限：15 个工作日", "X-2", "尚未提交", "7 天（X-4）", "办结 `refused`",
                 "入户** `visit`", "不同意的理由；类别（可不填）", "`tell`", "公开步骤：审核 → 公示 → 审批"):  # fmt: skip
        assert said in page
    assert all(f"`{code}`" in page for code in (*toy.stages, *toy.actions))


def test_a_bar_in_a_label_does_not_break_the_table(toy):
    changed = Blueprint(Toy)
    changed.actions["accept"] = replace(toy.actions["accept"], says="受理|转办")
    row = next(line for line in pictures.md(changed).splitlines() if "`accept`" in line)
    assert len(re.findall(r"(?<!\\)\|", row)) == len(
        re.findall(
            r"(?<!\\)\|", "| 操作 | 办理岗位 | 从 | 到 | 填写 | 前提 | 效果 | 分离 | 办理日志 | 依据 |"
        )
    )


def test_the_mermaid_diagram_has_every_stage_and_every_way(toy):
    diagram = pictures.mermaid(toy)
    assert diagram.startswith("stateDiagram-v2")
    assert 's_review"' not in diagram
    assert 'state "审核 · 乡镇审核人 · 总时限：15 个工作日" as s_review' in diagram
    assert "[*] --> s_draft" in diagram
    assert "s_draft --> s_withdrawn : 撤回 / 清理草稿" in diagram
    assert "s_posting --> s_posting : 重贴" in diagram
    assert "s_review --> s_review" not in diagram
    assert "s_approved --> [*]" in diagram


def test_the_text_tells_where_the_case_is_and_where_it_may_go(toy):
    told = pictures.text(toy, done=("draft",), current="review")
    assert "1. ［已办］草稿：窗口受理员，尚未提交" in told
    assert "2. ［现在］审核：乡镇审核人，总时限：15 个工作日" in told
    assert "→ 张贴：3 公示" in told
    assert "· 在本环节还可以：走访" in told


def test_the_drawing_is_well_formed_and_names_every_stage(toy):
    root = ET.fromstring(pictures.svg(toy))
    assert {node.get("data-stage") for node in root.iter() if node.get("data-stage")} == set(toy.stages)
    words = "".join(node.text or "" for node in root.iter(f"{SVG}text"))
    assert all(stage.label in words for stage in toy.stages.values())
    assert all(word.label in words for word in toy.actions.values() if not word.stays)


def test_the_drawing_needs_no_style_and_no_script(toy):
    root = ET.fromstring(pictures.svg(toy, done=("draft",), current="review"))
    for node in root.iter():
        assert node.tag not in {f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject"}
        assert not [name for name in node.attrib if name == "style" or name.startswith("on")]


def test_the_drawing_has_a_title_and_a_text_equivalent(toy):
    root = ET.fromstring(pictures.svg(toy, current="review"))
    said = {node.get("id"): node.text for node in (root.find(f"{SVG}title"), root.find(f"{SVG}desc"))}
    assert root.get("aria-labelledby").split() == list(said)
    assert "玩具" in said["map-toy-nb2016"]
    assert said["map-toy-nb2016-text"] == pictures.text(toy, current="review")


def test_only_a_case_s_map_marks_done_and_now(toy):
    assert "现在" not in pictures.svg(toy)
    marked = pictures.svg(toy, done=("draft",), current="review")
    assert marked.count(">现在<") == 1
    assert marked.count(">✓<") == 1


def test_the_map_tells_who_did_what_is_done(toy):
    notes = {"draft": "王芳 09-12"}
    assert ">✓ 王芳 09-12<" in pictures.svg(toy, done=("draft",), current="review", notes=notes)
    assert "1. ［已办 王芳 09-12］草稿" in pictures.text(toy, done=("draft",), current="review", notes=notes)


def test_the_map_shows_counts_and_warmth_and_says_them_in_text(toy):
    heat = {"review": Heat("3 次 · 5 天", 4), "draft": Heat("1 次")}
    drawn = ET.fromstring(pictures.svg(toy, heat=heat))
    fills = {
        node.get("data-stage"): node.find(f"{SVG}rect").get("fill")
        for node in drawn.iter(f"{SVG}g")
        if node.get("data-stage")
    }
    assert len({fills["review"], fills["draft"]}) == 2
    assert fills["draft"] == fills["posting"]
    words = [node.text for node in drawn.iter(f"{SVG}text")]
    assert {"3 次 · 5 天", "1 次"} <= set(words)
    assert "   ⌛ 3 次 · 5 天" in pictures.text(toy, heat=heat)


def test_the_drawing_speaks_the_reader_s_language(toy):
    english = {"审核": "Review", "受理": "Accept", "现在": "now"}
    drawn = pictures.svg(toy, current="review", translate=lambda text: english.get(text, text))
    assert ">2 Review<" in drawn
    assert ">now<" in drawn
    assert ">2 审核<" not in drawn


def test_nothing_empty_is_asked_to_be_translated(toy):
    asked = []
    pictures.svg(toy, current="review", translate=lambda text: asked.append(text) or text)
    assert asked
    assert "" not in asked


def test_a_label_that_looks_like_markup_is_written_as_text(toy):
    assert "&lt;b&gt;审核" in pictures.svg(toy, translate=lambda text: "<b>审核" if text == "审核" else text)


def test_boxes_and_labels_never_overlap(toy):
    for column in plan(scene_of(toy, str)).columns:
        layout = column.layout
        boxes = [
            (x - 98, y, x + 98, y + box.height) for box in column.boxes for x, y in [layout.places[box.code]]
        ]
        labels = [
            (
                r.label[0] - r.arc.width // 2,
                r.label[1] - r.arc.height // 2,
                r.label[0] + r.arc.width // 2,
                r.label[1] + r.arc.height // 2,
            )
            for r in layout.routes
        ]
        assert not clashes(boxes + labels)


def clashes(areas):
    return [
        (one, other)
        for number, one in enumerate(areas)
        for other in areas[:number]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]


def test_arrows_lead_from_their_source_to_their_target():
    nodes = [Node(code, 100, 40) for code in "abcd"]
    arcs = [
        Arc("a", "b", 30, 16),
        Arc("b", "c", 30, 16),
        Arc("c", "a", 30, 16),
        Arc("a", "d", 30, 16),
        Arc("d", "c", 30, 16),
    ]
    layout = lay_out(nodes, arcs)
    for route in layout.routes:
        (start_x, start_y), (end_x, end_y) = route.points[0], route.points[-1]
        source, target = layout.places[route.arc.source], layout.places[route.arc.target]
        assert abs(start_x - source[0]) <= 50
        assert abs(end_x - target[0]) <= 50
        assert (start_y, end_y) == (
            (source[1], target[1] + 40) if route.back else (source[1] + 40, target[1])
        )
        ys = [y for _, y in route.points]
        assert all(a >= b if route.back else a <= b for a, b in pairwise(ys))


def test_ranks_follow_the_longest_way_and_cycles_are_broken():
    arcs = [Arc("a", "b", 0, 0), Arc("b", "c", 0, 0), Arc("a", "c", 0, 0), Arc("c", "a", 0, 0)]
    ranks, back = rank("abc", arcs)
    assert ranks == {"a": 0, "b": 1, "c": 2}
    assert back == {arcs[3]}


def test_the_drawing_is_the_same_each_time(toy):
    first = pictures.svg(toy)
    plan.cache_clear()
    assert pictures.svg(Blueprint(Toy)) == first


@pytest.mark.parametrize(
    "text",
    ["申请人在公示期内提出异议，退回重新调查", "The applicant withdraws before the decision is made", "核"],
)
def test_lines_keep_within_their_room_and_lose_nothing(text):
    for lines in (wrap(text, 12, 100), balanced(text, 12, 100)):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(width(line, 12) <= 112 for line in lines)
        assert not any(line.startswith(("，", "。", "）")) for line in lines)


def test_the_json_says_all_and_carries_the_fingerprint(toy):
    read = json.loads(pictures.as_json(toy))
    assert read["fingerprint"] == pictures.fingerprint(toy)
    assert {stage["code"] for stage in read["stages"]} == set(toy.stages)
    assert {word["code"]: word["moves"] for word in read["actions"]} == {
        c: dict(w.moves) for c, w in toy.actions.items()
    }


def test_the_fingerprint_changes_with_the_law_and_not_with_the_wording(toy):
    reworded, stricter, asked = Blueprint(Toy), Blueprint(Toy), Blueprint(Toy)
    reworded.actions["accept"] = replace(toy.actions["accept"], label="收下", says="收下了")
    stricter.spans["whole"] = replace(toy.spans["whole"], rule=Workdays(10))
    asked.actions["accept"] = replace(toy.actions["accept"], form=Why)
    prints = [pictures.fingerprint(b) for b in (toy, reworded, stricter, asked)]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


def test_the_scxml_is_read_by_the_library_as_the_same_machine(toy):
    machine = load(pictures.scxml(toy), format="scxml")
    read = {(s.id, t.event): t.target.id if t.target else s.id for s in machine.states for t in s.transitions}
    assert read == {
        (source, code): target for code, word in toy.actions.items() for source, target in word.moves.items()
    }
    assert {state.id for state in machine.states if state.final} == {
        s.id for s in toy.stages.values() if s.final
    }


def test_the_bpmn_process_is_whole_and_drawn(toy):
    root = ET.fromstring(pictures.bpmn(toy))
    process, plane = root.find(f"{BPMN}process"), root.find(f"{BPMNDI}BPMNDiagram/{BPMNDI}BPMNPlane")
    flows = process.findall(f"{BPMN}sequenceFlow")
    nodes = {
        node.get("id") for node in process.iter() if node.tag != f"{BPMN}sequenceFlow" and node.get("id")
    } - {"toy"}
    assert {flow.get(end) for flow in flows for end in ("sourceRef", "targetRef")} <= nodes
    assert {f"stage_{stage.id}" for stage in toy.stages.values() if not stage.final} <= nodes
    assert {
        "part_review_visit",
        "end_withdrawn_draft",
        "end_withdrawn_posting",
        "end_refused_decision",
    } <= nodes
    drawn = {node.get("bpmnElement") for node in plane}
    assert drawn == nodes | {flow.get("id") for flow in flows}
    assert {name for flow in flows for name in (flow.get("name") or "").split(" / ") if name} == {
        word.label for word in toy.actions.values() if not word.stays
    }
    assert {node.get("name") for node in process.findall(f"{BPMN}endEvent")} == {
        stage.label for stage in toy.stages.values() if stage.final
    }


def test_every_bpmn_node_knows_its_flows(toy):
    process = ET.fromstring(pictures.bpmn(toy)).find(f"{BPMN}process")
    told = {
        (node.get("id"), way.tag, way.text)
        for node in process
        for way in node
        if way.tag in {f"{BPMN}incoming", f"{BPMN}outgoing"}
    }
    flows = process.findall(f"{BPMN}sequenceFlow")
    assert told == {(flow.get("sourceRef"), f"{BPMN}outgoing", flow.get("id")) for flow in flows} | {
        (flow.get("targetRef"), f"{BPMN}incoming", flow.get("id")) for flow in flows
    }


def test_the_docs_are_written_once_and_old_ones_removed(tmp_path):
    (tmp_path / "own.md").write_text("手写的说明", encoding="utf-8")
    (tmp_path / "gone.md").write_text(pictures.docs.MARK, encoding="utf-8")
    changed = pictures.write_docs(Catalogue((Toy,)), tmp_path)
    assert {path.name for path in changed} == {
        "README.md",
        "toy.md",
        "toy.svg",
        "fingerprints.json",
        "gone.md",
    }
    assert {path.name for path in tmp_path.iterdir()} == {
        "README.md",
        "toy.md",
        "toy.svg",
        "fingerprints.json",
        "own.md",
    }
    assert pictures.write_docs(Catalogue((Toy,)), tmp_path) == []
    ET.parse(tmp_path / "toy.svg")


def test_a_format_there_is_not_is_refused_by_name(toy):
    with pytest.raises(Refused, match="docx"):
        pictures.show(toy, "docx")
    assert all(pictures.show(toy, form) for form in pictures.FORMATS)
