"""The autumn of a town's office, made once a session and copied for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.desks.story import Desks, tell


@pytest.fixture(scope="session")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The prepared database and the numbers of its cases."""
    path = tmp_path_factory.mktemp("desks") / "autumn.db"
    return path, tell(f"sqlite:///{path}")


@pytest.fixture
def desks(autumn: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Desks]:
    """The office on the autumn's last day."""
    template, numbers = autumn
    made = Desks(template, tmp_path, numbers)
    yield made
    made.close()
