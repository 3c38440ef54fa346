"""The shape of the code: imports point one way, files stay small, packages hold no code."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BELOW = {
    "bot": {"bot", "handlers", "store"},
    "handlers": {"handlers", "store"},
    "store": {"store"},
}
"""What each layer may import: bot → handlers → store."""

STRANGERS = {
    "bot": {"tests"},
    "handlers": {"aiohttp", "alembic", "os", "psycopg", "sqlalchemy", "tests"},
    "store": {"aiohttp", "slack_bolt", "slack_sdk", "tests"},
}
"""What a layer must not know of: Slack's API below the handlers, SQL and environment in them."""

LINES = 350
FUNCTION_LINES = 40
VERSIONS = "store/migrations/versions/"
"""Migrations are records of what was done: long if that was much, and never tidied up."""

TABLES_OF_CONTENTS: set[str] = set()
CATCHES_EVERYTHING = {"handlers/listening.py"}
READS_ENVIRONMENT = {"bot/settings.py", "store/migrations/env.py"}
CLOCKS = {"datetime.now", "dt.datetime.now", "dt.date.today", "date.today", "time.time"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@cache
def nodes(name: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(text(name), name)))


def sources(*folders: str) -> list[str]:
    return sorted(
        str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*.py")
    )


def imported(name: str) -> Iterator[str]:
    """The top packages that a file imports anywhere, also within functions."""
    for node in nodes(name):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." if node.level else str(node.module).partition(".")[0]


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_imports_point_one_way() -> None:
    upward = [
        f"{name} imports {top}"
        for name in sources(*BELOW)
        for top in imported(name)
        if top in (BELOW.keys() | {"."}) - BELOW[name.partition("/")[0]]
    ]
    assert not upward


def test_layers_do_not_know_what_is_not_their_business() -> None:
    strange = [
        f"{name} imports {top}"
        for name in sources(*STRANGERS)
        for top in imported(name)
        if top in STRANGERS[name.partition("/")[0]] and name not in READS_ENVIRONMENT
    ]
    assert not strange


def test_only_the_settings_read_the_environment() -> None:
    """The demo hands on its whole environment to the programs that it starts: it reads none."""
    read = [
        f"{name}:{node.lineno}"
        for name in sources(*BELOW)
        for node in nodes(name)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
        if name not in READS_ENVIRONMENT and not name.startswith("bot/demo/")
    ]
    assert not read


def test_the_time_of_day_is_told_from_outside() -> None:
    own = [
        f"{name}:{node.lineno}"
        for name in sources("handlers", "store")
        for node in nodes(name)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS
    ]
    assert not own


def test_files_are_small() -> None:
    large = {
        name: text(name).count("\n")
        for name in sources(*BELOW, "tests")
        if text(name).count("\n") >= LINES and not name.startswith(VERSIONS)
    }
    assert not large


def test_functions_are_short() -> None:
    long = [
        f"{name}:{node.lineno} {node.name} has {length(node)} lines"
        for name in sources(*BELOW)
        for node in nodes(name)
        if isinstance(node, Function) and length(node) >= FUNCTION_LINES
        if not name.startswith(VERSIONS)
    ]
    assert not long


def test_every_module_begins_with_a_sentence() -> None:
    silent = [
        name for name in sources(*BELOW, "tests") if not ast.get_docstring(ast.parse(text(name)))
    ]
    assert not silent


def test_packages_hold_no_code_but_the_tables_of_contents() -> None:
    code = [
        f"{name}:{node.lineno}"
        for name in sources(*BELOW)
        for node in ast.parse(text(name)).body
        if name.endswith("__init__.py") and name not in TABLES_OF_CONTENTS
        if not isinstance(node, ast.Expr)
    ]
    assert not code


def test_only_one_place_catches_everything() -> None:
    broad = [
        f"{name}:{node.lineno}"
        for name in sources(*BELOW)
        for node in nodes(name)
        if isinstance(node, ast.ExceptHandler) and name not in CATCHES_EVERYTHING
        if node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
    ]
    assert not broad
