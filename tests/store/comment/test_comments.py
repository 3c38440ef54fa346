"""Comments, whatever Slack sends of them, how often and in which order: on both databases."""

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from store.comment import File, Reply, instant, stamp
from store.errors import NotAllowed, NotFound
from store.person.person import Role
from store.tables.entries import CommentRow
from store.tables.records import OpportunityRow
from store.usecases.card import cards, channels
from store.usecases.comment import comments
from tests.store.crm import DEALS, OTHERS, TEAM, Crm, actor

CARD = "1763892000.000100"
BOB = "U0BOB"


def reply(text: str = "They want 3 seats", *, ts: str = "1763892060.000200", **about: Any) -> Reply:
    given = {"channel_id": DEALS, "thread_ts": CARD, "by_id": BOB, **about}
    return Reply(ts=ts, text=text, **given)


@pytest.fixture
def deal(crm: Crm) -> int:
    """A deal whose card stands in #deals."""
    number = crm.opened()
    crm.store.write_now(posted, number)
    return number


def posted(session: Any, number: int, ts: str = CARD) -> None:
    found = select(OpportunityRow.id).where(OpportunityRow.number == number)
    place = {"channel_id": DEALS, "ts": ts, "permalink": "https://acme.slack.com/archives/C/p1"}
    cards.posted(session, TEAM, session.scalars(found).one(), **place)


def rows(crm: Crm) -> list[CommentRow]:
    query = select(CommentRow).order_by(CommentRow.at, CommentRow.id)
    return crm.store.read_now(lambda session: list(session.scalars(query)))


def shown(crm: Crm) -> list[tuple[str, list[Any], bool]]:
    """What each comment says, what it said, and whether it is deleted."""
    return [(row.text, row.former, row.deleted_at is not None) for row in rows(crm)]


def said(crm: Crm, *replies: Reply) -> None:
    for one in replies:
        crm.store.write_now(comments.said, TEAM, one)


def test_a_reply_is_kept_once_with_its_files(crm: Crm, deal: int) -> None:
    files = (File("quote.pdf", "https://acme.slack.com/files/1"),)
    said(crm, *[reply(files=files)] * 3)
    (row,) = rows(crm)
    assert (row.by_id, row.text, row.thread_ts) == (BOB, "They want 3 seats", CARD)
    assert row.files == [{"name": "quote.pdf", "link": "https://acme.slack.com/files/1"}]
    assert (row.at, row.deleted_at) == (instant("1763892060.000200"), None)


def test_a_reply_in_any_other_thread_is_none(crm: Crm, deal: int) -> None:
    other = reply(thread_ts="1763892000.000999")
    said(crm, other, reply(channel_id="C0OTHER"))
    crm.store.write_now(comments.edited, TEAM, [other, other])
    crm.store.write_now(comments.deleted, TEAM, DEALS, other.ts, crm.now, other)
    crm.store.write_now(comments.said, OTHERS, reply())
    assert rows(crm) == []
    assert not crm.store.read_now(comments.is_known, TEAM, DEALS, other.ts)


def test_the_thread_of_a_card_that_is_gone_counts(crm: Crm, deal: int) -> None:
    where = {"channel_id": DEALS, "ts": CARD}
    crm.store.write_now(cards.gone, TEAM, replies=True, **where)
    crm.store.write_now(posted, deal, "1763892500.000100")
    said(crm, reply("old"), reply("new", thread_ts="1763892500.000100", ts="1763892600.000100"))
    assert [row.opportunity_id for row in rows(crm)] == [rows(crm)[0].opportunity_id] * 2
    assert [row.text for row in rows(crm)] == ["old", "new"]


FIRST = reply("one")
SECOND = reply("two", edited_ts="1763892100.000000")
THIRD = reply("three", edited_ts="1763892200.000000")


def tell(crm: Crm, what: str) -> None:
    """One event of the life of a reply: written, edited twice, deleted."""
    if what == "written":
        said(crm, FIRST)
    elif what == "deleted":
        crm.store.write_now(comments.deleted, TEAM, DEALS, FIRST.ts, crm.now, THIRD)
    else:
        versions = [FIRST, SECOND] if what == "edited" else [SECOND, THIRD]
        crm.store.write_now(comments.edited, TEAM, versions)


@pytest.mark.parametrize("order", list(permutations(["written", "edited", "edited again"])))
def test_edits_in_any_order_leave_the_newest_and_keep_the_others(
    crm: Crm, deal: int, order: tuple[str, ...]
) -> None:
    for what in (*order, *order):
        tell(crm, what)
    former = [["one", ""], ["two", "1763892100.000000"]]
    assert shown(crm) == [("three", former, False)]
    assert rows(crm)[0].edited_ts == "1763892200.000000"


@pytest.mark.parametrize("order", list(permutations(["written", "edited again", "deleted"])))
def test_a_deletion_wins_over_whatever_comes_later(
    crm: Crm, deal: int, order: tuple[str, ...]
) -> None:
    for what in (*order, "edited", "written"):
        tell(crm, what)
    ((_, _, gone),) = shown(crm)
    assert gone


def test_one_event_alone_is_enough(crm: Crm, deal: int) -> None:
    tell(crm, "edited again")
    assert shown(crm) == [("three", [["two", "1763892100.000000"]], False)]


def test_two_edits_within_one_second_are_told_apart(crm: Crm, deal: int) -> None:
    again = reply("two, better", edited_ts=SECOND.edited_ts)
    for versions in ([FIRST, SECOND], [SECOND, again], [FIRST, SECOND]):
        crm.store.write_now(comments.edited, TEAM, versions)
    former = [["one", ""], ["two", SECOND.edited_ts]]
    assert shown(crm) == [("two, better", former, False)]


def test_an_edit_of_its_files_alone_is_no_former_text(crm: Crm, deal: int) -> None:
    said(crm, reply("here", files=(File("a.pdf", "https://x/a"), File("b.pdf", "https://x/b"))))
    said(crm, reply("here", files=(File("b.pdf", "https://x/b"),), edited_ts="1763892100.000000"))
    assert shown(crm) == [("here", [], False)]
    assert rows(crm)[0].files == [{"name": "b.pdf", "link": "https://x/b"}]


def test_a_text_is_kept_whole_and_without_what_no_database_takes(crm: Crm, deal: int) -> None:
    long = "📈 " * 20_000
    said(crm, reply(long), reply("a\x00b\ud800", ts="1763892070.000100"))
    assert [row.text for row in rows(crm)] == [long.strip(), "ab"]


def test_a_deletion_without_what_was_said_needs_no_more(crm: Crm, deal: int) -> None:
    crm.store.write_now(comments.deleted, TEAM, DEALS, FIRST.ts, crm.now)
    assert rows(crm) == []
    said(crm, FIRST)
    crm.store.write_now(comments.deleted, TEAM, DEALS, FIRST.ts, crm.now)
    assert shown(crm) == [("one", [], True)]


def test_comments_stand_in_the_order_they_were_written(crm: Crm, deal: int) -> None:
    stamps = [f"1763892060.00{at:04}" for at in (7, 3, 9, 1)]
    said(crm, *[reply(ts, ts=ts) for ts in stamps])
    assert [row.text for row in rows(crm)] == sorted(stamps)
    assert [stamp(row.at) for row in rows(crm)] == sorted(stamps)


def test_a_channel_that_gets_another_id_takes_its_comments_along(crm: Crm, deal: int) -> None:
    said(crm, FIRST)
    crm.store.write_now(channels.renumber, TEAM, DEALS, "C0NEW")
    moved = reply("one", channel_id="C0NEW")
    said(crm, moved)
    crm.store.write_now(comments.deleted, TEAM, "C0NEW", moved.ts, crm.now, moved)
    assert shown(crm) == [("one", [], True)]


def test_the_deal_of_a_thread_is_for_those_who_see_it(crm: Crm, deal: int) -> None:
    found = crm.store.read_now(comments.deal, DEALS, CARD, by=crm.bob)
    assert (found.number, found.name) == (deal, "Acme renewal")
    with pytest.raises(NotFound):
        crm.store.read_now(comments.deal, DEALS, "1763892000.000999", by=crm.bob)
    with pytest.raises(NotFound):
        crm.store.read_now(comments.deal, DEALS, CARD, by=crm.eve)
    with pytest.raises(NotAllowed):
        crm.store.read_now(comments.deal, DEALS, CARD, by=actor("Gus", role=Role.GUEST))


def test_people_who_are_not_known_by_name_are_found(crm: Crm, deal: int) -> None:
    said(crm, FIRST, *[reply(ts=f"176389210{at}.000100", by_id="U0NEW") for at in range(3)])
    assert crm.store.read_now(comments.strangers, TEAM) == ["U0NEW"]
    assert crm.store.read_now(comments.strangers, OTHERS) == []


def test_whoever_must_be_known_to_show_a_reply() -> None:
    text = "<@U0CAROL> and <@W0DAN|dan>, see <#C0DEALS> <@U0CAROL>"
    assert reply(text).people == [BOB, "U0CAROL", "W0DAN"]
