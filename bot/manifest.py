"""The app's manifest: `manifest.yml` is the truth, this prints it for a transport and a prefix."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

FILE = Path(__file__).parent.parent / "manifest.yml"
EVENTS_PATH = "/slack/events"
"""The one path that Slack calls, whatever it has to say."""

_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,15}")


class BadManifest(ValueError):
    """What was asked for can't be put into a manifest; the text says what would do."""


def load() -> dict[str, Any]:
    """The manifest as it stands: Socket Mode, commands without a prefix."""
    manifest: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return manifest


def build(*, http: str | None = None, prefix: str = "") -> dict[str, Any]:
    """The manifest for Socket Mode, or for HTTP at that public address.

    A prefix tells apart two bots that share command names: `acme-` makes `/acme-opp`.
    """
    manifest = load()
    for command in manifest["features"]["slash_commands"]:
        command["command"] = prefixed(command["command"], prefix)
    if http is not None:
        _over_http(manifest, _endpoint(http))
    return manifest


def prefixed(command: str, prefix: str) -> str:
    if prefix and not _PREFIX.fullmatch(prefix):
        raise BadManifest(
            f"The prefix {prefix!r} can't begin a command: take up to 16 lower-case letters, "
            "digits, - and _, such as acme-."
        )
    return f"/{prefix}{command.removeprefix('/')}"


def scopes() -> frozenset[str]:
    return frozenset(load()["oauth_config"]["scopes"]["bot"])


def events() -> frozenset[str]:
    return frozenset(load()["settings"]["event_subscriptions"]["bot_events"])


def commands() -> frozenset[str]:
    return frozenset(one["command"] for one in load()["features"]["slash_commands"])


def as_yaml(manifest: Mapping[str, Any]) -> str:
    """What people paste into "Create an app from a manifest"."""
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
