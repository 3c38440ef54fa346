"""A handover: what one person has that is not done yet, and who goes on with it."""

from dataclasses import dataclass

from store.person.person import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How many deals are open or paused, how many tasks are to be done, how many digests come."""

    deals: int = 0
    paused: int = 0
    tasks: int = 0
    digests: int = 0

    def __bool__(self) -> bool:
        return bool(self.deals or self.paused or self.tasks or self.digests)


@dataclass(frozen=True, slots=True)
class Handover:
    """`taker` is None while that is still to be chosen."""

    giver: Person
    taker: Person | None
    held: Held
