"""The migrations make exactly the tables that the code knows, on both databases."""

from alembic import command
from sqlalchemy import inspect

from store import migrate
from store.database import make_engine


def test_alembic_check_finds_nothing_to_migrate(migrated_url: str) -> None:
    command.check(migrate._config(migrated_url))


def test_a_migrated_database_is_not_behind(migrated_url: str) -> None:
    assert not migrate.is_behind(migrated_url)
    migrate.upgrade(migrated_url)
    assert migrate.revision(migrated_url) == migrate.newest()


def test_an_empty_database_is_behind(database_url: str) -> None:
    assert migrate.is_behind(database_url)


def test_the_migrations_can_be_taken_back(migrated_url: str) -> None:
    command.downgrade(migrate._config(migrated_url), "base")
    engine = make_engine(migrated_url, writer=False, size=1)
    try:
        assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    finally:
        engine.dispose()
