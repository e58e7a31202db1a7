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
from workflow.verification.vault import Vault


@dataclass
class Edge:
    """What every edge (page, API, command, scheduler) works with. The clock is read here and nowhere below."""

    config: Config
    database: Database
    office: Office
    clock: Clock

    def __post_init__(self) -> None:
        self.office.vault = Vault(*self.config.answer_secrets)

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
