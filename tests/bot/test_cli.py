"""The command line: what it prints, how it says no, and that it starts quickly."""

import subprocess
import sys

import pytest
import yaml
from typer.testing import CliRunner

from bot import cli, manifest
from bot.settings import BadSettings, Settings

HEAVY = ["aiohttp", "alembic", "babel", "dateparser", "rich", "slack_bolt", "sqlalchemy"]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, arguments)
    return result.exit_code, result.output


def test_without_a_command_it_shows_its_help() -> None:
    _, said = run()
    assert "A deal pipeline that lives in Slack." in said
    assert "manifest" in said


def test_the_manifest_is_printed_as_yaml() -> None:
    code, said = run("manifest")
    assert code == 0
    assert yaml.safe_load(said) == manifest.load()


def test_the_manifest_is_printed_for_http_with_a_prefix() -> None:
    code, said = run("manifest", "--http", "https://crm.example.com", "--prefix", "acme-")
    assert code == 0
    assert yaml.safe_load(said) == manifest.build(http="https://crm.example.com", prefix="acme-")


@pytest.mark.parametrize("wrong", [("--http", "crm"), ("--prefix", "A b")])
def test_a_manifest_that_would_not_do_is_refused(wrong: tuple[str, str]) -> None:
    code, said = run("manifest", *wrong)
    assert code == 2
    assert "Traceback" not in said


def test_wrong_settings_are_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def start() -> None:
        raise BadSettings(["SLACK_BOT_TOKEN is missing.", "PORT should be a whole number."])

    monkeypatch.setattr(cli, "app", start)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == (
        "Some settings need a look, in the environment or in .env:\n"
        "  - SLACK_BOT_TOKEN is missing.\n"
        "  - PORT should be a whole number."
    )


def test_one_wrong_setting_is_one() -> None:
    assert cli.told(BadSettings(["PORT is odd."])).startswith("One setting needs a look")


def test_every_setting_has_a_name_of_the_environment() -> None:
    assert {name.upper() for name in Settings.model_fields} >= {
        "DATABASE_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SLACK_APP_TOKEN",
        "SLACK_CLIENT_ID",
        "SLACK_CLIENT_SECRET",
        "SECRET_KEY",
        "SLACK_API_URL",
        "HOST",
        "PORT",
        "LOG_LEVEL",
        "LOG_FORMAT",
    }


def test_the_command_line_imports_little() -> None:
    asked = f"import sys, bot.cli; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(  # noqa: S603 - Our own interpreter.
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
