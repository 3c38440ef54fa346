"""Rounds of what needs attention: looked at by a reader, then written, so that nobody who saves
something waits for a look at thousands of deals.
"""

from datetime import datetime

from store.database import Store
from store.usecases.attention import attention


async def make(store: Store, now: datetime) -> int:
    """Makes the rounds that are due; how many this copy made."""
    made = 0
    while due := await store.read(attention.due, now):
        for round_ in due:
            news = await store.read_patiently(attention.look, round_, now)
            made += await store.write(attention.tell, round_, news, now)
    return made
