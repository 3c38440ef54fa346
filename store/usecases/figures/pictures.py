"""Pictures of figures: wanted by somebody, drawn and sent to them by delivery."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from store.figures import Figures, Span
from store.outbox import outbox
from store.outbox.outbox import Job
from store.person.person import Actor
from store.tables.dialect import insert
from store.tables.machinery import OutboxRow
from store.usecases.figures import figures
from store.usecases.person import people


def want(session: Session, span: Span, asked: int, *, by: Actor, now: datetime) -> None:
    """The picture of these figures comes by direct message; for another period of the same request
    (`asked`) it takes the place of the first.
    """
    by.must_read()
    key = f"{outbox.PICTURE}:{by.id}:{asked}"
    row = outbox.row_of(by.workspace_id, outbox.PICTURE, key, now)
    row |= {"data": {"user": by.id, "span": span.value}, "channel_id": by.id}
    made = insert(session, OutboxRow).values(row)
    again = outbox.wanted_again(made.excluded.due_at) | {"data": made.excluded.data}
    keys = ["workspace_id", "key"]
    session.execute(made.on_conflict_do_update(index_elements=keys, set_=again))
    session.info["outbox"] = True


def to_show(
    session: Session, workspace_id: str, user_id: str, span: Span, now: datetime
) -> Figures | None:
    """As they are now, for whoever asked; None when there is nothing that they may see drawn."""
    by = people.looker(session, workspace_id, user_id)
    if not by.may_read:
        return None
    shown = figures.read(session, span, by.viewer, now)
    return shown if shown.enough else None


def uploaded(session: Session, job: Job, lessee: str, file_id: str, drawn: str) -> bool:
    """Slack has the file: a post that has to be tried again needs no other, while the same is to be
    `drawn`. False when another copy has taken this over, or another picture is wanted by now.
    """
    kept = (
        update(OutboxRow)
        .where(OutboxRow.workspace_id == job.workspace_id, OutboxRow.id == job.id)
        .where(OutboxRow.lease == lessee, OutboxRow.wanted == job.wanted)
        .values(data=(job.data or {}) | {"file": file_id, "drawn": drawn})
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", session.execute(kept)).rowcount == 1
