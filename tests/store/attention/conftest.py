"""A workspace in London, whose mornings begin at nine there."""

import pytest

from store.usecases import workspaces
from tests.store.crm import DEALS, Crm


@pytest.fixture
def in_london(crm: Crm) -> None:
    said = workspaces.SetUp(deals_channel=DEALS, currency="GBP", tz="Europe/London")
    crm.store.write_now(workspaces.set_up, crm.alice, said, crm.now)
