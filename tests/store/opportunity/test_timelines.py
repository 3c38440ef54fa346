"""The timeline of a deal: what was done, said and changed, merged newest first and paged."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from store.activity import Activity, ActivityDraft, ActivityKind
from store.comment import Comment, File
from store.errors import NotFound
from store.opportunity.opportunity import Change
from store.opportunity.status import STAGES, Status
from store.opportunity.timeline import Mark, Part, Row, Timeline, mark
from store.paging import Spot
from store.tables.entries import ActivityRow, CommentRow
from store.tables.machinery import OutboxRow
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases.activity import activities
from store.usecases.opportunity import reversing, status, timelines
from tests.store.crm import DEALS, TEAM, Crm

CARD = f"https://acme.slack.com/archives/{DEALS}/p1764000000000100"


def said(crm: Crm, text: str, **about: Any) -> None:
    """A reply in the thread of the first deal, as the bot keeps it."""
    row: dict[str, Any] = {
        "workspace_id": TEAM,
        "opportunity_id": 1,
        "channel_id": DEALS,
        "ts": f"{crm.now.timestamp():.6f}",
        "thread_ts": "1764000000.000100",
        "by_id": crm.bob.id,
        "text": text,
        "at": crm.now,
    }
    crm.store.write_now(lambda session: session.add(CommentRow(**row | about)))


def look(crm: Crm, **about: Any) -> Timeline:
    return crm.do(timelines.timeline, 1, **about)


def short(row: Row) -> str:
    match row:
        case Activity():
            return row.what
        case Comment():
            return row.text
        case Change():
            return row.kind


def test_all_of_it_newest_first_and_each_alone(crm: Crm) -> None:
    crm.opened()
    crm.turn(minutes=1)
    said(crm, "Sounds good")
    crm.turn(minutes=1)
    crm.do(activities.log, ActivityDraft(what="Called", number=1))
    crm.turn(minutes=1)
    crm.do(status.move, 1, Status.QUOTING, seen=None)
    assert [short(row) for row in look(crm).rows] == ["moved", "Called", "Sounds good", "created"]
    alone = {only: [short(row) for row in look(crm, only=only).rows] for only in Part}
    assert alone == {
        Part.CHANGE: ["moved", "created"],
        Part.ACTIVITY: ["Called"],
        Part.COMMENT: ["Sounds good"],
    }


def test_an_activity_stands_where_it_was_done_and_a_deleted_one_stays(crm: Crm) -> None:
    crm.opened()
    earlier = crm.now - timedelta(days=1)
    made = crm.do(activities.log, ActivityDraft(what="Called", number=1, at=earlier)).activity
    crm.do(activities.delete, made.id)
    row = look(crm).rows[1]
    assert isinstance(row, Activity)
    assert (row.what, row.deleted_by and row.deleted_by.name) == ("Called", "Alice")


def test_another_deals_and_what_one_does_not_see(crm: Crm) -> None:
    crm.opened(by=crm.bob, channel_id=None)
    other = crm.opened()
    crm.do(activities.log, ActivityDraft(what="Called", number=1), by=crm.bob)
    said(crm, "Sounds good")
    assert [short(row) for row in crm.do(timelines.timeline, other).rows] == ["created"]
    assert len(look(crm, by=crm.bob).rows) == 3
    for by in (crm.alice, crm.eve):
        with pytest.raises(NotFound):
            look(crm, by=by)


def test_each_row_leads_to_its_message(crm: Crm) -> None:
    crm.opened()
    said(crm, "Sounds good", ts="1764000001.000200")
    moved = crm.do(status.move, 1, Status.QUOTING, seen=None).change
    assert moved
    crm.do(reversing.undo, 1, moved.id)
    made = crm.do(activities.log, ActivityDraft(what="Called", number=1)).activity

    def posted(session: Session) -> None:
        for key in (f"line:{moved.id}", f"activity:{made.id}"):
            is_it = OutboxRow.workspace_id == TEAM, OutboxRow.key == key
            session.execute(update(OutboxRow).where(*is_it).values(permalink=f"https://x/{key}"))
        session.execute(update(OpportunityRow).values(card_permalink=CARD))

    assert {row.permalink for row in look(crm).rows} == {None}
    crm.store.write_now(posted)
    links = {short(row): row.permalink for row in look(crm).rows}
    assert links == {
        "created": None,
        "moved": f"https://x/line:{moved.id}",
        "undone": f"https://x/line:{moved.id}",  # It shows in the line that it struck.
        "Called": None,  # That is kept with the activity, by delivery.
        "Sounds good": f"https://acme.slack.com/archives/{DEALS}/p1764000001000200"
        f"?thread_ts=1764000000.000100&cid={DEALS}",
    }


def test_comments_name_whom_they_call_and_keep_nothing_once_deleted(crm: Crm) -> None:
    crm.opened()
    file = {"name": "quote.pdf", "link": "https://files/1"}
    said(crm, f"<@{crm.alice.id}> see &lt;this&gt; <@U0NOBODY>", files=[file], edited_ts="2.0")
    said(crm, "Secret", ts="1.1", deleted_at=crm.now, files=[file])
    gone, kept = look(crm, only=Part.COMMENT).rows
    assert isinstance(kept, Comment)
    assert kept.text == "@Alice see <this> @U0NOBODY"
    assert (kept.files, kept.edited) == ((File("quote.pdf", "https://files/1"),), True)
    assert isinstance(gone, Comment)
    assert (gone.text, gone.files, gone.deleted_at) == ("", (), crm.now)


def test_it_is_paged_and_keeps_the_days_in_each_stage(crm: Crm) -> None:
    crm.opened()
    for at in range(20):
        crm.do(status.move, 1, STAGES[1 + at % 2], seen=None)
    first = look(crm)
    assert (len(first.rows), first.first) == (15, True)
    second = look(crm, below=first.older)
    assert (len(second.rows), second.first, second.older) == (6, False, None)
    assert short(second.rows[-1]) == "created"
    assert first.spent == second.spent


def entry(crm: Crm, part: Part, ts: str) -> HistoryRow | ActivityRow | CommentRow:
    if part is Part.CHANGE:
        return HistoryRow(kind="moved", by=None, fields={})
    if part is Part.COMMENT:
        return CommentRow(channel_id=DEALS, ts=ts, thread_ts="1", by_id="U1", text="x")
    kept = {"by_id": "U1", "created_by": "U1", "created_at": crm.now, "version": 1}
    return ActivityRow(kind=ActivityKind.CALL, what="x", **kept)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None
)
@given(times=st.lists(st.tuples(st.sampled_from(Part), st.integers(0, 3)), max_size=60))
def test_every_row_is_on_one_page_in_one_order(crm: Crm, times: list[tuple[Part, int]]) -> None:
    """Whatever happened at the same time as what."""
    number = crm.opened()
    for at, (part, minute) in enumerate(times):
        made = entry(crm, part, f"{number}.{at}")
        made.workspace_id, made.opportunity_id = TEAM, number
        made.at = crm.now + timedelta(minutes=minute)
        crm.store.write_now(lambda session, row=made: session.add(row))
    found: list[Mark] = []
    page = crm.do(timelines.timeline, number)
    while True:
        found += map(mark, page.rows)
        if page.older is None:
            break
        page = crm.do(timelines.timeline, number, below=page.older)
    assert len(found) == len(set(found)) == len(times) + 1
    places = [(one.at, one.part.rank, one.id) for one in found]
    assert places == sorted(places, reverse=True)


def test_a_place_among_rows_of_another_kind(crm: Crm) -> None:
    here = Mark(crm.now, Part.ACTIVITY, 7)
    assert here.within(Part.ACTIVITY) == Spot(crm.now, 7)
    assert here.within(Part.COMMENT) == Spot(crm.now, 0)
    assert here.within(Part.CHANGE).id > 2**53
