"""The command line. What a command needs is imported when it runs, so that each starts quickly."""

import sys
from typing import Annotated

import typer

from bot.errors import CannotRun
from bot.settings import BadSettings

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
def run() -> None:
    """Run the bot: over Socket Mode when SLACK_APP_TOKEN is set, else over HTTP."""
    import asyncio  # noqa: PLC0415 - See the first line.

    from bot.logs import configure  # noqa: PLC0415
    from bot.serve import serve  # noqa: PLC0415
    from bot.settings import Settings  # noqa: PLC0415

    settings = Settings()
    configure(settings.log_level, settings.log_format)
    asyncio.run(serve(settings))


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
    except CannotRun as error:
        sys.exit(str(error))


def told(error: BadSettings) -> str:
    listed = "\n".join(f"  - {mistake}" for mistake in error.mistakes)
    count = "One setting needs" if len(error.mistakes) == 1 else "Some settings need"
    return f"{count} a look, in the environment or in .env:\n{listed}"


if __name__ == "__main__":
    main()
