"""An order of verification in the small district, on both databases, and what the bureaus say in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from definitions.verification import absorb
from tests.district import District, database_url, district, prepared_sqlite, quick, sqlite_url
from workflow.models import Authorisation, Finding, Person, Query
from workflow.verification.answers import Absorbed, Reply
from workflow.verification.queries import mark_sent


class Order:
    """The check of an application: asked, if the story does not begin before that."""

    def __init__(self, district: District, *, ask: bool = True, **family: Any) -> None:
        self.district = district
        self.asker = district.bring(district.application(**family), "investigating")
        self.case = district.child(self.asker, "verification")
        self.people = district.people(self.asker)
        if ask:
            district.do(self.case, "ask")

    @property
    def household(self) -> int:
        return self.district.case(self.asker).subject_id

    def queries(self, **where: Any) -> list[Query]:
        return self.district.rows(Query, self.case, **where)

    def query(self, source: str, person: int = 0) -> Query:
        return self.queries(source=source, person_id=self.people[person])[0]

    def states(self) -> dict[str, set[str]]:
        """Source -> the states of its queries."""
        found: dict[str, set[str]] = {}
        for query in self.queries():
            found.setdefault(query.source, set()).add(query.state)
        return found

    def authorisations(self) -> list[Authorisation]:
        return self.district.rows(Authorisation, household_id=self.household)

    def findings(self, query: Query | None = None) -> list[Finding]:
        return self.district.rows(Finding, **({} if query is None else {"query_id": query.id}))

    def sent(self, source: str, person: int = 0) -> Query:
        """Let the question go out."""
        with self.district.database.acting() as conn:
            session = self.district.office.session(conn)
            mark_sent(
                session,
                session.get_one(Query, self.query(source, person).id),
                self.district.now,
                retry_at=None,
            )
        return self.query(source, person)

    def reply(self, person: int = 0, *items: dict[str, str], **more: Any) -> Reply:
        """What a bureau says of a member."""
        with self.district.database.reading() as session:
            one = session.get_one(Person, self.people[person])
            about = {"about_number": one.id_number or "", "about_name": one.name}
        said = {"as_of": self.district.today, "transport": "http", "outcome": "data" if items else "no_data"}
        return Reply(**(about | said | {"items": items} | more))

    def answers(self, source: str, person: int = 0, *items: dict[str, str], **more: Any) -> Absorbed:
        """A bureau answers."""
        return self.takes(self.query(source, person).key, self.reply(person, *items, **more))

    def takes(self, key: str, reply: Reply) -> Absorbed:
        with self.district.database.acting() as conn:
            return absorb(self.district.office, conn, key, reply, self.district.now)

    def works(self, what: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Something done on a session of one transaction."""
        with self.district.database.acting() as conn:
            return what(self.district.office.session(conn), *args, **more)


def income(category: str, annual: str, kind: str = "") -> dict[str, str]:
    return {"kind": category, "value": annual, "unit": "yuan_year", "detail": kind}


def fact(item: str, value: str) -> dict[str, str]:
    return {"kind": item, "value": value}


@pytest.fixture
def order(district: District) -> Callable[..., Order]:
    """`order(members=2, incomes=("6000",))`: a check that has been asked."""
    return lambda **family: Order(district, **family)


__all__ = ["database_url", "district", "prepared_sqlite", "quick", "sqlite_url"]
