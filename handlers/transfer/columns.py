"""The header of a file: which column is which field, by the names that people know."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from store.errors import Invalid
from store.text import fold
from store.transfer import CONTACT_COLUMNS, OPPORTUNITY_COLUMNS


class Kind(StrEnum):
    CONTACT = "contact"
    OPPORTUNITY = "opportunity"


_OTHER_NAMES: Mapping[str, str] = {
    "deal": "name", "deal name": "name", "opportunity": "name", "opportunity name": "name",
    "title": "name", "full name": "name",
    "contact name": "contact", "contact person": "contact", "person": "contact",
    "primary contact": "contact",
    "account": "company", "account name": "company", "company name": "company",
    "organisation": "company", "organization": "company",
    "email": "email", "email address": "email", "e mail address": "email", "mail": "email",
    "telephone": "phone", "phone number": "phone", "mobile": "phone",
    "amount": "value", "deal value": "value", "deal amount": "value",
    "close date": "expected_close", "expected close date": "expected_close",
    "deal stage": "stage", "deal status": "status", "opportunity stage": "stage",
    "deal owner": "owner", "opportunity owner": "owner", "assigned to": "owner",
    "created at": "created", "created date": "created", "create date": "created",
    "lost reason": "reason", "loss reason": "reason", "closed lost reason": "reason",
    "lost note": "note", "paused until": "until", "description": "notes",
    "channel": "channel",
}  # fmt: skip
_ONLY_OF_CONTACTS = frozenset({"first_name", "last_name"})
_ONLY_OF_OPPORTUNITIES = frozenset(OPPORTUNITY_COLUMNS) - frozenset(CONTACT_COLUMNS) - {"contact"}


@lru_cache(maxsize=10_000)
def plain(name: str) -> str:
    """A column's name for comparing: "Expected close", "expected_close" and "E-mail:" alike."""
    return " ".join(re.findall(r"[^\W_]+", fold(name)))


LABELS: Mapping[str, str] = {**OPPORTUNITY_COLUMNS, **CONTACT_COLUMNS}
_FIELDS: Mapping[str, str] = {
    **_OTHER_NAMES,
    **{plain(label): name for name, label in LABELS.items()},
    **{plain(name): name for name in (*LABELS, "first_name", "last_name")},
}


@dataclass(frozen=True, slots=True)
class Header:
    """Which field each column is; None for those that aren't read, listed in `unread`."""

    kind: Kind
    fields: tuple[str | None, ...]
    unread: tuple[str, ...]

    def cells(self, values: Sequence[str]) -> dict[str, str]:
        """The cells of a line by field; a line may be shorter than the header."""
        found = zip(self.fields, values, strict=False)
        return {name: value.strip() for name, value in found if name}


def header(names: Sequence[str], kind: Kind | None = None) -> Header:
    """What a file is of, and what its columns are. Refuses one without names, or with a column
    twice.
    """
    found = [_FIELDS.get(plain(name)) for name in names]
    kind = kind or _kind(set(found))
    if kind is Kind.CONTACT and "name" not in found:
        found = ["name" if name == "contact" else name for name in found]
    known = CONTACT_COLUMNS if kind is Kind.CONTACT else OPPORTUNITY_COLUMNS
    mine = [name if name in known or name in _ONLY_OF_CONTACTS else None for name in found]
    twice = sorted({LABELS.get(name, name) for name in mine if name and mine.count(name) > 1})
    if twice:
        raise Invalid({"": f"Two columns are both {', '.join(twice)}. Rename one in line 1."})
    if not {"name", "first_name", "last_name"} & set(mine):
        raise Invalid({"": "Line 1 should name the columns, one of them Name."})
    unread = [name for name, is_read in zip(names, mine, strict=True) if not is_read]
    return Header(kind, tuple(mine), tuple(name for name in unread if name.strip()))


def _kind(found: set[str | None]) -> Kind:
    both = {"name", "contact"} <= found
    return Kind.OPPORTUNITY if both or found & _ONLY_OF_OPPORTUNITIES else Kind.CONTACT
