"""`make bench`: runs every benchmark on SQLite and PostgreSQL and prints its figures."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.bench import (
    acts,
    answers,
    claims,
    definitions,
    http,
    matcher,
    migration,
    pages,
    people,
    rules,
    sweeps,
)
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
    found = acts.compare(f"sqlite:///{path}", lambda case, n: acts.floor_sqlite(str(path), case, n))
    _show("durable act, SQLite", found)
    url = server.create()
    found = acts.compare(url, lambda case, n: acts.floor_postgres(url, case, n))
    _show(f"durable act, PostgreSQL {server.version()}", found)


def _pages(folder: Path, server: postgres.Postgres) -> None:
    for kind in ("SQLite", "PostgreSQL"):
        found = {}
        for count in (FEW, MANY):
            url = f"sqlite:///{folder}/pages{count}.db" if kind == "SQLite" else server.create()
            found[count] = pages.measure(url, count)
        for page in ("worklist", "case"):
            few, many = found[FEW][page] * 1000, found[MANY][page] * 1000
            print(
                f"{page} page, {kind}: {few:.1f} ms at {FEW:,} cases, {many:.1f} ms at {MANY:,}, {many / few:.2f}x"
            )


def _sweep(folder: Path, server: postgres.Postgres) -> None:
    for kind in ("SQLite", "PostgreSQL"):
        url = f"sqlite:///{folder}/sweep.db" if kind == "SQLite" else server.create()
        found = pages.measure_sweep(url, MANY, MANY // 10)
        print(
            f"sweep, {kind}: {MANY // 10:,} due among {MANY:,} rows, {found['sweep'] * 1000:.2f} ms each, "
            f"plain SQL {found['floor'] * 1000:.2f} ms, {found['sweep'] / found['floor']:.2f}x"
        )


def _schedulers(_folder: Path, server: postgres.Postgres) -> None:
    for many, seconds in sweeps.measure(server.create(), MANY).items():
        print(
            f"{MANY:,} due deadlines, {many} schedulers, PostgreSQL, {os.cpu_count()} cores: {seconds:.0f} s, "
            f"{MANY / seconds:,.0f} a second"
        )


def _claims(folder: Path, server: postgres.Postgres) -> None:
    for kind in ("SQLite", "PostgreSQL"):
        url = f"sqlite:///{folder}/claims.db" if kind == "SQLite" else server.create()
        found = claims.measure(url, MANY)
        print(
            f"next task of {MANY:,}, {kind}: {found['each'] * 1000:.1f} ms, one clerk {found['alone']:.0f} a second, "
            f"{claims.CLERKS} at once {found['together']:.0f}, {found['together'] / found['alone']:.2f}x"
        )


def _definitions(_folder: Path, _server: postgres.Postgres) -> None:
    found = definitions.measure()
    print(
        f"definitions check: {found['check']:.2f} s with its start; largest drawing {found['svg'] * 1000:.0f} ms"
    )


def _migration(folder: Path, server: postgres.Postgres) -> None:
    for kind in ("SQLite", "PostgreSQL"):
        url = f"sqlite:///{folder}/migration.db" if kind == "SQLite" else server.create()
        for what, rate in migration.measure(url, RUNNING).items():
            print(f"{what} of {RUNNING:,} cases, {kind}: {rate:,.0f} cases a second")


def _rules(_folder: Path, _server: postgres.Postgres) -> None:
    found = rules.measure(FEW)
    print(
        f"households judged a second: {found['derivation']:,.0f} with the derivation, {found['quick']:,.0f} without"
    )


def _matcher(_folder: Path, _server: postgres.Postgres) -> None:
    found = matcher.measure(FEW)
    print(f"policy matcher, a household: {found['median'] * 1000:.1f} ms, p99 {found['p99'] * 1000:.1f} ms")


def _http(folder: Path, server: postgres.Postgres) -> None:
    for kind in ("SQLite", "PostgreSQL"):
        url = f"sqlite:///{folder}/http.db" if kind == "SQLite" else server.create()
        found = http.measure(url, 400)
        print(
            f"acts a second, {kind}: called {found['called']:.0f}, over HTTP {found['http']:.0f}, "
            f"{found['called'] / found['http']:.1f}x"
        )


def _people(_folder: Path, server: postgres.Postgres) -> None:
    count = int(os.environ.get("PEOPLE", PEOPLE))
    for what, (usual, slow) in people.measure(server.create(), count).items():
        print(
            f"people by {what}, {count:,} on PostgreSQL: {usual * 1000:.1f} ms, 95 % under {slow * 1000:.1f} ms"
        )


def _answers(folder: Path, server: postgres.Postgres) -> None:
    for kind in ("SQLite", "PostgreSQL"):
        url = f"sqlite:///{folder}/answers.db" if kind == "SQLite" else server.create()
        rate = answers.measure(url, folder / f"exchange {kind}", RUNNING)
        print(
            f"answers of nine sources for {RUNNING:,} families from batch files, {kind}: {rate:,.0f} a second"
        )


def _show(what: str, found: dict[str, float]) -> None:
    floor, act = found["floor"] * 1000, found["act"] * 1000
    print(
        f"{what}: floor {floor:.2f} ms, act {act:.2f} ms, {found['ratio']:.2f}x "
        f"(half of the turns between {found['low']:.2f}x and {found['high']:.2f}x)"
    )


FEW, MANY, RUNNING = 1_000, 100_000, 10_000
PEOPLE = 1_000_000
BENCHES = {
    "acts": _acts, "rules": _rules, "matcher": _matcher, "pages": _pages, "sweep": _sweep, "schedulers": _schedulers, "claims": _claims, "http": _http,
    "answers": _answers, "definitions": _definitions, "people": _people, "migration": _migration,
}  # fmt: skip

if __name__ == "__main__":
    main()
