"""Lists of tasks: whose, of what, and how far in."""

from collections.abc import Mapping
from dataclasses import dataclass

from store.person.person import Person
from store.task.task import OPEN_BUCKETS, Bucket, Task
from store.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """All of these at once; empty ones don't narrow. With a `contact_id` it is what names them, and
    what hangs on their deals. `done` None is both, the open ones first.
    """

    whose: str | None = None
    number: int | None = None
    contact_id: int | None = None
    done: bool | None = False

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """In the order in which they are listed."""
        if self.done is None:
            return tuple(Bucket)
        return (Bucket.DONE,) if self.done else OPEN_BUCKETS


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a row stands: its bucket, its key there, its id."""

    bucket: Bucket
    key: str
    id: int

    def dump(self) -> str:
        return f"{self.bucket}|{self.key}|{self.id}"

    @classmethod
    def load(cls, text: str) -> "Spot":
        """Refuses with ValueError what `dump` would not have written."""
        bucket, key, row_id = text.split("|")
        if not (row_id.isascii() and row_id.isdecimal() and len(row_id) < len(str(2**63))):
            raise ValueError(text)
        return cls(Bucket(bucket), key, int(row_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """A page of tasks as these eyes see them; `counts` where counting is cheap, else None. `before`
    and `after` are where the pages on its two sides end and start, if there are any.
    """

    scope: Scope
    rows: tuple[tuple[Bucket, Task], ...]
    counts: Mapping[Bucket, int] | None = None
    before: Spot | None = None
    after: Spot | None = None
    workspace: Workspace
    person: Person | None = None
    """Whose they are, when they are one person's."""
