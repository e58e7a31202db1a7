"""What phones hand in: kept first, done once, and held for its sender where the office has moved on meanwhile."""

import json
import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import update

from tests.web.conftest import PNG
from workflow.models import (
    AccessLog,
    Document,
    DocumentContent,
    FieldPackage,
    Notice,
    Person,
    PhoneBox,
    RoleAssignment,
)

FINDINGS = "平房三间，老人卧床。"


@pytest.fixture
def visitor(desks):
    """An investigator at his phone, with the packing done."""
    return Phone(desks, "investigator1")


class Phone:
    """The requests of the page for field work."""

    def __init__(self, desks, login: str) -> None:
        self.desks, self.browser, self.box = desks, desks.browser(login), str(uuid4())
        self.token = self.browser.token()

    def ask(self, path: str, **said):
        return self.browser.client.post(
            f"/agent/{path}", json={"box": self.box, **said}, headers=self.headers
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"X-CSRFToken": self.token, "X-Autosave": "1"}

    def pack(self, *families: str) -> list[dict]:
        assert self.ask("box").status_code == 200
        return self.ask("bag", families=list(families)).json["visits"]

    def work(self, case: str, action: str) -> dict:
        number = self.desks.numbers[case]
        return next(one for one in self.pack() if (one["number"], one["action"]) == (number, action))

    def hand_in(self, work: dict, typed: list, papers: list[tuple[str, bytes]] | None = None, /, **other):
        papers = [("visit_form", PNG), ("other", PNG + b"2")] if papers is None else papers
        package = {
            "id": str(uuid4()), "case": work["case"], "action": work["action"], "seen": work["seen"], "typed": typed,
            "filled_at": self.desks.now.isoformat(), "papers": [{"kind": kind, "name": f"{n}.png"} for n, (kind, _) in enumerate(papers)],
        }  # fmt: skip
        return self.send(package | other, papers)

    def send(self, package: dict, papers: list[tuple[str, bytes]]):
        self.last = package, papers
        form = {"package": json.dumps(package), "paper": [(BytesIO(body), "1.png") for _, body in papers]}
        return self.browser.client.post("/agent/packages", data=form, headers=self.headers)


def visit_form(desks, case: int) -> list[list[str]]:
    """The answers of a home visit as the phone sends them."""
    two = [desks.staff("investigator", n).id for n in (1, 2)]
    return [
        ["visited_on", desks.today.isoformat()], *(["investigators", str(one)] for one in two),
        ["signed_by", str(desks.people(case)[0])], ["truthful", "yes"], ["findings", FINDINGS],
    ]  # fmt: skip


def test_a_package_is_done_once_however_often_it_comes(desks, visitor):
    case = desks.id("late")
    answer = visitor.hand_in(visitor.work("late", "visit"), visit_form(desks, case))
    assert (answer.status_code, answer.json["state"]) == (200, "done"), answer.json
    assert [visitor.send(*visitor.last).json for _ in range(3)] == [answer.json] * 3
    assert answer.json["receipt"].startswith("WY-20161025-")
    assert desks.actions_done(case).count("visit") == 1
    assert len(desks.rows(FieldPackage)) == 1
    assert [paper.name for paper in desks.rows(Document, case, kind="visit_form")][-1:] == ["0.png"]
    assert len(desks.rows(Document, case, kind="other")) == 1


def test_the_number_of_a_package_stands_for_its_content(desks, visitor):
    work, typed = visitor.work("late", "visit"), visit_form(desks, desks.id("late"))
    assert visitor.hand_in(work, typed).status_code == 200
    package, papers = visitor.last
    other = visitor.send(package | {"typed": [*typed[:-1], ["findings", "另一段话另一段话"]]}, papers)
    assert other.status_code == 409
    assert "内容与这一份不同" in other.json["message"]
    assert len(desks.rows(FieldPackage)) == 1


def test_what_the_office_has_overtaken_waits_with_all_that_was_typed(desks, visitor):
    case, number = desks.id("late"), desks.numbers["late"]
    work = visitor.work("late", "visit")
    desks.do(case, "ask_neighbours")
    answer = visitor.hand_in(work, visit_form(desks, case))
    assert (answer.status_code, answer.json["state"]) == (200, "held")
    assert desks.actions_done(case).count("visit") == 0
    page = visitor.browser.get(answer.json["url"]).text
    assert "您带出去以后" in page
    assert FINDINGS in page
    picture = visitor.browser.get(f"{answer.json['url']}/papers/1")
    assert (picture.data, picture.content_type) == (PNG, "image/png")
    assert '走访送达<span class="badge">1</span>' in visitor.browser.get("/me/").text
    resumed = visitor.browser.post(f"{answer.json['url']}/resume")
    assert resumed.location == f"/cases/{number}/actions/visit"
    form = visitor.browser.get(resumed.location).text
    assert FINDINGS in form
    assert "在您填写期间" in form
    assert [paper.name for paper in desks.rows(Document, case, kind="visit_form")][-1:] == ["0.png"]
    assert visitor.browser.post(f"{answer.json['url']}/resume").status_code == 409
    assert [package.state for package in desks.rows(FieldPackage)] == ["resumed"]


def test_a_second_package_about_the_same_visit_is_flagged(desks, visitor):
    case, colleague = desks.id("late"), Phone(desks, "investigator2")
    mine, theirs = visitor.work("late", "visit"), colleague.work("late", "visit")
    first = visitor.hand_in(mine, visit_form(desks, case))
    second = colleague.hand_in(theirs, visit_form(desks, case))
    assert (first.json["state"], second.json["state"]) == ("done", "held")
    assert "可能重复" in second.json["message"]
    assert first.json["receipt"] in second.json["message"]
    assert colleague.browser.post(f"{second.json['url']}/drop").status_code == 303
    assert [package.state for package in desks.rows(FieldPackage)] == ["done", "dropped"]
    assert visitor.browser.get(second.json["url"]).status_code == 404


def test_what_was_carried_is_taken_from_somebody_who_left_his_post(desks, visitor):
    case = desks.id("late")
    work = visitor.work("late", "visit")
    me = desks.staff("investigator").id
    with desks.database.acting() as conn:
        conn.execute(
            update(RoleAssignment)
            .where(RoleAssignment.user_id == me)
            .values(to_date=desks.today - timedelta(days=1))
        )
    assert visitor.hand_in(work, visit_form(desks, case)).json["state"] == "held"
    assert len(desks.rows(FieldPackage)) == 1


def test_somebody_who_never_had_the_case_hands_nothing_in(desks, visitor):
    work = visitor.work("late", "visit")
    with desks.database.acting() as conn:
        conn.execute(update(RoleAssignment).where(RoleAssignment.user_id == desks.staff("investigator").id)
                     .values(to_date=desks.today - timedelta(days=1)))  # fmt: skip
        conn.execute(update(PhoneBox).values(told=[]))
    assert visitor.hand_in(work, []).status_code == 404
    assert desks.rows(FieldPackage) == []


@pytest.mark.parametrize("papers, says", [
    ([("visit_form", b"#!/bin/sh")], "不是照片"),
    ([("visit_form", b"")], "空文件"),
    ([("passport", PNG)], "无法识别"),
    ([("other", PNG)] * 31, "最多交 30 份"),
])  # fmt: skip
def test_what_is_no_photograph_of_a_known_kind_is_refused_whole(desks, visitor, papers, says):
    before = len(desks.rows(DocumentContent))
    answer = visitor.hand_in(visitor.work("late", "visit"), visit_form(desks, desks.id("late")), papers)
    assert answer.status_code == 422
    assert says in answer.json["message"]
    assert desks.rows(FieldPackage) == []
    assert len(desks.rows(DocumentContent)) == before


@pytest.mark.parametrize("wrong", [
    {"id": "7"}, {"case": "1"}, {"seen": True}, {"filled_at": "2016-10-25"}, {"typed": [["a"]]}, {"papers": []}, {"case": -1},
])  # fmt: skip
def test_what_no_phone_of_ours_has_sent_is_refused(desks, visitor, wrong):
    answer = visitor.hand_in(visitor.work("late", "visit"), visit_form(desks, desks.id("late")), **wrong)
    assert answer.status_code == 422
    assert desks.rows(FieldPackage) == []


def test_a_wrong_answer_in_the_form_is_told_and_kept(desks, visitor):
    typed = [pair for pair in visit_form(desks, desks.id("late")) if pair[0] != "findings"]
    answer = visitor.hand_in(visitor.work("late", "visit"), typed)
    assert (answer.json["state"], answer.json["message"]) == ("held", "请填写走访情况")


def test_the_servers_half_of_the_key_is_its_owners_alone(desks, visitor):
    secret = visitor.ask("box").json["secret"]
    assert visitor.ask("box").json == {"secret": secret, "ended": False}
    other = Phone(desks, "investigator2")
    other.box = visitor.box
    assert other.ask("box").status_code == 404
    assert other.ask("box/end").status_code == 204
    assert visitor.ask("box").json["secret"] == secret
    page = visitor.browser.get("/agent/packages/").text
    assert "手机丢了，作废" in page
    visitor.browser.post("/agent/box/lost", {"box": visitor.box}, on="/agent/packages/")
    assert visitor.ask("box").json == {"secret": "", "ended": True}
    assert visitor.ask("bag").status_code == 409


def test_what_leaves_the_office_is_little_and_written_down(desks, visitor):
    work = visitor.work("late", "visit")
    with desks.database.reading() as session:
        people = [session.get_one(Person, one) for one in desks.people(desks.id("late"))]
        numbers = [person.id_number for person in people]
    text = json.dumps(visitor.pack(), ensure_ascii=False)
    assert [
        number for number in numbers if number in text or number[-4:] in text.replace(people[0].name, "")
    ] == []
    assert [one["name"] for one in work["members"]] == [person.name for person in people]
    assert desks.id("late") in desks.rows(PhoneBox)[0].told
    assert {row.case_id for row in desks.rows(AccessLog, what="bag")} >= {desks.id("late")}
    assert set(work["required"]) == {"visited_on", "investigators", "signed_by", "truthful", "findings"}
    assert 'name="surveyed-0-annual"' in work["form"]


def test_the_agent_posts_a_notice_from_the_phone(desks):
    agent, case = Phone(desks, "village_agent1"), desks.id("to_post")
    work = agent.work("to_post", "post")
    assert (work["needs"], work["people"]) == (["posting_photo"], [])
    typed = [["posted_on", desks.today.isoformat()], ["place", "村务公开栏"]]
    assert agent.hand_in(work, typed, [("posting_photo", PNG)]).json["state"] == "done"
    assert desks.stage(case) == "publicity"
    assert len(desks.rows(Notice, case)) == 1


def test_a_family_on_benefit_is_taken_along_where_the_agent_names_it(desks):
    agent, number = Phone(desks, "village_agent1"), desks.numbers["benefit"]
    assert number not in {one["number"] for one in agent.pack()}
    along = {one["action"]: one for one in agent.pack(number) if one["number"] == number}
    assert set(along) == {"report_change", "report_death"}
    typed = [["kind", "job"], ["happened_on", desks.today.isoformat()], ["content", "儿子进了鞋厂"]]
    assert agent.hand_in(along["report_change"], typed, []).json["state"] == "done"
    assert desks.actions_done(desks.id("benefit")).count("report_change") == 2


def test_the_desk_names_what_the_village_has_to_do(desks):
    page = desks.browser("village_agent1").get("/agent/").text
    for words in (
        "要走访的家庭",
        "拍照登记",
        "登记家庭，代为申请",
        desks.numbers["late"],
        desks.numbers["to_post"],
        desks.numbers["draft"],
    ):
        assert words in page
    assert desks.browser("window_clerk1").get("/agent/").status_code == 403


def test_the_page_that_opens_without_a_network_holds_nothing_of_anybody(desks, visitor):
    shown = {
        re.sub('nonce="[^"]+"', "", one.get("/agent/visits").text)
        for one in (desks.browser(), visitor.browser)
    }
    assert len(shown) == 1
    worker = desks.browser().get("/agent/sw.js")
    assert worker.content_type.startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"
    assert all(
        desks.browser().get(path).status_code == 200
        for path in json.loads(worker.text.split("KEPT = ")[1].split(";")[0])
    )
    assert json.loads(desks.browser().get("/agent/manifest.webmanifest").text)["start_url"] == "/agent/visits"
