"""The inputs of forms. A field's block id is its name in the store, so that its errors find it."""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from slack_sdk.models.blocks import (
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    TimePickerElement,
    UserSelectElement,
)

from handlers.ids import Action
from handlers.views.blocks import Json, context, option, picked, select, words
from handlers.views.text import plain, sentence
from store.contact import ContactRef
from store.opportunity.context import DealRef
from store.text import one_line

TYPED_CHARACTERS = 3_000
VALUE_MAX = 150
"""Characters that the value of an option takes."""
NO_CONTACT = NO_DEAL = "none"
_NEW = "new:"
_ID_DIGITS = 18
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_ISO_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def field(
    name: str,
    label: str,
    element: Any,
    *,
    hint: str = "",
    required: bool = False,
    dispatch: bool = False,
) -> Json:
    """One labelled input; `dispatch` tells us of each choice while the form is open."""
    block: Json = InputBlock(
        block_id=name,
        label=words(label, 75),
        element=element,
        hint=words(hint, 200) if hint else None,
        optional=not required,
        dispatch_action=dispatch or None,
    ).to_dict()
    return block


def typed(name: str, value: str = "", *, placeholder: str = "", lines: bool = False) -> Any:
    """A text input. What is longer than allowed is refused by us, in words, not cut by Slack."""
    return PlainTextInputElement(
        action_id=name,
        initial_value=plain(value, TYPED_CHARACTERS) or None,
        placeholder=words(placeholder, 150) if placeholder else None,
        multiline=lines or None,
    )


def dated(name: str, day: date | str | None = None, placeholder: str = "Choose a date") -> Any:
    """`day` may be what Slack says was picked; what is no day is left out."""
    shown = day.isoformat() if isinstance(day, date) else day or ""
    return DatePickerElement(
        action_id=name,
        initial_date=shown if _ISO_DAY.fullmatch(shown) else None,
        placeholder=words(placeholder, 150),
    )


def timed(name: str, hour: time | str | None = None, placeholder: str = "Choose a time") -> Any:
    """The same for a time of day: 15:00."""
    shown = f"{hour:%H:%M}" if isinstance(hour, time) else hour or ""
    return TimePickerElement(
        action_id=name,
        initial_time=shown if _CLOCK.fullmatch(shown) else None,
        placeholder=words(placeholder, 150),
    )


def person(name: str, user_id: str | None = None) -> Any:
    return UserSelectElement(
        action_id=name, initial_user=user_id, placeholder=words("Choose a person", 150)
    )


def channel(action_id: str, channel_id: str | None = None) -> Any:
    """Channels only, none that another organisation reads too; a direct message is none."""
    known = channel_id and channel_id.startswith(("C", "G"))
    return ConversationSelectElement(
        action_id=action_id,
        initial_conversation=channel_id if known else None,
        placeholder=words("Choose a channel", 150),
        filter=ConversationFilter(
            include=["public", "private"], exclude_external_shared_channels=True
        ),
    )


def chosen(name: str, options: Sequence[Option], value: str | None = None) -> Any:
    return select(name, options, value, "Choose one")


def radio(name: str, options: Sequence[Option], value: str | None = None) -> Any:
    return RadioButtonsElement(
        action_id=name, options=options, initial_option=picked(options, value)
    )


def ticks(name: str, options: Sequence[Option], values: Sequence[str] = ()) -> Any:
    ticked = [one for one in options if one.value in values]
    return CheckboxesElement(action_id=name, options=options, initial_options=ticked or None)


def contact(ref: ContactRef | None = None, new_name: str = "") -> Any:
    """Found by typing, three or a hundred thousand: Slack asks us for the options."""
    initial = _known(ref) if ref else _new(new_name) if new_name.strip() else None
    return ExternalDataSelectElement(
        action_id=Action.FORM_CONTACT,
        placeholder=words("Type a name, company or e-mail", 150),
        initial_option=initial,
        min_query_length=0,
    )


def deal(ref: DealRef | None = None) -> Any:
    """An opportunity, found by typing its number, its name or its contact."""
    return ExternalDataSelectElement(
        action_id=Action.FORM_DEAL,
        placeholder=words("Type a name or a number", 150),
        initial_option=_deal(ref) if ref else None,
        min_query_length=0,
    )


def deal_options(typed: str, found: Sequence[DealRef], *, none: str = "No opportunity") -> Json:
    """What Slack is answered while an opportunity is typed."""
    options = [] if one_line(typed) else [option(none, NO_DEAL)]
    options += [_deal(ref) for ref in found]
    return {"options": [one.to_dict() for one in options[:100]]}


def _deal(ref: DealRef) -> Option:
    return option(f"#{ref.number} {ref.name}", str(ref.number))


def read_deal(value: str) -> int | None:
    """The number that an option of opportunities stands for, or none."""
    known = value.isascii() and value.isdecimal() and len(value) <= _ID_DIGITS
    return int(value) if known else None


def zone(tz: str) -> Any:
    """A time zone, found by typing a city, a country or its name."""
    return ExternalDataSelectElement(
        action_id=Action.FORM_ZONE,
        placeholder=words("Type a city", 150),
        initial_option=_zone(tz) if tz else None,
        min_query_length=0,
    )


def zone_options(found: Sequence[str]) -> Json:
    """What Slack is answered while a time zone is typed."""
    return {"options": [_zone(tz).to_dict() for tz in found[:100]]}


def _zone(tz: str) -> Option:
    return option(tz.replace("_", " "), tz)


def contact_options(
    typed: str, found: Sequence[ContactRef], *, create: bool, none: str = "No contact"
) -> Json:
    """What Slack is answered while a name is typed; the first option creates what was typed, unless
    it is longer than an option can carry: a name is never cut behind anybody's back.
    """
    typed = one_line(typed)
    create = create and 0 < len(typed) <= VALUE_MAX - len(_NEW)
    options = [_new(typed)] if create else []
    options += [] if typed else [option(none, NO_CONTACT)]
    options += [_known(ref) for ref in found]
    return {"options": [one.to_dict() for one in options[:100]]}


def _known(ref: ContactRef) -> Option:
    return option(ref.title, str(ref.id))


def _new(name: str) -> Option:
    return option(f'Create "{plain(name, 60)}"', f"{_NEW}{name[: VALUE_MAX - len(_NEW)]}")


def read_contact(value: str) -> tuple[int | None, str]:
    """What an option of contacts stands for: an id, or the name of one to create, or neither."""
    if value.startswith(_NEW):
        return None, value.removeprefix(_NEW).strip()
    known = value.isascii() and value.isdecimal() and len(value) <= _ID_DIGITS
    return (int(value) if known else None), ""


_INITIAL = {
    "value": "initial_value",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_user": "initial_user",
    "selected_conversation": "initial_conversation",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
}


def as_sent(form: Json, values: Any, *notices: str) -> Json:
    """A form that is drawn again: what was entered stays, and notices say why. `values` is the
    state that came with it.
    """
    said = [context(sentence(notice)) for notice in notices]
    blocks = [_as_held(block, values.get(block.get("block_id")) or {}) for block in form["blocks"]]
    return {**form, "blocks": [*said, *blocks]}


def _as_held(block: Json, inside: Any) -> Json:
    """An input with what it holds instead of what was proposed."""
    if block["type"] != "input":
        return block
    element = dict(block["element"])
    for name, value in (inside.get(element["action_id"]) or {}).items():
        if initial := _INITIAL.get(name):
            element.pop(initial, None)
            element |= {initial: value} if value else {}
    return {**block, "element": element}
