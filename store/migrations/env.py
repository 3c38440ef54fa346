"""How Alembic meets our tables; run by store/migrate.py and by `alembic check`."""

import os

from alembic import context

from store.database import engine_url, make_engine
from store.search import search
from store.tables import entries, machinery, records, recurring
from store.tables.columns import Base, spelled_out

assert entries and machinery and recurring and search and records  # noqa: S101, PT018 - their tables are part of the metadata.


def run() -> None:
    url = context.config.attributes.get("url") or os.environ["DATABASE_URL"]
    engine = make_engine(url, writer=True, size=1)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=spelled_out(Base.metadata),
            render_as_batch=engine_url(url).get_backend_name() == "sqlite",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
