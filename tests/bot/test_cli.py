"""The command line: what it prints, how it says no, and that it starts quickly."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot import cli, manifest
from bot.settings import BadSettings, Settings
from store import migrate
from tests.bot.transfer.sheets import staffed, written

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


@pytest.mark.parametrize("wrong", [("--http", "crm"), ("--prefix", "A b"), ("--oauth",)])
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


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine where only the database is set."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///crm.db")
    return tmp_path


def test_records_go_in_and_out_by_file(alone: Path) -> None:
    # Not by the command: Alembic would keep the output that this runner closes.
    migrate.upgrade("sqlite:///crm.db")
    staffed("sqlite:///crm.db").close()
    written(alone, "Name,Value,Owner,Region\nAcme renewal,12k,U1,EMEA\n")
    code, said = run("import", "deals.csv", "--dry-run")
    assert (code, "1 opportunity and 0 contacts. Nothing was changed." in said) == (0, True)
    code, said = run("import", "deals.csv")
    assert (code, "Imported 1 opportunity and 0 contacts." in said) == (0, True)
    code, said = run("export", "out.jsonl")
    assert (code, said) == (0, "Exported 2 records to out.jsonl.\n")
    assert '"name": "Acme renewal"' in (alone / "out.jsonl").read_text("utf-8")
    code, said = run("export", "-", "--of", "opportunities")
    assert "1,Acme renewal," in said


@pytest.mark.parametrize("command", [("import", "none.csv"), ("export", "x.csv")])
def test_without_a_workspace_it_says_what_to_do(
    alone: Path, command: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["dealthread", *command])
    with pytest.raises(SystemExit, match="Start `dealthread run` once"):
        cli.main()


def test_the_doctor_ends_with_1_when_something_is_wrong(alone: Path) -> None:
    code, said = run("doctor")
    assert code == 1
    assert "✗ Settings: SLACK_BOT_TOKEN is missing" in said
    assert "✓ Database: sqlite:///crm.db will be brought up to date at the next start." in said


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
