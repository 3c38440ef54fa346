"""What was filled in, read back: typed, or a sentence at the field that is wrong."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.form import form
from handlers.form.errors import errors_by_block
from handlers.ids import Editing, Origin
from handlers.views.opportunity import opportunity as views
from handlers.views.text import Style
from store.board import Closes, Filter
from store.contact import ContactDraft
from store.errors import Invalid
from store.money import Money
from store.opportunity.opportunity import OpportunityDraft
from store.opportunity.status import Status
from store.person.person import Actor, Role
from store.usecases.opportunity.status import Loss, Win
from store.usecases.workspaces import SetUp
from store.workspace import Workspace

OURS = Workspace(id="T1")
ALICE = Actor(workspace_id="T1", id="U0000ALICE", name="Alice", role=Role.MEMBER)
GERHARD = Actor(
    workspace_id="T1", id="U000GERHARD", name="Gerhard", role=Role.MEMBER, locale="de_DE"
)


def typed(text: str | None) -> Any:
    return {"any": {"type": "plain_text_input", "value": text}}


def dated(day: str | None) -> Any:
    return {"any": {"type": "datepicker", "selected_date": day}}


def chosen(value: str | None, label: str = "x") -> Any:
    option = {"text": {"type": "plain_text", "text": label}, "value": value}
    return {"any": {"type": "static_select", "selected_option": option if value else None}}


def ticked(*values: str) -> Any:
    return {"any": {"type": "checkboxes", "selected_options": [{"value": v} for v in values]}}


def person(user_id: str | None) -> Any:
    return {"any": {"type": "users_select", "selected_user": user_id}}


def channel(channel_id: str | None) -> Any:
    return {"any": {"type": "conversations_select", "selected_conversation": channel_id}}


def wrong(read: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        read()
    return refused.value.fields


FULL = {
    "name": typed("  Acme   renewal "),
    "contact_id": chosen("5", "Jane Doe, Acme Ltd"),
    "value": typed("12k"),
    "expected_close": dated("2026-11-30"),
    "owner_id": person("U000000BOB"),
    "stage": chosen("pitching"),
    "notes": typed("3 seats"),
    "channel_id": channel("C0000DEALS"),
}


def test_a_new_opportunity() -> None:
    assert form.opportunity(FULL, ALICE, OURS) == OpportunityDraft(
        name="Acme renewal",
        contact_id=5,
        value=Money(12_000_00, "GBP"),
        expected_close=date(2026, 11, 30),
        owner_id="U000000BOB",
        stage=Status.PITCHING,
        notes="3 seats",
        channel_id="C0000DEALS",
    )


def test_only_the_name_is_needed() -> None:
    empty = {
        "name": typed("Acme"),
        "contact_id": chosen(None),
        "value": typed(None),
        "expected_close": dated(None),
        "owner_id": person(None),
        "stage": chosen(None),
        "channel_id": channel(None),
    }
    for values in (empty, {"name": typed("Acme")}):
        assert form.opportunity(values, ALICE, OURS) == OpportunityDraft(name="Acme")


def test_a_contact_can_be_made_along_with_it() -> None:
    draft = form.opportunity({**FULL, "contact_id": chosen("new:Jane Doe")}, ALICE, OURS)
    assert (draft.contact_id, draft.new_contact) == (None, "Jane Doe")


def test_all_mistakes_are_told_together() -> None:
    values = {
        "name": typed("x" * 151),
        "value": typed("12 apples"),
        "expected_close": dated("2026-02-31"),
        "notes": typed("x" * 3001),
    }
    said = wrong(lambda: form.opportunity(values, ALICE, OURS))
    assert list(said) == ["value", "expected_close", "name", "notes"]
    assert said["expected_close"] == "Choose a date, like 30 Nov."
    assert "12k" in said["value"]


def test_amounts_are_read_as_the_person_writes_them() -> None:
    values = {"name": typed("x"), "value": typed("12.500")}
    draft = form.opportunity(values, GERHARD, OURS)
    assert draft.value == Money(12_500_00, "GBP")


def test_what_an_edit_form_shows_is_read_back_the_same() -> None:
    style = Style(OURS, datetime(2026, 11, 23, tzinfo=UTC))
    for money in (Money(12_000_50, "GBP"), Money(1_000, "JPY"), Money(99, "USD"), Money(1, "KWD")):
        for actor in (ALICE, GERHARD):
            text = views.editable(style, money, actor.locale)
            edited = form.edited({"name": typed("x"), "value": typed(text)}, actor, OURS)
            assert edited.value == money


def test_an_edit() -> None:
    values = {**FULL, "probability": typed(" 60 % ")}
    assert form.edited(values, ALICE, OURS) == form.Edited(
        name="Acme renewal",
        contact_id=5,
        value=Money(12_000_00, "GBP"),
        expected_close=date(2026, 11, 30),
        owner_id="U000000BOB",
        stage=Status.PITCHING,
        probability=60,
        notes="3 seats",
    )
    closed = form.edited({"name": typed("Acme")}, ALICE, OURS)
    assert (closed.stage, closed.probability) == (None, None)


@pytest.mark.parametrize("text", ["101", "-1", "half", "5.5", "1e2", "²", "0x1", "1000"])
def test_a_probability_that_is_none(text: str) -> None:
    values = {"name": typed("x"), "probability": typed(text)}
    assert wrong(lambda: form.edited(values, ALICE, OURS)) == {
        "probability": "Write a number from 0 to 100."
    }


def test_an_edit_may_not_slip_into_won() -> None:
    values = {"name": typed("x"), "stage": chosen("won")}
    assert list(wrong(lambda: form.edited(values, ALICE, OURS))) == ["stage"]


def test_a_form_that_is_open_is_drawn_again_as_it_stands() -> None:
    given = form.so_far({**FULL, "value": typed("12 apples")})
    assert (given.name, given.value) == ("  Acme   renewal ", "12 apples")
    assert given.contact is not None
    assert (given.contact.id, given.contact.title) == (5, "Jane Doe, Acme Ltd")
    assert given.stage is Status.PITCHING
    again = views.new_form(Style(OURS, datetime(2026, 11, 23, tzinfo=UTC)), given, Origin())
    assert "12 apples" in json.dumps(again)
    assert form.so_far({}).stage is Status.LEAD


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ({"when": chosen("2026-12-07")}, date(2026, 12, 7)),
        ({"when": chosen("none"), "expected_close": dated("2026-12-24")}, None),
        ({"when": chosen("day"), "expected_close": dated("2026-12-24")}, date(2026, 12, 24)),
        ({"expected_close": dated("2026-12-24")}, date(2026, 12, 24)),
    ],
)
def test_a_close_date(values: Any, day: date | None) -> None:
    assert form.close_date(values) == day


def test_a_close_date_that_was_not_chosen() -> None:
    assert wrong(lambda: form.close_date({"when": chosen("day")})) == {
        "expected_close": "Choose a date."
    }
    assert list(wrong(lambda: form.close_date({"when": chosen("soon")}))) == ["when"]


def test_a_status() -> None:
    assert form.status({"status": chosen("won")}) is Status.WON
    for values in ({}, {"status": chosen("someday")}, {"status": chosen(None)}):
        assert wrong(lambda values=values: form.status(values)) == {"status": "Choose a status."}


def test_won() -> None:
    values = {"final_value": typed("€11,500"), "closed_on": dated("2026-11-21")}
    assert form.win(values, ALICE, OURS) == Win(
        final_value=Money(11_500_00, "EUR"), closed_on=date(2026, 11, 21)
    )
    bad = {"final_value": typed("-5")}
    assert list(wrong(lambda: form.win(bad, ALICE, OURS))) == ["final_value", "closed_on"]


def test_lost_leaves_its_rules_to_the_store() -> None:
    values = {"reason": chosen("Other"), "note": typed("moved abroad")}
    assert form.lose(values) == Loss(reason="Other", note="moved abroad")
    assert form.lose({}) == Loss(reason="")
    assert form.lose({"tasks": ticked("close")}) == Loss(reason="", close_tasks=True)


def test_paused_until_a_day_or_knowingly_without_one() -> None:
    assert form.pause({"until": dated("2027-01-12"), "open_end": ticked()}) == date(2027, 1, 12)
    assert form.pause({"until": dated("2027-01-12"), "open_end": ticked("none")}) is None
    assert wrong(lambda: form.pause({})) == {"until": "Choose a day, or tick No date."}
    assert list(wrong(lambda: form.pause({"until": dated("soon")}))) == ["until"]


def test_reopened() -> None:
    assert form.reopen({"expected_close": dated("2026-12-24")}) == date(2026, 12, 24)
    assert wrong(lambda: form.reopen({})) == {"expected_close": "Choose a date."}


def test_a_contact() -> None:
    values = {"name": typed("Jane  Doe"), "email": typed("jane@acme.com"), "notes": typed(None)}
    assert form.contact(values) == ContactDraft(name="Jane Doe", email="jane@acme.com")
    assert list(wrong(lambda: form.contact({"email": typed("jane")}))) == ["name", "email"]


def test_a_filter() -> None:
    values = {
        "owner": person("U0000ALICE"),
        "statuses": ticked("closing", "lead", "someday"),
        "contact": chosen("5"),
        "closes": chosen("month"),
        "attention": ticked("attention"),
    }
    assert form.board_filter(values) == Filter(
        owner="U0000ALICE",
        statuses=(Status.LEAD, Status.CLOSING),
        contact=5,
        closes=Closes.MONTH,
        attention=True,
    )
    anything = {"contact": chosen("none"), "closes": chosen("any")}
    assert form.board_filter(anything) == form.board_filter({}) == Filter()


def test_settings() -> None:
    values = {
        "deals_channel": channel("C0000DEALS"),
        "currency": chosen("eur"),
        "tz": chosen("Europe/London"),
        "locale": chosen("de_DE"),
    }
    assert form.settings(values) == SetUp(
        deals_channel="C0000DEALS", currency="EUR", tz="Europe/London", locale="de_DE"
    )
    assert form.settings({}) == SetUp(deals_channel=None, currency="", tz="")


def test_errors_stand_at_inputs_of_the_view_that_was_sent() -> None:
    style = Style(OURS, datetime(2026, 11, 23, tzinfo=UTC))
    view = views.edit_form(style, views.Filled(notices=("Look.",)), Editing(12, 88))
    said = {"value": "A.", "new_contact": "B.", "contact": "C.", "closed_on": "D.", "name": "E."}
    assert errors_by_block(Invalid(said), view) == {
        "value": "A.",
        "contact_id": "B. C.",
        "name": "D. E.",
    }
    assert errors_by_block(Invalid({"name": "A."}), {}) == {"name": "A."}


READERS: list[Callable[[Any], object]] = [
    lambda values: form.opportunity(values, ALICE, OURS),
    lambda values: form.edited(values, ALICE, OURS),
    form.so_far,
    form.close_date,
    form.status,
    lambda values: form.win(values, ALICE, OURS),
    form.lose,
    form.pause,
    form.reopen,
    form.contact,
    form.board_filter,
    form.settings,
]
NAMES = [*FULL, "when", "status", "final_value", "closed_on", "reason", "note", "until", "open_end"]
NAMES += ["company", "email", "owner", "statuses", "contact", "closes", "attention", "currency"]
junk = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
junk |= st.sampled_from(["12k", "٣", "£", "1e9", "2026-11-30", "won", "new:x", "5", "none", "day"])
keys = ("value", "selected_option", "selected_options", "selected_date", "selected_user")
held = st.dictionaries(
    st.sampled_from(keys),
    junk | st.fixed_dictionaries({"value": junk, "text": junk}) | st.lists(junk, max_size=3),
    max_size=3,
)
blocks = st.dictionaries(st.text(max_size=3), held | junk, max_size=2) | junk
states = st.dictionaries(st.sampled_from(NAMES), blocks, max_size=8) | junk


@settings(deadline=None)  # The first amount loads babel.
@given(states)
def test_whatever_comes_is_read_or_refused_in_words(values: Any) -> None:
    for read in READERS:
        try:
            read(values)
        except Invalid as refused:
            sentences = list(refused.fields.values())
        else:
            sentences = ["Read."]
        assert all(sentences)
