"""A channel that several read at once, as after a start of two copies: each keeps what it read."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from store.database import Store
from store.usecases.card import channels
from store.usecases.card.channels import PRIVATE, Channel
from tests.store.crm import TEAM, Crm

VIP, THREADS, TIMES = "C0VIP", 8, 12


@pytest.mark.postgres
def test_who_is_in_it_is_kept_by_whoever_reads_it(migrated_postgresql_url: str) -> None:
    crm = Crm(Store(migrated_postgresql_url))
    vip = Channel(workspace_id=TEAM, id=VIP, name="vip", kind=PRIVATE, bot_in=True)
    members = [crm.alice.id, crm.bob.id, crm.carol.id]

    def read(_turn: int) -> None:
        for _ in range(TIMES):
            crm.store.write_now(channels.know, vip, crm.now, members)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(read, range(THREADS)))
    for who in members:
        assert crm.store.read_now(channels.is_member, TEAM, VIP, who)
    crm.store.close()
