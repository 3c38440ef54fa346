"""The manifest: valid by Slack's schema, and no more in it than the bot has a use for."""

import ast
import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot import manifest
from bot.manifest import BadManifest
from handlers.grammar import grammar
from handlers.grammar.words import Context
from handlers.ids import Command
from tests.slack.facts import EVENTS, METHODS

SCHEMA = json.loads(
    (Path(__file__).parent.parent / "architecture" / "manifest.schema.json").read_text("utf-8")
)
BOT = Path(manifest.__file__).parent


def called() -> set[str]:
    """Every Web API method that the bot's code calls: `client.chat_postMessage` and the like."""
    known = {name.replace(".", "_"): name for name in METHODS}
    nodes = [
        node for path in BOT.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))
    ]
    return {
        known[node.attr] for node in nodes if isinstance(node, ast.Attribute) and node.attr in known
    }


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"prefix": "acme-"},
        {"http": "https://crm.example.com"},
        {"http": "https://crm.example.com/slack/events", "prefix": "a"},
    ],
)
def test_every_manifest_is_valid_by_slacks_schema(asked: dict[str, str]) -> None:
    printed = manifest.as_yaml(manifest.build(**asked))
    jsonschema.validate(yaml.safe_load(printed), SCHEMA)


def test_socket_mode_is_the_default_and_names_no_address() -> None:
    built = manifest.build()
    assert built["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(built)


def test_http_sends_everything_to_one_address() -> None:
    built = manifest.build(http="https://crm.example.com/")
    address = "https://crm.example.com/slack/events"
    assert built["settings"]["socket_mode_enabled"] is False
    assert built["settings"]["event_subscriptions"]["request_url"] == address
    assert built["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": address,
        "message_menu_options_url": address,
    }
    assert {one["url"] for one in built["features"]["slash_commands"]} == {address}


def test_a_prefix_renames_every_command() -> None:
    built = manifest.build(prefix="acme-")
    named = {one["command"] for one in built["features"]["slash_commands"]}
    assert named == {f"/acme-{command[1:]}" for command in Command}


def test_many_workspaces_are_sent_back_to_the_same_address() -> None:
    built = manifest.build(http="https://crm.example.com/slack/events", oauth=True)
    jsonschema.validate(built, SCHEMA)
    assert built["oauth_config"]["redirect_urls"] == [
        "https://crm.example.com/slack/oauth_redirect"
    ]
    assert "redirect_urls" not in manifest.build(http="https://crm.example.com")["oauth_config"]


@pytest.mark.parametrize("http", [None, "http://crm.example.com"])
def test_many_workspaces_need_https(http: str | None) -> None:
    with pytest.raises(BadManifest, match="add --http with an address like https://"):
        manifest.build(http=http, oauth=True)


@pytest.mark.parametrize("prefix", ["/", "Acme", "a b", "-", "x" * 17, "ü"])
def test_a_prefix_that_slack_would_not_take_is_refused(prefix: str) -> None:
    with pytest.raises(BadManifest, match="can't begin a command"):
        manifest.build(prefix=prefix)


@pytest.mark.parametrize(
    "url", ["", "crm.example.com", "ftp://crm.example.com", "https://", "https://x.example/?a=1"]
)
def test_an_address_that_slack_could_not_call_is_refused(url: str) -> None:
    with pytest.raises(BadManifest, match="https://"):
        manifest.build(http=url)


def test_the_commands_are_the_ones_that_are_registered() -> None:
    assert manifest.commands() == set(Command)


def test_every_command_says_what_it_does_and_tells_people_apart() -> None:
    for one in _commands():
        assert one["should_escape"] is True
        assert one["description"]
        assert "help" in one["usage_hint"]


def test_every_usage_that_is_hinted_at_is_understood() -> None:
    """A word that nobody reads would be refused with the right form."""
    here = Context(today=date(2026, 11, 23), currency="GBP", locale="en_GB", labels={})
    for one in _commands():
        for words in one["usage_hint"].strip("[]").split(" | "):
            assert grammar.parse(Command(one["command"]), words, here)


def test_every_event_is_one_that_the_scopes_allow() -> None:
    granted = manifest.scopes()
    for event in manifest.events():
        assert not EVENTS[event] or granted.intersection(EVENTS[event]), event


def test_every_call_has_a_scope() -> None:
    granted = manifest.scopes()
    for method in called():
        scopes = METHODS[method].scopes
        assert not scopes or granted.intersection(scopes), method


def test_no_scope_is_without_a_use() -> None:
    used = {"commands"}
    for event in manifest.events():
        used.update(EVENTS[event])
    for method in called():
        used.update(METHODS[method].scopes)
    assert manifest.scopes() <= used


def _commands() -> list[dict[str, Any]]:
    commands: list[dict[str, Any]] = manifest.load()["features"]["slash_commands"]
    return commands
