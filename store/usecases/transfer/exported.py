"""How records are spelled in a file, whatever they are of."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables.records import OpportunityRow, PersonRow

PAGE = 1000

Record = dict[str, str]


def names(session: Session, workspace_id: str) -> dict[str, str]:
    """Everybody's name, by id."""
    found = select(PersonRow.user_id, PersonRow.name).where(PersonRow.workspace_id == workspace_id)
    return {row[0]: row[1] for row in session.execute(found)}


def deals(
    session: Session, workspace_id: str, ids: Iterable[int | None]
) -> dict[int | None, dict[str, str]]:
    """What deals are called in the records that hang on them; on none, they leave it empty."""
    found = select(OpportunityRow.id, OpportunityRow.number, OpportunityRow.name).where(
        OpportunityRow.workspace_id == workspace_id, OpportunityRow.id.in_(set(ids) - {None})
    )
    none: dict[int | None, dict[str, str]] = {None: {"number": "", "opportunity": ""}}
    return none | {
        row.id: {"number": str(row.number), "opportunity": row.name}
        for row in session.execute(found)
    }


def day(day: date | None) -> str:
    return day.isoformat() if day else ""


def at(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""
