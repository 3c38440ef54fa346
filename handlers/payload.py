"""What rides with a button or a form: frozen dataclasses as compact JSON, checked when they return.

Slack hands `value` and `private_metadata` to clients, so whatever comes back is only a claim: it
is loaded strictly here, and every use case checks again who acts on what.
"""

import json
import re
from dataclasses import fields
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Self, get_args, get_origin, get_type_hints

from store.errors import Refusal

_NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""What JSON can spell and no database keeps."""


class StaleButton(Refusal):
    """A payload that can't be loaded: drawn by another version, or made up."""

    def __init__(self) -> None:
        super().__init__(
            "This button is from an older version of Dealthread. "
            "Open what it was about again, with `/opp`, `/contact`, `/task` or `/pipeline`."
        )


class StaleForm(Refusal):
    """The same of a form; what was typed still stands in it."""

    def __init__(self) -> None:
        super().__init__(
            "This form is from an older version of Dealthread. "
            "Copy what you typed, close it and open it again."
        )


class Payload:
    """Base of the dataclasses that ride along; the order of fields is the wire format."""

    __slots__ = ()

    def dump(self) -> str:
        values = [getattr(self, f.name) for f in fields(self)]  # type: ignore[arg-type]
        while values and values[-1] is None:
            values.pop()
        return json.dumps(values, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def load(cls, text: str | None) -> Self:
        """Refuses with StaleButton whatever `dump` of this class would not have written."""
        try:
            values = json.loads(text or "")
        except (ValueError, RecursionError):
            raise StaleButton from None
        hints = _hints(cls)  # type: ignore[arg-type]
        names = [f.name for f in fields(cls)]  # type: ignore[arg-type]
        if not isinstance(values, list) or len(values) > len(names):
            raise StaleButton
        given = dict(zip(names, values, strict=False))
        try:
            return cls(**{name: _checked(value, hints[name]) for name, value in given.items()})
        except (TypeError, ValueError):
            raise StaleButton from None


@cache
def _hints(cls: type) -> dict[str, Any]:
    """Read once: it evaluates the source of every annotation anew."""
    return get_type_hints(cls)


def _checked(value: Any, kind: Any) -> Any:
    if get_origin(kind) is UnionType:
        return _any_of(value, get_args(kind))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    if kind is NoneType:
        kind = type(None)
    if type(value) is not kind or (isinstance(value, int) and abs(value) > 2**53):
        raise TypeError
    if isinstance(value, str) and _NO_TEXT.search(value):
        raise TypeError
    return value


def _any_of(value: Any, kinds: tuple[Any, ...]) -> Any:
    for kind in kinds:
        try:
            return _checked(value, kind)
        except (TypeError, ValueError):
            continue
    raise TypeError
