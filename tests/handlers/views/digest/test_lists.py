"""The list of a channel's digests, and what is said of each."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from handlers.digest.ids import DigestChoice, DigestId, DigestVerb, NewDigest
from handlers.views.digest import lists as view
from handlers.views.digest.lists import MOST, Row, digests
from handlers.views.digest.schedule import comes, coming, moment
from store.board import Closes, Filter
from store.contact import ContactRef
from store.digest.digest import Digest, Part, Rhythm, Schedule, Slot
from store.opportunity.status import Status
from store.person.person import Person
from tests.handlers.views.seen import ALICE, BOB, NASTY, NOW, STYLE, elements, menu, pressed, seen

MORNING = Schedule(tz="Europe/London")
MONDAY = Slot(date(2026, 11, 30), datetime(2026, 11, 30, 9, tzinfo=UTC))
DIGEST = Digest(
    id=7,
    channel_id="C0000DEALS",
    maker=ALICE,
    schedule=MORNING,
    filter=Filter(),
    parts=tuple(Part),
    next=MONDAY,
    told_until=NOW,
)


def listed(*found: Digest, **about: Any) -> Any:
    rows = [Row(digest=digest, **about) for digest in found]
    return digests(STYLE, "C0000DEALS", rows, BOB.id)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (MORNING, "Weekdays at 09:00 (London)"),
        (Schedule(rhythm=Rhythm.DAILY, at=time(17, 5)), "Every day at 17:05 (UTC)"),
        (
            Schedule(rhythm=Rhythm.WEEKLY, tz="America/New_York"),
            "Mondays at 09:00 (New York)",
        ),
        (
            Schedule(rhythm=Rhythm.WEEKLY, days=(1, 4), tz="America/Argentina/Buenos_Aires"),
            "Mondays and Thursdays at 09:00 (Buenos Aires)",
        ),
        (Schedule(rhythm=Rhythm.WEEKLY, days=(1, 3, 5)), "Every Mon, Wed and Fri at 09:00 (UTC)"),
        (Schedule(rhythm=Rhythm.MONTHLY), "On the 1st of each month at 09:00 (UTC)"),
        (
            Schedule(rhythm=Rhythm.MONTHLY, month_day=12),
            "On the 12th of each month at 09:00 (UTC)",
        ),
        (
            Schedule(rhythm=Rhythm.MONTHLY, month_day=23),
            "On the 23rd of each month at 09:00 (UTC)",
        ),
        (
            Schedule(rhythm=Rhythm.MONTHLY, month_day=31),
            "On the last day of each month at 09:00 (UTC)",
        ),
    ],
)
def test_when_it_comes_in_words(schedule: Schedule, words: str) -> None:
    assert comes(schedule) == words


def test_the_next_times_are_those_of_its_own_zone() -> None:
    tokyo = Schedule(tz="Asia/Tokyo")
    slots = tokyo.next_three(NOW)
    assert coming(STYLE, slots, tokyo.tz) == (
        "Comes next Tue 24 Nov 09:00, Wed 25 Nov 09:00 and Thu 26 Nov 09:00 (Tokyo)."
    )


def test_a_paused_one_says_when_it_would_come() -> None:
    slots = MORNING.next_three(NOW)
    assert coming(STYLE, slots, MORNING.tz, paused=True).startswith(
        "Paused. Resumed now, it comes next Tue 24 Nov 09:00, "
    )


def test_one_that_is_due_at_once_says_so() -> None:
    slots = (Slot(NOW.date(), NOW), *MORNING.next_three(NOW)[:2])
    assert coming(STYLE, slots, MORNING.tz) == (
        "Comes at once, then Tue 24 Nov 09:00 and Wed 25 Nov 09:00 (London)."
    )
    due = replace(DIGEST, next=Slot(NOW.date(), NOW))
    assert "All deals · in a moment" in seen(listed(due))


def test_an_hour_that_a_night_skips_is_the_one_that_clocks_show() -> None:
    early = Schedule(rhythm=Rhythm.DAILY, at=time(1, 30), tz="Europe/London")
    assert moment(STYLE, early.slot(date(2027, 3, 28)), early.tz) == "Sun 28 Mar 2027 02:30"


def test_each_is_told_in_two_lines_with_what_can_be_done() -> None:
    shown = listed(DIGEST)
    assert seen(shown) == (
        "Digests in #C0000DEALS\n"
        "Weekdays at 09:00 (London)\n"
        "All deals · next Mon 30 Nov 09:00\n"
        "[Edit] ⋯(Preview · Send now · Pause · Delete…)\n"
        "[Add digest]"
    )
    assert DigestId.load(pressed(shown, "Edit")["value"]) == DigestId(7, listed=True)
    assert NewDigest.load(pressed(shown, "Add digest")["value"]) == NewDigest("C0000DEALS")
    more = next(one for one in elements(shown) if one["type"] == "overflow")
    verbs = [DigestChoice.load(option["value"]) for option in more["options"]]
    assert verbs[0] == DigestChoice(DigestVerb.PREVIEW, 7)


def test_a_narrowed_one_says_to_what() -> None:
    narrow = Filter(owner=BOB.id, statuses=(Status.QUOTING,), contact=5, closes=Closes.WEEK)
    parts = (Part.CHANGES, Part.TASKS)
    digest = replace(DIGEST, filter=narrow, parts=parts)
    about = {"owner": BOB, "contact": ContactRef(5, "Jane Doe", "")}
    assert (
        "Only yours · Quoting · with Jane Doe · closing this week · changes and overdue tasks · "
        "next Mon 30 Nov 09:00"
    ) in seen(listed(digest, **about))
    theirs = digests(STYLE, "C1", [Row(digest=digest, **about)], ALICE.id)
    assert "Only Bob's · Quoting" in seen(theirs)


def test_a_paused_one_says_by_whom_and_offers_to_resume() -> None:
    paused = replace(DIGEST, paused=True, paused_by=BOB, next=None)
    assert "All deals · paused by Bob" in seen(listed(paused))
    assert menu(listed(paused)) == ["Preview", "Send now", "Resume", "Delete…"]
    assert "paused: it couldn't be posted" in seen(listed(replace(paused, paused_by=None)))


def test_none_yet_says_what_would_be_here() -> None:
    assert seen(listed()) == (
        "No digests in #C0000DEALS yet. A digest is a summary of the pipeline that comes here by "
        "itself, say on weekdays at 09:00.\n"
        "[Add digest]"
    )


def test_what_was_done_stands_above() -> None:
    told = view.paused(STYLE, DIGEST)
    shown = digests(STYLE, "C1", [Row(digest=DIGEST)], BOB.id, told)
    assert seen(shown).startswith(
        "Paused. Weekdays at 09:00 (London) comes no more until somebody resumes it.\nDigests in"
    )
    assert shown.text == told.text


def test_the_sentences_of_what_was_done() -> None:
    assert "Saved. The digest comes to #C0000DEALS next Mon 30 Nov 09:00." in seen(
        view.saved(STYLE, DIGEST)
    )
    paused = replace(DIGEST, paused=True, next=None)
    assert "Saved. The digest in #C0000DEALS stays paused." in seen(view.saved(STYLE, paused))
    assert "Weekdays at 09:00 (London) comes next Mon 30 Nov" in seen(view.resumed(STYLE, DIGEST))
    assert "comes to #C0000DEALS in a moment" in seen(view.sent(STYLE, DIGEST))
    assert "What it posted in #C1 stays." in seen(view.deleted("C1"))


def test_what_somebody_else_made_of_it() -> None:
    narrow = replace(DIGEST, filter=Filter(owner=BOB.id), parts=(Part.TASKS,))
    told = view.changed(STYLE, Row(digest=narrow, owner=BOB), "*Al*", BOB.id)
    assert told == (
        "∗Al∗ changed this digest while you were editing. It is now: Weekdays at 09:00 (London) · "
        "only yours · overdue tasks. Save again to replace it."
    )


def test_the_worst_list_is_taken_by_slack() -> None:
    """All that a channel can have, narrowed by what people can call themselves and their stages."""
    labels = dict.fromkeys(Status, "&" * 24)
    style = replace(STYLE, workspace=replace(STYLE.workspace, labels=labels))
    worst = Person("U0000WORST", NASTY[:80])
    schedule = Schedule(
        rhythm=Rhythm.WEEKLY,
        days=(1, 2, 3, 4, 5, 6, 7),
        tz="America/Argentina/ComodRivadavia",
    )
    filters = (
        Filter(worst.id, tuple(Status), 5, Closes.QUARTER, attention=True),
        Filter(worst.id, (), 5, Closes.QUARTER, attention=True),
    )
    for narrow in filters:
        digest = replace(
            DIGEST,
            id=2**53,
            schedule=schedule,
            filter=narrow,
            parts=tuple(Part)[:5],
            paused=True,
            paused_by=worst,
        )
        contact = ContactRef(5, "&" * 200, NASTY[:200])
        rows = [
            Row(digest=replace(digest, id=digest.id - n), owner=worst, contact=contact)
            for n in range(MOST + 5)
        ]
        shown = digests(style, "C0123456789", rows, BOB.id, view.saved(style, DIGEST))
        assert seen(shown).count("paused by") == MOST
