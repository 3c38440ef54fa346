"""The people, channels and tokens of the demo's workspace, as both the local Slack and the
adapter read them.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    real_name: str
    email: str
    tz: str = "Europe/London"
    locale: str = "en-GB"
    admin: bool = False
    guest: bool = False

    @property
    def first_name(self) -> str:
        return self.real_name.split()[0]


@dataclass(frozen=True)
class Channel:
    id: str
    name: str
    members: tuple[str, ...] = ()
    private: bool = False
    topic: str = ""


BOT = "U0DEALTHREAD"
ALICE = Person("U01ALICE", "alice", "Alice Anderson", "alice@example.com", admin=True)
BOB = Person("U02BOB", "bob", "Bob Brown", "bob@example.com")
CAROL = Person("U03CAROL", "carol", "Carol Clark", "carol@example.com")
EVERYONE = (ALICE.id, BOB.id, CAROL.id)


def _channels() -> tuple[Channel, ...]:
    return (
        Channel("C01DEALS", "deals", (*EVERYONE, BOT), topic="What we are selling"),
        Channel("C02GENERAL", "general", (*EVERYONE, BOT)),
        # The bot is left out of one, so that people can see what it says there.
        Channel("C03RANDOM", "random", EVERYONE),
    )


@dataclass(frozen=True)
class Workspace:
    """One workspace with one app in it; the defaults are the demo's."""

    name: str = "Northwind Sales"
    domain: str = "northwind"
    team_id: str = "T01NORTH"
    app_id: str = "A01DEALTHREAD"
    bot_user_id: str = BOT
    bot_name: str = "Dealthread"
    bot_token: str = "xoxb-demo-bot"  # noqa: S105 - Opens nothing but this machine's local Slack.
    app_token: str = "xapp-1-A01DEALTHREAD-demo"  # noqa: S105 - As above.
    signing_secret: str = "demo-signing-secret"  # noqa: S105 - As above.
    tz: str = "Europe/London"
    people: tuple[Person, ...] = (ALICE, BOB, CAROL)
    channels: tuple[Channel, ...] = field(default_factory=_channels)

    @property
    def bot_id(self) -> str:
        """Local-slack derives the bot's id from its user's in the same way."""
        return "B" + self.bot_user_id[1:]

    def person(self, user_id: str) -> Person | None:
        return next((person for person in self.people if person.id == user_id), None)

    def first_name(self, user_id: str) -> str:
        person = self.person(user_id)
        return person.first_name if person else user_id

    def tz_of(self, user_id: str | None) -> str:
        person = self.person(user_id) if user_id else None
        return person.tz if person else self.tz

    def as_config(self, *, request_url: str | None = None) -> dict[str, Any]:
        """The configuration file of local-slack; with a `request_url` it delivers by HTTP."""
        app = {
            "appId": self.app_id,
            "botUserId": self.bot_user_id,
            "botName": self.bot_name,
            "botToken": self.bot_token,
            "appToken": self.app_token,
            "signingSecret": self.signing_secret,
            "mode": "events" if request_url else "socket",
        }
        return {
            "workspace": {"name": self.name, "domain": self.domain, "teamId": self.team_id},
            "apps": [app | ({"requestUrl": request_url} if request_url else {})],
            "users": [_user(person) for person in self.people],
            "channels": [_channel(channel) for channel in self.channels],
        }


def _user(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "email": person.email,
        "tz": person.tz,
    }


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.private,
        "topic": channel.topic,
        "members": list(channel.members),
    }
