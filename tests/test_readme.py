"""What the README says is so: its commands, its settings, its pictures and its transcript."""

import re
from pathlib import Path

import pytest

from bot.cli import app
from bot.demo.sample.sample import DEALS
from bot.demo.start import TO_TRY
from bot.settings import Settings
from handlers.grammar.requests import HELP, MENTIONS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PLAIN = re.sub(r"[*`]", "", README)


def table(heading: str) -> dict[str, str]:
    """The first table under a heading: its first column, and the last."""
    under = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [re.split(r"\s*\|\s*", line)[1:-1] for line in under.splitlines() if line[:1] == "|"]
    return {row[0]: row[-1] for row in rows[2:]}


def test_the_commands_are_those_of_the_help() -> None:
    known = {f"`{usage}`": meaning for rows in HELP.values() for usage, meaning in rows}
    assert table("Commands") == known


def test_what_is_asked_for_in_threads_is_that_of_the_help() -> None:
    assert table("In a card's thread") == {f"`{usage}`": meaning for usage, meaning in MENTIONS}


def test_every_setting_is_in_the_configuration() -> None:
    named = {name for cell in table("Configuration") for name in re.findall(r"`(\w+)`", cell)}
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_command_of_the_command_line_is_named() -> None:
    for command in app.registered_commands:
        name = command.name or (command.callback.__name__ if command.callback else "")
        assert re.search(rf"`(dealthread )?{name}\b|dealthread {name}\b", README), name


@pytest.mark.parametrize("target", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_what_is_linked_is_there(target: str) -> None:
    assert (ROOT / target).is_file()


def test_what_to_try_is_what_the_demo_prints() -> None:
    for line in TO_TRY:
        told = line.partition(".")[0].replace("Type ", "")
        assert told.split(" and open")[0].rstrip(",") in PLAIN


def test_the_demo_has_as_many_opportunities() -> None:
    assert f"{len(DEALS)} sample opportunities" in PLAIN.replace("\n", " ")


def test_the_make_targets_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"make ([a-z]+)", README):
        assert f"\n{target}:" in makefile
