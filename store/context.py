"""What activities and tasks keep of where they were made: the deal, and the message."""

from dataclasses import dataclass, replace

from store.status import Status
from store.text import one_line

LINK_MAX = 500
AUTHOR_MAX = 255


@dataclass(frozen=True, slots=True)
class DealRef:
    """An opportunity as an entry names it; `permalink` leads to its card."""

    id: int
    number: int
    name: str
    status: Status
    permalink: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The message that something was made from, and the name of whoever had written that."""

    link: str
    author: str

    def checked(self) -> "Source | None":
        """The same, to be kept; none when it leads nowhere: a form says it, so it is a claim."""
        plain = self.link.isascii() and self.link.isprintable() and len(self.link) <= LINK_MAX
        if not (plain and self.link.startswith("https://")):
            return None
        return replace(self, author=one_line(self.author)[:AUTHOR_MAX])
