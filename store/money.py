"""Money: integer minor units with an ISO 4217 currency, read and shown as people write it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Money:
    minor: int
    currency: str

    def share(self, percent: int) -> "Money":
        """That many per cent of it, halves rounded up, as people round money."""
        return Money((self.minor * percent + 50) // 100, self.currency)
