"""Each kind of history as one line of the thread, and as a row of the timeline."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.views.opportunity.line import line, phrase, step
from store.opportunity.history import Kind
from store.opportunity.opportunity import Change
from tests.handlers.views.seen import ALICE, BOB, NASTY, STYLE, change, seen

MOVED = change("moved", ALICE, status=("pitching", "quoting"), probability=(30, 50))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (change("created"), "Bob opened it"),
        (MOVED, "Alice moved it from Pitching to Quoting"),
        (change("won", final_value=(None, [11_500_00, "GBP"])), "Bob marked it won for £11,500"),
        (change("won"), "Bob marked it won"),
        (
            change("lost", lost_reason=("", "Price"), lost_note=("", "They went with X")),
            'Bob marked it lost: Price. "They went with X"',
        ),
        (change("lost", lost_reason=("", "Timing")), "Bob marked it lost: Timing"),
        (change("paused", paused_until=(None, "2026-12-12")), "Bob paused it until 12 Dec"),
        (change("paused"), "Bob paused it, without a date"),
        (change("resumed", status=("paused", "quoting")), "Bob resumed it, in Quoting"),
        (
            change("returned", None, status=("paused", "closing")),
            "Back from its pause, in Closing.",
        ),
        (change("reopened", status=("won", "quoting")), "Bob reopened it, in Quoting"),
        (
            change("reopened", status=("lost", "lead"), expected_close=(None, "2026-12-24")),
            "Bob reopened it, in Lead, to close 24 Dec",
        ),
        (change("archived"), "Bob archived it"),
        (
            change("handed_over", owner_id=("U0000ALICE", "U0000CAROL")),
            "Bob handed it over from U0000ALICE to U0000CAROL",
        ),
        (change("restored"), "Bob restored it from the archive"),
        (
            change("undone", status=("quoting", "pitching")),
            "Bob undid the last change: back to Pitching",
        ),
        (change("undone", value=([1, "GBP"], None)), "Bob undid the last change"),
        (change("edited"), "Bob edited it"),
        (change("someday"), "Bob edited it"),
    ],
)
def test_each_kind_of_history(what: Change, said: str) -> None:
    assert phrase(STYLE, what) == said
    assert seen(line(STYLE, what)) == said


def test_every_kind_of_history_has_its_words() -> None:
    plain = {kind: phrase(STYLE, change(kind)) for kind in Kind}
    assert [kind for kind, said in plain.items() if said == "Bob edited it"] == [Kind.EDITED]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"value": ([10_000_00, "GBP"], [12_000_00, "GBP"])},
            "changed the value from £10,000 to £12,000",
        ),
        ({"value": (None, [12_000_00, "EUR"])}, "set the value to €12,000"),
        ({"value": ([10_000_00, "GBP"], None)}, "removed the value, £10,000"),
        ({"name": ("Acme", "Acme *2*")}, "changed the name from Acme to Acme ∗2∗"),
        ({"contact_id": (5, 6)}, "changed the contact from Jane Doe to John Roe"),
        (
            {"expected_close": ("2026-11-30", "2027-01-02")},
            "changed the expected close from 30 Nov to 2 Jan 2027",
        ),
        ({"probability": (50, 60)}, "changed the probability from 50% to 60%"),
        ({"probability": (0, 60)}, "changed the probability from 0% to 60%"),
        ({"notes": ("", "a\nb")}, "edited the notes"),
        ({"notes": ("a", "")}, "removed the notes"),
        ({"owner_id": ("U000000BOB", "U0000ALICE")}, "made Alice the owner"),
        ({"owner_id": ("U0000ALICE", "U000000BOB")}, "took it over"),
        ({"owner_id": ("U0000ALICE", None)}, "removed the owner, Alice"),
        (
            {"name": ("A", "B"), "notes": ("", "x"), "value": (None, [100, "GBP"])},
            "changed the name from A to B, edited the notes and set the value to £1",
        ),
        ({"stage_since": ("2026-11-01", "2026-11-02"), "name": ("A", "A")}, "edited it"),
    ],
)
def test_an_edit_names_what_was_changed(
    fields: dict[str, tuple[object, object]], said: str
) -> None:
    names = {"c5": "Jane Doe", "c6": "John Roe", "U0000ALICE": "Alice", "U000000BOB": "Bob"}
    assert phrase(STYLE, replace(change("edited", **fields), names=names)) == f"Bob {said}"


def test_what_was_undone_is_struck_through() -> None:
    undone = replace(MOVED, undone_by=BOB)
    assert phrase(STYLE, undone) == "~Alice moved it from Pitching to Quoting~ undone by Bob"


def test_a_line_calls_the_owner_only_when_it_asks_something_of_them() -> None:
    returned = change("returned", None, status=("paused", "closing"))
    assert phrase(STYLE, returned, called=ALICE.id) == (
        "Back from its pause, in Closing. <@U0000ALICE>"
    )
    assert phrase(STYLE, MOVED, called=BOB.id) == "Alice moved it from Pitching to Quoting"


def test_a_new_owner_is_a_mention_when_called_by_it_and_else_a_name() -> None:
    names = {ALICE.id: "Alice", BOB.id: "Bob"}
    opened = replace(change("created", owner_id=(None, ALICE.id)), names=names)
    made = replace(change("edited", owner_id=(BOB.id, ALICE.id)), names=names)
    moved = replace(change("moved", status=("lead", "quoting"), owner_id=(None, ALICE.id)))
    moved = replace(moved, names=names)
    for what, said in (
        (opened, "Bob opened it for {}"),
        (made, "Bob made {} the owner"),
        (moved, "Bob moved it from Lead to Quoting and made {} the owner"),
    ):
        assert phrase(STYLE, what, called=ALICE.id) == said.format("<@U0000ALICE>")
        assert phrase(STYLE, what) == said.format("Alice")
        assert phrase(STYLE, what, called=BOB.id) == said.format("Alice")
    own = replace(change("created", owner_id=(None, BOB.id)), names=names)
    assert phrase(STYLE, own, called=BOB.id) == "Bob opened it"


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        (replace(MOVED, days_before=12), "Alice: Pitching → Quoting (after 12 days)"),
        (replace(MOVED, days_before=1), "Alice: Pitching → Quoting (after 1 day)"),
        (replace(MOVED, days_before=0), "Alice: Pitching → Quoting (the same day)"),
        (MOVED, "Alice: Pitching → Quoting"),
        (change("created"), "Bob: opened it"),
        (change("edited", value=(None, [100, "GBP"])), "Bob: set the value to £1"),
        (
            replace(change("won"), days_before=3),
            "Bob: marked it won (after 3 days)",
        ),
        (replace(change("archived"), undone_by=ALICE), "~Bob: archived it~ undone by Alice"),
        (
            change("returned", None, status=("paused", "closing")),
            "Dealthread: Back from its pause, in Closing.",
        ),
    ],
)
def test_a_row_of_the_timeline(what: Change, shown: str) -> None:
    assert step(STYLE, what) == shown


def test_the_longest_line_is_one_that_slack_takes() -> None:
    fields = {
        "name": (NASTY[:150], ("&" * 150)),
        "contact_id": (5, 6),
        "notes": (NASTY, NASTY),
        "value": ([10**13, "KWD"], [10**13, "USD"]),
        "expected_close": (None, date.max.isoformat()),
        "lost_note": ("", "&" * 1000),
        "lost_reason": ("", NASTY[:75]),
    }
    for kind in Kind:
        longest = replace(change(kind, **fields), names={"c5": "&" * 200, "c6": NASTY[:200]})
        assert seen(line(STYLE, longest))


def test_a_line_that_is_read_in_the_channel_names_its_deal() -> None:
    told = line(STYLE, MOVED, about="Acme & Co")
    assert told.text == "Acme &amp; Co: Alice moved it from Pitching to Quoting"
    assert seen(told) == "Acme & Co: Alice moved it from Pitching to Quoting"
    undone = line(STYLE, replace(MOVED, undone_by=ALICE), about="Acme")
    assert seen(undone) == "Acme: ~Alice moved it from Pitching to Quoting~ undone by Alice"
    assert seen(line(STYLE, MOVED, about=NASTY[:150]))
