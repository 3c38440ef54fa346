"""The page of an opportunity: a modal with its tabs, and what can be done with it."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Option

from handlers.ids import Action, Callback, Choice, ContactId, Ref, Tab, Verb, View
from handlers.views.blocks import (
    Json,
    actions,
    button,
    context,
    divider,
    fields,
    menu,
    modal,
    section,
)
from handlers.views.opportunity.card import (
    add_step,
    choice,
    reopen,
    resume,
    state,
    step_words,
    take,
    title,
    undo_choice,
)
from handlers.views.opportunity.timeline import timeline as timeline_view
from handlers.views.tabs import SECTION, tabs
from handlers.views.text import DOT, Style, clip, counted, link
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import Status
from store.opportunity.timeline import Timeline

_TABS = (("Overview", View.OVERVIEW), ("Tasks", View.TASKS), ("Timeline", View.TIMELINE))


def page(
    style: Style,
    opp: Opportunity,
    tab: View = View.OVERVIEW,
    timeline: Timeline | None = None,
    *,
    rows: Sequence[Json] = (),
) -> Json:
    """`timeline` is needed for its tab only, and so are the `rows` of Tasks."""
    shown = timeline_view(style, opp, timeline) if timeline else _overview(style, opp)
    shown = list(rows) if tab is View.TASKS else shown
    current = View.TIMELINE if timeline else tab
    return modal(
        f"Opportunity #{opp.number}",
        [section(title(style, opp)), *_doings(style, opp), _tabs(opp, current), divider(), *shown],
        callback=Callback.OPPORTUNITY_PAGE,
        payload=Ref(opp.number),
        close="Close",
    )


def _doings(style: Style, opp: Opportunity) -> list[Json]:
    buttons: list[Any] = []
    if not opp.archived_at:
        edit = button("Edit", Action.OPPORTUNITY_EDIT, Ref(opp.number))
        buttons += [_next_status(opp), edit, *take(opp), *_post_card(opp)]
    more = menu(f"{Action.OPPORTUNITY_MENU}:{opp.number}", _choices(style, opp))
    return [actions(*buttons, *([more] if more else []))]


def _next_status(opp: Opportunity) -> Any:
    if opp.status.is_closed:
        return reopen(opp)
    if opp.status is Status.PAUSED:
        return resume(opp)
    return button("Change status", Action.STATUS_CHOOSE, Ref(opp.number))


def _post_card(opp: Opportunity) -> list[Any]:
    """**Post card**, while it has none, or one that only its owner sees."""
    if opp.card and opp.card.ts and not opp.card.channel_id.startswith("D"):
        return []
    choice = Choice(Verb.POST_CARD, opp.number, opp.status)
    return [button("Post card", f"{Action.OPPORTUNITY_MENU}:post", choice)]


def _choices(style: Style, opp: Opportunity) -> list[Option]:
    if opp.archived_at:
        return [choice(style, opp, verb) for verb in (Verb.RESTORE, Verb.SUMMARY)]
    verbs: list[Verb] = []
    if not opp.status.is_closed:
        verbs.append(Verb.CLOSE_DATE)
    if opp.status is Status.PAUSED:
        verbs.append(Verb.LOST)
    verbs += [Verb.SUMMARY, Verb.ARCHIVE]
    return [*undo_choice(style, opp), *(choice(style, opp, verb) for verb in verbs)]


def _tabs(opp: Opportunity, current: View) -> Json:
    return tabs(
        [
            (label, f"{Action.OPPORTUNITY_TAB}:{tab}", Tab(opp.number, tab), tab is current)
            for label, tab in _TABS
        ]
    )


def _overview(style: Style, opp: Opportunity) -> list[Json]:
    blocks = [section(standing(style, opp)), fields(*facts(style, opp)), *_next(style, opp)]
    if opp.contact:
        who = button("Open contact", Action.CONTACT_OPEN, ContactId(opp.contact.id))
        blocks.append(section(f"*Contact*\n{clip(opp.contact.title, 1_000)}", who))
    if opp.notes:
        blocks.append(section(f"*Notes*\n{clip(opp.notes, SECTION)}"))
    return [*blocks, context(made(style, opp))]


def _next(style: Style, opp: Opportunity) -> list[Json]:
    if not opp.status.is_stage or opp.archived_at:
        return []
    if opp.next_step is None:
        return [section("*Next step*\nNone yet", add_step(opp.number))]
    return [section(f"*Next step*\n{step_words(style, opp)}")]


def standing(style: Style, opp: Opportunity) -> str:
    """Where it stands, and for how long."""
    if opp.archived_at or not opp.status.is_stage:
        return state(style, opp)
    since = style.day(style.local(opp.stage_since))
    standing = f"{style.dot(opp.health)} {style.named(opp.status)} since {since}"
    return f"{standing}, {counted(opp.days, 'day')}" if opp.days else standing


def facts(style: Style, opp: Opportunity) -> list[tuple[str, str]]:
    """What it is worth, when and to whom; each as its noun and its value."""
    close = style.day(opp.expected_close) if opp.expected_close else "No date"
    facts = [
        ("Value", style.money(opp.value) if opp.value else "No value"),
        ("Expected close", f"{close}, overdue" if opp.overdue else close),
        ("Owner", style.person(opp.owner) if opp.owner else "No owner"),
    ]
    if not opp.status.is_closed:
        facts.append(("Probability", f"{opp.probability}%"))
        facts += [("Weighted value", style.money(opp.weighted))] if opp.weighted else []
    return facts


def made(style: Style, opp: Opportunity) -> str:
    """By whom and when, and the way to its thread."""
    made = f"Opened on {style.day(style.local(opp.created_at))} by {style.person(opp.creator)}"
    if opp.card and opp.card.permalink:
        return f"{made}{DOT}{link(opp.card.permalink, 'Open its thread')}"
    return made if opp.card else f"{made}{DOT}No card yet"
