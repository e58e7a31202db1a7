"""The composition root: configuration, database, office and clock, put together once a process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from definitions import CATALOGUE
from definitions.releasing import bound
from workflow.clock import Clock, SystemClock
from workflow.config import Config
from workflow.db import Database
from workflow.definition_checks import require_sound
from workflow.entropy import Entropy, SystemEntropy
from workflow.office import Office
from workflow.periods import local_date
from workflow.releases.release import require_released
from workflow.settings import shared_secret, value_of
from workflow.verification.vault import Vault

ANSWERS = "answers_secret"


@dataclass
class Edge:
    """What every edge (page, API, command, scheduler) works with. The clock is read here and nowhere below."""

    config: Config
    database: Database
    office: Office
    clock: Clock

    @classmethod
    def open(cls, config: Config, *, clock: Clock | None = None, entropy: Entropy | None = None) -> Edge:
        """Connect, make sure the database is migrated, and load the dated settings.

        Raises BadConfiguration, also where a released definition was changed in place, and Misdefined where one breaks
        the rules: nothing starts on a broken one.
        """
        require_sound(CATALOGUE)
        edge = cls(
            config,
            Database(config.database_url),
            Office(CATALOGUE, entropy or SystemEntropy()),
            clock or SystemClock(),
        )
        edge.database.check_migrated()
        edge.office.vault = Vault(
            *config.answer_secrets, kept_secret(edge.database, make=not any(config.answer_secrets))
        )
        with edge.database.reading() as session:
            require_released(session, CATALOGUE, bound(), edge.today())
        edge.refresh()
        return edge

    def refresh(self) -> None:
        """Read calendar and editions anew (at start, and once a sweep or a minute)."""
        with self.database.reading() as session:
            self.office.refresh(session)

    def now(self) -> datetime:
        """The moment of this request, command or tick."""
        return self.clock.now()

    def today(self) -> date:
        """The local legal date."""
        return local_date(self.now())


def kept_secret(database: Database, *, make: bool) -> str:
    """What answers are encrypted with where nothing is configured: a secret in the database itself, which `doctor
    --production` does not accept. Once made it goes on opening what it has sealed.
    """
    if make:
        return shared_secret(database, ANSWERS, SystemEntropy())
    with database.reading() as session:
        return value_of(session, ANSWERS)
