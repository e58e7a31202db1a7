"""Recording what happens in a district, act by act, and playing it again.

A history is a small JSON file: what was done on which day, and every case's way and clocks. `python -m tests.histories`
records them all anew; do that only for a change of the law that two people have released.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from definitions import CATALOGUE
from tests.district import District
from workflow.catalogue import Catalogue
from workflow.models import Case, Deadline, JournalEntry
from workflow.periods import local_date
from workflow.roles import Role

FOLDER = Path(__file__).parent / "recorded"
Step = list[Any]


class Recorder(District):
    """A district that writes down what is done in it."""

    def __init__(self, url: str, catalogue: Catalogue = CATALOGUE) -> None:
        self.steps: list[Step] = []
        self.quiet = False
        super().__init__(url, catalogue)

    def _note(self, *step: Any) -> None:
        if not self.quiet:
            self.steps.append([self.today.isoformat(), *step])

    @contextmanager
    def _inside(self) -> Iterator[None]:
        was, self.quiet = self.quiet, True
        yield
        self.quiet = was

    def delegate(self, *given: Any) -> None:
        self._note("delegate")
        super().delegate(*given)

    def open(self, household: int, definition: str = "dibao", **how: Any) -> int:
        self._note("open", definition)
        return super().open(household, definition, **how)

    def do(self, case: int, action: str, by: Any = None, *, papers: bool = True, **form: Any) -> Any:
        self._note("do", case, action, form, str(by) if isinstance(by, Role) else "")
        with self._inside():
            return super().do(case, action, by, papers=papers, **form)

    def sweep(self, **how: Any) -> Any:
        self._note("sweep")
        return super().sweep(**how)


def written(district: District) -> dict[str, Any]:
    """Every case of the district: its way through the stages with the days, and its clocks in the order they began."""
    cases: dict[str, Any] = {}
    for case in district.rows(Case):
        cases[case.number] = {
            "definition": case.definition, "edition": case.edition,
            "way": [f"{local_date(e.at)} {e.action} {e.from_stage} > {e.to_stage}" for e in district.rows(JournalEntry, case.id)],
            "clocks": [f"{d.kind} {d.started_on} {d.rule} {d.due_on} {d.state}" for d in district.rows(Deadline, case.id)],
        }  # fmt: skip
    return cases


def play(district: District, steps: list[Step]) -> None:
    """Do again what was recorded."""
    for day, what, *given in steps:
        district.day(day)
        if what == "delegate":
            district.delegate()
        elif what == "open":
            district.open(district.family(), given[0])
        elif what == "sweep":
            district.sweep()
        else:
            case, action, form, by = given
            district.do(case, action, district.staff(by) if by else None, **form)


def read(path: Path) -> dict[str, Any]:
    """A recorded history."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def write(path: Path, recorder: Recorder) -> None:
    """Keep a history: a step a line, so that a difference is read easily."""
    steps = ",\n".join("  " + json.dumps(step, ensure_ascii=False, default=str) for step in recorder.steps)
    cases = json.dumps(written(recorder), ensure_ascii=False, indent=1)
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'{{"steps": [\n{steps}\n], "cases": {cases}}}\n', encoding="utf-8")
