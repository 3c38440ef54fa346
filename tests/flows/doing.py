"""What people do in many journeys: open a deal, add a contact, look at a page."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from store.opportunity.status import Status
from store.tables.records import OpportunityRow
from store.usecases.opportunity import changes
from tests.flows.conftest import Office
from tests.slack.person import Person
from tests.slack.reading import text
from tests.slack.view import View
from tests.slack.world import Message

LONDON = ZoneInfo("Europe/London")


def today(work: Office) -> date:
    """The day in London, where the office and its people are."""
    return datetime.fromtimestamp(work.clock(), UTC).astimezone(LONDON).date()


async def opened(
    work: Office, words: str = "Acme renewal £12k", *, by: Person | None = None, **fields: Any
) -> Message:
    """A new opportunity of `by` (Alice), made by its form; returns its card, which the bot knows
    to stand.
    """
    return await work.noted(await just_opened(work, words, by=by, **fields))


async def just_opened(
    work: Office, words: str = "Acme renewal £12k", *, by: Person | None = None, **fields: Any
) -> Message:
    """The same, returned as soon as Slack shows its card: the bot may not know of it yet."""
    person = by or work.alice
    await person.command(f"/opp new {words}", work.deals)
    view = await person.sees("New opportunity")
    for label, value in fields.items():
        if label in ("Name", "Value", "Notes"):
            view.fill(label, value)
        elif label == "Post card in":
            await person.choose(label, value)
        else:
            view.choose(label.replace("_", " "), value)
    assert await person.submit() == {}
    await person.hears("Created")
    return await work.slack.heard(fields.get("Post card in", work.deals), view.value("Name"))


async def contact(work: Office, name: str, *, by: Person | None = None, **fields: str) -> Message:
    """A new contact of `by` (Alice); returns what they are told."""
    person = by or work.alice
    await person.command(f"/contact new {name}", work.deals)
    view = await person.sees("New contact")
    for label, value in fields.items():
        view.fill({"Email": "E-mail"}.get(label, label), value)
    assert await person.submit() == {}
    return await person.hears("Added")


async def page_of(work: Office, number: int, *, by: Person | None = None) -> View:
    """The page of an opportunity, opened by its number."""
    person = by or work.alice
    await person.command(f"/opp {number}", work.deals)
    return await person.sees(f"Opportunity #{number}")


async def lines(work: Office, card: Message, count: int) -> list[str]:
    """The lines of a card's thread, once there are so many."""
    slack = work.slack
    await slack.until(lambda: len(card.replies) >= count, lambda: "\n".join(texts(card)))
    return texts(card)


def texts(card: Message) -> list[str]:
    return [text(reply) for reply in card.replies]


def closed_deals(session: Session, team: str, owner_id: str, count: int, day: date) -> None:
    """Every other one won; without cards, as after an import."""
    now = datetime.combine(day, time(), UTC)
    for at in range(count):
        row = OpportunityRow(workspace_id=team, number=1_000 + at, name=f"Deal {at}")
        row.status, row.stage = Status.LOST if at % 2 else Status.WON, Status.LEAD
        row.owner_id = row.created_by = owner_id
        row.created_at = row.stage_since = row.aged_from = row.status_since = now
        row.closed_on, row.open_days, row.probability = day, 3, 10
        row.lost_reason = "Price" if at % 2 else ""
        changes.settle(row)
        session.add(row)
