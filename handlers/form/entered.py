"""The state of a form as Slack sends it, read field by field.

Slack's state is only a claim: a key may be missing, a value null or of another type. Such a field
is empty, and then the rules of the store say whether it may be.
"""

from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any, TypeVar

from handlers.grammar.dates import YEARS
from store.errors import Invalid
from store.money import Money, read_money
from store.person.person import Actor
from store.settings.settings import CHANCES
from store.workspace import Workspace

Values = Any
"""`view["state"]["values"]`: block id → action id → what that input holds."""

Read = TypeVar("Read")
Kind = TypeVar("Kind", bound=StrEnum)


class Answers:
    """One view's state; what can't be read is kept in `wrong` until all of it was tried."""

    def __init__(self, values: Values) -> None:
        self.values = values if isinstance(values, Mapping) else {}
        self.wrong: dict[str, str] = {}

    def held(self, name: str) -> Mapping[str, Any]:
        """What the one input of this block holds, whatever its action id is."""
        block = self.values.get(name)
        inside = list(block.values()) if isinstance(block, Mapping) else []
        return inside[0] if inside and isinstance(inside[0], Mapping) else {}

    def text(self, name: str) -> str:
        """What was typed or chosen, as the one string that it is."""
        held = self.held(name)
        for key in _KEYS:
            value = held.get(key)
            if isinstance(value, Mapping):
                value = value.get("value")
            if isinstance(value, str):
                return value
        return ""

    def shown(self, name: str) -> str:
        """The label of what was chosen."""
        option = self.held(name).get("selected_option")
        label = option.get("text") if isinstance(option, Mapping) else None
        text = label.get("text") if isinstance(label, Mapping) else None
        return text if isinstance(text, str) and text.strip() else "A contact"

    def ticked(self, name: str) -> list[str]:
        options = self.held(name).get("selected_options")
        listed = options if isinstance(options, list) else []
        values = [one.get("value") for one in listed if isinstance(one, Mapping)]
        return [value for value in values if isinstance(value, str)]

    def amount(self, name: str, actor: Actor, workspace: Workspace) -> Money | None:
        text = self.text(name).strip()
        if not text:
            return None
        return self.tried(
            lambda: read_money(text, currency=workspace.currency, locale=actor.locale, field=name)
        )

    def day(self, name: str) -> date | None:
        text = self.text(name).strip()
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.wrong[name] = "Choose a date, like 30 Nov."
            return None
        if day.year not in YEARS:
            self.wrong[name] = f"Choose a date between {YEARS[0]} and {YEARS[-1]}."
            return None
        return day

    def hour(self, name: str) -> time | None:
        """A time of day, as a picker sends it."""
        text = self.text(name).strip()
        if not text:
            return None
        try:
            return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            self.wrong[name] = "Choose a time, like 15:00."
            return None

    def required_day(self, name: str) -> date:
        found = self.day(name)
        if found is None:
            self.wrong.setdefault(name, "Choose a date.")
        return found or date.min

    def chance(self, name: str) -> int | None:
        text = self.text(name).replace("%", "").strip()
        if not text:
            return None
        known = text.isdecimal() and len(text) <= len("100")
        if not known or int(text) not in CHANCES:
            self.wrong[name] = "Write a number from 0 to 100."
            return None
        return int(text)

    def member(self, name: str, kind: type[Kind]) -> Kind | None:
        value = self.text(name)
        return kind(value) if value in {one.value for one in kind} else None

    def tried(self, read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except Invalid as wrong:
            self.wrong |= wrong.fields
            return None

    def agreed(self, read: Callable[[], Read]) -> Read:
        """The answer, once nothing is wrong: all mistakes of a form are told together."""
        answer = self.tried(read)
        if self.wrong:
            raise Invalid(self.wrong)
        return answer  # type: ignore[return-value]


_KEYS = (
    "value",
    "selected_option",
    "selected_date",
    "selected_time",
    "selected_user",
    "selected_conversation",
    "selected_channel",
)
