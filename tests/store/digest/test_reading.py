"""What a digest tells of the pipeline: for the eyes of its channel, as far as its filter finds."""

from datetime import timedelta

import pytest

from store.board import Closes, Filter
from store.contact import ContactDraft
from store.digest.content import Content
from store.digest.news import News
from store.errors import NotFound
from store.opportunity.status import STAGES
from store.usecases import contacts
from store.usecases.card import channels
from store.usecases.opportunity import opportunities
from store.usecases.person import handovers
from tests.store.crm import OTHERS, Crm, actor
from tests.store.digest.digesting import know
from tests.store.doing import due, made
from tests.store.telling import (
    busy,
    digest,
    edit,
    gbp,
    move,
    news,
    on_board,
    told,
    win,
)

LEAD, PITCHING, QUOTING, CLOSING = STAGES
VIP = "C0VIP"
INSIDE = actor("Alice", private_channels=frozenset({VIP}))


def vip(crm: Crm) -> None:
    """A private channel with Alice in it."""
    know(crm, VIP, kind=channels.PRIVATE, members=[crm.alice.id])


def everywhere(content: Content) -> set[str]:
    """The names of all deals that it names, wherever."""
    named = {row.deal.name for group in content.groups for row in group.rows}
    named |= {deal.name for deal in (*content.closing.rows, *content.attention.rows)}
    return named | {one.deal.name for one in content.tasks.rows if one.deal}


def counts(content: Content) -> set[int]:
    """All numbers in it."""
    numbers = {group.total for group in content.groups} | {content.open, content.paused}
    numbers |= {one.count for one in content.forecast}
    return numbers | {content.closing.total, content.attention.total, content.tasks.total}


def test_a_channel_reads_what_all_its_readers_may_see(crm: Crm) -> None:
    vip(crm)
    public = digest(crm)
    private = digest(crm, VIP, by=INSIDE)
    busy(crm, "for all")
    busy(crm, "for members", by=INSIDE, channel_id=VIP)
    busy(crm, "for one", channel_id="D0ALICE")
    content = told(crm, public)
    assert everywhere(content) == {"for all"}
    assert counts(content) <= {0, 1}
    assert everywhere(told(crm, private, INSIDE)) == {"for all", "for members"}
    assert counts(told(crm, private, INSIDE)) <= {0, 2}


def test_what_left_their_sight_meanwhile_is_not_told(crm: Crm) -> None:
    know(crm, VIP)
    one = digest(crm)
    number = busy(crm, "Acme", channel_id=VIP)
    move(crm, number, CLOSING)
    assert everywhere(told(crm, one)) == {"Acme"}
    know(crm, VIP, kind=channels.PRIVATE, members=[crm.alice.id])
    content = told(crm, one)
    assert (everywhere(content), counts(content)) == (set(), {0})
    assert content.is_quiet
    assert on_board(crm, content, News.NEW, crm.bob) == []


def test_what_is_archived_is_in_no_part(crm: Crm) -> None:
    one = digest(crm)
    number = busy(crm, "Acme")
    win(crm, busy(crm, "won"))
    for each in (number, number + 1):
        crm.do(opportunities.archive, each)
    content = told(crm, one)
    assert (everywhere(content), counts(content)) == (set(), {0})


def test_other_workspaces_are_elsewhere(crm: Crm) -> None:
    one = digest(crm)
    busy(crm, "theirs", by=crm.eve)
    theirs = digest(crm, by=crm.eve)
    assert (everywhere(told(crm, one)), counts(told(crm, one))) == (set(), {0})
    with pytest.raises(NotFound):
        told(crm, theirs)
    assert crm.eve.workspace_id == OTHERS


def test_a_filter_on_an_owner_goes_by_whose_it_is_now(crm: Crm) -> None:
    number = busy(crm, "Acme", by=crm.bob)
    one = digest(crm, filter=Filter(owner=crm.carol.id))
    move(crm, number, CLOSING)
    assert counts(told(crm, one)) == {0}
    crm.do(handovers.hand_over, crm.bob.id, crm.carol.id)
    content = told(crm, one)
    assert content.owner
    assert content.owner.name == "Carol"
    assert (everywhere(content), counts(content)) == ({"Acme"}, {0, 1})


def test_a_filter_on_a_contact_goes_by_the_one_it_has_now(crm: Crm) -> None:
    jane, joe = (crm.do(contacts.create, ContactDraft(name=name)).id for name in ("Jane", "Joe"))
    number = busy(crm, "Acme", contact_id=jane)
    of_jane = digest(crm, filter=Filter(contact=jane))
    of_joe = digest(crm, filter=Filter(contact=joe))
    move(crm, number, CLOSING)
    assert everywhere(told(crm, of_jane)) == {"Acme"}
    edit(crm, number, contact_id=joe)
    assert (everywhere(told(crm, of_jane)), counts(told(crm, of_jane))) == (set(), {0})
    assert everywhere(told(crm, of_joe)) == {"Acme"}
    contact = told(crm, of_joe).contact
    assert contact
    assert contact.name == "Joe"


def test_a_filter_on_statuses_finds_what_came_and_what_left(crm: Crm) -> None:
    came, left, passed = (crm.opened(n, value=gbp(10)) for n in ("came", "left", "passed"))
    won = crm.opened("won", stage=QUOTING, value=gbp(10))
    move(crm, left, QUOTING)
    one = digest(crm, filter=Filter(statuses=(QUOTING,)))
    move(crm, came, QUOTING)
    move(crm, left, CLOSING)
    move(crm, passed, PITCHING)
    win(crm, won, gbp(9))
    crm.opened("fresh", stage=QUOTING)
    crm.opened("elsewhere")
    content = told(crm, one)
    assert {kind: sorted(names) for kind, names in news(content).items()} == {
        "won": ["won"],
        "new": ["fresh"],
        "forward": ["came", "left"],
    }
    assert [(one.stage, one.count) for one in content.totals] == [(QUOTING, 2)]
    assert [one.count for one in content.forecast] == [2]
    assert on_board(crm, content, News.FORWARD) == ["came", "left"]
    assert on_board(crm, content, News.WON) == ["won"]


def test_filters_on_closing_and_attention_go_by_now(crm: Crm) -> None:
    day = crm.now.date()
    late, soon, calm = (
        crm.opened(name, expected_close=day + timedelta(days=ahead))
        for name, ahead in (("late", -1), ("soon", 3), ("calm", 60))
    )
    for number in (soon, calm):
        made(crm, number=number, due=due(30))
    overdue = digest(crm, filter=Filter(closes=Closes.OVERDUE))
    week = digest(crm, filter=Filter(closes=Closes.SOON))
    pressing = digest(crm, filter=Filter(attention=True))
    for number in (late, soon, calm):
        move(crm, number, CLOSING)
    for one, name in ((overdue, "late"), (week, "soon"), (pressing, "late")):
        content = told(crm, one)
        assert everywhere(content) == {name}
        assert counts(content) <= {0, 1}


def test_a_preview_is_for_who_can_see_the_channel(crm: Crm) -> None:
    vip(crm)
    one = digest(crm, VIP, by=INSIDE)
    assert told(crm, one, INSIDE).digest_id == one
    with pytest.raises(NotFound):
        told(crm, one, crm.bob)
