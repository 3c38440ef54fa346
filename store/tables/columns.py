"""The kinds of columns, and the base of all rows: private to the store."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Enum, Integer, MetaData, String, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from store.opportunity.status import Shelf, Status
from store.person.person import Role


class UTCDateTime(TypeDecorator[datetime]):
    """Aware in Python, UTC in the database; a naive datetime is a mistake and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature.
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(kind: type[StrEnum]) -> Enum:
    """An enum kept by its value, as text that both databases compare alike."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


def only(condition: str) -> dict[str, Any]:
    """An index of those rows alone, where most rows are of no interest to it. Whoever makes or
    compares tables asks for `spelled_out`: to say it here would load what PostgreSQL needs.
    """
    return {"info": {"only": condition}}


def spelled_out(metadata: MetaData) -> MetaData:
    """The tables, their partial indexes as each database spells them."""
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        if condition := index.info.get("only"):
            for dialect in ("sqlite", "postgresql"):
                index.dialect_kwargs[f"{dialect}_where"] = text(condition)
    return metadata


Id = BigInteger().with_variant(Integer, "sqlite")
Team = String(32)
SlackId = String(32)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own name for its own setting.
        datetime: UTCDateTime,
        Status: words(Status),
        Shelf: words(Shelf),
        Role: words(Role),
        dict[str, Any]: JSON,
        list[int]: JSON,
    }
