"""Brings a database to the tables that this version knows, and says when one is behind."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from store.database import engine_url, make_engine
from store.errors import Busy
from store.together import AWAY

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(url: str) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - Alembic is loaded only when migrating.

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Runs the migrations that are missing; each in a transaction of its own."""
    from alembic import command  # noqa: PLC0415 - see _config.

    try:
        command.upgrade(_config(url), "head")
    except OperationalError as error:
        raise Busy(AWAY) from error


def newest() -> str:
    """The revision that this version knows: the last file of versions/, by its date."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("2*.py"))


def revision(url: str) -> str | None:
    """The revision a database is at; None when it has none yet. Costs no Alembic."""
    from sqlalchemy import inspect, text  # noqa: PLC0415 - rarely needed.

    engine = make_engine(url, writer=False, size=1)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return str(found) if found else None
    except OperationalError as error:
        raise Busy(AWAY) from error
    finally:
        engine.dispose()


def is_embedded(url: str) -> bool:
    return engine_url(url).get_backend_name() == "sqlite"


def is_newer(found: str | None) -> bool:
    """Whether this revision is one that this version doesn't know yet."""
    return found is not None and not (MIGRATIONS / "versions" / f"{found}.py").exists()


def is_behind(url: str) -> bool:
    return revision(url) != newest()
