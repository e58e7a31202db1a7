"""The district in which recorded histories are played again."""

from tests.district import prepared_sqlite, sqlite_url

__all__ = ["prepared_sqlite", "sqlite_url"]
