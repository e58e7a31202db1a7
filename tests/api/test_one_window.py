"""One window through the API: a family comes once, each help runs as a case of its own, and the call-back ends it."""

import shutil
from datetime import date

import pytest
from sqlalchemy import update

from definitions import CATALOGUE
from definitions.intake.results import JOBS
from tests.api.conftest import NOW, World
from tests.api.test_dibao import PEOPLE
from tests.hardship import HARDSHIP
from workflow import staff
from workflow.departments import appoint_liaison
from workflow.entropy import SystemEntropy
from workflow.models import Area
from workflow.running.job import Run, run_job

HOUSING = "330212D04000"
PAPERS = (
    "application",
    "identity",
    "statement",
    "authorisation",
    "undertaking",
    "medical_bill",
    "school_proof",
)


@pytest.fixture
def world(migrated, tmp_path):
    path = tmp_path / "window.db"
    shutil.copy(migrated, path)
    made = World(f"sqlite:///{path}", CATALOGUE, PEOPLE)
    with made.edge.database.acting() as conn:
        conn.execute(update(Area).values(phone="0574-88888888", office="社会救助窗口"))
        session = made.edge.office.session(conn)
        liaison = staff.create_user(session, login="housing", name="住建联络员", now=NOW)
        appoint_liaison(session, HOUSING, liaison.id, deputy=False, from_date=date(2016, 1, 1))
        made.tokens["housing"] = staff.issue_token(session, liaison, SystemEntropy(), NOW)
        session.flush()
    yield made
    made.edge.database.close()


def done(world, number, action, body=None, who="window"):
    """The case after the action."""
    answer = world.do(number, action, who, body)
    assert answer.status == 200, answer.text
    return answer.json


def offered(world, number, action, who="window"):
    return next(one for one in world.get(f"/cases/{number}", who).json["actions"] if one["code"] == action)[
        "schema"
    ]


def test_one_intake_opens_every_help_with_its_own_clock_and_the_call_back_ends_it(world):
    household = world.post("/households", HARDSHIP).json["id"]
    intake = world.post("/cases", {"definition": "intake", "household": household}).json["number"]
    father, mother, student, grandmother = offered(world, intake, "register")["examples"][0]["authorised"]
    start = offered(world, intake, "register")["default"]
    assert (start["channel"], start["applicant"]) == ("window", [father])
    for kind in PAPERS:
        assert world.upload(intake, kind).status == 201
    done(world, intake, "register", start | {"troubles": ["living", "medical", "education", "housing"], "words": "家里没有收入",
                                             "authorised": [father, mother, student, grandmother]})  # fmt: skip
    told = {
        "bill_total": "86000.00", "bill_insurance": "41000.00", "housing": "dilapidated", "emergency": "none", "disaster": False,
        "supporters": "unable", "no_income": [father, student, grandmother], "no_property": True, "no_disability": True,
        "schooling": [{"person": student, "school": "university"}, *({"person": one, "school": "none"} for one in (father, mother, grandmother))],
        "working": [{"person": father, "work": "unemployed"}, {"person": mother, "work": "employed"}, {"person": student, "work": "none"}],
    }  # fmt: skip
    done(world, intake, "assess", told)
    proposed = {
        row["item"]: row["decision"] for row in offered(world, intake, "split")["default"]["decisions"]
    }
    assert (
        proposed | {"dibao": "open", "medical": "open", "education": "open", "housing": "refer"} == proposed
    )

    refused = world.do(intake, "split", "window", {"decisions": [{"item": "dibao", "decision": "open"}]})
    assert (refused.status, "还没有决定" in refused.text) == (422, True)
    rows = [{"item": "dibao", "decision": "open"}, {"item": "medical", "decision": "open"}, {"item": "education", "decision": "open"},
            {"item": "housing", "decision": "refer", "why": "房屋漏雨，申请危房改造"},
            {"item": "employment", "decision": "not_wanted"}, {"item": "charity", "decision": "not_wanted"}]  # fmt: skip
    assert done(world, intake, "split", {"decisions": rows})["stage"] == "waiting"

    opened = {case["definition"]: case for case in world.get(f"/cases?parent={intake}").json["items"]}
    assert set(opened) == {"dibao", "medical", "education", "referral"}
    assert {case["parent"] for case in opened.values()} == {intake}
    assert opened["dibao"]["stage"] == "submitted"
    assert opened["dibao"]["deadlines"][0]["source"]
    number = {code: case["number"] for code, case in opened.items()}
    assert offered(world, number["education"], "submit")["default"] | {"person": student, "level": "university"} == \
        offered(world, number["education"], "submit")["default"]  # fmt: skip

    done(world, number["referral"], "sign_for", who="housing")
    done(
        world,
        number["referral"],
        "serve",
        {"item": "农村危房改造", "what": "列入本年改造计划", "decided_on": "2016-09-05"},
        "housing",
    )
    done(world, number["referral"], "tell", {"told_on": "2016-09-05", "how": "in_person"})
    done(world, number["medical"], "discard")
    done(world, number["education"], "discard")
    assert gathered(world) == 0, "the application for dibao is still under way"
    assert world.upload(number["dibao"], "withdrawal_letter").status == 201
    done(world, number["dibao"], "withdraw", {"reason": "申请人书面撤回申请"})
    assert (gathered(world), gathered(world)) == (1, 0)

    answer = {"called_on": "2016-09-05", "how": "phone", "spoke_with": [father], "answer": "satisfied"}
    ended = done(world, intake, "call_back", answer)
    assert (ended["stage"], ended["result"]) == ("closed", "closed")


def gathered(world) -> int:
    """How many intakes the sweep moves on."""
    (job,) = JOBS
    return run_job(
        job, Run(world.edge.office, world.edge.database, world.edge.config, world.clock.now())
    ).done


def test_a_stranger_sees_nothing_of_it(world):
    household = world.post("/households", HARDSHIP).json["id"]
    intake = world.post("/cases", {"definition": "intake", "household": household}).json["number"]
    assert world.get(f"/cases/{intake}", "stranger").status == 404
    assert world.get(f"/cases?parent={intake}", "stranger").json["items"] == []
