"""What was chosen for one channel: seen and changed by admins who can see the channel."""

from collections.abc import Sequence

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from store.errors import Conflict, NotAllowed, NotFound
from store.person.person import Actor
from store.settings.channels import ChannelSettings, as_json, from_json
from store.tables.records import ChannelRow, OpportunityRow
from store.usecases.card import channels
from store.usecases.card.channels import Channel

LISTED = 10
INVITE = "Invite me there first, with `/invite @Dealthread`."
OUTSIDERS = "People from outside are in that channel, so nothing is posted there besides its cards."


def of(session: Session, workspace_id: str, channel_id: str) -> ChannelSettings:
    """What holds for what stands in this channel; nobody is asked."""
    row = session.get(ChannelRow, (workspace_id, channel_id))
    return from_json(row.settings if row else None)


def one(session: Session, channel_id: str, *, by: Actor) -> tuple[Channel, ChannelSettings]:
    """For an admin who can see the channel; refuses where nothing of this can be posted."""
    by.must_administer()
    known = channels.find(session, by.workspace_id, channel_id)
    if known is not None and known.kind == channels.IM:
        raise NotFound("Choose a channel. A direct message has no settings.")
    if known is None or not channels.is_seen(session, known, by.id):
        raise NotFound(f"Choose a channel that you are in, and I am too. {INVITE}")
    if not known.takes_posts:
        raise NotFound(INVITE)
    if known.shared:
        raise NotAllowed(OUTSIDERS)
    return known, of(session, by.workspace_id, channel_id)


def save(
    session: Session,
    channel_id: str,
    said: ChannelSettings,
    *,
    was: str | None,
    by: Actor,
) -> None:
    """From now on; what was posted stays. `was` is the mark of what the form was filled with."""
    row = session.get(ChannelRow, (by.workspace_id, channel_id), with_for_update=True)
    _, before = one(session, channel_id, by=by)
    if was not in (None, before.mark):
        raise Conflict("Somebody changed these settings while this form was open.")
    if row is not None:
        row.settings = as_json(said)


def listed(session: Session, by: Actor) -> tuple[tuple[tuple[Channel, ChannelSettings], ...], int]:
    """The channels that have cards, or something chosen for them, as far as this person can see
    them, the chosen ones first; and how many there are besides.
    """
    with_cards = exists().where(
        OpportunityRow.workspace_id == ChannelRow.workspace_id,
        OpportunityRow.card_channel == ChannelRow.channel_id,
    )
    plain = func.coalesce(ChannelRow.settings.is_(None), True)
    where = (
        ChannelRow.workspace_id == by.workspace_id,
        ChannelRow.kind != channels.IM,
        or_(ChannelRow.kind == channels.PUBLIC, ChannelRow.channel_id.in_(by.private_channels)),
        ChannelRow.bot_in.is_(True),
        ChannelRow.archived.is_(False),
        ChannelRow.shared.is_(False),
        or_(~plain, with_cards),
    )
    ids: Sequence[str] = session.scalars(
        select(ChannelRow.channel_id).where(*where).order_by(plain, ChannelRow.name)
    ).all()
    shown = ids[:LISTED]
    known = ((channels.find(session, by.workspace_id, one)) for one in shown)
    found = tuple((one, of(session, by.workspace_id, one.id)) for one in known if one)
    return found, len(ids) - len(shown)
