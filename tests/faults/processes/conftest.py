"""One process that has imported the service, for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.faults.processes.rig import Nursery, nursery


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Forks commands of the service."""
    with nursery(tmp_path_factory.mktemp("processes")) as made:
        yield made
