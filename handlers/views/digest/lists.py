"""The digests of a channel: a private list with what can be done, and sentences of what was."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Option

from handlers.digest.ids import DigestChoice, DigestId, DigestVerb, NewDigest
from handlers.ids import Action
from handlers.views.blocks import Json, Message, actions, button, menu, option, section
from handlers.views.confirm import said
from handlers.views.digest.schedule import comes, moment
from handlers.views.pipeline.board import filter_words
from handlers.views.text import DOT, Style, clip, listed
from store.contact import ContactRef
from store.digest.digest import Digest, Part
from store.person.person import Person

MOST = 20
"""Digests of one channel, by the store's own limit: they all fit into one message."""
_NARROWED = 150
_BRIEF = {
    Part.CHANGES: "changes",
    Part.TOTALS: "totals",
    Part.FORECAST: "forecast",
    Part.CLOSING: "what closes soon",
    Part.ATTENTION: "what needs attention",
    Part.TASKS: "overdue tasks",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A digest, and whom its filter names."""

    digest: Digest
    owner: Person | None = None
    contact: ContactRef | None = None


def digests(
    style: Style,
    channel_id: str,
    rows: Sequence[Row],
    viewer_id: str,
    told: Message | None = None,
) -> Message:
    """`/pipeline digest`: below what was just done with one of them."""
    where = f"<#{channel_id}>"
    head = f"*Digests in {where}*"
    shown = [block for row in rows[:MOST] for block in _row(style, row, viewer_id)]
    empty = (
        f"No digests in {where} yet. A digest is a summary of the pipeline that comes here by "
        "itself, say on weekdays at 09:00."
    )
    add = button("Add digest", Action.DIGEST_NEW, NewDigest(channel_id), style="primary")
    top = told.blocks if told else []
    body = [section(head), *shown] if rows else [section(empty)]
    return Message(told.text if told else head if rows else empty, [*top, *body, actions(add)])


def _row(style: Style, row: Row, viewer_id: str) -> list[Json]:
    digest = row.digest
    edit = button(
        "Edit",
        f"{Action.DIGEST_OPEN}:{digest.id}",
        DigestId(digest.id, listed=True),
        spoken=f"Edit: {comes(digest.schedule)}",
    )
    more = menu(f"{Action.DIGEST_MENU}:{digest.id}", _choices(digest))
    return [section(_lines(style, row, viewer_id)), actions(edit, more)]


def _lines(style: Style, row: Row, viewer_id: str) -> str:
    facts = DOT.join([*_about(style, row, viewer_id), standing(style, row.digest)])
    return f"*{comes(row.digest.schedule)}*\n{facts[:1].upper()}{facts[1:]}"


def _about(style: Style, row: Row, viewer_id: str) -> list[str]:
    """Which deals, and what of them."""
    return [_narrowed(style, row, viewer_id), *_parts(row.digest)]


def changed(style: Style, row: Row, who: str, viewer_id: str) -> str:
    """Somebody else edited it while a form was open: how it is now."""
    now = DOT.join([comes(row.digest.schedule), *_about(style, row, viewer_id)])
    return (
        f"{clip(who, 80)} changed this digest while you were editing. It is now: {now}. "
        "Save again to replace it."
    )


def _narrowed(style: Style, row: Row, viewer_id: str) -> str:
    words = filter_words(style, row.digest.filter, row.owner, row.contact, viewer_id)
    if len(words) > _NARROWED:
        return "narrowed by its filter"
    return f"only {words}" if words else "all deals"


def _parts(digest: Digest) -> list[str]:
    if len(digest.parts) == len(Part):
        return []
    return [listed([_BRIEF[part] for part in digest.parts])]


def standing(style: Style, digest: Digest) -> str:
    """When it comes next, or why it does not come."""
    if digest.paused:
        by = digest.paused_by
        return f"paused by {clip(by.name, 40)}" if by else "paused: it couldn't be posted"
    if digest.next is None or digest.next.at <= style.now:
        return "in a moment"
    return f"next {moment(style, digest.next, digest.schedule.tz)}"


def at_home(style: Style, digest: Digest) -> Json:
    """Where somebody sees those of several channels."""
    edit = button(
        "Edit",
        f"{Action.DIGEST_OPEN}:{digest.id}",
        DigestId(digest.id),
        spoken=f"Edit: {comes(digest.schedule)}",
    )
    facts = [f"<#{digest.channel_id}>", standing(style, digest)]
    return section(f"*{comes(digest.schedule)}*\n{DOT.join(facts)}", edit)


def _choices(digest: Digest) -> list[Option]:
    going = (DigestVerb.RESUME, "Resume") if digest.paused else (DigestVerb.PAUSE, "Pause")
    offered = [
        (DigestVerb.PREVIEW, "Preview"),
        (DigestVerb.SEND, "Send now"),
        going,
        (DigestVerb.DELETE, "Delete…"),
    ]
    return [option(label, DigestChoice(verb, digest.id).dump()) for verb, label in offered]


def saved(style: Style, digest: Digest) -> Message:
    """After its form: when it comes, or that it stays paused."""
    where = f"<#{digest.channel_id}>"
    if digest.paused:
        return said(f"Saved. The digest in {where} stays paused.")
    return said(f"Saved. The digest comes to {where} {standing(style, digest)}.")


def paused(_style: Style, digest: Digest) -> Message:
    return said(f"Paused. *{comes(digest.schedule)}* comes no more until somebody resumes it.")


def resumed(style: Style, digest: Digest) -> Message:
    return said(f"Resumed. *{comes(digest.schedule)}* comes {standing(style, digest)}.")


def sent(_style: Style, digest: Digest) -> Message:
    return said(f"The digest comes to <#{digest.channel_id}> in a moment.")


def deleted(channel_id: str) -> Message:
    return said(f"Deleted. What it posted in <#{channel_id}> stays.")
