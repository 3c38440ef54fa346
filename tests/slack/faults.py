"""Faults that a test orders in advance: for calls of the bot, and for what is delivered to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Fault:
    """What goes wrong with a Web API call.

    `error`: answered `ok: false`, nothing done. `status`: that HTTP status, nothing done.
    `retry_after`: 429. `refuse`: the connection is closed before anything is done.
    `lose_answer`: it is done, then the connection is closed. `hang`: nothing is done, and nothing
    answered for so many seconds. `delay`: it is done, and the answer comes so much later.
    """

    error: str | None = None
    status: int | None = None
    retry_after: int | None = None
    refuse: bool = False
    lose_answer: bool = False
    hang: float | None = None
    delay: float = 0.0
    times: float = 1
    when: Callable[[Mapping[str, Any]], bool] | None = None
    hits: int = 0

    def stop(self) -> None:
        self.times = 0


@dataclass(slots=True)
class DeliveryFault:
    """What goes wrong with something sent to the app.

    `duplicate`: sent so many times more. `delay`: sent so many seconds later. `hold`: kept until
    something else was delivered, or until `release()`. `lose_answer`: the app's acknowledgement
    never arrives. `drop`: the app never gets it, and Slack sees a timeout.
    """

    kind: str | None = None
    duplicate: int = 0
    delay: float = 0.0
    hold: bool = False
    lose_answer: bool = False
    drop: bool = False
    times: float = 1


@dataclass(slots=True)
class Faults:
    """The orders of one test; `latency` makes every call of the Web API that much slower."""

    latency: float = 0.0
    _calls: dict[str, list[Fault]] = field(default_factory=dict)
    _deliveries: list[DeliveryFault] = field(default_factory=list)

    def next(self, method: str, **what: Any) -> Fault:
        """Order a fault for the next call (`times` calls) of a method; "*" is any method."""
        fault = Fault(**what)
        self._calls.setdefault(method, []).append(fault)
        return fault

    def always(self, method: str, **what: Any) -> Fault:
        """Order a fault for all calls of a method, until `fault.stop()`."""
        return self.next(method, times=float("inf"), **what)

    def delivering(self, kind: str | None = None, **what: Any) -> DeliveryFault:
        """Order a fault for the next delivery of a kind: event, command, interactive, options."""
        fault = DeliveryFault(kind=kind, **what)
        self._deliveries.append(fault)
        return fault

    def clear(self) -> None:
        self.latency = 0.0
        self._calls.clear()
        self._deliveries.clear()

    def of_call(self, method: str, args: Mapping[str, Any]) -> Fault | None:
        if not self._calls:
            return None
        for fault in [*self._calls.get(method, ()), *self._calls.get("*", ())]:
            if fault.times > 0 and (fault.when is None or fault.when(args)):
                fault.times -= 1
                fault.hits += 1
                return fault
        return None

    def of_delivery(self, kind: str) -> DeliveryFault | None:
        for fault in self._deliveries:
            if fault.times > 0 and fault.kind in {None, kind}:
                fault.times -= 1
                return fault
        return None
