"""A workspace without Slack: people, a clock that is turned, use cases run as transactions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from store.database import Store
from store.opportunity.opportunity import Opportunity, OpportunityDraft
from store.person.person import Actor, Role
from store.tables.records import HistoryRow
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import opportunities
from store.usecases.person import people
from store.usecases.person.people import Profile
from store.usecases.workspaces import Identity

T = TypeVar("T")
TEAM, OTHERS = "T0SALES", "T0OTHERS"
DEALS = "C0DEALS"


def actor(name: str, workspace_id: str = TEAM, **about: Any) -> Actor:
    user_id = f"U0{name.upper()}"
    given = {"role": Role.MEMBER, "tz": "Europe/London", "locale": "en_GB"} | about
    return Actor(workspace_id=workspace_id, id=user_id, name=name, **given)


@dataclass(slots=True)
class Crm:
    """One database with two workspaces, each with Alice (an admin), Bob and Carol."""

    store: Store
    now: datetime = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    alice: Actor = field(default_factory=lambda: actor("Alice", admin=True))
    bob: Actor = field(default_factory=lambda: actor("Bob"))
    carol: Actor = field(default_factory=lambda: actor("Carol"))
    eve: Actor = field(default_factory=lambda: actor("Eve", OTHERS, admin=True))

    def __post_init__(self) -> None:
        for workspace_id in (TEAM, OTHERS):
            identity = Identity(
                workspace_id=workspace_id,
                name="Sales",
                app_id="A0",
                bot_id="B0",
                bot_user_id="U0BOT",
            )
            self.store.write_now(workspaces.install, identity, self.now)
            deals = Channel(workspace_id=workspace_id, id=DEALS, name="deals", bot_in=True)
            self.store.write_now(channels.know, deals, self.now)
        for one in (self.alice, self.bob, self.carol, self.eve):
            profile = Profile(
                workspace_id=one.workspace_id, user_id=one.id, name=one.name, tz=one.tz
            )
            self.store.write_now(people.know, profile, self.now)

    def turn(self, **ahead: float) -> None:
        self.now += timedelta(**ahead)

    def do(self, use_case: Callable[..., T], *args: Any, by: Actor | None = None, **kw: Any) -> T:
        """Runs it as a transaction of `by` (Alice), now."""
        return self.store.write_now(use_case, *args, by=by or self.alice, now=self.now, **kw)

    def opened(self, name: str = "Acme renewal", by: Actor | None = None, **said: Any) -> int:
        """The number of a new opportunity."""
        draft = OpportunityDraft(name=name, **{"channel_id": DEALS, **said})
        return self.do(opportunities.create, draft, by=by).opportunity.number

    def look(self, number: int, by: Actor | None = None) -> Opportunity:
        return self.do(opportunities.get, number, by=by)

    def kinds(self) -> list[str]:
        """The kinds of all lines of history, oldest first."""
        query = select(HistoryRow.kind).order_by(HistoryRow.id)
        return self.store.read_now(lambda session: list(session.scalars(query)))
