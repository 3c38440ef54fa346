"""What the tests of the bot share."""

from collections.abc import Iterator

import pytest

from store.database import Store
from tests.bot.transfer.sheets import staffed


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    made = staffed(migrated_url)
    yield made
    made.close()
