"""The command line. What a command needs is imported when it runs, so that each starts quickly."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import CannotRun
from bot.settings import BadSettings
from store.errors import Refusal

if TYPE_CHECKING:
    from store.database import Store

app = typer.Typer(
    name="dealthread",
    help="A deal pipeline that lives in Slack.",
    no_args_is_help=True,
    add_completion=False,
    # Rich's tracebacks show variables, and with them tokens.
    pretty_exceptions_enable=False,
)


@app.callback()
def _commands() -> None:
    """A deal pipeline that lives in Slack."""


@app.command()
def manifest(
    *,
    http: Annotated[
        str | None,
        typer.Option(metavar="URL", help="For HTTP at this public address, not Socket Mode."),
    ] = None,
    prefix: Annotated[
        str,
        typer.Option(metavar="WORD-", help="Begin every command with this: acme- for /acme-opp."),
    ] = "",
    oauth: Annotated[
        bool, typer.Option("--oauth", help="Let other workspaces install it; needs --http.")
    ] = False,
) -> None:
    """Print the app's manifest, to paste where Slack makes an app "from a manifest"."""
    from bot.manifest import BadManifest, as_yaml, build  # noqa: PLC0415 - See the first line.

    try:
        typer.echo(as_yaml(build(http=http, prefix=prefix, oauth=oauth)), nl=False)
    except BadManifest as error:
        raise typer.BadParameter(str(error)) from None


@app.command()
def run(
    *,
    forget_tokens: Annotated[
        bool,
        typer.Option(
            "--forget-tokens",
            help="SECRET_KEY was lost: drop the tokens that it doesn't open; each of those "
            "workspaces installs Dealthread anew.",
        ),
    ] = False,
) -> None:
    """Run the bot: over Socket Mode when SLACK_APP_TOKEN is set, else over HTTP."""
    import asyncio  # noqa: PLC0415 - See the first line.
    import gc  # noqa: PLC0415

    gc.disable()  # What is loaded now stays: to look through it would be lost. See serve.
    from bot.logs import configure  # noqa: PLC0415
    from bot.serve import serve  # noqa: PLC0415
    from bot.settings import Settings  # noqa: PLC0415

    settings = Settings()
    configure(settings.log_level, settings.log_format)
    asyncio.run(serve(settings, forget_tokens=forget_tokens))


@app.command()
def demo(
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where its web page is; 0 is any free port.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
    tour: Annotated[
        bool, typer.Option("--tour", help="Play the whole journey as two people, and end.")
    ] = False,
) -> None:
    """A throwaway Slack on this machine with the bot and sample data in it."""
    import asyncio  # noqa: PLC0415 - See the first line.

    from bot.demo import start  # noqa: PLC0415
    from bot.logs import configure  # noqa: PLC0415

    configure("warning", "text")
    if not tour:
        asyncio.run(start.show(port=port, browser=not no_browser, say=typer.echo))
    elif not asyncio.run(start.play(port=port, say=typer.echo)):
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Look at settings, tokens, scopes, database, clock and outbox; say what to do about each."""
    import asyncio  # noqa: PLC0415 - See the first line.

    from bot.upkeep.checkup import checkup  # noqa: PLC0415

    if not asyncio.run(checkup(typer.echo)):
        raise typer.Exit(1)


class What(StrEnum):
    """The kinds of records that `export` knows."""

    OPPORTUNITIES = "opportunities"
    CONTACTS = "contacts"
    HISTORY = "history"
    ACTIVITIES = "activities"
    TASKS = "tasks"
    COMMENTS = "comments"


_WORKSPACE = typer.Option(metavar="NAME", help="Which one, by name or ID, when there are several.")


@app.command("export")
def export_(
    file: Annotated[Path, typer.Argument(help="deals.csv, deals.jsonl, or - to print CSV.")],
    *,
    of: Annotated[
        What | None,
        typer.Option(help="CSV has one kind, by default opportunities; JSON lines have all."),
    ] = None,
    workspace: Annotated[str | None, _WORKSPACE] = None,
) -> None:
    """Write a workspace's records to a file: CSV, or JSON lines."""
    from bot.transfer.transfer import export, one_workspace  # noqa: PLC0415 - See the first line.

    with _store() as store:
        count = export(store, one_workspace(store, workspace), file, of.value if of else None)
    typer.echo(f"Exported {count:,} records to {file}.", err=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV or JSON lines, with the columns' names.")],
    *,
    workspace: Annotated[str | None, _WORKSPACE] = None,
    owner: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who owns what names no owner.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look, change nothing.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also if this very file was imported before.")
    ] = False,
) -> None:
    """Take in contacts and opportunities from a file; all mistakes in it are told at once."""
    from bot.transfer import importing  # noqa: PLC0415 - See the first line.

    with _store() as store:
        asked = importing.Asked(file, workspace, owner, dry_run=dry_run, again=again)
        for line in importing.run(store, asked):
            typer.echo(line)


@contextmanager
def _store() -> Iterator["Store"]:
    """The database that DATABASE_URL names, up to date."""
    from bot.schema import prepare  # noqa: PLC0415 - See the first line.
    from bot.settings import StoreSettings  # noqa: PLC0415
    from store.database import Store  # noqa: PLC0415

    url = StoreSettings().database_url.get_secret_value()
    prepare(url)
    store = Store(url)
    try:
        yield store
    finally:
        store.close()


@app.command()
def migrate() -> None:
    """Bring the database that DATABASE_URL names up to date."""
    from bot.settings import StoreSettings  # noqa: PLC0415 - See the first line.
    from store import migrate as migrations  # noqa: PLC0415

    url = StoreSettings().database_url.get_secret_value()
    migrations.upgrade(url)
    typer.echo(f"The database is up to date: {migrations.revision(url)}.")


def main() -> None:
    """Run a command; what is wrong with the settings is told in plain words, all at once."""
    try:
        app()
    except BadSettings as error:
        sys.exit(told(error))
    except (CannotRun, Refusal) as error:
        sys.exit(str(error))


def told(error: BadSettings) -> str:
    listed = "\n".join(f"  - {mistake}" for mistake in error.mistakes)
    count = "One setting needs" if len(error.mistakes) == 1 else "Some settings need"
    return f"{count} a look, in the environment or in .env:\n{listed}"


if __name__ == "__main__":
    main()
