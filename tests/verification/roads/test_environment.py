"""What an installation sets for the roads, and the circuit of a source."""

from datetime import timedelta

import pytest

from notifications.bureaus import circuit
from workflow.config import Config
from workflow.errors import BadConfiguration


def test_the_environment_names_secrets_networks_and_the_folder():
    found = Config.from_env({
        "DATABASE_URL": "postgresql+psycopg://a@b/c", "BUREAU_SECRET_TAX": "s", "BUREAU_SECRET_LAND": "",
        "BUREAU_NETWORKS": "10.20.0.0/16, 127.0.0.1/32", "EXCHANGE_FOLDER": "/var/exchange",
    })  # fmt: skip
    assert dict(found.bureau_secrets) == {"TAX": "s"}
    assert found.bureau_networks == ("10.20.0.0/16", "127.0.0.1/32")
    assert found.exchange_folder == "/var/exchange"
    assert "bureau_secrets" not in repr(found)
    hash(found)


def test_a_network_that_is_none_is_named():
    with pytest.raises(BadConfiguration, match="BUREAU_NETWORKS"):
        Config.from_env({"DATABASE_URL": "postgresql+psycopg://a@b/c", "BUREAU_NETWORKS": "10.20.0.300/16"})


def test_the_exchange_folder_is_beside_the_sqlite_file_and_has_to_be_named_on_postgresql(tmp_path):
    assert (
        Config.from_env({"DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}).exchange_folder
        == f"{tmp_path}/x.db.exchange"
    )
    assert Config.from_env({"DATABASE_URL": "postgresql+psycopg://a@b/c"}).exchange_folder == ""


def test_an_open_circuit_lets_one_try_through_after_its_rest_and_only_one(roads):
    now, rest = roads.district.now, timedelta(minutes=10)
    roads.join("http", "http://127.0.0.1:9", only=("tax",), breaker_failures=2)

    def on(what, *given, **more):
        with roads.district.database.acting() as conn:
            return what(conn, "tax", *given, **more)

    assert on(circuit.admits, now)
    assert not on(circuit.failed, now, "x", rest=rest)
    assert on(circuit.failed, now, "x", rest=rest)
    assert not on(circuit.admits, now + rest - timedelta(seconds=1))
    assert on(circuit.admits, now + rest)
    assert not on(circuit.admits, now + rest), "the one try is out"
    assert on(circuit.failed, now + rest, "y", rest=rest), "one failure opens it again"
    assert on(circuit.admits, now + 2 * rest)
    assert on(circuit.admits, now + 2 * rest + circuit.TRIAL), "whoever tried has died"
    on(circuit.succeeded, now + 3 * rest)
    assert on(circuit.admits, now + 3 * rest)
    row = roads.source("tax")
    assert (row.circuit, row.failures, row.last_error, row.last_success_at) == (
        "closed",
        0,
        "",
        now + 3 * rest,
    )
