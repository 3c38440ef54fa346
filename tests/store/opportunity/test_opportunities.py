"""Opportunities in the database: made, numbered, listed, found by words, archived."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from store.errors import Gone, Invalid, NotAllowed, NotFound
from store.money import Money
from store.opportunity.opportunity import OpportunityDraft
from store.opportunity.status import STAGES, Status
from store.tables.machinery import OutboxRow
from store.tables.records import ContactRow, OpportunityRow
from store.usecases.opportunity import finding, opportunities, status
from store.usecases.opportunity.status import Win
from tests.store.crm import DEALS, Crm, actor


def found(crm: Crm, words: str, **asked: object) -> list[str]:
    return [row.name for row in crm.do(opportunities.find, words, **asked).rows]


def test_a_new_one_has_a_number_an_owner_a_line_and_a_card_to_come(crm: Crm) -> None:
    draft = OpportunityDraft(name=" Acme \n renewal ", value=Money(1_200_000, "GBP"))
    made = crm.do(opportunities.create, draft, by=crm.bob)
    opp = made.opportunity
    assert (opp.number, opp.name, opp.status, opp.probability) == (
        1,
        "Acme renewal",
        Status.LEAD,
        10,
    )
    assert opp.owner == opp.creator
    assert opp.weighted == Money(120_000, "GBP")
    assert crm.kinds() == ["created"]
    keys = crm.store.read_now(lambda s: set(s.scalars(select(OutboxRow.key))))
    assert f"card:{opp.id}" in keys
    assert opp.undo is None


@pytest.mark.parametrize("stage", STAGES)
def test_it_may_begin_in_any_stage_but_not_closed(crm: Crm, stage: Status) -> None:
    assert crm.look(crm.opened(stage=stage)).stage is stage
    for closed in (Status.WON, Status.LOST, Status.PAUSED):
        with pytest.raises(Invalid, match="Choose one of the stages"):
            crm.opened(stage=closed)


@pytest.mark.parametrize("name", ["", " \n", "\u200b\ufeff", "\u3164", "\u0301", "x" * 151])
def test_names_that_nobody_could_read_are_refused(crm: Crm, name: str) -> None:
    with pytest.raises(Invalid, match="Write a name"):
        crm.opened(name)
    assert crm.kinds() == []


@pytest.mark.parametrize("name", ["x" * 150, "🧑‍🚀", "صفقة", "a\u200db", "٣", "<!channel>"])
def test_names_that_people_can_read_are_kept(crm: Crm, name: str) -> None:
    assert crm.look(crm.opened(name)).name == name


def test_a_contact_is_made_along_with_it_or_neither(crm: Crm) -> None:
    number = crm.opened(new_contact="Ada Lovelace")
    contact = crm.look(number).contact
    assert contact
    assert contact.name == "Ada Lovelace"
    for wrong in (
        {"new_contact": "Grace Hopper", "owner_id": "U0NOBODY"},
        {"new_contact": "Grace Hopper", "stage": Status.WON},
        {"new_contact": "x" * 201},
        {"contact_id": 999},
    ):
        with pytest.raises(Invalid):
            crm.opened(**wrong)
    names = crm.store.read_now(lambda s: list(s.scalars(select(ContactRow.name))))
    assert names == ["Ada Lovelace"]
    assert crm.opened() == number + 1  # Nor is a number used up.


def test_a_contact_of_another_workspace_is_none(crm: Crm) -> None:
    number = crm.opened(new_contact="Ada Lovelace", by=crm.eve)
    contact = crm.look(number, by=crm.eve).contact
    assert contact
    with pytest.raises(Invalid, match="Choose a contact"):
        crm.opened(contact_id=contact.id)


def test_numbers_are_given_once_to_many_at_once(crm: Crm) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda n: crm.opened(f"Deal {n}"), range(24)))
    assert sorted(numbers) == list(range(1, 25))


def test_mine_are_open_closest_to_closing_first_and_paged(crm: Crm) -> None:
    day = crm.now.date()
    for at in range(11):
        crm.opened(f"Lead {at:02}", expected_close=day + timedelta(days=at))
    closing = crm.opened("Closing", stage=Status.CLOSING)
    crm.opened("Theirs", by=crm.bob)
    crm.do(status.win, crm.opened("Won"), Win(final_value=None, closed_on=day), seen=None)
    crm.do(status.pause, crm.opened("Paused"), None, seen=None)
    first = crm.do(opportunities.mine)
    assert (first.total, first.rows[0].number, first.rows[1].name) == (12, closing, "Lead 00")
    second = crm.do(opportunities.mine, offset=10)
    assert [row.name for row in second.rows] == ["Lead 09", "Lead 10"]
    beyond = crm.do(opportunities.mine, offset=10**9)
    assert (beyond.offset, beyond.rows) == (10, second.rows)


def test_words_find_names_contacts_and_companies(crm: Crm) -> None:
    crm.opened("Acme renewal")
    crm.opened("Supply", new_contact="Jane Doe")
    crm.opened("Acme extension")
    assert sorted(found(crm, "acme")) == ["Acme extension", "Acme renewal"]
    assert found(crm, "jane") == ["Supply"]
    assert found(crm, "acme renwal") == ["Acme renewal"]
    assert found(crm, "zebra") == []
    assert crm.do(opportunities.find, "acme").alone is None
    alone = crm.do(opportunities.find, "renewal").alone
    assert alone
    assert alone.name == "Acme renewal"
    assert crm.do(opportunities.find, "renwal").alone is None  # Mended: it is asked.


def test_the_only_one_that_says_it_is_alone_among_the_like(crm: Crm) -> None:
    crm.opened("Renewal")
    crm.opened("Renewel")
    listing = crm.do(opportunities.find, "renewal")
    assert listing.alone
    assert listing.alone.name == "Renewal"


def test_what_is_archived_is_forgotten_and_found_again_when_restored(crm: Crm) -> None:
    number = crm.opened("Acme renewal")
    crm.do(opportunities.archive, number)
    assert found(crm, "acme") == []
    assert crm.do(opportunities.mine).total == 0
    with pytest.raises(Gone, match="archived by Alice at 10:00"):
        crm.do(opportunities.to_change, number)
    crm.turn(days=20)
    with pytest.raises(Gone, match="archived by Alice on 23 Nov"):
        crm.do(opportunities.archive, number)
    crm.do(opportunities.restore, number)
    crm.do(opportunities.restore, number)  # Twice is once.
    assert found(crm, "acme") == ["Acme renewal"]
    assert crm.kinds() == ["created", "archived", "restored"]


def test_who_may_archive(crm: Crm) -> None:
    number = crm.opened(by=crm.bob, owner_id=crm.carol.id)
    dave = actor("Dave")
    for use_case in (opportunities.archive, opportunities.to_archive):
        with pytest.raises(NotAllowed, match=r"Only Carol \(owner\), Bob \(creator\) or an admin"):
            crm.do(use_case, number, by=dave)
    for one in (crm.alice, crm.bob, crm.carol):
        crm.do(opportunities.archive, number, by=one)
        with pytest.raises(NotAllowed, match="can restore this"):
            crm.do(opportunities.restore, number, by=dave)
        crm.do(opportunities.restore, number, by=one)


def test_one_in_direct_messages_is_its_owners_alone(crm: Crm) -> None:
    number = crm.opened("Secret renewal", by=crm.bob, channel_id=None)
    assert crm.look(number, by=crm.bob).audience == crm.bob.id
    with pytest.raises(NotFound, match="no opportunity #1 that you can see"):
        crm.look(number)
    assert found(crm, "secret") == []
    assert found(crm, "secret", by=crm.bob) == ["Secret renewal"]


def test_the_close_date_can_be_moved_into_the_past_or_dropped(crm: Crm) -> None:
    number = crm.opened()
    gone = date(2026, 11, 1)
    assert crm.do(opportunities.reschedule, number, gone).opportunity.overdue
    assert crm.do(opportunities.reschedule, number, gone).change is None
    assert crm.do(opportunities.reschedule, number, None).opportunity.expected_close is None


def test_a_search_reads_only_what_it_compares(crm: Crm) -> None:
    for at in range(30):
        crm.opened(f"Acme {at}", notes="n" * 3000)
    whole: list[str] = []

    def watch(_c: object, _cur: object, sql: str, *_: object) -> None:
        if "opportunities.notes" in sql:
            whole.append(sql)

    event.listen(crm.store.writer, "before_cursor_execute", watch)
    listing = crm.do(opportunities.find, "acme", offset=20)
    assert (listing.total, len(listing.rows)) == (30, 10)
    assert len(whole) == 1  # The page's rows, once.
    texts = crm.store.read_now(finding.texts, crm.alice.workspace_id, [])
    assert texts == {}


def test_every_row_belongs_to_its_workspace(crm: Crm) -> None:
    crm.opened("Ours")
    crm.opened("Theirs", by=crm.eve)
    assert crm.look(1).name == "Ours"
    assert crm.look(1, by=crm.eve).name == "Theirs"
    assert found(crm, "theirs") == []
    rows = crm.store.read_now(lambda s: list(s.scalars(select(OpportunityRow.card_channel))))
    assert rows == [DEALS, DEALS]
