"""Every id is registered once, and every id that is registered is one of ids.py."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from handlers.ids import Action, Callback, Command

HANDLERS = Path(__file__).parent.parent.parent / "handlers"
NAMED = {"Command": Command, "Action": Action, "Callback": Callback}
KINDS = {
    "command": Command,
    "action": Action,
    "block_action": Action,
    "view": Callback,
    "view_submission": Callback,
}
"""The methods of Bolt's app that register a listener, and the ids that they take."""


def registrations() -> list[tuple[str, str]]:
    """(method, id) of each `app.method(…Kind.NAME…)` in the handlers."""
    found = []
    for path in sorted(HANDLERS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in {*KINDS, "options"} and ast.unparse(node.func.value) == "app":
                found.extend((node.func.attr, name) for name in ids_in(node.args))
    return found


def ids_in(arguments: list[ast.expr]) -> list[str]:
    """The names of ids among arguments, also within `pattern(…)`: `Action.STATUS_PRESS`."""
    return [
        ast.unparse(node)
        for argument in arguments
        for node in ast.walk(argument)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in NAMED
    ]


@pytest.fixture(scope="module")
def registered() -> list[tuple[str, str]]:
    found = registrations()
    if not found:
        pytest.skip("no listener is registered yet")
    return found


def test_ids_are_registered_once(registered: list[tuple[str, str]]) -> None:
    twice = [one for one, count in Counter(registered).items() if count > 1]
    assert not twice


def test_every_id_has_a_listener(registered: list[tuple[str, str]]) -> None:
    heard = {name for _, name in registered}
    silent = {f"{kind.__name__}.{one.name}" for kind in NAMED.values() for one in kind} - heard
    # A notice has no submit, so nothing ever comes back from it.
    assert silent <= {"Callback.NOTICE", "Callback.OPPORTUNITY_PAGE", "Callback.CONTACT_PAGE"}


def test_ids_are_registered_as_what_they_are(registered: list[tuple[str, str]]) -> None:
    for method, name in registered:
        if method in KINDS:
            assert name.startswith(KINDS[method].__name__), f"app.{method}({name})"
