"""The index of activities: newest first, page by page, filtered, for the eyes that look at it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from store.activity import (
    ActivityDraft,
    ActivityKind,
    ActivityPage,
    ActivityQuery,
    Period,
)
from store.contact import ContactDraft
from store.errors import NotAllowed, NotFound
from store.paging import Spot
from store.person.person import Actor, Role
from store.usecases import contacts
from store.usecases.activity import activities
from store.usecases.activity import reading as activity_reading
from tests.store.crm import Crm, actor


def logged(crm: Crm, what: str, by: Actor | None = None, **said: object) -> int:
    draft = replace(ActivityDraft(what=what), **said)  # type: ignore[arg-type]
    return crm.do(activities.log, draft, by=by).activity.id


def listed(crm: Crm, by: Actor | None = None, **wanted: object) -> ActivityPage:
    query = replace(ActivityQuery(), **wanted)  # type: ignore[arg-type]
    return crm.do(activity_reading.index, query, by=by)


def said(page: ActivityPage) -> list[str]:
    return [activity.what for activity in page.rows]


def test_newest_first_by_when_it_was_done(crm: Crm) -> None:
    logged(crm, "now")
    logged(crm, "before", at=crm.now - timedelta(days=2))
    logged(crm, "again, at the same time")
    assert said(listed(crm)) == ["again, at the same time", "now", "before"]


def test_every_row_is_on_one_page(crm: Crm) -> None:
    """Many at the same time, one page after the other, while more are logged."""
    for at in range(23):
        logged(crm, str(at), at=crm.now - timedelta(minutes=at // 7))
    pages, page = [], listed(crm)
    while True:
        pages.append(said(page))
        if page.older is None:
            break
        logged(crm, "newer")
        page = listed(crm, before=page.older)
    assert [len(one) for one in pages] == [10, 10, 3]
    assert sorted((one for page in pages for one in page), key=int) == [str(n) for n in range(23)]


def test_ten_are_a_page_without_a_next_one(crm: Crm) -> None:
    for at in range(10):
        logged(crm, str(at))
    assert listed(crm).older is None
    assert said(listed(crm, before=Spot(crm.now, 1))) == []


def test_filters_alone_and_together(crm: Crm) -> None:
    deal, other = crm.opened("Acme"), crm.opened("Zenith")
    logged(crm, "call", kind=ActivityKind.CALL, number=deal)
    logged(crm, "old", number=deal, at=crm.now - timedelta(days=8))
    logged(crm, "bobs", by=crm.bob, number=other)
    logged(crm, "bobs call", by=crm.bob, kind=ActivityKind.CALL)
    assert said(listed(crm, number=deal)) == ["call", "old"]
    assert said(listed(crm, kind=ActivityKind.CALL)) == ["bobs call", "call"]
    page = listed(crm, by=None, kind=None, period=Period.WEEK)
    assert said(page) == ["bobs call", "bobs", "call"]
    assert said(listed(crm, period=Period.MONTH)) == ["bobs call", "bobs", "call", "old"]
    assert said(listed(crm, period=Period.DAY, number=deal)) == ["call"]
    bobs = crm.do(activity_reading.index, ActivityQuery(by=crm.bob.id))
    assert (said(bobs), bobs.person and bobs.person.name) == (["bobs call", "bobs"], "Bob")
    call = ActivityQuery(by=crm.bob.id, kind=ActivityKind.CALL)
    assert said(crm.do(activity_reading.index, call)) == ["bobs call"]
    on_deal = ActivityQuery(by=crm.alice.id, kind=ActivityKind.CALL, number=deal)
    assert said(crm.do(activity_reading.index, on_deal)) == ["call"]


def test_of_a_contact_are_those_with_them_and_those_of_their_deals(crm: Crm) -> None:
    jane = crm.do(contacts.create, ContactDraft(name="Jane")).id
    peter = crm.do(contacts.create, ContactDraft(name="Peter")).id
    deal, other = crm.opened("Acme", contact_id=jane), crm.opened("Zenith", contact_id=peter)
    logged(crm, "of her deal", number=deal)
    logged(crm, "of her deal, with Peter", number=deal, contact_id=peter)
    logged(crm, "with her, of his deal", number=other, contact_id=jane)
    logged(crm, "with her", contact_id=jane)
    logged(crm, "of his deal", number=other)
    for at in range(8):
        logged(crm, f"older {at}", number=deal, at=crm.now - timedelta(days=1))
    page = listed(crm, contact_id=jane)
    assert said(page)[:4] == [
        "with her",
        "with her, of his deal",
        "of her deal, with Peter",
        "of her deal",
    ]
    assert page.contact
    assert page.contact.name == "Jane"
    rest = listed(crm, contact_id=jane, before=page.older)
    assert said(page)[4:] + said(rest) == [f"older {at}" for at in reversed(range(8))]
    assert rest.older is None


def test_deleted_ones_are_not_listed(crm: Crm) -> None:
    number = crm.opened()
    gone = logged(crm, "gone", number=number)
    crm.do(activities.delete, gone)
    assert said(listed(crm)) == said(listed(crm, number=number)) == []


def test_only_what_one_sees(crm: Crm) -> None:
    jane = crm.do(contacts.create, ContactDraft(name="Jane")).id
    secret = crm.opened("Zebra", by=crm.bob, channel_id=None, contact_id=jane)
    logged(crm, "secret", by=crm.bob, number=secret)
    logged(crm, "for all", contact_id=jane)
    for about in ({}, {"contact_id": jane}):
        assert said(listed(crm, crm.bob, **about)) == ["for all", "secret"]
        assert said(listed(crm, crm.alice, **about)) == ["for all"]
    assert said(listed(crm, crm.bob, number=secret)) == ["secret"]
    with pytest.raises(NotFound):
        listed(crm, crm.alice, number=secret)
    with pytest.raises(NotFound):
        listed(crm, crm.eve, contact_id=jane)
    with pytest.raises(NotAllowed):
        listed(crm, actor("Gil", role=Role.GUEST))
    assert said(listed(crm, crm.eve)) == []
