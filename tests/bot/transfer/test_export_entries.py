"""Export of what hangs on opportunities: activities, tasks, comments; an import leaves them out."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.transfer.transfer import EVERYTHING, check, export
from store.activity import ActivityKind
from store.comment import File, Reply, plain
from store.contact import ContactDraft
from store.database import Store
from store.opportunity.opportunity import OpportunityDraft
from store.tables.entries import ActivityRow
from store.task.task import Due, TaskDraft
from store.usecases import contacts
from store.usecases.card import cards
from store.usecases.comment import comments
from store.usecases.opportunity import opportunities
from store.usecases.task import tasks
from tests.bot.transfer.sheets import ALICE, NOW, plan, rows

CARD = "1763892000.000100"


def lived_in(store: Store) -> None:
    """A deal with a contact, an activity, two tasks and three comments, of which one is deleted."""
    by = {"by": ALICE, "now": NOW}
    jane = store.write_now(contacts.create, ContactDraft(name="Jane Doe", company="Acme"), **by)
    draft = OpportunityDraft(name="Acme renewal", contact_id=jane.id, channel_id="C1")
    deal = store.write_now(opportunities.create, draft, **by).opportunity
    place = {"channel_id": "C1", "ts": CARD, "permalink": "https://x/archives/C1/p1"}
    store.write_now(cards.posted, "T1", deal.id, **place)
    store.write_now(_activities, deal.id, jane.id)
    quote = TaskDraft(title="Send the quote", number=1, due=Due(date(2026, 11, 27)))
    store.write_now(tasks.create, quote, **by)
    own = store.write_now(tasks.create, TaskDraft(title="=1+1"), **by)
    store.write_now(tasks.done, own.task.id, by=ALICE, now=NOW + timedelta(hours=1))
    files = (File("quote.pdf", "https://x/files/1"),)
    for number, text in enumerate(("They want 3 &amp; more, <@U1>", "nonsense", "ok")):
        ts = f"176389206{number}.000100"
        reply = Reply(channel_id="C1", ts=ts, thread_ts=CARD, by_id="U2", text=text, files=files)
        store.write_now(comments.said, "T1", reply)
        files = ()
    store.write_now(comments.deleted, "T1", "C1", "1763892061.000100", NOW)
    edited = {"text": "fine", "edited_ts": "1763892100.000000", "thread_ts": CARD}
    again = Reply(channel_id="C1", ts="1763892062.000100", by_id="U2", **edited)
    store.write_now(comments.said, "T1", again)


def _activities(session: Any, deal_id: int, contact_id: int) -> None:
    """One that stands, and one that was deleted."""
    for what, deleted in (("Wants 3 seats", None), ("Never mind", NOW)):
        about = {"opportunity_id": deal_id, "contact_id": contact_id, "by_id": "U1", "at": NOW}
        row = ActivityRow(workspace_id="T1", kind=ActivityKind.CALL, what=what, **about)
        row.created_by, row.created_at, row.deleted_at = "U1", NOW, deleted
        row.source_link, row.source_author = "https://x/archives/C2/p2", "Bob Stone"
        session.add(row)


def test_activities_name_their_deal_and_where_they_are_from(store: Store, tmp_path: Path) -> None:
    lived_in(store)
    (said,) = rows(store, tmp_path / "activities.csv", "activities")
    assert (said["Number"], said["Opportunity"]) == ("1", "Acme renewal")
    assert (said["Contact"], said["Company"]) == ("Jane Doe", "Acme")
    assert (said["Type"], said["What happened"], said["Who"]) == (
        "Call", "Wants 3 seats", "Alice Johnson",
    )  # fmt: skip
    assert (said["From message"], said["Written by"]) == ("https://x/archives/C2/p2", "Bob Stone")


def test_tasks_say_for_whom_until_when_and_by_whom_they_were_done(
    store: Store, tmp_path: Path
) -> None:
    lived_in(store)
    quote, own = rows(store, tmp_path / "tasks.csv", "tasks")
    assert (quote["Title"], quote["Number"], quote["Due date"]) == (
        "Send the quote", "1", "2026-11-27",
    )  # fmt: skip
    assert (quote["Assignee"], quote["Assignee ID"], quote["Done"]) == ("Alice Johnson", "U1", "")
    assert (own["Title"], own["Number"], own["Done by"]) == ("'=1+1", "", "Alice Johnson")


def test_comments_read_as_people_do_with_their_former_text(store: Store, tmp_path: Path) -> None:
    lived_in(store)
    first, second = rows(store, tmp_path / "comments.csv", "comments")
    assert first["Text"] == "They want 3 & more, @Alice Johnson"
    assert first["Files"] == "quote.pdf https://x/files/1"
    assert (first["Who"], first["Opportunity"]) == ("Bob Stone", "Acme renewal")
    assert (second["Text"], second["Former text"]) == ("fine", "ok")


def test_all_of_it_is_in_the_json_lines_and_an_import_leaves_it_out(
    store: Store, tmp_path: Path
) -> None:
    lived_in(store)
    path = tmp_path / "all.jsonl"
    assert export(store, "T1", path, None) == len(path.read_text("utf-8").splitlines())
    kinds = [json.loads(line)["record"] for line in path.read_text("utf-8").splitlines()]
    assert set(kinds) == set(EVERYTHING)
    read = plan(store, path)
    check(read)
    assert read.sheet.unread >= {"history", "activities", "tasks", "comments"}


def test_slacks_text_reads_as_people_see_it() -> None:
    text = (
        "<@U1> <@U7|gus> <#C1|deals> <!here> <https://x.com|x> <https://y.com> &lt;b&gt; &amp;lt;"
    )
    assert plain(text, {"U1": "Alice"}) == (
        "@Alice @gus #deals @here https://x.com https://y.com <b> &lt;"
    )
