"""How often Slack may be called, shared by all copies: a row for each pace of each workspace.

A pace is kept as the generic cell rate algorithm does: one instant, when the next call would be
exactly on time; a call may come earlier by as much as the burst allows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.dialect import insert
from store.tables import BudgetRow


@dataclass(frozen=True, slots=True)
class Pace:
    """`burst` calls at once, then one each `every`."""

    every: timedelta
    burst: int

    @property
    def tolerance(self) -> timedelta:
        return self.every * (self.burst - 1)


# docs.slack.dev/apis/web-api/rate-limits: tiers per method and workspace and minute; a message a
# second and channel; several hundred messages a minute and workspace. Bursts are tolerated, how
# large is not said: what is too much for Slack comes back as 429 with the time to wait.
UPDATE = Pace(timedelta(seconds=60) / 50, 20)
POST = Pace(timedelta(seconds=60) / 300, 20)
CHANNEL = Pace(timedelta(seconds=1), 3)
LOOK_UP = Pace(timedelta(seconds=60) / 50, 10)


@dataclass(frozen=True, slots=True)
class Charge:
    """One call counted against one pace of a workspace."""

    workspace_id: str
    name: str
    pace: Pace


class Ledger:
    """The paces of one round of claims: read once, charged in memory, written once."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self._next: dict[tuple[str, str], datetime] = {}
        self._dirty: set[tuple[str, str]] = set()

    def load(self, charges: Iterable[Charge]) -> None:
        for workspace_id, name in sorted({(c.workspace_id, c.name) for c in charges}):
            if (workspace_id, name) not in self._next:
                row = self.session.scalar(
                    select(BudgetRow)
                    .where(BudgetRow.workspace_id == workspace_id, BudgetRow.name == name)
                    .with_for_update()
                )
                self._next[workspace_id, name] = row.next_at if row else self.now

    def when(self, charges: Iterable[Charge]) -> datetime:
        """The earliest time that all of these allow."""
        return max(
            [self.now, *(self._next[c.workspace_id, c.name] - c.pace.tolerance for c in charges)]
        )

    def charge(self, charges: Iterable[Charge], *, kept: bool = True) -> None:
        """Counts a call; not `kept`, only to see when the one after it would come."""
        for c in charges:
            key = (c.workspace_id, c.name)
            self._next[key] = max(self._next[key], self.now) + c.pace.every
            if kept:
                self._dirty.add(key)

    def save(self) -> None:
        for workspace_id, name in sorted(self._dirty):
            keep(self.session, workspace_id, name, self._next[workspace_id, name])


def keep(session: Session, workspace_id: str, name: str, next_at: datetime) -> None:
    keys = {"workspace_id": workspace_id, "name": name}
    session.execute(
        insert(session, BudgetRow)
        .values(keys | {"next_at": next_at})
        .on_conflict_do_update(index_elements=list(keys), set_={"next_at": next_at})
    )


def hold(session: Session, charges: Iterable[Charge], until: datetime) -> None:
    """Slack said 429 and how long to wait: none of these before then, burst or not."""
    for c in charges:
        keep(session, c.workspace_id, c.name, until + c.pace.tolerance)
