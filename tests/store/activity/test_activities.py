"""Activities in the database: logged, edited, deleted, by whom and for whom."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from store.activity import WHAT_MAX, Activity, ActivityDraft, ActivityKind
from store.contact import ContactDraft
from store.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from store.opportunity.context import Source
from store.person.person import Actor, Role
from store.tables.entries import ActivityRow
from store.tables.machinery import OutboxRow
from store.task.task import TaskDraft
from store.usecases import contacts
from store.usecases.activity import activities
from store.usecases.activity.activities import Logged
from store.usecases.opportunity import opportunities, status
from store.usecases.opportunity.status import Loss
from store.usecases.task import tasks
from tests.store.crm import TEAM, Crm, actor

LINK = "https://acme.slack.com/archives/C0DEALS/p1764000000000100"


def logged(crm: Crm, what: str = "Wants 3 seats", by: Actor | None = None, **said: Any) -> Logged:
    return crm.do(activities.log, ActivityDraft(what=what, **said), by=by)


def jane(crm: Crm) -> int:
    return crm.do(contacts.create, ContactDraft(name="Jane Doe", company="Acme Ltd")).id


def wanted(crm: Crm) -> dict[str, int]:
    """How often each thing was to be shown, by its key."""
    query = select(OutboxRow.key, OutboxRow.wanted)
    return dict(crm.store.read_now(lambda s: s.execute(query).all()))


def rows(crm: Crm) -> list[ActivityRow]:
    return crm.store.read_now(lambda s: list(s.scalars(select(ActivityRow))))


def test_it_hangs_on_its_deal_and_is_with_that_ones_contact(crm: Crm) -> None:
    number = crm.opened(contact_id=jane(crm))
    before = wanted(crm)
    made = logged(crm, number=number, kind=ActivityKind.CALL).activity
    assert (made.kind, made.what, made.by.name, made.at) == (
        ActivityKind.CALL,
        "Wants 3 seats",
        "Alice",
        crm.now,
    )
    assert made.deal
    assert (made.deal.number, made.deal.name) == (number, "Acme renewal")
    assert made.contact
    assert made.contact.title == "Jane Doe, Acme Ltd"
    after = wanted(crm)
    assert after[f"activity:{made.id}"] == 1
    assert after["card:1"] == before["card:1"] + 1
    assert crm.store.read_now(activities.get, made.id, by=crm.bob) == made


def test_another_contact_than_the_deals_and_one_that_is_new(crm: Crm) -> None:
    number = crm.opened(contact_id=jane(crm))
    peter = crm.do(contacts.create, ContactDraft(name="Peter")).id
    assert logged(crm, number=number, contact_id=peter).activity.contact.name == "Peter"  # type: ignore[union-attr]
    made = logged(crm, number=number, new_contact="  Ada \n Lovelace ").activity
    assert made.contact
    assert made.contact.name == "Ada Lovelace"
    assert crm.store.read_now(contacts.find, "ada", by=crm.bob).total == 1


def test_with_a_contact_alone_and_with_nobody(crm: Crm) -> None:
    alone = logged(crm, contact_id=jane(crm)).activity
    assert (alone.deal, alone.contact and alone.contact.name) == (None, "Jane Doe")
    nobody = logged(crm).activity
    assert (nobody.deal, nobody.contact) == (None, None)
    assert not wanted(crm)  # Nothing hangs in a thread.


def test_a_next_step_is_missed_on_an_open_deal_without_one(crm: Crm) -> None:
    number = crm.opened()
    assert logged(crm, number=number).stepless
    crm.do(tasks.create, TaskDraft(title="Send the quote", number=number))
    assert not logged(crm, number=number).stepless
    lost = crm.opened()
    crm.do(status.lose, lost, Loss(reason="Price"), seen=None)
    assert not logged(crm, number=lost).stepless
    assert not logged(crm).stepless


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": " \n\t "}, "what"),
        ({"what": "\u200b\u2060"}, "what"),
        ({"what": "\u202e\u0007"}, "what"),
        ({"what": "x" * (WHAT_MAX + 1)}, "what"),
        ({"at": timedelta(days=1, minutes=1)}, "at"),
    ],
)
def test_what_it_refuses(crm: Crm, said: dict[str, Any], field: str) -> None:
    ahead = said.get("at")
    given = {"what": "x"} | said | ({"at": crm.now + ahead} if ahead else {})
    with pytest.raises(Invalid) as wrong:
        logged(crm, **given)
    assert list(wrong.value.fields) == [field]
    assert not rows(crm)


def test_what_it_takes(crm: Crm) -> None:
    long = logged(crm, "x" * WHAT_MAX).activity
    assert len(long.what) == WHAT_MAX
    odd = logged(crm, "<!channel> \u202egnp.exe\u0007\r\n& *b*\x00").activity
    assert odd.what == "<!channel> gnp.exe\n& *b*"
    ago = crm.now - timedelta(days=4000)
    assert logged(crm, at=ago).activity.at == ago
    soon = crm.now + timedelta(hours=20)  # It is that late already somewhere.
    assert logged(crm, at=soon).activity.at == soon


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        (LINK, LINK),
        ("javascript:alert(1)", None),
        ("https://x/" + "y" * 500, None),
        ("https://x/\x00", None),
        ("", None),
    ],
)
def test_its_source_is_kept_when_it_leads_somewhere(crm: Crm, link: str, kept: str | None) -> None:
    source = logged(crm, source=Source(link, "Bob\nStone" + "x" * 300)).activity.source
    assert (source.link if source else None) == kept
    assert source is None or source.author == ("Bob Stone" + "x" * 300)[:255]


def test_who_may_not_log(crm: Crm) -> None:
    number = crm.opened()
    for role in (Role.GUEST, Role.OUTSIDER, Role.BOT, Role.UNKNOWN):
        with pytest.raises(NotAllowed):
            logged(crm, "", number=number, by=actor("Gil", role=role))
    with pytest.raises(NotFound, match="no opportunity #99"):
        logged(crm, number=99)
    with pytest.raises(NotFound, match="no such contact"):
        logged(crm, contact_id=99)
    secret = crm.opened("Zebra", by=crm.bob, channel_id=None)
    with pytest.raises(NotFound, match=f"no opportunity #{secret} "):
        logged(crm, number=secret)
    with pytest.raises(NotFound):
        logged(crm, number=number, by=crm.eve)
    crm.do(opportunities.archive, number)
    with pytest.raises(Gone, match="That opportunity was archived by Alice"):
        logged(crm, number=number)
    assert not rows(crm)


def edited(crm: Crm, found: Activity, by: Actor | None = None, **new: Any) -> Activity:
    draft = ActivityDraft(
        kind=found.kind,
        what=found.what,
        contact_id=found.contact.id if found.contact else None,
    )
    version = new.pop("version", found.version)
    return crm.do(activities.edit, found.id, replace(draft, **new), version=version, by=by)


def test_an_edit_changes_what_it_says_and_its_line(crm: Crm) -> None:
    made = logged(crm, number=crm.opened(contact_id=jane(crm)), by=crm.bob).activity
    crm.turn(minutes=5)
    assert edited(crm, made, by=crm.bob) == made  # Nothing was changed.
    assert wanted(crm)[f"activity:{made.id}"] == 1
    at = crm.now - timedelta(days=1)
    new = edited(crm, made, by=crm.bob, what="Wants 5", kind=ActivityKind.EMAIL, at=at)
    assert (new.what, new.kind, new.at, new.edited_at) == (
        "Wants 5",
        ActivityKind.EMAIL,
        at,
        crm.now,
    )
    assert new.contact
    assert wanted(crm)[f"activity:{made.id}"] == 2
    alone = edited(crm, new, by=crm.alice, contact_id=None)  # Alice is an admin.
    assert alone.contact is None
    assert alone.by.name == "Bob"


def test_what_an_edit_refuses(crm: Crm) -> None:
    made = logged(crm, number=crm.opened(), by=crm.bob).activity
    with pytest.raises(NotAllowed, match=r"^Only Bob \(who logged it\) or an admin can edit it\.$"):
        edited(crm, made, by=crm.carol, what="Mine")
    with pytest.raises(Invalid):
        edited(crm, made, by=crm.bob, what=" ")
    with pytest.raises(NotFound, match="no such activity"):
        edited(crm, made, by=crm.eve, what="Theirs")
    edited(crm, made, by=crm.alice, what="By Alice")
    with pytest.raises(Conflict, match="while you were editing"):
        edited(crm, made, by=crm.bob, what="By Bob")
    assert edited(crm, made, by=crm.bob, what="By Bob", version=2).what == "By Bob"


def test_a_deleted_one_keeps_its_row(crm: Crm) -> None:
    made = logged(crm, number=crm.opened(), by=crm.bob).activity
    with pytest.raises(NotAllowed, match=r"^Only Bob .* can delete it\.$"):
        crm.do(activities.delete, made.id, by=crm.carol)
    gone = crm.do(activities.delete, made.id, by=crm.bob)
    assert (gone.deleted_at, gone.deleted_by) == (crm.now, made.by)
    assert wanted(crm)[f"activity:{made.id}"] == 2
    assert [row.what for row in rows(crm)] == ["Wants 3 seats"]
    crm.turn(minutes=2)
    for again in (activities.delete, activities.to_delete, activities.to_edit):
        with pytest.raises(Gone, match=r"^That activity was deleted by Bob at 10:00\.$"):
            crm.do(again, made.id)
    with pytest.raises(Gone):
        edited(crm, made, by=crm.bob, what="Late")


def test_nothing_is_changed_on_an_archived_deal(crm: Crm) -> None:
    number = crm.opened()
    made = logged(crm, number=number).activity
    crm.do(opportunities.archive, number)
    for late in (activities.delete, activities.to_edit, activities.to_delete):
        with pytest.raises(Gone, match="That opportunity was archived by Alice"):
            crm.do(late, made.id)


def test_what_hangs_on_a_private_deal_is_seen_by_who_sees_that(crm: Crm) -> None:
    secret = crm.opened("Zebra", by=crm.bob, channel_id=None)
    made = logged(crm, number=secret, by=crm.bob).activity
    for use_case in (activities.to_edit, activities.delete):
        with pytest.raises(NotFound, match="no such activity"):
            crm.do(use_case, made.id, by=crm.alice)
    with pytest.raises(NotFound):
        crm.store.read_now(activities.get, made.id, by=crm.alice)


def test_it_is_shown_where_the_card_stands(crm: Crm) -> None:
    made = logged(crm, number=crm.opened(by=crm.bob, channel_id=None), by=crm.bob).activity
    shown = crm.store.read_now(activities.to_show, TEAM, made.id)
    assert (shown.activity, shown.channel_id, shown.thread_ts) == (made, crm.bob.id, None)


def test_its_line_names_another_contact_than_the_cards(crm: Crm) -> None:
    number = crm.opened(contact_id=jane(crm))
    peter = crm.do(contacts.create, ContactDraft(name="Peter")).id
    for contact_id, named in ((None, None), (peter, "Peter")):
        made = logged(crm, number=number, contact_id=contact_id).activity
        shown = crm.store.read_now(activities.to_show, TEAM, made.id).activity.contact
        assert (shown.name if shown else None) == named
