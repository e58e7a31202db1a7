"""The district with the definition of the story alone."""

from collections.abc import Iterator
from typing import ClassVar

import pytest

from tests.district import District, database_url, prepared_sqlite, sqlite_url
from tests.workflow.flow.toy import STORIES


class Stories(District):
    """Cases of the story, brought along its ordinary way."""

    WAY: ClassVar = {
        "filed": ("accept",), "looking": ("answer", "visit", "conclude"), "reviewing": ("propose",), "posted": ("take_down",),
        "forwarding": ("forward",), "county": ("agree",),
    }  # fmt: skip

    def begin(self, stage: str = "filed") -> int:
        case = self.open(self.family(), "story")
        while (at := self.stage(case)) != stage:
            for word in self.WAY[at]:
                if word == "answer":
                    self.do(self.child(case, "inquiry"), "answer")
                else:
                    self.do(case, word)
        return case

    def verb(self, case: int, code: str, by: object, **form: object) -> object:
        from workflow.flow.verbs import run

        with self.database.acting() as conn:
            return run(
                self.office, conn, case, code, actor=by, form=form, seen=self.case(case).version, now=self.now
            )  # type: ignore[arg-type]

    def opened(self, case: int, by: object) -> None:
        """He opens the page of the case."""
        from workflow.flow.seen import look

        with self.database.acting() as conn:
            look(conn, case, by, self.now)  # type: ignore[arg-type]

    def sound(self) -> None:
        """No invariant is broken."""
        from workflow import verify

        with self.database.acting() as conn:
            broken = {
                name: rows for name, rows in verify.invariants(conn, self.office.catalogue).items() if rows
            }
        assert not broken


@pytest.fixture
def stories(database_url: str) -> Iterator[Stories]:
    """On both databases."""
    made = Stories(database_url, STORIES)
    yield made
    made.close()


@pytest.fixture
def quick_stories(sqlite_url: str) -> Iterator[Stories]:
    """On SQLite alone."""
    made = Stories(sqlite_url, STORIES)
    yield made
    made.close()


__all__ = ["database_url", "prepared_sqlite", "sqlite_url"]
