"""Plays the sample data through the use cases, each at its own time in the past, while the bot
delivers: cards and thread lines come as they would have come, only faster.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot import mornings
from bot.app import App
from bot.demo.clock import DemoClock
from bot.demo.sample import earlier
from bot.demo.sample.diary import DIARY
from bot.demo.sample.plans import PLANS
from bot.demo.sample.sample import CONTACTS, DEALS
from bot.demo.sample.steps import (
    Deal,
    Did,
    Edited,
    Logged,
    Lost,
    Moved,
    Paused,
    Planned,
    Reopened,
    Rescheduled,
    Resumed,
    Step,
    Won,
)
from bot.demo.workspace import Person, Workspace
from store.activity import ActivityDraft
from store.board import Query
from store.digest.digest import WEEKDAYS, DigestDraft, Rhythm, Schedule
from store.opportunity.opportunity import OpportunityDraft
from store.person.person import Actor
from store.settings.channels import ChannelSettings
from store.task.task import Due, TaskDraft
from store.transfer import ImportedOpportunity
from store.usecases import contacts, workspaces
from store.usecases.activity import activities
from store.usecases.attention import rounds
from store.usecases.delivery import waiting
from store.usecases.digest import digests
from store.usecases.opportunity import edits, opportunities, status
from store.usecases.opportunity.edits import Edit
from store.usecases.opportunity.status import Loss, Win
from store.usecases.pipeline import boards
from store.usecases.settings import channels as channel_settings
from store.usecases.task import tasks
from store.usecases.transfer import imports
from store.usecases.workspaces import SetUp
from store.zones import MORNING, local

_SETTLED_SECONDS = 30
_PUT_OFF = timedelta(seconds=10)
"""A digest may be put off for moments until there is time to read it."""
_OPENING_HOUR = 9
_OPEN_HOURS = 8
_A_WEEK_AGO = (6, 5, 4)
_JUST_NOW = timedelta(minutes=20)
"""Older than what can still be undone, so that nothing is drawn again soon after."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a deal; its opening has no step."""

    at: datetime
    deal: Deal
    step: Step | None


def history(now: datetime, zone: ZoneInfo) -> list[Event]:
    """All that happened, oldest first, each at an office hour of its day."""
    found: list[Event] = []
    for place, deal in enumerate(DEALS):
        steps = (*deal.steps, *DIARY.get(deal.name, ()), *PLANS.get(deal.name, ()))
        days = [(deal.opened, None), *((step.ago, step) for step in steps)]
        found += [Event(_moment(now, zone, ago, place), deal, step) for ago, step in days]
    return sorted(found, key=lambda event: event.at)


def _moment(now: datetime, zone: ZoneInfo, ago: int, place: int) -> datetime:
    day = now.astimezone(zone).date() - timedelta(days=ago)
    hour = time(_OPENING_HOUR + (place + ago) % _OPEN_HOURS, (place * 7 + ago * 13) % 60)
    at = datetime.combine(day, hour, zone).astimezone(UTC)
    return min(at, now - _JUST_NOW)


def _last_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """The last time that it was nine o'clock on a weekday."""
    day = now.astimezone(zone).date()
    while not (rounds.is_time(at := local(day, MORNING, zone), zone) and at <= now):
        day -= timedelta(days=1)
    return at


class Filling:
    """One run of the sample data through a running bot."""

    def __init__(self, app: App, clock: DemoClock, workspace: Workspace) -> None:
        self.app = app
        self.clock = clock
        self.workspace = workspace
        self.deals_channel = workspace.channels[0].id
        self.actors: dict[str, Actor] = {}
        self.contacts: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.tasks: dict[str, int] = {}
        self.today: date = clock().date()
        self._delivered = asyncio.Event()
        loop = asyncio.get_running_loop()
        app.store.on_outbox(lambda: _set(loop, self._delivered))

    async def play(self, *, set_up: bool = True) -> None:
        """All of it, and at the end the live board in the deals channel."""
        now = self.clock()
        zone = ZoneInfo(self.workspace.tz)
        self.today = now.astimezone(zone).date()
        events = history(now, zone)
        await self._begin(events[0].at - timedelta(hours=1), set_up=set_up)
        morning = _last_morning(now, zone)
        await self.app.store.write(self._wait_until, morning)
        for event in events:
            # A jump ends the leases of what is under way, so each is waited for.
            self.clock.stand_at(event.at)
            await self.app.store.write(self._happen, event)
            await self._settled()
        self.clock.go()
        await self.app.store.write(self._import, earlier.deals(self.today, zone))
        # What of their deals needs attention, as if they had been told that morning.
        await mornings.make(self.app.store, morning)
        if set_up:
            await self.app.store.write(self._be_loud)
        await self.app.store.write(self._tell)
        await self._settled(_PUT_OFF)
        await self.app.store.write(
            boards.post, Query(), self.deals_channel, by=self._admin, now=self.clock()
        )
        await self._settled()

    def _wait_until(self, session: Session, morning: datetime) -> None:
        """The mornings before that one pass too fast for anybody to be told anything."""
        for user_id in self.actors:
            rounds.enlist(session, self.workspace.team_id, user_id, morning - timedelta(seconds=1))

    @property
    def _admin(self) -> Actor:
        return next(actor for actor in self.actors.values() if actor.admin)

    async def _begin(self, at: datetime, *, set_up: bool) -> None:
        """Before the first deal: the people, the channel, the settings, the contacts."""
        self.clock.stand_at(at)
        for person in self.workspace.people:
            actor = await self.app.directory.actor(self.workspace.team_id, person.id, None)
            self.actors[person.id] = actor
        await self.app.directory.reread(self.workspace.team_id, self.deals_channel)
        if set_up:
            said = SetUp(deals_channel=self.deals_channel, currency="GBP", tz=self.workspace.tz)
            await self.app.store.write(workspaces.set_up, self._admin, said, at)
        for draft in CONTACTS:
            made = await self.app.store.write(contacts.create, draft, by=self._admin, now=at)
            self.contacts[made.name] = made.id

    def _import(self, session: Session, deals: list[ImportedOpportunity]) -> None:
        """Those of the year before: they have no cards."""
        team, done = self.workspace.team_id, len(deals)
        imports.save(session, team, deals, mark="earlier", done=done, now=self.clock())

    def _be_loud(self, session: Session) -> None:
        """From now on: what was won in the sample's past is no news."""
        wanted = ChannelSettings(loud_wins=True)
        channel_settings.save(session, self.deals_channel, wanted, was=None, by=self._admin)

    def _tell(self, session: Session) -> None:
        """A digest that comes once a week, and last came as long ago as a working day allows: there
        is something to tell, whatever the day.
        """
        who: dict[str, Any] = {"by": self._admin, "now": self.clock()}
        days = (self.today - timedelta(days=ago) for ago in _A_WEEK_AGO)
        day = next(day.isoweekday() for day in days if day.isoweekday() in WEEKDAYS)
        weekly = Schedule(rhythm=Rhythm.WEEKLY, days=(day,), tz=self.workspace.tz)
        made = digests.add(session, DigestDraft(schedule=weekly), self.deals_channel, **who)
        digests.send_now(session, made.id, **who)

    async def _settled(self, ahead: timedelta = timedelta()) -> None:
        """Waits until Slack shows all that is due by now, or so soon after."""
        async with asyncio.timeout(_SETTLED_SECONDS):
            while True:
                self._delivered.clear()
                if not await self.app.store.read(waiting.pending, self.clock() + ahead):
                    return
                await self._delivered.wait()

    def _happen(self, session: Session, event: Event) -> None:
        if event.step is None:
            self._open(session, event.deal, event.at)
            return
        by = self._actor(event.step.by or event.deal.owner)
        number = self.numbers[event.deal.name]
        self._step(session, number, event.step.what, {"by": by, "now": event.at})

    def _actor(self, person: Person) -> Actor:
        return self.actors[person.id]

    def _open(self, session: Session, deal: Deal, now: datetime) -> None:
        draft = OpportunityDraft(
            name=deal.name,
            contact_id=self.contacts[deal.contact] if deal.contact else None,
            value=deal.value,
            expected_close=self._day(deal.close) if deal.close is not None else None,
            owner_id=deal.owner.id,
            notes=deal.notes,
            channel_id=self.deals_channel,
        )
        made = opportunities.create(session, draft, by=self._actor(deal.owner), now=now)
        self.numbers[deal.name] = made.opportunity.number

    def _day(self, ahead: int) -> date:
        return self.today + timedelta(days=ahead)

    def _step(self, session: Session, number: int, what: Any, who: dict[str, Any]) -> None:
        match what:
            case Moved(to):
                status.move(session, number, to, seen=None, **who)
            case Won(final):
                closed = who["now"].astimezone(who["by"].zone).date()
                said = Win(final_value=final, closed_on=closed)
                status.win(session, number, said, seen=None, **who)
            case Lost(reason, note):
                status.lose(session, number, Loss(reason=reason, note=note), seen=None, **who)
            case Paused(until):
                status.pause(session, number, self._day(until), seen=None, **who)
            case Resumed():
                status.resume(session, number, **who)
            case Reopened(close):
                status.reopen(session, number, self._day(close), **who)
            case Logged() | Planned() | Did():
                self._besides(session, number, what, who)
            case Rescheduled(close):
                opportunities.reschedule(session, number, self._day(close), **who)
            case Edited(field, to):
                since = opportunities.get(session, number, **who).last_change
                edits.edit(session, number, Edit(fields={field: to}, since=since), **who)

    def _besides(
        self, session: Session, number: int, what: Logged | Planned | Did, who: dict[str, Any]
    ) -> None:
        """What hangs on the deal, and changes nothing of it."""
        match what:
            case Logged(kind, what_happened):
                draft = ActivityDraft(kind=kind, what=what_happened, number=number)
                activities.log(session, draft, **who)
            case Planned():
                made = tasks.create(session, self._planned(number, what), **who)
                self.tasks[what.title] = made.task.id
            case Did(title):
                tasks.done(session, self.tasks[title], **who)

    def _planned(self, number: int, what: Planned) -> TaskDraft:
        due = None
        if what.due is not None:
            hour = time(what.hour) if what.hour is not None else None
            due = Due.of(self._day(what.due), hour, ZoneInfo(self.workspace.tz))
        return TaskDraft(
            title=what.title,
            assignee_id=what.assignee.id if what.assignee else None,
            due=due,
            notes=what.notes,
            number=number,
        )


def _set(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    # At the end of the demo a last commit may come after the loop.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(event.set)
