"""The forms about digests: when it comes, what it is narrowed to, what it contains."""

from dataclasses import dataclass, field
from typing import Any

from handlers.digest.ids import DeletingDigest, EditingDigest
from handlers.ids import Action, Callback
from handlers.views import inputs
from handlers.views.blocks import Json, context, divider, modal, option, section
from handlers.views.digest.schedule import DAYS, comes
from handlers.views.inputs import chosen, ticks, timed
from handlers.views.pipeline.filtering import filter_fields
from handlers.views.text import Style, clip
from store.board import Filter
from store.contact import ContactRef
from store.digest.digest import Digest, Part, Rhythm, Schedule

RHYTHMS = {
    Rhythm.WEEKDAYS: "Weekdays, Monday to Friday",
    Rhythm.DAILY: "Every day",
    Rhythm.WEEKLY: "On chosen days of the week",
    Rhythm.MONTHLY: "Once a month",
}
PARTS = {
    Part.CHANGES: "What changed since the last one",
    Part.TOTALS: "Totals of each stage",
    Part.FORECAST: "Forecast by close month",
    Part.CLOSING: "Expected to close within 7 days",
    Part.ATTENTION: "Needs attention",
    Part.TASKS: "Overdue tasks",
}
_SHORTEST, _LONGEST = 28, 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the form when it opens; `coming` says the times to come, or what is wrong with
    the schedule; `contact` names the contact of the filter; `notice` is what to know before saving.
    """

    schedule: Schedule
    coming: str
    filter: Filter = field(default_factory=Filter)
    parts: tuple[Part, ...] = tuple(Part)
    contact: ContactRef | None = None
    notice: str = ""


def form(style: Style, given: Filled, editing: EditingDigest) -> Json:
    """New and edit are one form. Each choice of when it comes is told at once, so that `coming`
    says what it leads to.
    """
    narrowed = filter_fields(style, given.filter, given.contact)
    return modal(
        "New digest" if editing.id is None else "Edit digest",
        [
            *([context(given.notice)] if given.notice else []),
            section(f"Posted in <#{editing.channel_id}>."),
            *_when(given.schedule),
            context(given.coming),
            divider(),
            *narrowed,
            _parts(given.parts),
        ],
        callback=Callback.DIGEST_CREATE if editing.id is None else Callback.DIGEST_SAVE,
        payload=editing,
        submit="Save",
    )


def _when(now: Schedule) -> list[Json]:
    rhythms = [option(label, rhythm) for rhythm, label in RHYTHMS.items()]
    how_often = chosen(_told("rhythm"), rhythms, now.rhythm)
    return [
        _field("rhythm", "How often", how_often),
        *_days(now),
        _field("at", "Time", timed(_told("at"), now.at)),
        _field("tz", "Time zone", inputs.zone(now.tz)),
    ]


def _days(now: Schedule) -> list[Json]:
    """Asked for only where the rhythm has a use for them."""
    if now.rhythm is Rhythm.WEEKLY:
        days = [option(name, str(day)) for day, name in enumerate(DAYS, start=1)]
        boxes = ticks(_told("days"), days, [str(day) for day in now.days])
        return [_field("days", "Days", boxes)]
    if now.rhythm is Rhythm.MONTHLY:
        numbers = [option(_number(day), str(day)) for day in range(1, _LONGEST + 1)]
        day = chosen(_told("month_day"), numbers, str(now.month_day))
        return [_field("month_day", "Day of the month", day)]
    return []


def _number(day: int) -> str:
    if day == _LONGEST:
        return "The last day"
    return f"{day}, or the last day" if day > _SHORTEST else str(day)


def _field(name: str, label: str, element: Any) -> Json:
    return inputs.field(name, label, element, required=True, dispatch=True)


def _told(name: str) -> str:
    return f"{Action.DIGEST_SCHEDULE}:{name}"


def _parts(now: tuple[Part, ...]) -> Json:
    boxes = ticks("parts", [option(label, part) for part, label in PARTS.items()], now)
    return inputs.field("parts", "Contains", boxes, required=True)


def delete_form(digest: Digest, deleting: DeletingDigest) -> Json:
    """The question before it is gone."""
    maker = clip(digest.maker.name, 80)
    return modal(
        "Delete digest",
        [
            section(f"*{comes(digest.schedule)}* in <#{digest.channel_id}>, by {maker}"),
            section("Delete this digest? It comes no more; what it posted stays."),
        ],
        callback=Callback.DIGEST_DELETE,
        payload=deleting,
        submit="Delete",
        close="Keep",
    )
