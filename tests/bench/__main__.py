"""`make bench`: runs every benchmark on SQLite and PostgreSQL and prints its figures."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench import acts
from tests.parts import postgres


def main() -> None:
    """Run the benchmarks named on the command line, or all."""
    wanted = sys.argv[1:] or list(BENCHES)
    if strange := set(wanted) - set(BENCHES):
        sys.exit(f"unknown benchmark {', '.join(sorted(strange))}; there are {', '.join(BENCHES)}")
    with tempfile.TemporaryDirectory() as folder, postgres.server() as server:
        for name in wanted:
            BENCHES[name](Path(folder), server)


def _acts(folder: Path, server: postgres.Postgres) -> None:
    path = folder / "acts.db"
    found = acts.compare(f"sqlite:///{path}", lambda case, n: acts.floor_sqlite(str(path), case, n), rounds=9, size=200)
    _show("durable act, SQLite", found)
    url = server.create()
    found = acts.compare(url, lambda case, n: acts.floor_postgres(url, case, n), rounds=9, size=200)
    _show(f"durable act, PostgreSQL {server.version()}", found)


def _show(what: str, found: dict[str, float]) -> None:
    floor, act = found["floor"] * 1000, found["act"] * 1000
    print(f"{what}: floor {floor:.2f} ms, act {act:.2f} ms, {act / floor:.2f}x")


BENCHES = {"acts": _acts}

if __name__ == "__main__":
    main()
