"""A small district with people, cases and messages, on either database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrations import alembic_config
from workflow.actors import grant
from workflow.catalogue import Catalogue
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.models import Area, Case, InboxMessage, OutboxMessage, Task, User
from workflow.office import Office
from workflow.roles import SUPERVISOR, WINDOW

COUNTY, TOWN, VILLAGE = "330212000000", "330212101000", "330212101201"
NOW = datetime(2016, 9, 12, 1, tzinfo=UTC)
FACTS = {
    "number": "DB-2016-000001",
    "label": "受理",
    "due": "2016-09-12",
    "todo": "审查材料",
    "source": "M220-13",
}


@dataclass
class District:
    database: Database
    office: Office
    case: int
    users: dict[str, int]

    def outbox(
        self, key: str, topic: str = "overdue", *, facts: dict[str, Any] | None = None, **to: Any
    ) -> int:
        to = to or {"role": WINDOW.code, "scope": TOWN}
        with self.database.acting() as conn, Session(conn) as session:
            row = OutboxMessage(
                key=key, topic=topic, case_id=self.case, facts=facts or FACTS, created_at=NOW, **to
            )
            session.add(row)
            session.flush()
            return row.id

    def messages(self) -> list[InboxMessage]:
        with self.database.reading() as session:
            return list(
                session.scalars(select(InboxMessage).order_by(InboxMessage.outbox_id, InboxMessage.user_id))
            )

    def outbox_row(self, row_id: int) -> OutboxMessage:
        with self.database.reading() as session:
            return session.get_one(OutboxMessage, row_id)

    def change(self, what: Callable[[Session], object]) -> None:
        with self.database.acting() as conn, Session(conn) as session:
            what(session)
            session.flush()


def _tables(url: str) -> None:
    database = Database(url)
    config = alembic_config()
    with database.acting() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "head")
    database.close()


def _settle(database: Database) -> tuple[int, dict[str, int]]:
    with database.acting() as conn, Session(conn) as session:
        for code, level, parent in (
            (COUNTY, "county", None),
            (TOWN, "town", COUNTY),
            (VILLAGE, "village", TOWN),
        ):
            session.add(Area(code=code, name=code, level=level, parent_code=parent))
            session.flush()
        users = {}
        for name, role, email in (
            ("window1", WINDOW, "one@example.cn"), ("window2", WINDOW, ""), ("boss", SUPERVISOR, "boss@example.cn"),
        ):  # fmt: skip
            user = User(login=name, name=name, email=email, created_at=NOW)
            session.add(user)
            grant(session, user, role, TOWN, date(2016, 1, 1))
            session.flush()
            users[name] = user.id
        case = Case(
            number="DB-2016-000001", definition="dibao", edition="NB2016", stage="submitted", area_code=VILLAGE,
            subject_kind="household", subject_id=1, opened_at=NOW,
        )  # fmt: skip
        session.add(case)
        session.flush()
        session.add(
            Task(case_id=case.id, visit=1, stage="submitted", definition="dibao", role=WINDOW.code, scope=TOWN,
                 area_code=VILLAGE, opened_at=NOW)
        )  # fmt: skip
        session.flush()
        return case.id, users


def _district(url: str) -> Iterator[District]:
    database = Database(url)
    case, users = _settle(database)
    yield District(database, Office(Catalogue(()), SeededEntropy(1)), case, users)
    database.close()


@pytest.fixture
def district(tmp_path) -> Iterator[District]:
    url = f"sqlite:///{tmp_path}/district.db"
    _tables(url)
    yield from _district(url)


@pytest.fixture
def served_district(fresh_postgres) -> Iterator[District]:
    """The same on PostgreSQL, for what depends on row locks."""
    yield from _district(fresh_postgres(_tables))
