"""A small district on SQLite: one town, its staff, one family; and browsers signed in as whom one likes."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions import CATALOGUE
from migrations import schema
from web import create_app
from web.auth import KEY, sessions
from web.edge import Edge
from workflow.actors import Actor, grant, load_actor
from workflow.acts import act, open_case
from workflow.clock import FixedClock
from workflow.config import Config
from workflow.db import Database
from workflow.documents import add_document
from workflow.entropy import SeededEntropy
from workflow.facts import CaseState
from workflow.identity import make_id_number
from workflow.models import Case, Household, Income, Membership, Person, Tick, User
from workflow.office import Office
from workflow.passwords import hash_password
from workflow.periods import local_date
from workflow.roles import (
    ADMINISTRATOR,
    AUDITOR,
    COUNTY_APPROVER,
    COUNTY_REVIEWER,
    INVESTIGATOR,
    SUPERVISOR,
    TOWN_REVIEWER,
    VERIFIER,
    VILLAGE_AGENT,
    WINDOW,
)

COUNTY, TOWN, VILLAGE, OTHER_TOWN = "330212000000", "330212110000", "330212110260", "330212109000"
START = datetime(2016, 9, 19, 1, 41, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64

STAFF = {
    "window": ("陆敏", WINDOW, TOWN), "window2": ("史君", WINDOW, TOWN), "review": ("郑海", TOWN_REVIEWER, TOWN),
    "visit1": ("邵立", INVESTIGATOR, TOWN), "visit2": ("忻蓉", INVESTIGATOR, TOWN), "agent": ("周村", VILLAGE_AGENT, VILLAGE),
    "verify": ("应核", VERIFIER, COUNTY), "county": ("毛审", COUNTY_REVIEWER, COUNTY), "approve": ("鲍批", COUNTY_APPROVER, COUNTY),
    "super": ("戴督", SUPERVISOR, TOWN), "audit": ("冯计", AUDITOR, COUNTY), "admin": ("管理", ADMINISTRATOR, COUNTY),
    "elsewhere": ("外镇", WINDOW, OTHER_TOWN),
}  # fmt: skip


@dataclass
class District:
    """The application over its database, with helpers that act as its staff do."""

    app: Flask
    edge: Edge
    clock: FixedClock
    household: int

    def actor(self, login: str) -> Actor:
        """A member of staff by login."""
        with self.edge.database.reading() as session:
            found = session.scalar(select(User.id).where(User.login == login))
            return load_actor(session, found, local_date(self.clock.now()))

    def open(self, *, title: str = "周建国户（3 人）", household: int | None = None) -> CaseState:
        """A dibao case, a draft at the window."""
        with self.edge.database.acting() as conn:
            return open_case(
                self.edge.office, conn, "dibao", subject=("household", household or self.household), area_code=VILLAGE,
                actor=self.actor("window"), now=self.clock.now(), title=title,
            )  # fmt: skip

    def act(self, case: CaseState | Case, action: str, login: str = "window", **form: object) -> CaseState:
        """An act on the case as it now is."""
        seen = self.case(case.number).version
        with self.edge.database.acting() as conn:
            return act(
                self.edge.office,
                conn,
                case.id,
                action,
                actor=self.actor(login),
                form=form,
                seen=seen,
                now=self.clock.now(),
            )

    def submitted(self, **more: object) -> CaseState:
        """A case that was handed in with all its papers."""
        case = self.open(**more)  # type: ignore[arg-type]
        people = self.people()
        form = {"applicant": people[:1], "by_agent": False, "authorised": people[:2], "near_relatives": []}
        case = self.act(case, "submit", **form)
        for kind in ("application", "identity", "statement", "authorisation", "undertaking"):
            self.attach(case, kind)
        return case

    def people(self) -> list[int]:
        """The family's members, the head first."""
        with self.edge.database.reading() as session:
            rows = session.scalars(
                select(Membership.person_id)
                .where(Membership.household_id == self.household)
                .order_by(Membership.id)
            )
            return list(rows)

    def attach(self, case: CaseState, kind: str, name: str = "扫描.png") -> None:
        """A paper of this kind."""
        with self.edge.database.acting() as conn:
            session = self.edge.office.session(conn)
            add_document(
                session,
                case,
                kind=kind,
                name=name,
                body=PNG,
                actor=self.actor("window"),
                now=self.clock.now(),
            )

    def case(self, number: str) -> Case:
        """The case's row as it now is."""
        with self.edge.database.reading() as session:
            return session.scalars(select(Case).where(Case.number == number)).one()

    def client(self, login: str = "") -> "Browser":
        """A browser, signed in where a login is given."""
        browser = Browser(self.app.test_client())
        if login:
            with self.edge.database.acting() as conn:
                key = sessions.begin(
                    conn,
                    self.edge.office.entropy,
                    self.actor(login).id or 0,
                    device="test",
                    now=self.clock.now(),
                )
            with browser.client.session_transaction() as session:
                session[KEY] = key
        return browser


class Browser:
    """The test client with the manners of a browser: it sends the form's token and tells where it comes from."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **more: object):
        """Open a page."""
        return self.client.get(path, **more)

    def post(self, path: str, form: dict | None = None, *, on: str = "/me/", **more: object):
        """Hand in a form with the token of the page it stands on."""
        data = {"csrf_token": self.token(on)} | (form or {})
        return self.client.post(path, data=data, **more)

    def token(self, page: str = "/me/") -> str:
        """The form token of this browser."""
        text = self.client.get(page).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', text)
        assert found, text[:500]
        return found[1]

    def sign_in(self, login: str, password: str = PASSWORD, **form: str):
        """Sign in through the page."""
        return self.post("/sign-in", {"login": login, "password": password} | form, on="/sign-in")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A database with areas, staff and one family, made once and copied for every test."""
    path = tmp_path_factory.mktemp("web") / "district.db"
    database = Database(f"sqlite:///{path}")
    with database.acting() as conn:
        schema.upgrade(conn)
    hashed = hash_password(PASSWORD)
    with database.acting() as conn:
        session = Session(conn)
        for login, (name, role, area) in STAFF.items():
            user = User(login=login, name=name, password_hash=hashed, created_at=START)
            session.add(user)
            session.flush()
            grant(session, user, role, area, date(2016, 1, 1))
        household = family(session)
        session.add(Tick(name="deadlines", at=START))
        session.flush()
        made = household.id
    database.close()
    return path, made


def family(
    session: Session, names: tuple[str, str, str] = ("周建国", "林秀英", "周小雨"), order: int = 1
) -> Household:
    """A couple with a child at school; he declares less than was found."""
    household = Household(area_code=VILLAGE, setting="rural", address="茅山路 1 号", created_at=START)
    session.add(household)
    session.flush()
    births = (date(1964, 3, 2), date(1966, 8, 9), date(2003, 5, 6))
    for name, birth, relation, sex in zip(names, births, ("head", "spouse", "child"), "MFF", strict=True):
        number = make_id_number("330227", birth, order * 10 + (sex == "M"))
        person = Person(name=name, birth=birth, sex=sex, id_number=number, student=relation == "child")
        session.add(person)
        session.flush()
        session.add(
            Membership(household=household, person=person, relation=relation, from_date=date(2010, 1, 1))
        )
        if relation == "head":
            for source, annual in (("declared", 12000), ("verified", 14400)):
                session.add(Income(household_id=household.id, person_id=person.id, category="wage", annual=Decimal(annual),
                                   source=source, as_of=date(2016, 9, 1)))  # fmt: skip
    session.flush()
    return household


@pytest.fixture
def district(prepared: tuple[Path, int], tmp_path: Path) -> Iterator[District]:
    """The district at the start of its story, its clock standing still."""
    source, household = prepared
    path = tmp_path / "jiuzhu.db"
    shutil.copy(source, path)
    url = f"sqlite:///{path}"
    config = Config(database_url=url, secret_key="a secret of the tests", public_url="http://localhost")
    clock = FixedClock(START)
    edge = Edge(config, Database(url), Office(CATALOGUE, SeededEntropy(7)), clock)
    edge.refresh()
    app = create_app(config, edge)
    app.config["TESTING"] = False
    yield District(app, edge, clock, household)
    edge.database.close()


@pytest.fixture
def browser_at(district: District) -> Callable[[str], Browser]:
    """`browser_at("review")`: a browser signed in as this member of staff."""
    return district.client
