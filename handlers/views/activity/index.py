"""The index of activities: a private list with its filters, and the same rows elsewhere."""

import re
from dataclasses import replace
from typing import Any

from slack_sdk.models.blocks import Option

from handlers.activity.ids import ActivityList, row_id
from handlers.ids import Action
from handlers.payload import StaleButton
from handlers.views.activity.activity import doings, opening
from handlers.views.activity.form import ANY, PERIODS
from handlers.views.blocks import (
    Json,
    Message,
    actions,
    button,
    context,
    menu,
    option,
    section,
    select,
)
from handlers.views.opportunity.card import log_activity
from handlers.views.text import DAY_AND_CLOCK, DOT, Style, clip, instant, link
from store.activity import Activity, ActivityKind, ActivityPage, ActivityQuery
from store.paging import Spot
from store.person.person import Actor

EVERYONE, MINE, SOMEONE = "everyone", "mine", "someone"
"""Values of the select of people; any other is a person's id. SOMEONE opens the filter's form."""
_KINDS = {
    ActivityKind.CALL: "Calls",
    ActivityKind.EMAIL: "Emails",
    ActivityKind.MEETING: "Meetings",
    ActivityKind.NOTE: "Notes",
    ActivityKind.OTHER: "Others",
}
_ID = re.compile(r"[A-Z0-9]{1,32}")
_NAME = 60
_OTHER = 40
_WHAT = 200


def index(page: ActivityPage, style: Style, viewer: Actor, told: Message | None = None) -> Message:
    """`/activity`: who did what, to what, newest first; below what was just done in it."""
    head, narrowed, here = _head(page), _narrowed(page), state(page.query)
    rows = [
        row(style, activity, viewer) | {"block_id": row_id(here, str(activity.id))}
        for activity in page.rows
    ]
    return Message(
        told.text if told else f"{head}: {narrowed}" if narrowed else head,
        [
            *(told.blocks if told else ()),
            section(f"*{head}*"),
            *([context(f"Only {narrowed}")] if narrowed else []),
            _tools(page, style, viewer),
            *(rows or [section(_nothing(page))]),
            actions(*_feet(page), block_id=row_id(here, "feet")),
        ],
    )


def _head(page: ActivityPage) -> str:
    if page.deal is None:
        return "Activities"
    return f"Activities of {clip(page.deal.name, _NAME)} #{page.deal.number}"


def _narrowed(page: ActivityPage) -> str:
    """What the filter leaves, as people say it; empty when it leaves everything."""
    now, facts = page.query, list[str]()
    facts += [f"{clip(page.person.name, _OTHER)}'s"] if page.person else []
    facts += [_KINDS[now.kind].lower()] if now.kind else []
    facts += [f"with {clip(page.contact.title, 2 * _OTHER)}"] if page.contact else []
    facts += [f"from the {PERIODS[now.period].lower()}"] if now.period else []
    return DOT.join(facts)


def _nothing(page: ActivityPage) -> str:
    if page.query.before:
        return "There is nothing older."
    if page.deal and page.query == ActivityQuery(number=page.deal.number):
        return "No activities for this opportunity yet. What is done for it is listed here."
    if page.query.narrowed:
        return "No activities match this filter."
    return "No activities yet. Calls, emails, meetings and notes are listed here."


def _tools(page: ActivityPage, style: Style, viewer: Actor) -> Json:
    now = page.query
    whose = MINE if now.by == viewer.id else now.by or EVERYONE
    kinds = [option("Any type", ANY), *(option(label, kind) for kind, label in _KINDS.items())]
    periods = [option("Any time", ANY), *(option(label, one) for one, label in PERIODS.items())]
    return actions(
        select(Action.ACTIVITY_PERSON, _people(page, whose), whose, "Person"),
        select(Action.ACTIVITY_KIND, kinds, now.kind or ANY, "Type"),
        select(Action.ACTIVITY_PERIOD, periods, now.period or ANY, "When"),
        button("Filter", Action.ACTIVITY_FILTER, state(now)),
        block_id=row_id(state(now), f"{int(style.now.timestamp() * 1000):x}"),
    )


def _people(page: ActivityPage, whose: str) -> list[Option]:
    """Four at most: anyone else is found in the form."""
    named = [] if whose in (EVERYONE, MINE) else [(_called(page), whose)]
    ours = [("Everyone", EVERYONE), ("Mine", MINE), *named, ("Someone else…", SOMEONE)]
    return [option(label, value) for label, value in ours]


def _called(page: ActivityPage) -> str:
    return page.person.name if page.person else "One person"


def _feet(page: ActivityPage) -> list[Any]:
    first = replace(page.query, before=None)
    feet = [_turn("Newest", first)] if page.query.before else []
    feet += [_turn("Older", replace(page.query, before=page.older))] if page.older else []
    alone = ActivityQuery(number=page.query.number)
    if not page.rows and first not in (ActivityQuery(), alone):
        feet.append(_turn("Show everything", ActivityQuery()))
    return [*feet, log_activity(page.query.number, page.query.contact_id)]


def _turn(label: str, to: ActivityQuery) -> Any:
    return button(label, f"{Action.ACTIVITY_TURN}:{label.split(maxsplit=1)[0].lower()}", state(to))


def row(style: Style, activity: Activity, viewer: Actor) -> Json:
    """In two lines; its name leads to its message. Its menu offers what this person may do."""
    mine = viewer.admin or viewer.id == activity.by.id
    choices = doings(activity, details=True) if mine else opening(activity)
    name, rest = _name(activity)
    facts = [*rest, style.person(activity.by), instant(activity.at, DAY_AND_CLOCK)]
    what = clip(" ".join(activity.what.split()), _WHAT)
    more = menu(f"{Action.ACTIVITY_MENU}:{activity.id}", choices)
    return section(f"{name}{DOT}{DOT.join(facts)}\n{what}", more)


def _name(activity: Activity) -> tuple[str, list[str]]:
    """What it is about, in bold, and its type, unless it is about nothing else."""
    kind, deal = activity.kind.label, activity.deal
    if deal:
        name, where = clip(deal.name, _NAME), activity.permalink or deal.permalink
        return f"*{link(where, name) if where else name}* #{deal.number}", [kind]
    if activity.contact:
        return f"*{clip(activity.contact.title, _NAME)}*", [kind]
    return f"*{kind}*", []


def state(query: ActivityQuery) -> ActivityList:
    before = query.before
    return ActivityList(
        query.by,
        query.kind,
        query.period,
        query.number,
        query.contact_id,
        before.micros if before else None,
        before.id if before else None,
    )


def query_of(wanted: ActivityList) -> ActivityQuery:
    """What `state` was made of; refuses with StaleButton a person whose id can't be one."""
    if wanted.by is not None and not _ID.fullmatch(wanted.by):
        raise StaleButton
    page = wanted.at is not None and wanted.id is not None
    return ActivityQuery(
        by=wanted.by,
        kind=wanted.kind,
        period=wanted.period,
        number=wanted.number,
        contact_id=wanted.contact_id,
        before=Spot.of(wanted.at or 0, wanted.id or 0) if page else None,
    )
