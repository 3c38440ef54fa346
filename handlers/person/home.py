"""Listeners on Home: somebody looks at it."""

from collections.abc import Mapping
from typing import Any

from handlers.answer import NOTHING, Answer
from handlers.listening import Heard
from store.usecases.person import homes


async def opened(heard: Heard) -> Answer:
    """Shown as it now is; the Messages tab, which is told of too, is Slack's own. Who they are is
    read first: what they see goes by that.
    """
    event: Mapping[str, Any] = heard.body.get("event") or {}
    if event.get("tab") != "home":
        return NOTHING
    user_id = str(event["user"])
    await heard.services.directory.actor(heard.workspace_id, user_id, None)
    await heard.services.store.write(homes.opened, heard.workspace_id, user_id, heard.now)
    return NOTHING
