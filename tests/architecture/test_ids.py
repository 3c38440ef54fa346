"""Every id has one listener, and what the manifest asks Slack for is what is listened to."""

import ast
from collections import Counter
from pathlib import Path

from bot import manifest
from handlers import listeners
from handlers.ids import Action, Callback, Command, Shortcut

TABLES = Path(listeners.__file__)


def test_every_id_has_a_listener() -> None:
    assert set(listeners.COMMANDS) == set(Command)
    assert set(listeners.PRESSES) == set(Action)
    assert set(listeners.FORMS) == set(Callback)
    assert set(listeners.SHORTCUTS) == set(Shortcut)


def test_no_id_has_two_listeners() -> None:
    for node in ast.walk(ast.parse(TABLES.read_text("utf-8"))):
        if isinstance(node, ast.Dict):
            twice = [key for key, n in Counter(map(ast.unparse, node.keys)).items() if n > 1]
            assert not twice


def test_ids_are_a_noun_and_a_verb() -> None:
    for one in [*Action, *Callback, *Shortcut]:
        noun, _, verb = one.partition(".")
        assert noun.isalpha(), one
        assert one is Callback.NOTICE or verb.isalpha(), one


def test_the_manifest_has_the_commands_that_are_listened_to() -> None:
    assert manifest.commands() == {str(command) for command in listeners.COMMANDS}


def test_the_manifest_has_the_shortcuts_that_are_listened_to() -> None:
    assert manifest.shortcuts() == {str(shortcut) for shortcut in listeners.SHORTCUTS}


def test_the_manifest_has_the_events_that_are_listened_to() -> None:
    # Slack sends message.channels, message.groups and message.im as one event, "message".
    asked = {event.partition(".")[0] for event in manifest.events()}
    assert asked == set(listeners.EVENTS)
