"""How often Slack may be called, shared by all copies: a row for each pace of each workspace.

A pace is kept as the generic cell rate algorithm does: one instant, when the next call would be
exactly on time; a call may come earlier by as much as the burst allows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from store.tables.dialect import insert
from store.tables.machinery import BudgetRow


@dataclass(frozen=True, slots=True)
class Pace:
    """`burst` calls at once, then one each `every`."""

    every: timedelta
    burst: int

    @property
    def tolerance(self) -> timedelta:
        return self.every * (self.burst - 1)


UPDATE, POST, LOOK_UP, CHANNEL = "chat.update", "chat.postMessage", "look-up", "channel"
PUBLISH, CATCH_UP = "views.publish", "catch-up"

# docs.slack.dev/apis/web-api/rate-limits: tiers per method and workspace and minute; a message a
# second and channel; several hundred messages a minute and workspace. Bursts are tolerated, how
# large is not said: what is too much for Slack comes back as 429 with the time to wait.
PACES = {
    UPDATE: Pace(timedelta(seconds=60) / 50, 20),
    POST: Pace(timedelta(seconds=60) / 300, 20),
    LOOK_UP: Pace(timedelta(seconds=60) / 50, 10),
    # Threads that were missed are asked for by the same method; what was posted goes first.
    CATCH_UP: Pace(timedelta(seconds=60) / 40, 10),
    CHANNEL: Pace(timedelta(seconds=1), 3),
    PUBLISH: Pace(timedelta(seconds=60) / 100, 20),
}


@dataclass(frozen=True, slots=True)
class Charge:
    """One call counted against one pace of a workspace; a channel has a pace of its own."""

    workspace_id: str
    name: str

    @property
    def pace(self) -> Pace:
        return PACES[self.name.partition(":")[0]]


def waiting(session: Session, now: datetime) -> dict[Charge, datetime]:
    """The paces that allow no call now, and from when on each does again."""
    ahead = session.scalars(select(BudgetRow).where(BudgetRow.next_at > now))
    opening = {
        charge: row.next_at - charge.pace.tolerance
        for row in ahead
        for charge in (Charge(row.workspace_id, row.name),)
    }
    return {charge: at for charge, at in opening.items() if at > now}


class Ledger:
    """The paces of one round of claims: locked and read once, charged in memory, written once."""

    def __init__(self, session: Session, now: datetime, charges: Iterable[Charge]) -> None:
        self.session = session
        self.now = now
        wanted = sorted({(charge.workspace_id, charge.name) for charge in charges})
        self._rows = {Charge(*key): self._row(*key) for key in wanted}

    def _row(self, workspace_id: str, name: str) -> BudgetRow:
        # It must be there before it is locked: two copies that both made it would count apart.
        keys = {"workspace_id": workspace_id, "name": name}
        found = select(BudgetRow).filter_by(**keys).with_for_update()
        # Read again, even if the session has it: another copy may have counted meanwhile.
        found = found.execution_options(populate_existing=True)
        row = self.session.scalar(found)
        if row is None:
            made = insert(self.session, BudgetRow).values(keys | {"next_at": self.now})
            self.session.execute(made.on_conflict_do_nothing(index_elements=list(keys)))
            row = self.session.scalars(found).one()
        return row

    def take(self, charges: Iterable[Charge]) -> bool:
        """Counts a call if all of these allow it now."""
        rows = [(self._rows[charge], charge.pace) for charge in charges]
        if any(row.next_at - pace.tolerance > self.now for row, pace in rows):
            return False
        for row, pace in rows:
            row.next_at = max(row.next_at, self.now) + pace.every
        return True


def hold(session: Session, charges: Iterable[Charge], until: datetime) -> None:
    """Slack said how long to wait: none of these before then, burst or not."""
    for charge in charges:
        keys = {"workspace_id": charge.workspace_id, "name": charge.name}
        at = until + charge.pace.tolerance
        later = case((BudgetRow.next_at > at, BudgetRow.next_at), else_=at)
        session.execute(
            insert(session, BudgetRow)
            .values(keys | {"next_at": at})
            .on_conflict_do_update(index_elements=list(keys), set_={"next_at": later})
        )
