"""Who acts and who sees: a person of a workspace, and the audiences that they belong to."""

from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from store.errors import NotAllowed

EVERYONE = ""
"""The audience of what every member may see: a card in a public channel, or no card."""


FOR_MEMBERS = "Dealthread is for members of this workspace. Ask a member to look this up for you."


class Role(StrEnum):
    MEMBER = "member"
    GUEST = "guest"
    OUTSIDER = "outsider"
    BOT = "bot"
    UNKNOWN = "unknown"  # The profile could not be read: a reader until it can.


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes a query reads with: `audiences` are EVERYONE, a private channel's id, a user id.

    An opportunity is seen by a viewer when its audience is one of theirs (product page, 11).
    """

    workspace_id: str
    audiences: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named on a record; `name` is shown as plain text, never as a mention."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person behind a command, press, submission or event."""

    workspace_id: str
    id: str
    name: str
    role: Role
    admin: bool = False
    tz: str = "UTC"
    locale: str = "en_GB"
    private_channels: frozenset[str] = field(default_factory=frozenset)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    @property
    def viewer(self) -> Viewer:
        seen = {EVERYONE, self.id, *self.private_channels}
        return Viewer(self.workspace_id, frozenset(seen))

    @property
    def may_read(self) -> bool:
        """Guests and people from other organisations see no page (product page, 11)."""
        return self.role not in (Role.GUEST, Role.OUTSIDER, Role.BOT)

    def must_read(self) -> None:
        if not self.may_read:
            raise NotAllowed(FOR_MEMBERS)

    def must_write(self) -> None:
        self.must_read()
        if self.role is Role.UNKNOWN:
            raise NotAllowed(
                "Your Slack profile can't be read just now, so nothing was changed. "
                "Try again in a minute."
            )

    def must_administer(self) -> None:
        self.must_write()
        if not self.admin:
            raise NotAllowed("Only an admin of this workspace can change the settings.")
