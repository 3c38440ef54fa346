"""What /metrics tells of a database."""

from datetime import timedelta

from bot.upkeep.metrics import exposition
from store.database import Store
from store.usecases.digest.turns import SETTLES
from tests.store.crm import Crm
from tests.store.digest.digesting import decided, instant, made


def test_what_waits_is_counted(migrated_url: str) -> None:
    crm = Crm(Store(migrated_url))
    made(crm)
    crm.now = instant(24, 9)
    assert b"dealthread_digests_overdue 0.0" in told(crm)
    crm.turn(minutes=6)
    assert b"dealthread_digests_overdue 1.0" in told(crm)
    decided(crm)
    assert b"dealthread_digests_overdue 0.0" in told(crm)
    assert b'dealthread_outbox_rows{state="due"} 1.0' in told(crm, SETTLES)
    crm.store.close()


def told(crm: Crm, later: timedelta = timedelta(0)) -> bytes:
    return exposition(crm.store, lambda: crm.now + later)[0]
