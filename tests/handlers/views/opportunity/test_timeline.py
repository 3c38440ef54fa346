"""The timeline of a deal: its rows, each with its message, and one kind of them alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers.activity.ids import LogFor
from handlers.ids import Tab, View
from handlers.views.opportunity.page import page
from handlers.views.opportunity.timeline import row
from store.comment import Comment, File
from store.opportunity.status import STAGES, Status
from store.opportunity.timeline import Mark, Part, Timeline
from tests.handlers.views.activity.test_activity import CALL
from tests.handlers.views.activity.test_activity import WORST as WORST_ACTIVITY
from tests.handlers.views.seen import (
    ALICE,
    ARCHIVED,
    BOB,
    LINK,
    NASTY,
    NOW,
    OPP,
    STATES,
    STYLE,
    WON,
    WORST,
    change,
    pressed,
    seen,
)

MOVED = replace(change("moved", ALICE, status=("pitching", "quoting")), days_before=12)
SPENT = ((Status.LEAD, 5), (Status.PITCHING, 1))
COMMENT = Comment(id=3, by=BOB, at=NOW, text="Sounds *good*, @Alice\n& soon")


def shown(*rows: Any, opp: Any = OPP, **about: Any) -> dict[str, Any]:
    return page(STYLE, opp, View.TIMELINE, Timeline(rows=rows, spent=SPENT, **about))


def test_it_has_what_was_done_said_and_changed() -> None:
    assert seen(shown(MOVED, COMMENT, CALL)).splitlines()[3:] == [
        "[Overview] [Tasks] [✓ Timeline]",
        "[✓ All] [Activities] [Comments] [Changes]",
        "Time in each stage: Lead 5 days · Pitching 1 day",
        "23 Nov 2026 14:02 UTC  Alice: Pitching → Quoting (after 12 days)",
        '23 Nov 2026 14:02 UTC  Bob wrote: "Sounds ∗good∗, @Alice & soon"',
        "23 Nov 2026 09:30 UTC  Alice logged a call: Wants 3 more seats by January",
        "[Log activity]",
        "[Close]",
    ]


def test_the_time_of_a_row_leads_to_its_message() -> None:
    token = f"<!date^1795442520^{{date_short_pretty}} {{time}}^{LINK}|23 Nov 2026 14:02 UTC>"
    assert row(STYLE, replace(MOVED, permalink=LINK)).startswith(f"{token}  Alice: ")
    assert row(STYLE, replace(COMMENT, permalink=LINK)).startswith(token)
    bare = "<!date^1795442520^{date_short_pretty} {time}|23 Nov 2026 14:02 UTC>  Alice: "
    assert row(STYLE, MOVED).startswith(bare)
    assert row(STYLE, replace(MOVED, permalink="https://x/^y")).startswith(bare)


def test_what_was_deleted_says_so() -> None:
    gone = replace(CALL, deleted_at=NOW, deleted_by=BOB)
    assert row(STYLE, gone).endswith(
        "  ~Alice logged a call: Wants 3 more seats by January~ deleted by Bob"
    )
    none = replace(COMMENT, text="", deleted_at=NOW)
    assert row(STYLE, none).endswith("  Bob deleted a comment")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a.pdf"], "added <https://f/a.pdf|a.pdf>"),
        (["a", ""], "added <https://f/a|a> and <https://f/|a file>"),
        (
            ["a", "b", "c", "d", "e"],
            "added <https://f/a|a>, <https://f/b|b>, <https://f/c|c> and 2 more",
        ),
    ],
)
def test_files_are_links(names: list[str], said: str) -> None:
    files = tuple(File(name, f"https://f/{name}") for name in names)
    assert row(STYLE, replace(COMMENT, text="", files=files)).endswith(f"  Bob {said}")
    both = row(STYLE, replace(COMMENT, text="See", files=files[:1]))
    assert both.endswith(f'Bob wrote: "See" and added <https://f/{names[0]}|{names[0]}>')
    for odd in ("", "https://f/" + "x" * 500):
        lost = replace(COMMENT, text="", files=(File("a", odd),))
        assert row(STYLE, lost).endswith("Bob added a")


def test_one_kind_alone_and_its_pages() -> None:
    older = Mark(NOW - timedelta(days=2), Part.COMMENT, 3)
    one = shown(COMMENT, only=Part.COMMENT, older=older, first=False)
    assert "[All] [Activities] [✓ Comments] [Changes]" in seen(one)
    assert seen(one).endswith("[Newest] [Older] [Log activity]\n[Close]")
    newest = Tab.load(pressed(one, "Newest")["value"])
    assert newest == Tab(12, View.TIMELINE, Part.COMMENT)
    turned = Tab.load(pressed(one, "Older")["value"])
    assert turned == replace(newest, at=older.micros, part=Part.COMMENT, id=3)
    assert Tab.load(pressed(one, "All")["value"]) == Tab(12, View.TIMELINE)
    assert Tab.load(pressed(one, "Changes")["value"]) == Tab(12, View.TIMELINE, Part.CHANGE)
    assert LogFor.load(pressed(one, "Log activity")["value"]) == LogFor(12)


@pytest.mark.parametrize(
    ("only", "said"),
    [
        (None, "Nothing yet. Activities, comments and changes are listed here."),
        (Part.ACTIVITY, "No activities yet."),
        (Part.COMMENT, "No comments yet. Replies in its thread are listed here."),
        (Part.CHANGE, "No changes yet. Each change of this opportunity is listed here."),
    ],
)
def test_an_empty_one_says_what_will_be_there(only: Part | None, said: str) -> None:
    assert said in seen(shown(only=only))


def test_a_next_step_is_offered_where_there_is_none() -> None:
    assert "Add next step" not in seen(shown(CALL))
    stepless = replace(OPP, next_step=None)
    assert seen(shown(CALL, opp=stepless)).endswith("[Log activity] [Add next step]\n[Close]")
    assert "Add next step" not in seen(shown(CALL, opp=replace(WON, next_step=None)))


def test_nothing_is_logged_on_an_archived_deal() -> None:
    assert "Log activity" not in seen(shown(MOVED, opp=ARCHIVED))


@pytest.mark.parametrize("state", STATES)
def test_the_worst_is_taken_by_slack(state: str) -> None:
    like = STATES[state]
    worst = replace(WORST, status=like.status, archived_at=like.archived_at)
    edits = {"name": ("&" * 150, NASTY[:150]), "contact_id": (1, 2), "notes": ("", "x")}
    named = {"c1": "&" * 200, "c2": NASTY[:200]}
    longest = replace(change("edited", **edits), names=named, undone_by=WORST.owner, permalink=LINK)
    said = replace(
        COMMENT,
        text=NASTY * 20,
        by=WORST.creator,
        files=(File("&" * 300, "https://f/" + "x" * 490),) * 10,
        permalink="https://p/" + "x" * 490,
    )
    gone = replace(WORST_ACTIVITY, deleted_at=NOW, deleted_by=WORST.owner)
    timeline = Timeline(
        rows=(longest, said, gone, WORST_ACTIVITY) * 4,
        spent=tuple((stage, 12_345) for stage in STAGES),
        older=Mark(NOW, Part.CHANGE, 2**53),
        first=False,
    )
    assert seen(page(STYLE, worst, View.TIMELINE, timeline))
