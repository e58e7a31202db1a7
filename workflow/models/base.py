"""Column types and the base of every table."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Dialect, Integer, MetaData, String, Text, TypeDecorator, literal_column
from sqlalchemy.orm import DeclarativeBase

_WHOLE_SECONDS = 19
"""2016-09-05T01:00:00"""
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def moment_text(moment: datetime) -> str:
    """UTC in whole seconds: the text that is stored, compared and hashed."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return f"{moment.astimezone(UTC).isoformat()[:_WHOLE_SECONDS]}Z"


def canonical(value: Any) -> str:
    """One text for one JSON value: what is stored and what digests are taken of."""
    return _CANONICAL.encode(value)


class Moment(TypeDecorator[datetime]):
    """An instant, stored as UTC text: SQLite's own type would drop the zone silently."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Yuan(TypeDecorator[Decimal]):
    """Money: `Decimal` yuan with two places in code, integer fen in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        fen = value * 100
        if fen != fen.to_integral_value():
            raise ValueError(f"{value} has parts of a fen")
        return int(fen)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class Json(TypeDecorator[Any]):
    """JSON as canonical text, so that its digest is the digest of what is stored."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class _WrittenOut(String.Comparator[str]):
    def operate(self, op: Any, *other: Any, **more: Any) -> Any:
        written = (
            literal_column(f"'{one}'") if isinstance(one, str) and one.isidentifier() else one
            for one in other
        )
        return super().operate(op, *written, **more)


def written_out(length: int) -> String:
    """A word of the code that stands in SQL itself when it is compared with: with a parameter in its place no database
    takes an index over the open rows alone.
    """
    kind = String(length)
    kind.comparator_factory = _WrittenOut
    return kind


def by_letter(length: int) -> String:
    """A text in the order of its letters' codes on both databases: one index finds what begins with a text, in order."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


Key = BigInteger().with_variant(Integer, "sqlite")
"""A primary key: SQLite counts only INTEGER by itself."""


class Base(DeclarativeBase):
    """Base of all tables; constraints are named alike on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        Decimal: Yuan,
        str: String(200),
        int: Key,
    }
