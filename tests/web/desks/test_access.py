"""Who reaches which page: every route of the pages has a row in each table, and every cell is tried.

Cells: `yes` (the page answers, be it with a refusal of what was sent), `no` (403), `unknown` (404: he may not even know),
`sign-in`. In `access.csv` everybody holds his post where the case is, in `access_sibling.csv` in the town beside it.
"""

import csv
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from definitions import changes
from definitions.transitions import suggested
from tests.district import PAPER
from workflow import staff
from workflow.changes import Paper
from workflow.migration import papers
from workflow.models import (
    Answer,
    Authorisation,
    Batch,
    CarbonCopy,
    CheckReport,
    Deadline,
    Document,
    Extension,
    FieldPackage,
    HandOut,
    Incident,
    KinTie,
    Leave,
    Notice,
    PersonMerge,
    Query,
    Question,
    RoleAssignment,
    Substitution,
    Task,
    User,
)
from workflow.releases.timetable import propose_order

HERE = Path(__file__).parent
OWN, SIBLING = HERE / "access.csv", HERE / "access_sibling.csv"
SIBLING_TOWN, SIBLING_VILLAGE = "330212102000", "330212102200"
SIBLING_ROLES = {
    "village_agent": SIBLING_VILLAGE, "window_clerk": SIBLING_TOWN, "investigator": SIBLING_TOWN, "town_reviewer": SIBLING_TOWN,
    "town_approver": SIBLING_TOWN, "supervisor": SIBLING_TOWN,
}  # fmt: skip
LAST = ("auth.sign_out",)
"""What ends the very sign-in that tries the others."""
FORMS = {
    "households.search": {"q": "李"}, "worklist.find": {"q": "李秀"}, "kept.start_afresh": {"place": "/"}, "kept.autosave": {"place": "/"},
    "actions.do": {"reason": "申请人书面撤回"}, "admin.end_sessions": {"user": "1"},
    "releases.propose": {"name": "dibao:NB2016", "from_date": "2030-01-01"},
    "releases.draft_migration": {"definition": "dibao", "source": "NB2016", "target": "NAT2021"},
}  # fmt: skip
"""What is sent so that a form gets as far as the question who may send it."""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def routes(app) -> set[tuple[str, str]]:
    """Every endpoint and method of the pages; the API has tables of its own."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.endpoint.partition(".")[0] != "api"
    }


def desk_rows(session, case: int, now) -> dict[str, int]:
    """A copy, a question, a substitution, leave and a batch, all of somebody who is none of those who try."""
    by, to = session.scalars(
        select(User.id).where(User.login.in_(("everything1", "everything2"))).order_by(User.id)
    )
    days = {"from_date": date(2016, 10, 1), "to_date": date(2016, 12, 31)}
    rows = {
        "copy_id": CarbonCopy(case_id=case, from_id=to, to_id=by, sent_at=now),
        "question_id": Question(case_id=case, from_id=to, to_id=by, words="问", asked_at=now),
        "substitution_id": Substitution(
            principal_id=by, stand_in_id=to, reason="休假", made_by=by, made_at=now, **days
        ),
        "leave_id": Leave(user_id=by, made_by=by, made_at=now, **days),
        "batch_id": Batch(verb="claim", reason="试", made_by=by, made_at=now),
        "package_id": FieldPackage(
            user_id=by,
            client_id="0",
            digest="",
            case_id=case,
            action="visit",
            visit=1,
            seen=1,
            typed=[],
            filled_at=now,
            received_at=now,
            state="held",
        ),
    }
    session.add_all(rows.values())
    session.flush()
    return {name: row.id for name, row in rows.items()}


def family_rows(desks, person: int, other: int) -> dict[str, int]:
    """A tie of two people, and a merge of theirs."""
    with desks.database.acting() as conn:
        session = desks.office.session(conn)
        tie = KinTie(
            person_id=person, other_id=other, relation="sibling", source="declared", recorded_at=desks.now
        )
        merged = PersonMerge(
            kept_id=person, gone_id=other, evidence="试", moved={"changes": []}, at=desks.now
        )
        session.add_all((tie, merged))
        session.flush()
        return {"tie_id": tie.id, "merge_id": merged.id}


def checked_rows(desks, household: int) -> dict[str, int]:
    """A report, an answer in its order, which is called "check" from here on, and an authorisation of the household."""
    report = desks.rows(CheckReport)[0]
    desks.numbers["check"] = desks.case(report.case_id).number
    answer = desks.rows(Answer, query_id=desks.rows(Query, report.case_id)[0].id)[0]
    held = desks.rows(Authorisation, household_id=household)[0]
    return {"report_id": report.id, "answer_id": answer.id, "authorisation_id": held.id}


def handout_row(session, desks, case: int) -> int:
    """Something that waits to be approved, asked for by somebody who is none of those who try."""
    by = session.scalars(select(User.id).where(User.login == "everything1")).one()
    asked = HandOut(number="WZ-2016-900001", key="access", case_id=case, household_id=desks.case(case).subject_id, person_id=desks.people(case)[0],
                    kind="goods", what="棉被", quantity=1, unit="床", reason="试", requested_by=by, requested_at=desks.now)  # fmt: skip
    session.add(asked)
    session.flush()
    return asked.id


def event_row(desks, household: int) -> dict[str, object]:
    """A child of the family away at school, recorded with a paper."""
    with desks.database.acting() as conn:
        child = desks.people(desks.id("late"))[-1]
        form = {
            "on": "2016-10-20",
            "person": child,
            "why": "study",
            "source": "certificate",
            "evidence": "在读证明",
        }
        made = changes.record(
            desks.office, conn, household, "leave", form, actor=desks.staff("window_clerk", 2), now=desks.now,
            paper=Paper("school.pdf", PAPER),
        )  # fmt: skip
        return {"event_id": made.id, "event": "death"}


@pytest.fixture
def places(desks):
    """The address of each endpoint, about a case, household, notice ... of the town."""
    late = desks.id("late")
    desks.do(desks.id("list"), "check", desks.staff("finance_officer", 2))
    with desks.database.acting() as conn:
        session = desks.office.session(conn)
        limit = session.scalars(
            select(Deadline).where(Deadline.case_id == late, Deadline.state == "open")
        ).first()
        asked = Extension(case_id=late, deadline_id=limit.id, code="x", reason="说明", asked_by=desks.staff("supervisor", 2).id,
                          asked_at=desks.now, due_on=limit.due_on)  # fmt: skip
        session.add(asked)
        session.flush()
        head = desks.staff("department_head", 2)
        plan = suggested(desks.office.catalogue, "dibao", "NB2016", "NAT2021")
        drafted = papers.propose(desks.office, session, plan, reason="试", actor=head, now=desks.now)
        order = propose_order(
            session,
            desks.office.catalogue,
            "NAT2021-DELEGATED",
            from_date=date(2030, 1, 1),
            source="试",
            actor=head,
            now=desks.now,
        )
        incident = Incident(
            kind="deadlines",
            ref=limit.id,
            case_id=late,
            cause="试",
            first_at=desks.now,
            last_at=desks.now,
            next_at=desks.now,
            state="open",
        )
        session.add(incident)
        session.flush()
        numbers = desk_rows(session, late, desks.now) | {
            "incident_id": incident.id,
            "handout_id": handout_row(session, desks, late),
            "release_id": 1,
            "migration_id": drafted.id,
            "order_id": order.id,
            "extension_id": asked.id,
            "document_id": session.scalars(select(Document.id).where(Document.case_id == late)).first(),
            "notice_id": session.scalars(select(Notice.id)).first(),
            "task_id": session.scalars(
                select(Task.id).where(
                    Task.case_id == late, Task.role == "town_reviewer", Task.state == "open"
                )
            ).first(),
            "user_id": session.scalars(select(User.id).where(User.login == "everything1")).one(),
            "assignment_id": session.scalars(
                select(RoleAssignment.id).join(User).where(User.login == "everything1")
            ).first(),
        }
    with desks.database.reading() as session:
        from workflow.models import Case

        household = session.get_one(Case, late).subject_id
    person, other = desks.people(late)[:2]
    numbers |= family_rows(desks, person, other)
    numbers |= event_row(desks, household)
    numbers |= checked_rows(desks, household)
    common = numbers | {
        "number": desks.numbers["late"], "household_id": household, "person_id": person, "other_id": other, "fact": "illness", "action": "withdraw", "kind": "receipt", "deed": "ask_suspend", "halt_id": 1,
        "span": "town", "code": SIBLING_TOWN, "bureau": "tax", "token_id": 1, "secret": "x", "what": "claim", "version": "0", "name": "look.css",
        "way": "urge", "verb": "halt", "paper": 1, "department": "330212D08000", "liaison_id": 1,
    }  # fmt: skip
    special = {
        "verification.order": "check",
        "verification.report": "check",
        "verification.report_pdf": "check",
        "verification.correct_report": "check",
        "verification.raw": "check",
        "inquiries.letter": "check",
        "inquiries.posted": "check",
        "payments.show": "list",
        "payments.failed": "list",
        "notices.upcoming": "to_post",
        "notices.upcoming_pdf": "to_post",
    }
    found = {"version of the case": str(desks.case(late).version)}
    with desks.app.test_request_context():
        for rule in desks.app.url_map.iter_rules():
            if rule.endpoint.partition(".")[0] != "api":
                about = common | (
                    {"number": desks.numbers[special[rule.endpoint]]} if rule.endpoint in special else {}
                )
                found[rule.endpoint] = desks.app.url_for(
                    rule.endpoint, **{name: about[name] for name in rule.arguments}
                )
    return found


def outcome(answer) -> str:
    if (answer.status_code in {301, 302, 303} and "/sign-in" in answer.location) or answer.status_code == 401:
        return "sign-in"
    return {403: "no", 404: "unknown"}.get(answer.status_code, "yes")


def tried(browser, places, table: list[tuple[str, str]], start: str) -> dict[tuple[str, str], str]:
    """What comes of each endpoint and method, in this browser."""
    found = {}
    token = {"csrf_token": browser.token(start)}
    for endpoint, method in sorted(table, key=lambda row: (row[0] in LAST, row)):
        if method == "GET":
            answer = browser.get(places[endpoint])
        else:
            form = FORMS.get(endpoint, {}) | (
                {"seen": places["version of the case"]} if endpoint in {"actions.do", "verbs.do"} else {}
            )
            answer = browser.client.open(places[endpoint], method=method, data=token | form)
        assert answer.status_code < 500, (endpoint, method, answer.text)
        found[endpoint, method] = outcome(answer)
    return found


def login_of(desks, role: str, *, sibling: bool) -> str:
    """The login of somebody who holds this role and no other; in the sibling town he is made for it."""
    if not sibling:
        return f"{role}1"
    with desks.database.acting() as conn:
        session = desks.office.session(conn)
        user = staff.create_user(
            session, login=f"sibling-{role}".replace("_", "-"), name="邻镇", now=desks.now
        )
        user.password_hash = session.scalars(select(User.password_hash).where(User.login == "auditor1")).one()
        staff.assign(session, user, role, SIBLING_ROLES[role], date(2016, 1, 1))
        return user.login


COLUMNS = [column for column in rows(OWN)[0] if column not in {"endpoint", "method"}] if OWN.exists() else []


@pytest.mark.parametrize("path", [OWN, SIBLING], ids=lambda path: path.stem)
def test_every_route_has_a_row_and_every_row_a_route(desks, path):
    assert {(row["endpoint"], row["method"]) for row in rows(path)} == routes(desks.app)


@pytest.mark.parametrize("role", COLUMNS)
def test_own_area(desks, places, role):
    browser = desks.browser("" if role == "anonymous" else login_of(desks, role, sibling=False))
    expected = {(row["endpoint"], row["method"]): row[role] for row in rows(OWN)}
    assert tried(browser, places, list(expected), "/public/" if role == "anonymous" else "/me/") == expected


@pytest.mark.parametrize("role", SIBLING_ROLES)
def test_sibling_area(desks, places, role):
    browser = desks.browser(login_of(desks, role, sibling=True))
    expected = {(row["endpoint"], row["method"]): row[role] for row in rows(SIBLING)}
    assert tried(browser, places, list(expected), "/me/") == expected
