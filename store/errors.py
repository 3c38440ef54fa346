"""Every refusal: an exception whose text is the sentence that the person reads.

Refusal
├── NotFound       what was asked for is not there, or not for this person's eyes
├── NotAllowed     this person may not; the text names who can
├── Invalid        one or more fields can't be read; `fields` says which and what would be right
├── Gone           it was archived, or its time has passed
├── Conflict       somebody changed the same thing meanwhile; `changed` names the fields
│   └── Stale      a status button drawn from a status that is no longer so
└── Busy           the database is locked or away; nothing was saved
"""

from collections.abc import Mapping


class Refusal(Exception):
    """Something can't be done; the text says why and what to do."""

    @property
    def sentence(self) -> str:
        return str(self)


class NotFound(Refusal):
    pass


class NotAllowed(Refusal):
    pass


class Gone(Refusal):
    pass


class Busy(Refusal):
    pass


class Invalid(Refusal):
    """`fields` maps a field's name, as the dataclass spells it, to its sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class Conflict(Refusal):
    """`changed` maps a field that somebody else changed meanwhile to who did; `mine` are the fields
    that this person changed.
    """

    def __init__(
        self,
        sentence: str,
        changed: Mapping[str, str] | None = None,
        mine: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(sentence)
        self.changed = dict(changed or {})
        self.mine = mine


class Stale(Conflict):
    """`status` is what it is now; a person may press **Do it anyway** against it, unless it is
    `already` what they want. `again` is a second press of one's own, just after the first.
    """

    def __init__(
        self, sentence: str, status: str, *, already: bool = False, again: bool = False
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.already = already
        self.again = again
