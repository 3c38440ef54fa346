"""The doctor's round: the settings first, since everything else goes by them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from bot.settings import BadSettings, Settings, StoreSettings
from bot.upkeep.doctor import Finding, database, examine


async def checkup(say: Callable[[str], None]) -> bool:
    """Says what it finds, a line each; whether nothing is wrong."""
    try:
        settings = Settings()
    except BadSettings as error:
        for mistake in error.mistakes:
            say(str(Finding(False, f"Settings: {mistake}")))
        await _database_alone(say)
        return False
    well = True
    async for finding in examine(settings, lambda: datetime.now(UTC)):
        say(str(finding))
        well = well and finding.ok is not False
    return well


async def _database_alone(say: Callable[[str], None]) -> None:
    """Where it can be said what the database is, it is looked at even so."""
    try:
        url = StoreSettings().database_url.get_secret_value()
    except BadSettings:
        return
    say(str(await asyncio.to_thread(database, url)))
