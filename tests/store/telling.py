"""Digests that tell: made in a channel, and what they would tell now."""

from datetime import timedelta
from typing import Any

from store.board import Filter, Query
from store.digest.content import Content
from store.digest.digest import DigestDraft, Part
from store.digest.news import News, Told
from store.money import Money
from store.opportunity.status import Status
from store.person.person import Actor
from store.tables.recurring import DigestRow
from store.usecases.digest import digests
from store.usecases.digest import reading as digest_reading
from store.usecases.opportunity import edits, status
from store.usecases.pipeline import pipeline
from tests.store.crm import DEALS, Crm
from tests.store.digest.digesting import schedule
from tests.store.doing import due, made


def gbp(pounds: int) -> Money:
    return Money(pounds * 100, "GBP")


def eur(euros: int) -> Money:
    return Money(euros * 100, "EUR")


def digest(
    crm: Crm,
    place: str = DEALS,
    *,
    by: Actor | None = None,
    filter: Filter = Filter(),  # noqa: A002, B008 - Its name, and a frozen one.
    parts: tuple[Part, ...] = tuple(Part),
    tz: str = "Europe/London",
) -> int:
    """A digest that told all until now."""
    draft = DigestDraft(schedule=schedule(tz=tz), filter=filter, parts=parts)
    made = crm.do(digests.add, draft, place, by=by).id

    def told(session: Any) -> None:
        session.get_one(DigestRow, made).told_until = crm.now

    crm.store.write_now(told)
    crm.turn(minutes=1)
    return made


def told(crm: Crm, digest_id: int, by: Actor | None = None) -> Content:
    return crm.store.read_now(digest_reading.preview, digest_id, by=by or crm.alice, now=crm.now)


def news(content: Content) -> dict[str, list[str]]:
    """The names of the deals, by what became of them."""
    return {one.news.value: [row.deal.name for row in one.rows] for one in content.groups}


def sides(content: Content, what: News) -> list[tuple[Any, Any]]:
    """What those deals were and became."""
    return [(row.old, row.new) for one in content.groups if one.news is what for row in one.rows]


def on_board(crm: Crm, content: Content, what: News, by: Actor | None = None) -> list[str]:
    """The names on the board that a digest opens for the rest of them."""
    query = Query(filter=content.filter, told=Told(what, content.since, content.until))
    shown = crm.store.read_now(pipeline.private, query, by=by or crm.alice, now=crm.now)
    assert shown.board.matching == len(shown.board.rows)
    return sorted(opp.name for opp in shown.board.rows)


def move(crm: Crm, number: int, to: Status) -> int:
    """The line of history that it leaves."""
    change = crm.do(status.move, number, to, seen=None).change
    assert change
    return change.id


def win(crm: Crm, number: int, price: Money | None = None) -> None:
    said = status.Win(final_value=price, closed_on=crm.now.date())
    crm.do(status.win, number, said, seen=None)


def lose(crm: Crm, number: int) -> None:
    crm.do(status.lose, number, status.Loss(reason="Price"), seen=None)


def edit(crm: Crm, number: int, **fields: Any) -> None:
    said = edits.Edit(fields=fields, since=crm.look(number).last_change)
    crm.do(edits.edit, number, said)


def busy(crm: Crm, name: str, by: Actor | None = None, **said: Any) -> int:
    """A deal that would be in all sections."""
    soon = crm.now.date() + timedelta(days=2)
    number = crm.opened(name, by=by, **{"value": gbp(10), "expected_close": soon, **said})
    made(crm, by=by, number=number, due=due(20))
    return number
