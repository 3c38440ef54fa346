"""Where a card goes, and who sees its opportunity there (product page, 3 and 11)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.errors import Invalid
from store.person.person import Actor
from store.tables.records import OpportunityRow, ThreadRow
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.workspace import Workspace

DIRECT = ("D", "U", "W")
"""How the ids of direct messages begin, and of people, who stand for theirs."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel id, or a user id for a direct message; `why` when it isn't the one chosen."""

    id: str
    audience: str
    why: str = ""


def usual(session: Session, by: Actor, channel_id: str | None) -> str | None:
    """What the form proposes: this channel, if the bot is in it and it is the deals channel, has
    cards, or no deals channel is set; else the deals channel, if this person can see it. None that
    people from outside can read.
    """
    deals = workspaces.load(session, by.workspace_id).deals_channel
    known = channels.find(session, by.workspace_id, deals) if deals else None
    closed = known and known.kind == channels.PRIVATE and not _is_in(session, known, by.id)
    if known and (closed or known.shared):
        deals = None
    here = channels.find(session, by.workspace_id, channel_id) if channel_id else None
    if here is None or not here.takes_posts or here.shared or here.kind == channels.IM:
        return deals
    if deals in (None, here.id) or channels.at_home(session, by.workspace_id, here.id):
        return here.id
    return deals


def chosen(
    session: Session, workspace: Workspace, channel_id: str | None, owner_id: str, by: Actor
) -> Place:
    """The channel chosen; where the bot can't post, the deals channel; else the owner directly.
    A private channel that can't be posted to is refused instead: its deal must not get a larger
    audience than was asked for.
    """
    asked = channels.find(session, workspace.id, channel_id) if channel_id else None
    if asked and asked.kind == channels.IM:
        return Place(owner_id, owner_id)
    if asked and asked.shared:
        raise Invalid({"channel_id": "People from outside are there. Choose another channel."})
    if asked and asked.kind == channels.PRIVATE:
        _must_be_open(session, asked, by)
    if asked and asked.takes_posts:
        return Place(asked.id, asked.audience())
    why = f"I'm not in #{asked.name}." if asked else ""
    if asked and asked.archived:
        why = f"#{asked.name} is archived."
    return fall_back(session, workspace, owner_id, why, without=channel_id)


def _must_be_open(session: Session, asked: Channel, by: Actor) -> None:
    """Refuses a private channel where the bot can't post, or where this person is not."""
    wrong = ""
    if not asked.bot_in:
        wrong = "Invite me there first, with /invite @Dealthread."
    elif asked.archived:
        wrong = "That channel is archived. Choose another one."
    elif not channels.members_known(session, asked.workspace_id, asked.id):
        wrong = "Who is in that channel can't be read just now. Try again in a minute."
    elif not _is_in(session, asked, by.id):
        wrong = "Choose a channel that you are in."
    if wrong:
        raise Invalid({"channel_id": wrong})


def _is_in(session: Session, channel: Channel, user_id: str) -> bool:
    return channels.is_member(session, channel.workspace_id, channel.id, user_id)


def fall_back(
    session: Session, workspace: Workspace, owner_id: str, why: str, *, without: str | None
) -> Place:
    """The deals channel, unless its owner can't see it or people from outside can."""
    deals = workspace.deals_channel
    known = channels.find(session, workspace.id, deals) if deals and deals != without else None
    takes_it = known is not None and known.takes_posts and not known.shared
    if known and takes_it and (known.kind == channels.PUBLIC or _is_in(session, known, owner_id)):
        return Place(known.id, known.audience(), why)
    why = why or "No deals channel is set."
    return Place(owner_id, owner_id, f"{why} The card goes to its owner directly.")


def out_of_direct(
    session: Session, row: OpportunityRow, workspace: Workspace, by: Actor
) -> Place | None:
    """A channel for a card that is in direct messages: the one where it stood before; the deals
    channel only if it never stood in any, or a private deal would be shown to all.
    """
    if row.card_channel is None or not row.card_channel.startswith(DIRECT):
        return None
    stood = session.scalars(
        select(ThreadRow.channel_id)
        .where(
            ThreadRow.workspace_id == row.workspace_id,
            ThreadRow.opportunity_id == row.id,
            ThreadRow.channel_id.not_like("D%"),
        )
        .order_by(ThreadRow.ts.desc())
        .limit(1)
    ).first()
    known = channels.find(session, workspace.id, stood or workspace.deals_channel or "")
    if known is None or not known.takes_posts or (known.shared and not stood):
        return None
    if known.kind == channels.PUBLIC or _is_in(session, known, by.id):
        return Place(known.id, known.audience())
    return None
