"""The engine is used without a web application as its own docstring says."""

import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import workflow
from migrations import schema
from workflow.actors import SYSTEM_ACTOR
from workflow.acts import act, open_case
from workflow.catalogue import Catalogue
from workflow.db import Database
from workflow.entropy import SystemEntropy
from workflow.office import Office
from workflow.roles import SYSTEM, WINDOW
from workflow.vocabulary import Definition, Stage, action

NAMES = {
    "schema": schema, "SYSTEM_ACTOR": SYSTEM_ACTOR, "act": act, "open_case": open_case, "Catalogue": Catalogue,
    "Database": Database, "SystemEntropy": SystemEntropy, "Office": Office, "SYSTEM": SYSTEM, "WINDOW": WINDOW,
    "Definition": Definition, "Stage": Stage, "action": action, "perf_counter": perf_counter,
    "VILLAGE": "330212101200", "now": datetime(2021, 9, 6, 2, tzinfo=UTC), "__name__": __name__,
}  # fmt: skip


def example() -> str:
    """The lines of code in the docstring."""
    lines = [line for line in str(workflow.__doc__).splitlines() if line.startswith("    ") or not line]
    return textwrap.dedent("\n".join(lines))


def test_the_example_of_the_docstring_runs(tmp_path: Path) -> None:
    names = dict(NAMES)
    exec(example().replace("cases.db", f"{tmp_path}/cases.db"), names)
    case, seconds = names["case"], names["seconds"]
    assert (case.stage, case.seq, case.result) == ("done", 2, "done")
    assert seconds > 0
    with names["database"].reading() as session:
        from workflow.models import Case

        assert session.get_one(Case, case.id).stage == "done"
    names["database"].close()


def test_an_act_needs_neither_web_nor_scheduler() -> None:
    code = "import sys, workflow.acts; print([name for name in ('flask', 'apscheduler', 'web') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
