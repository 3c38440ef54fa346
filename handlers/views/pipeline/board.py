"""The board: the pipeline's totals and a page of its opportunities, posted or as a private copy."""

from dataclasses import replace
from typing import Any

from slack_sdk.models.blocks import Option

from handlers.ids import Action, BoardState, NewFor, Note, Verb
from handlers.views.attention.attention import step_overdue
from handlers.views.blocks import (
    Json,
    Message,
    actions,
    button,
    context,
    header,
    menu,
    option,
    section,
    select,
)
from handlers.views.opportunity.card import choice, linked, state
from handlers.views.pipeline.news import told_words
from handlers.views.pipeline.query import dump_query, load_query, row_id, state_of
from handlers.views.pipeline.totals import heading, stage_lines
from handlers.views.text import DOT, Style, clip, counted, instant, link
from store.board import Board, Closes, Filter, Query, Sort
from store.contact import ContactRef
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import Status, next_stage
from store.person.person import Person

EVERYONE, MINE, SOMEONE = "everyone", "mine", "someone"
"""Values of the owner select; any other is a person's id. SOMEONE opens the filter's form."""

SORTS = {
    Sort.CLOSING: "Closest to closing",
    Sort.WEIGHTED: "Weighted value",
    Sort.DAYS: "Days in stage",
    Sort.NEWEST: "Newest",
}
CLOSES = {
    Closes.OVERDUE: "Overdue",
    Closes.SOON: "Next 7 days",
    Closes.WEEK: "This week",
    Closes.MONTH: "This month",
    Closes.QUARTER: "This quarter",
    Closes.NONE: "No date",
}
_CLOSING = {
    Closes.OVERDUE: "overdue",
    Closes.SOON: "closing in the next 7 days",
    Closes.WEEK: "closing this week",
    Closes.MONTH: "closing this month",
    Closes.QUARTER: "closing this quarter",
    Closes.NONE: "without a close date",
}
_NAME, _OTHER, _STEP = 45, 20, 30
"""A line of about 45 characters can be read on a phone, and ten rows of them within 5,000."""

_NOTES = {
    Note.DIRECT: "Only you see this. Use `/pipeline` in a channel to post it there.",
    Note.ABSENT: (
        "Only you see this. To post it here, invite me with `/invite @Dealthread` first."
    ),
    Note.SHARED: "Only you see this: people from outside your company are in this channel.",
}

__all__ = ["board", "dump_query", "filter_words", "load_query", "state_of"]


def board(
    style: Style,
    board: Board,
    board_id: int | None,
    *,
    can_post: bool,
    owner: Person | None = None,
    contact: ContactRef | None = None,
    viewer_id: str | None = None,
    note: Note | None = None,
) -> Message:
    """`board_id` is None on a private copy, which may offer **Post it here**, or say why it isn't
    posted; `owner` and `contact` name those of the filter.
    """
    if board.replaced:
        newer = link(board.newer, "The live one is here") if board.newer else "There is a newer one"
        return _stopped(f"This board is no longer updated. {newer}.")
    if board.shared:
        return _stopped("This board is not shown while people from outside can read it.")
    owner = owner or _owner(board)
    top = heading(style, board)
    blocks = [header("Pipeline"), context(f"{top}{DOT}as of {instant(board.at)}")]
    bars = board.totals and not board.query.told
    blocks += [section(stage_lines(style, board.totals))] if bars else []
    blocks += _only(style, board, owner, contact, viewer_id)
    offer = (can_post and board_id is None) or None
    state = BoardState(board_id, dump_query(board.query), can_post=offer, note=note)
    blocks.append(_tools(style, board, state, owner, viewer_id))
    blocks += [_row(style, opp) for opp in board.rows] or [_empty(board, state)]
    blocks += _foot(board, state)
    blocks += [context(_NOTES[note])] if note else []
    return Message(f"Pipeline: {top}", blocks)


def _only(
    style: Style,
    board: Board,
    owner: Person | None,
    contact: ContactRef | None,
    viewer_id: str | None,
) -> list[Json]:
    """What the board is narrowed to."""
    told = told_words(style, board.query.told) if board.query.told else ""
    narrowed = filter_words(style, board.query.filter, owner, contact, viewer_id)
    only = DOT.join(part for part in (told, narrowed) if part)
    return [context(f"Only {only}")] if only else []


def _stopped(said: str) -> Message:
    return Message(said, [header("Pipeline"), section(said)])


def _owner(board: Board) -> Person | None:
    """Whose board it is, as far as its rows say."""
    wanted = board.query.filter.owner
    return next((o.owner for o in board.rows if o.owner and o.owner.id == wanted), None)


def filter_words(
    style: Style,
    chosen: Filter,
    owner: Person | None = None,
    contact: ContactRef | None = None,
    viewer_id: str | None = None,
) -> str:
    """What the filter leaves, as people say it; empty when it leaves everything."""
    parts: list[str] = []
    if chosen.owner and chosen.owner == viewer_id:
        parts.append("yours")
    elif chosen.owner:
        parts.append(f"{clip(owner.name, _OTHER)}'s" if owner else "one person's")
    if chosen.statuses:
        parts.append(" or ".join(style.named(status) for status in chosen.statuses))
    if chosen.contact:
        parts.append(f"with {clip(contact.title, 2 * _OTHER)}" if contact else "with one contact")
    if chosen.closes:
        parts.append(_CLOSING[chosen.closes])
    if chosen.attention:
        parts.append("what needs attention")
    return DOT.join(parts)


def _tools(
    style: Style, board: Board, here: BoardState, owner: Person | None, viewer_id: str | None
) -> Json:
    wanted = board.query.filter.owner
    whose = MINE if wanted and wanted == viewer_id else wanted or EVERYONE
    sorts = [option(label, sort) for sort, label in SORTS.items()]
    return actions(
        select(Action.BOARD_OWNER, _owners(whose, owner), whose, "Owner"),
        button("Filter", Action.BOARD_FILTER, here),
        select(Action.BOARD_SORT, sorts, board.query.sort, "Sort"),
        button("Refresh", Action.BOARD_REFRESH, here),
        block_id=row_id(here, board.query, style.now),
    )


def _owners(whose: str, owner: Person | None) -> list[Option]:
    """Four at most, for three people and for ten thousand: anyone else is found in the form."""
    named = [] if whose in (EVERYONE, MINE) else [(owner.name if owner else "One person", whose)]
    ours = [("Everyone", EVERYONE), ("Mine", MINE), *named, ("Someone else…", SOMEONE)]
    return [option(label, value) for label, value in ours]


def _row(style: Style, opp: Opportunity) -> Json:
    parts = [f"*{linked(opp, _NAME)}* #{opp.number}"]
    parts += [style.money(opp.value)] if opp.value else []
    parts += _close(style, opp)
    below = [_stands(style, opp), clip(opp.owner.name, _OTHER) if opp.owner else "No owner"]
    below += [clip(opp.contact.company or opp.contact.name, _OTHER)] if opp.contact else []
    choices = menu(f"{Action.OPPORTUNITY_MENU}:{opp.number}", _choices(style, opp))
    lines = [DOT.join(parts), DOT.join(below), *_next(style, opp)]
    return section("\n".join(lines), choices)


def _next(style: Style, opp: Opportunity) -> list[str]:
    """The third line: `Next: Send the quote, Fri 28 Nov`. Whose it is, is on the card."""
    if not opp.status.is_stage or opp.archived_at:
        return []
    step = opp.next_step
    if step is None:
        return ["No next step"]
    late = "overdue since " if step_overdue(style, opp) else ""
    due = f", {late}{style.weekday(step.due.day(style.workspace.zone))}" if step.due else ""
    return [f"Next: {clip(step.title, _STEP)}{due}"]


def _close(style: Style, opp: Opportunity) -> list[str]:
    if not opp.expected_close or opp.status.is_closed:
        return []
    day = style.day(opp.expected_close)
    return [f"overdue since {day}" if opp.overdue else day]


def _stands(style: Style, opp: Opportunity) -> str:
    if not opp.status.is_stage:
        return state(style, opp, brief=True)
    return f"{style.dot(opp.health)} {style.named(opp.status)} {counted(opp.days, 'day')}"


def _choices(style: Style, opp: Opportunity) -> list[Option]:
    verbs = [Verb.STATUS, Verb.CLOSE_DATE, Verb.TASK, Verb.DETAILS]
    if opp.status.is_closed:
        verbs = [Verb.REOPEN, Verb.DETAILS]
    elif opp.status is Status.PAUSED:
        verbs = [Verb.RESUME, *verbs]
    elif following := next_stage(opp.status):
        step = choice(style, opp, Verb.MOVE, to=following)
        return [step, *(choice(style, opp, verb) for verb in verbs)]
    else:
        verbs = [Verb.WON, *verbs]
    return [choice(style, opp, verb) for verb in verbs]


def _empty(board: Board, here: BoardState) -> Json:
    if board.query.filter != Filter() or board.query.told:
        everything = replace(here, query=dump_query(Query(sort=board.query.sort)))
        return section("No opportunities match this filter.", _turn("Show everything", everything))
    return section("No open opportunities yet. They are listed here by stage.")


def _turn(label: str, to: BoardState) -> Any:
    return button(label, f"{Action.BOARD_TURN}:{label.split(maxsplit=1)[0].lower()}", to)


def _foot(board: Board, here: BoardState) -> list[Json]:
    turns = [("Previous", board.previous), ("Next", board.next)]
    buttons = [_turn(name, replace(here, query=dump_query(to))) for name, to in turns if to]
    buttons.append(button("New opportunity", Action.OPPORTUNITY_NEW, NewFor()))
    if here.can_post:
        buttons.append(button("Post it here", Action.BOARD_POST, here))
    return [*_extent(board), actions(*buttons)]


def _extent(board: Board) -> list[Json]:
    if not board.rows:
        return []
    first = board.query.first
    last = first + len(board.rows) - 1
    return [context(f"{first:,}–{last:,} of {board.matching:,}")]
