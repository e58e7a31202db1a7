"""The district in which the stories happen."""

from tests.district import database_url, district, prepared_sqlite, quick, sqlite_url

__all__ = ["database_url", "district", "prepared_sqlite", "quick", "sqlite_url"]
