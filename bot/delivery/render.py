"""What a job shows, as it is now: store dataclasses through the views, and where it goes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from handlers.views import word as word_view
from handlers.views.activity import activity as activity_view
from handlers.views.attention import message as attention_view
from handlers.views.blocks import Json, Message
from handlers.views.digest import digest as digest_view
from handlers.views.opportunity import card as card_view
from handlers.views.opportunity import line as line_view
from handlers.views.opportunity import summary as summary_view
from handlers.views.opportunity import win as win_view
from handlers.views.person import home as home_view
from handlers.views.pipeline import board as board_view
from handlers.views.task import task as task_view
from handlers.views.text import Style
from store.database import Store
from store.outbox import outbox
from store.outbox.outbox import Job
from store.usecases import workspaces
from store.usecases.activity import activities
from store.usecases.attention import words as attention_words
from store.usecases.card import cards
from store.usecases.digest import reading as digest_reading
from store.usecases.digest import sending as digest_sending
from store.usecases.opportunity import summaries, wins
from store.usecases.person import homes
from store.usecases.pipeline import boards
from store.usecases.task import tasks
from store.usecases.task import words as task_words
from store.zones import local


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """In `channel_id`, or to `user_id` directly; at `again_at` it changes by itself. A line without
    a `thread_ts` has no card yet; `also` is said of one that goes to the channel too.
    """

    message: Message
    channel_id: str | None = None
    user_id: str | None = None
    thread_ts: str | None = None
    again_at: datetime | None = None
    also: bool = False


async def render(store: Store, job: Job, now: datetime) -> Rendered | None:
    """None when there is nothing to show, or nowhere."""
    return await _RENDERERS[job.kind](store, job, now)


async def _card(store: Store, job: Job, now: datetime) -> Rendered:
    shown = await store.read(cards.to_show, job.workspace_id, job.ref_id, now)
    place = shown.place
    if place is None:
        place = await store.write(cards.settle_place, job.workspace_id, job.ref_id or 0)
    style = Style(shown.workspace, now)
    message = card_view.card(style, shown.opportunity, old_thread=shown.old_thread)
    return Rendered(message=message, **_place(place), again_at=shown.again_at)


def _place(place: str) -> dict[str, Any]:
    """A user's id stands for their direct messages."""
    return {"user_id": place} if place.startswith(("U", "W")) else {"channel_id": place}


async def _old_card(store: Store, job: Job, now: datetime) -> Rendered:
    shown = await store.read(cards.to_show, job.workspace_id, job.ref_id, now)
    message = card_view.moved(Style(shown.workspace, now), shown.opportunity)
    return Rendered(message=message, channel_id=job.channel_id)


async def _line(store: Store, job: Job, now: datetime) -> Rendered:
    shown = await store.read(cards.line_to_show, job.workspace_id, job.ref_id)
    style = Style(shown.workspace, now)
    message = line_view.line(style, shown.change, called=shown.called, about=shown.about)
    return Rendered(
        message=message,
        channel_id=shown.channel_id,
        thread_ts=shown.thread_ts,
        also=shown.also,
    )


async def _win(store: Store, job: Job, now: datetime) -> Rendered | None:
    """Of one that was taken back before it was posted there is nothing to tell."""
    stands = job.channel_id if job.ts else None
    shown = await store.read(wins.to_show, job.workspace_id, job.ref_id, now, stands=stands)
    if shown is None:
        return None
    card = shown.opportunity.card
    message = win_view.message(Style(shown.workspace, now), shown)
    return Rendered(message=message, channel_id=card.channel_id if card else None)


async def _board(store: Store, job: Job, now: datetime) -> Rendered:
    shown = await store.read(boards.to_show, job.workspace_id, job.ref_id, now)
    style = Style(shown.workspace, now)
    message = board_view.board(
        style,
        shown.board,
        job.ref_id,
        can_post=False,
        owner=shown.owner,
        contact=shown.contact,
    )
    midnight = local(style.today + timedelta(days=1), time(0), shown.workspace.zone)
    again_at = midnight if job.kind == outbox.BOARD else None
    return Rendered(message=message, channel_id=shown.board.channel_id, again_at=again_at)


async def _task(store: Store, job: Job, now: datetime) -> Rendered | None:
    shown = await store.read(tasks.to_show, job.workspace_id, job.ref_id)
    if shown is None:
        return None
    message = task_view.message(Style(shown.workspace, now), shown.task)
    return Rendered(message=message, channel_id=shown.channel_id, thread_ts=shown.thread_ts)


async def _old_task(_store: Store, job: Job, _now: datetime) -> Rendered:
    message = task_view.moved(with_card=bool(job.data))
    return Rendered(message=message, channel_id=job.channel_id)


async def _activity(store: Store, job: Job, now: datetime) -> Rendered | None:
    """One that was deleted before it was posted need not be shown at all."""
    shown = await store.read(activities.to_show, job.workspace_id, job.ref_id)
    if shown.activity.deleted_at and job.ts is None:
        return None
    message = activity_view.message(Style(shown.workspace, now), shown.activity)
    return Rendered(message=message, channel_id=shown.channel_id, thread_ts=shown.thread_ts)


async def home(store: Store, job: Job, now: datetime) -> Json:
    """The Home of one person: a view, which stands in no channel."""
    user_id = str((job.data or {})["user"])
    shown = await store.read(homes.to_show, job.workspace_id, user_id, now)
    return home_view.home(Style(shown.workspace, now), shown) if shown else home_view.outside()


async def _word(store: Store, job: Job, now: datetime) -> Rendered | None:
    if job.data is None:
        return None
    if job.data["say"] == "summary":
        return await _summary(store, job, job.data, now)
    if job.data["say"] == "attention":
        return await _attention(store, job, job.data, now)
    workspace = await store.read(workspaces.load, job.workspace_id)
    if "task" in job.data:
        return await _task_word(store, job, Style(workspace, now), job.data)
    message = word_view.word(Style(workspace, now), job.data)
    return Rendered(message=message, user_id=job.data["user"])


async def _summary(store: Store, job: Job, data: dict[str, Any], now: datetime) -> Rendered | None:
    """For whoever asked for it, as far as they may still see it."""
    about = (job.workspace_id, int(data["opportunity"]), str(data["user"]))
    shown = await store.read(summaries.to_show, *about, now)
    if shown is None:
        return None
    message = summary_view.summary(Style(shown.workspace, now), shown)
    return Rendered(message=message, user_id=about[2])


async def _attention(
    store: Store, job: Job, data: dict[str, Any], now: datetime
) -> Rendered | None:
    """For the owner of these deals, as they now are."""
    stands = job.ts is not None
    shown = await store.read(attention_words.to_show, job.workspace_id, data, now, again=stands)
    if shown is None:
        return None
    message = attention_view.message(Style(shown.workspace, now), shown)
    return Rendered(message=message, user_id=shown.user_id)


async def _task_word(store: Store, job: Job, style: Style, data: dict[str, Any]) -> Rendered | None:
    to, reminds = str(data["user"]), data["say"] == "reminder"
    about = (job.workspace_id, int(data["task"]), to)
    task = await store.read(task_words.to_tell, *about, reminder=reminds)
    if task is None:
        return None
    told = task_view.reminder(style, task)
    if not reminds:
        told = task_view.given(style, task, str(data["by"]))
    return Rendered(message=told, user_id=to)


async def _digest(store: Store, job: Job, now: datetime) -> Rendered | None:
    """Posted once, as it then is; not where it came too late, or may not stand any more."""
    run = (job.workspace_id, job.ref_id or 0)
    why = await store.read(digest_sending.withheld, *run, now)
    if why is not None:
        await store.write(digest_sending.withhold, *run, why, now)
        return None
    content = await store.read_patiently(digest_reading.to_show, *run, now)
    if content is None:
        return None
    message = digest_view.digest(Style(content.workspace, now), content)
    return Rendered(message=message, channel_id=job.channel_id)


_RENDERERS: Mapping[str, Callable[[Store, Job, datetime], Awaitable[Rendered | None]]] = {
    outbox.CARD: _card,
    outbox.OLD_CARD: _old_card,
    outbox.LINE: _line,
    outbox.BOARD: _board,
    outbox.OLD_BOARD: _board,
    outbox.ACTIVITY: _activity,
    outbox.TASK: _task,
    outbox.OLD_TASK: _old_task,
    outbox.WORD: _word,
    outbox.DIGEST: _digest,
    outbox.WIN: _win,
}
