"""The few things that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session


def insert(session: Session, table: Any) -> sqlite.Insert:
    """An INSERT that knows ON CONFLICT; both dialects have the same methods for it."""
    return insert_for(session.get_bind().dialect.name, table)


def insert_for(dialect: str, table: Any) -> sqlite.Insert:
    """The same, for a statement that is built once and kept."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - an embedded database needs none.

    return postgresql.insert(table)  # type: ignore[return-value]
