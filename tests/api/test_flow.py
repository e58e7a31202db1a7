"""Taking back, sending back, signing, suspending and revoking through the API: offered like other actions, refused in words."""

import shutil

import pytest

from tests.api.test_dibao import office, upload_what_is_missing
from workflow.flow.verbs import VERBS

WHY = {"reason": "发现材料有误，需要核实"}


@pytest.fixture
def district(migrated, tmp_path):
    path = tmp_path / "dibao.db"
    shutil.copy(migrated, path)
    made = office(f"sqlite:///{path}")
    yield made
    made.edge.database.close()


def offered(world, number, who):
    return {action["code"]: action for action in world.get(f"/cases/{number}", who).json["actions"]}


def take(world, number, code, who):
    """Do it as its example says."""
    upload_what_is_missing(world, number)
    (example,) = offered(world, number, who)[code]["schema"]["examples"]
    answer = world.do(number, code, who, example)
    assert answer.status == 200, answer.text
    return answer.json


def concluded(world):
    """An application whose investigation the reviewer has just concluded."""
    number = world.open("dibao")
    for code, who in (("submit", "window"), ("accept", "window"), ("start", "window")):
        take(world, number, code, who)
    (check,) = [
        case["number"] for case in world.get("/cases?definition=verification", "verifier").json["items"]
    ]
    for code in ("ask", "take_answer", "report"):
        take(world, check, code, "verifier")
    take(world, number, "visit", "visitor")
    take(world, number, "conclude", "reviewer")
    return number


def test_the_sender_takes_it_back_until_the_next_one_opens_it(district):
    number = concluded(district)
    assert set(offered(district, number, "reviewer")) & set(VERBS) == {"take_back"}
    assert district.do(number, "take_back", "window", WHY).status == 403
    assert district.do(number, "take_back", "reviewer", {"reason": "短"}).status == 422
    answer = district.do(number, "take_back", "reviewer", WHY)
    assert (answer.status, answer.json["stage"]) == (200, "investigating")
    take(district, number, "conclude", "reviewer")
    assert "take_back" not in offered(district, number, "reviewer2")
    assert "take_back" not in offered(district, number, "reviewer")
    answer = district.do(number, "take_back", "reviewer", WHY)
    assert answer.status == 409
    assert "reviewer2员已经打开" in answer.json["detail"]
    stale = district.post(f"/cases/{number}/actions/take_back", WHY, "reviewer", seen=1)
    assert stale.status == 412


def test_a_return_names_its_points_and_comes_straight_back(district):
    number = concluded(district)
    take(district, number, "appraise", "reviewer")
    assert "straight_to_opinion" not in offered(district, number, "reviewer")
    body = {"code": "papers", "points": [{"what": "补交收入证明"}]}
    assert (
        district.do(number, "town_return_to_accepted", "reviewer", {"code": "papers", "points": []}).status
        == 422
    )
    assert district.do(number, "town_return_to_accepted", "reviewer", body).json["stage"] == "accepted"
    assert district.do(number, "straight_to_opinion", "reviewer").status == 403
    assert district.do(number, "straight_to_opinion", "window").json["stage"] == "opinion"
    assert district.do(number, "straight_to_opinion", "window").status == 409
    reason = district.get(f"/cases/{number}/journal", "auditor").json["items"][-2]["reason"]
    assert reason == "材料不齐或不符：1. 补交收入证明"


def test_a_suspended_case_offers_nothing_and_says_why(district):
    number = concluded(district)
    assert set(offered(district, number, "supervisor")) & set(VERBS) == {"ask_suspend", "ask_revoke"}
    assert district.do(number, "ask_suspend", "window", WHY).status == 403
    assert district.do(number, "ask_suspend", "supervisor", WHY).status == 200
    assert district.do(number, "confirm_suspend", "supervisor").status == 409
    assert district.do(number, "confirm_suspend", "head").status == 200
    assert set(offered(district, number, "reviewer")) == set()
    example = {"held_on": "2016-09-05", "minutes": "x", "participants": []}
    answer = district.do(number, "appraise", "reviewer", example)
    assert answer.status in {409, 422}
    assert set(offered(district, number, "head")) & set(VERBS) == {"resume_case"}
    assert district.do(number, "resume_case", "head", WHY).status == 200
    take(district, number, "appraise", "reviewer")


def test_a_revoked_case_is_closed_for_every_act(district):
    number = concluded(district)
    assert district.do(number, "ask_revoke", "supervisor", WHY).status == 200
    answer = district.do(number, "confirm_revoke", "head")
    assert (answer.json["stage"], answer.json["result"]) == ("revoked", "revoked")
    assert district.do(number, "revoke", "head", WHY).status == 409
    assert district.do(number, "ask_suspend", "supervisor", WHY).status == 403
