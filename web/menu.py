"""The navigation: every blueprint names its own entries; a signed-in user sees those of his roles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, current_app, request
from flask_login import current_user


@dataclass(frozen=True)
class Entry:
    """A line of the navigation. Without `roles` it is for everybody signed in; `place` orders the lines.

    `count` is a number shown beside the label where it is not 0. `apart` names pages of the entry's blueprint that are
    reached from elsewhere, so that the entry is not marked on them.
    """

    label: str
    endpoint: str
    place: int
    roles: frozenset[str] = frozenset()
    count: Callable[[], int] | None = None
    apart: frozenset[str] = frozenset()

    @property
    def current(self) -> bool:
        """Whether the page shown belongs to this entry."""
        endpoint = request.endpoint or ""
        if endpoint in self.apart:
            return False
        return endpoint == self.endpoint or endpoint.partition(".")[0] == self.endpoint.partition(".")[0]


def add(app: Flask, entries: Iterable[Entry]) -> None:
    """Add a blueprint's entries."""
    app.extensions["menu"] = sorted(
        [*app.extensions.get("menu", []), *entries], key=lambda entry: entry.place
    )


def entries() -> list[Entry]:
    """The entries for whoever is signed in."""
    if not current_user.is_authenticated:
        return []
    roles = current_user.actor.roles
    return [entry for entry in current_app.extensions["menu"] if not entry.roles or entry.roles & roles]
