"""The forms of digests: their fields by rhythm, what they hold, what rides along."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from handlers.digest.ids import DeletingDigest, EditingDigest
from handlers.ids import Action, Callback
from handlers.views.digest.form import Filled, delete_form, form
from handlers.views.inputs import zone_options
from store.board import Closes, Filter
from store.contact import ContactRef
from store.digest.digest import Part, Rhythm, Schedule
from store.opportunity.status import Status
from store.person.person import Person
from tests.handlers.views.digest.test_lists import DIGEST
from tests.handlers.views.seen import NASTY, STYLE, elements, seen
from tests.handlers.views.test_forms import initial, labels

NEW = EditingDigest("C0000DEALS", where="C0000DEALS", url="https://hooks.example/1")
COMING = "Comes next Mon 30 Nov 09:00, Tue 1 Dec 09:00 and Wed 2 Dec 09:00 (London)."


def drawn(schedule: Schedule, editing: EditingDigest = NEW, **given: Any) -> dict[str, Any]:
    return form(STYLE, Filled(schedule=schedule, coming=COMING, **given), editing)


def ticked(shown: dict[str, Any], name: str) -> list[str]:
    element = next(b["element"] for b in shown["blocks"] if b.get("block_id") == name)
    return [one["value"] for one in element.get("initial_options", [])]


def test_a_new_one_is_ready_to_be_saved() -> None:
    shown = drawn(Schedule(tz="Europe/London"))
    assert labels(shown) == [
        "How often",
        "Time",
        "Time zone",
        "Owner",
        "Status",
        "Contact",
        "Expected close",
        "Needs attention",
        "Contains",
    ]
    assert initial(shown) == {
        "rhythm": "weekdays",
        "tz": "Europe/London",
        "closes": "any",
    }
    assert ticked(shown, "parts") == [part.value for part in Part]
    said = seen(shown).splitlines()
    assert said[:2] == ["New digest", "Posted in #C0000DEALS."]
    assert COMING in said
    assert shown["callback_id"] == Callback.DIGEST_CREATE
    assert EditingDigest.load(shown["private_metadata"]) == NEW


def test_the_days_are_asked_for_where_the_rhythm_has_a_use_for_them() -> None:
    weekly = drawn(Schedule(rhythm=Rhythm.WEEKLY, days=(2, 5)))
    assert labels(weekly)[:3] == ["How often", "Days", "Time"]
    assert ticked(weekly, "days") == ["2", "5"]
    assert "( ) Monday ( ) Tuesday" in seen(weekly)
    monthly = drawn(Schedule(rhythm=Rhythm.MONTHLY, month_day=31))
    assert labels(monthly)[:3] == ["How often", "Day of the month", "Time"]
    assert initial(monthly)["month_day"] == "31"
    assert "[The last day ▾]" in seen(monthly)
    number = next(e for e in elements(monthly) if e["action_id"].endswith(":month_day"))
    assert number["options"][28]["text"]["text"] == "29, or the last day"


def test_what_says_when_it_comes_is_told_at_once_and_keeps_its_ids() -> None:
    for schedule in (Schedule(), Schedule(rhythm=Rhythm.WEEKLY), Schedule(at=time(17))):
        shown = drawn(schedule)
        told = {b["block_id"]: b["element"] for b in shown["blocks"] if b.get("dispatch_action")}
        assert set(told) - {"days"} == {"rhythm", "at", "tz"}
        assert told["rhythm"]["action_id"] == f"{Action.DIGEST_SCHEDULE}:rhythm"
        assert told["tz"]["action_id"] == Action.FORM_ZONE


def test_an_edited_one_holds_what_it_is() -> None:
    editing = EditingDigest("C0000DEALS", 7, 3, "25", 1)
    narrow = Filter("U000000BOB", (Status.QUOTING, Status.LOST), 5, Closes.WEEK, attention=True)
    shown = drawn(
        Schedule(rhythm=Rhythm.DAILY, at=time(17, 30), tz="Asia/Tokyo"),
        editing,
        filter=narrow,
        parts=(Part.TOTALS,),
        contact=ContactRef(5, "Jane Doe", ""),
    )
    assert shown["callback_id"] == Callback.DIGEST_SAVE
    assert EditingDigest.load(shown["private_metadata"]) == editing
    assert initial(shown) == {
        "rhythm": "daily",
        "tz": "Asia/Tokyo",
        "owner": "U000000BOB",
        "contact": "5",
        "closes": "week",
    }
    assert ticked(shown, "statuses") == ["quoting", "lost"]
    assert ticked(shown, "parts") == ["totals"]
    assert ticked(shown, "attention") == ["attention"]


def test_time_zones_are_offered_by_name() -> None:
    offered = zone_options(["America/New_York"])["options"]
    assert [(o["text"]["text"], o["value"]) for o in offered] == [
        ("America/New York", "America/New_York")
    ]


def test_deleting_asks() -> None:
    shown = delete_form(DIGEST, DeletingDigest(7, "C0000DEALS"))
    assert seen(shown) == (
        "Delete digest\n"
        "Weekdays at 09:00 (London) in #C0000DEALS, by Alice\n"
        "Delete this digest? It comes no more; what it posted stays.\n"
        "[Delete] [Keep]"
    )


@pytest.mark.parametrize("rhythm", Rhythm)
def test_the_worst_form_is_taken_by_slack(rhythm: Rhythm) -> None:
    worst = ContactRef(2**53, NASTY[:200], "&" * 200)
    labels = dict.fromkeys(Status, NASTY[:24])
    style = replace(STYLE, workspace=replace(STYLE.workspace, labels=labels))
    schedule = Schedule(
        rhythm=rhythm, days=tuple(range(1, 8)), tz="America/Argentina/ComodRivadavia"
    )
    narrow = Filter("U000000BOB", tuple(Status), 5, Closes.WEEK, attention=True)
    editing = EditingDigest(
        "C0123456789", 2**53, 2**53, "1234567", 31, "C0123456789", "https://hooks/" + "x" * 300
    )
    given = Filled(schedule=schedule, coming=COMING * 3, filter=narrow, contact=worst)
    assert seen(form(style, given, editing))
    maker = Person("U0000WORST", NASTY[:80])
    deleting = DeletingDigest(2**53, "C0123456789", "C0123456789", "x" * 300)
    assert seen(delete_form(replace(DIGEST, maker=maker, schedule=schedule), deleting))


def test_an_open_form_without_a_zone_or_a_day_is_drawn_all_the_same() -> None:
    shown = drawn(Schedule(rhythm=Rhythm.MONTHLY, tz="", month_day=0))
    assert seen(shown)
    assert "tz" not in initial(shown)
