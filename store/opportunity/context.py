"""What activities and tasks keep of where they were made: the deal, and the message."""

import re
from dataclasses import dataclass, replace

from store.opportunity.status import Status
from store.text import one_line

LINK_MAX = 500
AUTHOR_MAX = 255
_MESSAGE = re.compile(r"https://[A-Za-z0-9.-]+\.slack\.com/[!-;=?-{}~]*")
"""A message of Slack's, in characters that an address needs no escaping for."""


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
        if len(self.link) > LINK_MAX or not _MESSAGE.fullmatch(self.link):
            return None
        return replace(self, author=one_line(self.author)[:AUTHOR_MAX])
