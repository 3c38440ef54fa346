"""OAuth: people allow the app in their workspace, the app exchanges the code for the token."""

import base64
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.slack.call import Call
from tests.slack.errors import Refused
from tests.slack.world import Workspace

if TYPE_CHECKING:
    from tests.slack.state import State

Json = dict[str, Any]
CODE_SECONDS = 600
METHOD = "oauth.v2.access"


class OAuth:
    """The app's client, and the codes that were given out; each works once, for ten minutes."""

    def __init__(self, slack: "State") -> None:
        self.slack = slack
        self.client_id, self.client_secret = "12345.67890", secrets.token_hex(16)
        self.codes: dict[str, tuple[Workspace, float, frozenset[str]]] = {}
        self.used: set[str] = set()

    def allow(self, address: str, team: Workspace) -> dict[str, str]:
        """Somebody presses "Allow" at the address that the app sent them to: what Slack sends them
        back with.
        """
        asked = self._asked(address)
        code = f"{team.id}.{secrets.token_hex(16)}"
        scopes = frozenset(asked["scope"].split(","))
        self.codes[code] = team, self.slack.clock() + CODE_SECONDS, scopes
        return {"code": code, "state": asked["state"]}

    def deny(self, address: str) -> dict[str, str]:
        return {"error": "access_denied", "state": self._asked(address)["state"]}

    def _asked(self, address: str) -> dict[str, str]:
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != "/oauth/v2/authorize" or asked.get("client_id") != self.client_id:
            self.slack.violate(f"an installation was begun at {parts.path}, or for another app")
        return {"scope": "", "state": "", **asked}

    def access(self, call: Call, authorization: str) -> Json:
        """oauth.v2.access: the client by HTTP Basic, the code once; then the app is installed."""
        client = f"{self.client_id}:{self.client_secret}".encode()
        if authorization != f"Basic {base64.b64encode(client).decode()}":
            raise Refused("bad_client_secret")
        code = str(call.args.get("code", ""))
        if code in self.used:
            raise Refused("code_already_used")
        team, until, scopes = self.codes.pop(code, (None, 0.0, frozenset()))
        if team is None or self.slack.clock() >= until:
            raise Refused("invalid_code")
        self.used.add(code)
        self.slack.grant(team, scopes)
        return {
            "access_token": team.token,
            "token_type": "bot",
            "scope": ",".join(sorted(scopes)),
            "bot_user_id": team.bot.id,
            "app_id": self.slack.app_id,
            "team": {"id": team.id, "name": team.name},
            "enterprise": None,
            "authed_user": {"id": next((user.id for user in team.people()), "U0")},
            "is_enterprise_install": False,
        }
