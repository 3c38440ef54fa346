"""The settings on the screen: at first, changed, and at their worst."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.settings.ids import EditingChannel, EditingSettings
from handlers.views.settings import form
from handlers.views.settings import settings as view
from store.money import Money
from store.opportunity.status import STAGES
from store.person.person import Person
from store.settings.channels import PLAIN, ChannelSettings, Told
from store.settings.settings import Group, Touched
from store.usecases.card.channels import Channel
from store.usecases.settings.settings import Settings
from store.workspace import LOST_REASONS, Archiving
from tests.handlers.views.seen import NASTY, NOW, RICH, STYLE, elements, menu, pressed, seen

FIRST = Settings(workspace=STYLE.workspace, touched={})
LONG = "&<>*" * 6
"""As many characters as a label may have, each of which grows."""
WORST_WORKSPACE = replace(
    STYLE.workspace,
    tz="America/Argentina/ComodRivadavia",
    currency="XAU",
    locale="fy_NL",
    labels={stage: f"{n}{LONG[1:]}" for n, stage in enumerate(STAGES)},
    probability=dict.fromkeys(STAGES, 100),
    expected_days=dict.fromkeys(STAGES, 365),
    lost_reasons=(*(f"{n:02}{NASTY[:73]}" for n in range(19)), "Other"),
    archiving=Archiving.ADMINS,
)
WORST_STYLE = replace(STYLE, workspace=WORST_WORKSPACE)
WORST_CHANNEL = ChannelSettings(loud_wins=True, threshold=Money(RICH, "KWD"), also=frozenset(Told))
WORST = Settings(
    workspace=WORST_WORKSPACE,
    touched=dict.fromkeys(
        Group, Touched(Person("U0000WORST", NASTY[:255]), NOW - timedelta(days=500))
    ),
    channels=tuple(
        (Channel(workspace_id="T1", id=f"C{n:010}", name="x" * 80), WORST_CHANNEL)
        for n in range(10)
    ),
    more=99_999,
)


def test_the_page_at_first() -> None:
    page = view.page(STYLE, FIRST)
    said = seen(page)
    assert "Reset" not in said
    assert "Last changed" not in said
    assert [one["text"]["text"] for one in elements(page) if one["type"] == "button"] == [
        "Edit"
    ] * 4
    assert menu(page) == []


def test_what_is_otherwise_than_at_first_says_so() -> None:
    ours = replace(
        STYLE.workspace,
        labels={STAGES[2]: "Angebot"},
        expected_days=STYLE.workspace.expected_days | {STAGES[2]: 21},
    )
    touched = {Group.STAGES: Touched(Person("U1", "Alice"), NOW)}
    shown = Settings(workspace=ours, touched=touched)
    page = view.page(replace(STYLE, workspace=ours), shown, "Saved.")
    said = seen(page)
    assert said.splitlines()[1] == "✓ Saved."
    assert "Angebot · 50% · 21 days · default Quoting, 10 days" in said
    assert "Lead · 10% · 14 days\n" in said
    assert "This is the default." in said
    assert "Last changed by Alice on 23 Nov." in said
    assert pressed(page, "Reset")["action_id"] == "settings.reset:stages"


def test_channels_say_what_they_hear_of() -> None:
    loud = ChannelSettings(loud_wins=True, threshold=Money(1_000_000, "GBP"))
    also = ChannelSettings(also=frozenset({Told.LOST, Told.WON}))
    assert view.in_words(STYLE, PLAIN) == "no loud wins"
    assert view.in_words(STYLE, loud) == "loud wins from £10,000"
    assert view.in_words(STYLE, also) == "no loud wins · lines: won, lost"


def test_slack_takes_the_worst() -> None:
    assert "99999 more have cards" in seen(view.page(WORST_STYLE, WORST, view.SAVED[Group.STAGES]))
    for group in Group:
        editing = EditingSettings(group, "V" * 20, "f" * 8)
        assert seen(form.form(WORST_STYLE, editing))
        assert seen(form.reset_form(WORST_STYLE, editing))
    channel = EditingChannel("C0123456789", "V" * 20, "f" * 8)
    assert seen(form.channel_form(WORST_STYLE, WORST_CHANNEL, channel, locale="en_GB"))


def test_a_form_holds_what_is_so_now() -> None:
    made = form.form(STYLE, EditingSettings(Group.REASONS))
    (field,) = (one for one in made["blocks"] if one["type"] == "input")
    assert field["element"]["initial_value"].split(", ") == list(LOST_REASONS[:-1])
    said = seen(form.form(STYLE, EditingSettings(Group.STAGES)))
    assert "those in it keep theirs" in said
    channel = form.channel_form(STYLE, PLAIN, EditingChannel("C1"), locale="en_GB")
    assert "A win in another currency can't be compared, and is posted." in seen(channel)


@pytest.mark.parametrize("group", list(Group))
def test_each_group_has_its_words(group: Group) -> None:
    assert view.SAVED[group]
    assert view.RESET[group] or group is Group.GENERAL
