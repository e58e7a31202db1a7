"""Fixtures of the walk: a district as tests.district makes it."""

from tests.district import prepared_sqlite, sqlite_url

__all__ = ["prepared_sqlite", "sqlite_url"]
