"""A small office behind the API: a migrated database, staff with tokens, one household, a clock that stands still."""

import json
import shutil
from datetime import UTC, date, datetime
from functools import cached_property
from io import BytesIO
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from migrations import schema
from tests.api import toy
from web import create_app
from web.edge import Edge
from workflow import staff
from workflow.actors import load_actor
from workflow.clock import FixedClock
from workflow.config import Config
from workflow.db import Database
from workflow.entropy import SystemEntropy
from workflow.households import register
from workflow.office import Office

TOWN, VILLAGE = "330212101000", "330212101200"
OTHER_TOWN, COUNTY = "330212001000", "330212000000"
NOW = datetime(2016, 9, 5, 1, tzinfo=UTC)
PDF = b"%PDF-1.7 sample"
STAFF = {
    "window": ("window_clerk", TOWN),
    "reviewer": ("town_reviewer", TOWN),
    "visitor": ("investigator", TOWN),
    "visitor2": ("investigator", TOWN),
    "supervisor": ("supervisor", TOWN),
    "stranger": ("window_clerk", OTHER_TOWN),
    "auditor": ("auditor", COUNTY),
    "admin": ("administrator", COUNTY),
}
HOUSEHOLD = {
    "area_code": VILLAGE,
    "setting": "rural",
    "address": "和平路 1 号",
    "members": [
        {"relation": "head", "name": "王秀英", "id_number": "330212196001010025"},
        {"relation": "child", "name": "王小明", "birth": "2008-01-01", "sex": "M"},
    ],
}


CONFIG = Config(secret_key="only for tests")
_made = []


def application(edge):
    """The application, made once, over this test's database."""
    if not _made:
        _made.append(create_app(CONFIG, edge))
    app = _made[0]
    app.extensions = {k: v for k, v in app.extensions.items() if not k.startswith("api_")} | {"edge": edge}
    return app


class World:
    """The office and its people; `get` and `post` speak HTTP to the API as one of them."""

    def __init__(self, url, catalogue, people=STAFF):
        self.clock = FixedClock(NOW)
        self.edge = Edge(CONFIG, Database(url), Office(catalogue, SystemEntropy()), self.clock)
        self.edge.refresh()
        self.app = application(self.edge)
        self.tokens, self.ids, self.keys = {}, {}, 0
        with self.edge.database.acting() as conn:
            session = self.edge.office.session(conn)
            for login, (role, area) in people.items():
                user = staff.create_user(session, login=login, name=f"{login}员", now=NOW)
                staff.assign(session, user, role, area, date(2010, 1, 1))
                self.tokens[login], self.ids[login] = (
                    staff.issue_token(session, user, SystemEntropy(), NOW),
                    user.id,
                )
            clerk = load_actor(session, self.ids["window"], date(2016, 9, 5))
            self.household = register(session, HOUSEHOLD, actor=clerk, now=NOW).id
            session.flush()

    @cached_property
    def client(self):
        return self.app.test_client()

    def headers(self, who):
        return {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}

    def get(self, path, who="window", **headers):
        return answer_of(self.client.get(f"/api/v1{path}", headers=self.headers(who) | headers))

    def post(self, path, body=None, who="window", key=None, seen=None, client=None, **more):
        self.keys += 1
        headers = self.headers(who) | {"Idempotency-Key": key or f"key-{self.keys}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        given = more or {"data": json.dumps(body or {}), "content_type": "application/json"}
        return answer_of((client or self.client).post(f"/api/v1{path}", headers=headers, **given))

    def open(self, definition="toy", who="window"):
        """The number of a new case."""
        return self.post("/cases", {"definition": definition, "household": self.household}, who).json[
            "number"
        ]

    def upload(self, number, kind="application", who="window", body=PDF, name="a.pdf", key=None, **texts):
        parts = {"case": number, "kind": kind, "file": FileStorage(BytesIO(body), name)} | texts
        boundary, data = encode_multipart(parts)
        return self.post(
            "/documents",
            who=who,
            key=key,
            data=data,
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    def do(self, number, action, who, body=None, **more):
        """The answer of an action taken on the case as it is."""
        seen = self.get(f"/cases/{number}", "auditor").json["version"]
        return self.post(f"/cases/{number}/actions/{action}", body, who, seen=seen, **more)

    def in_review(self):
        """A case before its reviewer."""
        number = self.open()
        self.upload(number)
        assert self.do(number, "submit", "window").status == 200
        return number

    def rows(self, statement):
        with self.edge.database.reading() as session:
            return session.execute(statement).all()


def answer_of(response):
    return SimpleNamespace(
        status=response.status_code, headers=response.headers, text=response.get_data(as_text=True),
        json=response.get_json(silent=True) if "json" in response.content_type else None,
    )  # fmt: skip


def migrate(url):
    database = Database(url)
    with database.acting() as conn:
        schema.upgrade(conn)
        Session(conn).flush()
    database.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    path = tmp_path_factory.mktemp("api") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def world(migrated, tmp_path):
    path = tmp_path / "api.db"
    shutil.copy(migrated, path)
    made = World(f"sqlite:///{path}", toy.CATALOGUE)
    yield made
    made.edge.database.close()
