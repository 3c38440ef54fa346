"""A workspace without Slack, on each database."""

from collections.abc import Iterator

import pytest

from store.database import Store
from tests.store.crm import Crm


@pytest.fixture
def crm(migrated_url: str) -> Iterator[Crm]:
    store = Store(migrated_url)
    yield Crm(store)
    store.close()
