"""Contacts in the database: alike, found, edited by two people, archived."""

from typing import Any

import pytest
from sqlalchemy import select, update

from store.activity import ActivityDraft
from store.contact import Contact, ContactDraft, marks
from store.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from store.opportunity.status import Status
from store.outbox import outbox
from store.person.person import Actor, Role
from store.tables.machinery import OutboxRow
from store.task.task import TaskDraft
from store.usecases import contacts
from store.usecases.activity import activities
from store.usecases.opportunity import opportunities, status
from store.usecases.opportunity.status import Win
from store.usecases.task import tasks
from tests.store.crm import DEALS, Crm, actor


def added(crm: Crm, name: str = "Jane Doe", by: Actor | None = None, **said: str) -> Contact:
    return crm.do(contacts.create, ContactDraft(name=name, **said), by=by)


def saved(crm: Crm, start: Contact, version: int = 0, **said: str) -> Contact:
    kept = {n: getattr(start, n) for n in ("name", "company", "email", "phone", "notes")}
    draft = ContactDraft(**kept | said)
    version = version or start.version
    return crm.do(contacts.save, start.id, draft, was=marks(start), version=version)


def names(crm: Crm, words: str, by: Actor | None = None) -> list[str]:
    listing = crm.store.read_now(contacts.find, words, by=by or crm.alice)
    return [contact.name for contact in listing.rows]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "\u200b"),
        ("name", "x" * 201),
        ("company", "x" * 201),
        ("email", "jane"),
        ("email", "a@b"),
        ("email", "x" * 250 + "@b.com"),
        ("phone", "1" * 201),
        ("notes", "x" * 3001),
    ],
)
def test_what_can_not_be_is_refused_on_its_field(crm: Crm, field: str, value: str) -> None:
    with pytest.raises(Invalid) as wrong:
        added(crm, **{field: value})
    assert list(wrong.value.fields) == [field]


def test_alike_by_mail_or_by_name_and_company(crm: Crm) -> None:
    jane = added(crm, company="Acme Ltd", email="jane@acme.com")

    def alike(name: str, **said: str) -> list[str]:
        draft = ContactDraft(name=name, **said)
        found = crm.store.read_now(contacts.alike, crm.alice.viewer, draft)
        return [contact.name for contact in found]

    assert alike("X", email="JANE@acme.com") == ["Jane Doe"]
    assert alike("JÁNE doe", company="acme ltd") == ["Jane Doe"]
    assert alike("Jane Doe") == []
    assert alike("Jane Doe", company="Zenith") == []
    crm.do(contacts.archive, jane.id)
    assert alike("X", email="jane@acme.com") == []
    viewer = crm.eve.viewer
    assert crm.store.read_now(contacts.alike, viewer, ContactDraft(name="Jane Doe")) == []


def test_namesakes_are_those_of_the_same_name_anywhere(crm: Crm) -> None:
    for company in ("", "Acme", "Zenith"):
        added(crm, company=company)
    added(crm, "Jane Doerr")
    found = crm.store.read_now(contacts.namesakes, "JANE doe", by=crm.alice)
    assert {contact.company for contact in found} == {"", "Acme", "Zenith"}


def test_found_by_name_company_and_mail_errors_forgiven(crm: Crm) -> None:
    added(crm, company="Horizon Works", email="jane@horizon.example")
    added(crm, "Peter Piper")
    for words in ("jane", "horizon", "jane@horizon.example", "hroizon", "doe jane"):
        assert names(crm, words) == ["Jane Doe"], words
    assert names(crm, "zebra") == []
    assert names(crm, "jane", by=crm.eve) == []
    assert crm.store.read_now(contacts.find, "hroizon", by=crm.alice).alone is None
    assert crm.store.read_now(contacts.find, "horizon", by=crm.alice).alone


def test_what_two_people_change_at_once(crm: Crm) -> None:
    start = added(crm, company="Acme", phone="1")
    saved(crm, start, company="Theirs", email="a@b.com")
    assert saved(crm, start, phone="2").email == "a@b.com"  # Another field: both are kept.
    now = crm.store.read_now(contacts.get, start.id, by=crm.alice)
    with pytest.raises(Conflict) as told:
        saved(crm, start, company="Mine", notes="Mine too")
    assert list(told.value.changed) == ["company"]
    after = saved(crm, start, version=now.version, company="Mine", notes="Mine too")
    assert (after.company, after.email, after.phone, after.notes) == (
        "Mine",
        "a@b.com",
        "2",
        "Mine too",
    )


def test_another_name_finds_its_deals(crm: Crm) -> None:
    jane = added(crm, company="Acme")
    crm.opened("Supply", contact_id=jane.id)
    assert crm.do(opportunities.find, "acme").total == 1
    saved(crm, jane, name="Ada Lovelace", company="Zenith")
    assert crm.do(opportunities.find, "acme").total == 0
    for words in ("ada", "zenith", "supply"):
        assert crm.do(opportunities.find, words).total == 1


def test_archived_ones_are_kept_but_not_offered(crm: Crm) -> None:
    jane = added(crm)
    number = crm.opened(contact_id=jane.id)
    crm.do(contacts.archive, jane.id)
    assert names(crm, "jane") == []
    assert crm.store.read_now(contacts.options, "", by=crm.alice) == []
    assert crm.store.read_now(contacts.one_called, "jane doe", by=crm.alice) is None
    assert crm.look(number).contact == jane.ref
    for late in (lambda: saved(crm, jane, name="X"), lambda: crm.do(contacts.archive, jane.id)):
        with pytest.raises(Gone, match="archived at 10:00"):
            late()
    crm.do(contacts.restore, jane.id)
    assert names(crm, "jane") == ["Jane Doe"]


def test_its_page_has_its_deals_open_ones_first(crm: Crm) -> None:
    jane = added(crm)
    for at in range(11):
        crm.opened(f"Deal {at}", contact_id=jane.id)
    win = Win(final_value=None, closed_on=crm.now.date())
    crm.do(status.win, 1, win, seen=None)
    crm.do(opportunities.archive, 2)
    crm.opened("Secret", contact_id=jane.id, by=crm.bob, channel_id=None)
    page = crm.do(contacts.page, jane.id)
    assert (page.opportunities.total, page.contact.open_deals) == (10, 9)
    assert page.opportunities.rows[-1].status is Status.WON
    assert crm.do(contacts.page, jane.id, by=crm.bob).opportunities.total == 11
    last = crm.do(contacts.page, jane.id, by=crm.bob, offset=10**6).opportunities
    assert (last.offset, len(last.rows)) == (10, 1)
    deals = crm.do(contacts.open_deals, jane.id)
    assert (deals.total, len(deals.rows)) == (9, 3)


def test_many_contacts_are_paged_latest_first(crm: Crm) -> None:
    for at in range(25):
        crm.turn(minutes=1)
        added(crm, f"Person {at:02}")
    first = crm.store.read_now(contacts.recent, by=crm.alice)
    assert (first.total, first.rows[0].name) == (25, "Person 24")
    third = crm.store.read_now(contacts.recent, by=crm.alice, offset=20)
    assert [contact.name for contact in third.rows] == [f"Person {n:02}" for n in range(4, -1, -1)]
    options = crm.store.read_now(contacts.options, "person", by=crm.alice)
    assert len(options) == 20


def test_guests_and_other_workspaces(crm: Crm) -> None:
    jane = added(crm)
    guest = actor("Gail", role=Role.GUEST)
    for by, refusal in ((guest, NotAllowed), (crm.eve, NotFound)):
        for use_case in (contacts.archive, contacts.restore, contacts.page, contacts.to_change):
            with pytest.raises(refusal):
                crm.do(use_case, jane.id, by=by)
    unread = actor("Ulla", role=Role.UNKNOWN)
    assert crm.do(contacts.page, jane.id, by=unread).contact.name == "Jane Doe"
    refused: list[Any] = [contacts.archive, contacts.restore]
    for use_case in refused:
        with pytest.raises(NotAllowed, match="can't be read just now"):
            crm.do(use_case, jane.id, by=unread)
    with pytest.raises(NotAllowed):
        added(crm, "X", by=guest)
    assert crm.opened(channel_id=DEALS)


def test_a_new_name_redraws_what_stands_in_threads_and_names_it_behind_the_rest(crm: Crm) -> None:
    jane, other = added(crm), added(crm, "John")
    number = crm.opened()
    for who in (jane, other, jane):
        crm.do(activities.log, ActivityDraft(what="x", number=number, contact_id=who.id))
    crm.do(tasks.create, TaskDraft(title="x", number=number, contact_id=jane.id))
    stands = {"state": "idle", "due_at": None, "ts": "1.0", "done": 1}
    # The third was left behind in a thread that its card has gone from.
    rows = {"activity:1": stands, "activity:2": stands, "task:1": stands}
    for key, values in {**rows, "activity:3": stands | {"ts": None}}.items():
        known = update(OutboxRow).where(OutboxRow.key == key).values(values)
        crm.store.write_now(lambda session, known=known: session.execute(known))
    saved(crm, jane, name="Jane Smith")
    due = select(OutboxRow.key).where(
        OutboxRow.kind.in_((outbox.ACTIVITY, outbox.TASK)),
        OutboxRow.due_at.is_not(None),
        OutboxRow.priority == outbox.BACKGROUND,
    )
    found = crm.store.read_now(lambda session: session.scalars(due.order_by(OutboxRow.key)).all())
    assert found == ["activity:1", "task:1"]
