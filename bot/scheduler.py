"""The table of jobs. APScheduler is a tick: each job asks the store what is due, and the store
knows what was done.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot import mornings
from bot.app import App, utc_now
from store.errors import Busy
from store.usecases import once
from store.usecases.attention import rounds
from store.usecases.comment import comments
from store.usecases.digest import sending as digest_sending
from store.usecases.digest import turns as digest_turns
from store.usecases.opportunity import status
from store.usecases.person import leavers
from store.usecases.task import reminders

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    seconds: int
    run: Callable[[App], Awaitable[None]]


async def end_pauses(app: App) -> None:
    """What is paused comes back on its day by itself."""
    while await app.store.write(status.return_due, app.clock()):
        log.info("Took opportunities back from their pause")


async def remind(app: App) -> None:
    """Whose task is due is told so."""
    while await app.store.write(reminders.remind_due, app.clock()):
        log.info("Reminded people of what is due")


async def digests(app: App) -> None:
    """What could not be posted in time is skipped first, so that the ones due now tell it."""
    while await app.store.write(digest_sending.skip_late, app.clock()):
        log.warning("Skipped digests that are too late by now")
    while await app.store.write(digest_turns.decide_due, app.clock()):
        log.info("Decided digests that are due")


async def tell_owners(app: App) -> None:
    """Whose deals need attention is told so, in their morning."""
    if await mornings.make(app.store, app.clock()):
        log.info("Looked at whose deals need attention")


async def enlist_owners(app: App) -> None:
    """Who owns deals by an import, and what a clock that was wrong has put off."""
    for workspace_id in app.installed.workspace_ids:
        owners = await app.store.read(rounds.missing, workspace_id)
        await app.store.write(rounds.enlist_all, workspace_id, owners, app.clock())
    await app.store.write(rounds.put_right, app.clock())


async def forget(app: App) -> None:
    while await app.store.write(once.forget, app.clock()):
        log.info("Forgot what was heard long ago")


async def reread_channels(app: App) -> None:
    """Who is in the private channels that have cards, in case an event was missed."""
    for workspace_id in app.installed.workspace_ids:
        await app.directory.refresh(workspace_id)


async def listen(app: App) -> None:
    """Keeps until when all was heard, and picks up what was missed."""
    await app.catching_up.tick()


async def meet_people(app: App) -> None:
    """Who commented and is not known by name yet, in case Slack could not be asked then."""
    for workspace_id in app.installed.workspace_ids:
        found = await app.store.read(comments.strangers, workspace_id)
        app.meeting(workspace_id, found)


async def look_for_leavers(app: App) -> None:
    """Who was deactivated and still has open deals, tasks or digests, in case an event was missed;
    admins who came to be known since are told too.
    """
    for workspace_id in app.installed.workspace_ids:
        late = await app.store.read(leavers.overdue, workspace_id, app.clock())
        await app.directory.reread_people(workspace_id, late)
        found = await app.store.read(leavers.gone, workspace_id)
        await app.store.write(leavers.point_out, workspace_id, found, app.clock())


JOBS = (
    Job("listen", 10, listen),
    Job("end-pauses", 20, end_pauses),
    Job("digests", 10, digests),
    Job("meet-people", 3600, meet_people),
    Job("remind", 20, remind),
    Job("tell-owners", 20, tell_owners),
    Job("enlist-owners", 3600, enlist_owners),
    Job("forget-heard", 3600, forget),
    Job("reread-channels", 24 * 3600, reread_channels),
    Job("look-for-leavers", 24 * 3600, look_for_leavers),
)


def start(app: App) -> Any:
    """Runs the jobs on this event loop, each first at once; returns the scheduler to stop."""
    from apscheduler.schedulers.asyncio import (  # noqa: PLC0415 - loaded when something runs.
        AsyncIOScheduler,
    )

    scheduler = AsyncIOScheduler(timezone="UTC")
    for job in JOBS:
        scheduler.add_job(
            _guarded(job),
            "interval",
            args=[app],
            id=job.id,
            name=job.id,
            seconds=job.seconds,
            next_run_time=utc_now(),  # The tick goes by the real time, whatever the clock says.
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    scheduler.start()
    return scheduler


def _guarded(job: Job) -> Callable[[App], Awaitable[None]]:
    """A database that is away is no failure, nor is the end of the process: the next tick finds the
    same things due.
    """

    async def run(app: App) -> None:
        try:
            await job.run(app)
        except Busy:
            log.warning("The job %s waits for the database", job.id)
        except asyncio.CancelledError:
            log.info("The job %s ends with the process", job.id)

    return run
