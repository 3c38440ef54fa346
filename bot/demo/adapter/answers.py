"""What a person answered in a form of forms.py, as the states that the bot asked for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.demo.adapter.elements import (
    DATES,
    EXTERNAL,
    MULTI,
    SINGLE,
    Stored,
    answer,
    kind,
    same,
    text_answer,
)
from bot.demo.adapter.forms import ACTION, NONE, Field, Form, Press
from bot.demo.adapter.text import Json, label


@dataclass
class Answers:
    values: dict[str, Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    pressed: Press | None = None


def read(form: Form, sent: Json, tz: str) -> Answers:
    """What the person answered, with Slack's own complaints about required and mistyped fields."""
    answers = Answers()
    for name, presses in form.presses.items():
        number = _number(_sent(sent, name))
        if number is not None:
            answers.pressed = presses[number]
    for asked in form.fields:
        state, error = _read(asked, sent, tz)
        answers.values[asked.block_id] = {asked.element["action_id"]: state}
        if error:
            answers.errors[asked.block_id] = error
    return answers


def typed_search(asked: Field, sent: Json) -> str:
    """What was typed into the line beside an external select."""
    if kind(asked.element) not in EXTERNAL:
        return ""
    return str(_sent(sent, asked.sub("typed")).get("value") or "").strip()


def best_option(options: Sequence[Json], typed: str) -> Json | None:
    """The option that a person would choose after typing: the same words, else the only one that
    begins with them, else the only one that holds them without quoting them (that one offers to
    create what was typed), else the first.
    """
    words = typed.casefold()
    texts = [(label(option.get("text")).casefold(), option) for option in options]
    exact = [option for text, option in texts if text == words]
    begins = [option for text, option in texts if text.startswith(words)]
    holds = [option for text, option in texts if words in text and f'"{words}"' not in text]
    if exact:
        return exact[0]
    single = next((found[0] for found in (begins, holds) if len(found) == 1), None)
    return single or next(iter(options), None)


def _sent(sent: Json, block_id: str) -> Json:
    found = (sent.get(block_id) or {}).get(ACTION)
    return found if isinstance(found, dict) else {}


def _number(got: Json) -> int | None:
    value = str((got.get("selected_option") or {}).get("value") or "")
    return int(value) if value.isdecimal() else None


def _read(asked: Field, sent: Json, tz: str) -> tuple[Json, str]:
    name = kind(asked.element)
    if name in SINGLE or name in MULTI:
        chosen = _chosen(asked, sent)
        missing = not chosen and not typed_search(asked, sent)
        return answer(asked.element, chosen), _required(asked, missing=missing)
    got = _sent(sent, asked.block_id)
    answered = got.get("selected_date" if name in DATES else "value")
    text = asked.before_text if answered is None else str(answered)
    value, error = _value(asked.element, text, tz)
    return text_answer(asked.element, value), error or _required(asked, missing=not text.strip())


def _required(asked: Field, *, missing: bool) -> str:
    return "Please complete this required field." if missing and not asked.optional else ""


def _chosen(asked: Field, sent: Json) -> list[Stored]:
    if kind(asked.element) in MULTI:
        return _chosen_several(asked, sent)
    got = _sent(sent, asked.block_id)
    if (got.get("selected_option") or {}).get("value") == NONE:
        return []
    number = _number(got)
    return list(asked.before) if number is None else [asked.among[number].stored]


def _chosen_several(asked: Field, sent: Json) -> list[Stored]:
    flips = [_number(_sent(sent, asked.sub(place))) for place in range(len(asked.among))]
    ticked = [
        any(same(choice.stored, one) for one in asked.before) != (flip is not None)
        for choice, flip in zip(asked.among, flips, strict=True)
    ]
    boxes = _sent(sent, asked.block_id).get("selected_options")
    if boxes:
        numbers = {int(box["value"]) for box in boxes}
        ticked = [place in numbers for place in range(len(asked.among))]
    return [choice.stored for choice, tick in zip(asked.among, ticked, strict=True) if tick]


def _value(element: Json, text: str, tz: str) -> tuple[str | int | None, str]:
    """The text as the element's value, or what is wrong with it."""
    name, text = kind(element), text if kind(element) == "plain_text_input" else text.strip()
    if not text:
        return None, ""
    if name == "timepicker":
        return _time(text)
    if name == "datetimepicker":
        return _moment(text, tz)
    if name == "number_input":
        return text, "" if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else "Write a number."
    longest = element.get("max_length")
    if longest and len(text) > longest:
        return text, f"Write at most {longest} characters."
    return text, ""


def _time(text: str) -> tuple[str | None, str]:
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", text)
    if not found:
        return None, "Write a time like 15:00."
    return f"{int(found[1]):02d}:{found[2]}", ""


def _moment(text: str, tz: str) -> tuple[int | None, str]:
    try:
        at = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(tz))
    except ValueError:
        return None, "Write a date and time like 2026-11-30 15:00."
    return int(at.timestamp()), ""
