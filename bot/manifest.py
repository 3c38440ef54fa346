"""The app's manifest: `manifest.yml` is the truth, this prints it for a transport and a prefix."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.settings import PREFIX

FILE = Path(__file__).parent.parent / "manifest.yml"
EVENTS_PATH = "/slack/events"
"""The one path that Slack calls, whatever it has to say."""

REDIRECT_PATH = "/slack/oauth_redirect"
"""Where Slack sends people back after they allowed the bot in their workspace."""


class BadManifest(ValueError):
    """What was asked for can't be put into a manifest; the text says what would do."""


def load() -> dict[str, Any]:
    """The manifest as it stands: Socket Mode, commands without a prefix."""
    import yaml  # noqa: PLC0415 - loaded when it is printed, not when the bot runs.

    manifest: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return manifest


def build(*, http: str | None = None, prefix: str = "", oauth: bool = False) -> dict[str, Any]:
    """The manifest for Socket Mode, or for HTTP at that public address; with `oauth` other
    workspaces can install the app there.

    A prefix tells apart two bots that share command names: `acme-` makes `/acme-opp`.
    """
    manifest = load()
    for command in manifest["features"]["slash_commands"]:
        command["command"] = prefixed(command["command"], prefix)
    if http is not None:
        _over_http(manifest, _endpoint(http))
    if oauth:
        _for_many(manifest, http)
    return manifest


def prefixed(command: str, prefix: str) -> str:
    if prefix and not PREFIX.fullmatch(prefix):
        raise BadManifest(
            f"The prefix {prefix!r} can't begin a command: take up to 16 lower-case letters, "
            "digits, - and _, such as acme-."
        )
    return f"/{prefix}{command.removeprefix('/')}"


def shortcuts() -> frozenset[str]:
    """Their callback ids."""
    return frozenset(one["callback_id"] for one in load()["features"]["shortcuts"])


def scopes() -> frozenset[str]:
    return frozenset(load()["oauth_config"]["scopes"]["bot"])


def events() -> frozenset[str]:
    return frozenset(load()["settings"]["event_subscriptions"]["bot_events"])


def commands() -> frozenset[str]:
    return frozenset(one["command"] for one in load()["features"]["slash_commands"])


def as_yaml(manifest: Mapping[str, Any]) -> str:
    """What people paste into "Create an app from a manifest"."""
    import yaml  # noqa: PLC0415 - see load.

    return yaml.safe_dump(dict(manifest), sort_keys=False, allow_unicode=True, width=100)


def _endpoint(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise BadManifest(
            f"{url!r} is not an address that Slack could call: write it like "
            "https://dealthread.example.com"
        )
    base = url.rstrip("/")
    return base if base.endswith(EVENTS_PATH) else base + EVENTS_PATH


def _for_many(manifest: dict[str, Any], http: str | None) -> None:
    """Slack sends people back over HTTPS only, and lets no app of Socket Mode be distributed."""
    if http is None or not http.startswith("https://"):
        raise BadManifest(
            "Other workspaces install the app over HTTPS: add --http with an address like "
            "https://dealthread.example.com"
        )
    base = _endpoint(http).removesuffix(EVENTS_PATH)
    manifest["oauth_config"] = {
        "redirect_urls": [base + REDIRECT_PATH],
        **manifest["oauth_config"],
    }


def _over_http(manifest: dict[str, Any], endpoint: str) -> None:
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"] = {"request_url": endpoint, **settings["event_subscriptions"]}
    # Over HTTP alone Slack wants an address for the choices of external selects.
    settings["interactivity"] |= {
        "request_url": endpoint,
        "message_menu_options_url": endpoint,
    }
    for command in manifest["features"]["slash_commands"]:
        command["url"] = endpoint
