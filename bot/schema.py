"""The tables of the database: brought up to date by itself, or by whoever runs the server."""

from bot.errors import CannotRun
from store import migrate
from store.errors import Busy

AWAY = (
    "The database can't be reached. Look whether it runs, and whether DATABASE_URL is right: its "
    "host, its user, its password, its folder."
)


class Behind(CannotRun):
    """The database's tables are of another version; the text says what to do."""


def prepare(url: str) -> None:
    """An embedded database is brought up to date by itself; a server's only when told to, since
    other copies may be running on it. Neither is taken back to an older version.
    """
    try:
        found = migrate.revision(url)
    except Busy as error:
        raise CannotRun(AWAY) from error
    if found == migrate.newest():
        return
    if migrate.is_newer(found):
        raise Behind(
            f"The database is of a newer Dealthread ({found}). Install that version, or set "
            "DATABASE_URL to another database."
        )
    if not migrate.is_embedded(url):
        raise Behind("The database is not up to date. Run `dealthread migrate`, then start again.")
    migrate.upgrade(url)
