"""What /metrics tells: read from the database when it is asked for, so copies agree."""

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from store.database import Store
from store.errors import Busy
from store.outbox import outbox
from store.usecases.delivery import upkeep


def exposition(store: Store, clock: Callable[[], datetime]) -> tuple[bytes, str]:
    """The figures as Prometheus reads them, and the content type that says so."""
    registry = CollectorRegistry()
    registry.register(Metrics(store, clock))
    return generate_latest(registry), CONTENT_TYPE_LATEST


class Metrics(Collector):
    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock

    def describe(self) -> Iterator[Metric]:
        yield from (self._rows(), self._digests())

    def collect(self) -> Iterator[Metric]:
        rows, digests = self._rows(), self._digests()
        try:
            backlog = self.store.read_now(upkeep.backlog, self.clock())
            late = self.store.read_now(upkeep.undecided, self.clock())
        except Busy:
            return
        for state in (outbox.DUE, outbox.SENDING, outbox.UNSURE, outbox.DEAD, outbox.UNKNOWN):
            rows.add_metric([state], backlog.get(state, 0))
        digests.add_metric([], late.count if late else 0)
        yield from (rows, digests)

    @staticmethod
    def _rows() -> GaugeMetricFamily:
        return GaugeMetricFamily(
            "dealthread_outbox_rows", "What waits to be shown in Slack, by state", labels=["state"]
        )

    @staticmethod
    def _digests() -> GaugeMetricFamily:
        return GaugeMetricFamily(
            "dealthread_digests_overdue", "Digests that are due for five minutes and not decided"
        )
