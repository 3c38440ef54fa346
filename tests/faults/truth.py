"""What the database says, to hold it against what Slack shows."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.database import Store
from store.tables.machinery import OutboxRow
from store.tables.records import HistoryRow, OpportunityRow, PersonRow
from tests.slack.reading import buttons, text
from tests.slack.server import StrictSlack
from tests.slack.world import Channel, Message


@dataclass(frozen=True, slots=True)
class Deal:
    """`moves` are all its changes of stage, in order; `lines` what its thread should say."""

    number: int
    status: str
    moves: tuple[str, ...]
    lines: tuple[str, ...]


def deals(session: Session) -> list[Deal]:
    names = {row.user_id: row.name for row in session.scalars(select(PersonRow))}
    return [
        _deal(session, row, names)
        for row in session.scalars(select(OpportunityRow).order_by(OpportunityRow.number))
    ]


def _deal(session: Session, row: OpportunityRow, names: dict[str, str]) -> Deal:
    history = session.scalars(
        select(HistoryRow).where(HistoryRow.opportunity_id == row.id).order_by(HistoryRow.id)
    ).all()
    moves, lines = [], []
    for change in history:
        who = names[change.by or ""]
        if change.kind == "created":
            lines.append(f"{who} opened it")
        else:
            was, became = (str(side).capitalize() for side in change.fields["status"])
            moves.append(became)
            lines.append(f"{who} moved it from {was} to {became}")
    return Deal(row.number, row.status.value.capitalize(), tuple(moves), tuple(lines))


def status(session: Session, number: int) -> str:
    found = select(OpportunityRow.status).where(OpportunityRow.number == number)
    return str(session.scalars(found).one().value).capitalize()


def cards(channel: Channel, number: int) -> list[Message]:
    """All messages that are the card of a deal: there should be one."""
    return [m for m in channel.top() if not m.is_tombstone and f"#{number}" in text(m).split()]


def ticked(card: Message) -> str | None:
    found = (label for label in buttons(card) if label.startswith("✓ "))
    return next((label.removeprefix("✓ ") for label in found), None)


def wrong(channel: Channel, deal: Deal) -> str | None:
    """What Slack shows otherwise than the database says, or None."""
    shown = cards(channel, deal.number)
    if len(shown) != 1:
        return f"#{deal.number} has {len(shown)} cards"
    if ticked(shown[0]) != deal.status:
        return f"#{deal.number} is {deal.status}, its card says {ticked(shown[0])}"
    lines = tuple(text(reply) for reply in shown[0].replies)
    return None if lines == deal.lines else f"#{deal.number}: {lines} instead of {deal.lines}"


async def at_rest(
    slack: StrictSlack, store: Store, channel: Channel, within: float = 30, still: float = 1.5
) -> None:
    """Waits until everything that was saved is shown, and holds it against the database. `still` is
    how long nothing may change: less where the strict Slack can ask the bot what it has to do.
    """
    saved = store.read_now(deals)

    def all_wrong() -> str:
        return "\n".join(filter(None, (wrong(channel, deal) for deal in saved)))

    def there() -> str:
        return "\n".join([all_wrong(), *store.read_now(waiting)])

    await slack.until(lambda: not all_wrong(), there, within)
    await slack.quiet(still, within=within)
    assert not all_wrong()
    assert store.read_now(deals) == saved


def waiting(session: Session) -> list[str]:
    """What the outbox still has to do, for the words of a failure."""
    rows = session.scalars(select(OutboxRow).where(OutboxRow.done < OutboxRow.wanted))
    return [
        f"{row.key}: {row.state}, {row.attempts} attempts, due {row.due_at}, {row.error}"
        for row in rows
    ]
