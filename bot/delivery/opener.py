"""Opens, stacks and redraws modals while the person waits: a trigger lives three seconds."""

import asyncio
import logging
from typing import Any

from bot.slack import FAILURES, Slack, reason
from handlers.answer import How

log = logging.getLogger(__name__)

OPENING = 2.0
"""Seconds; what takes longer would meet a dead trigger, and the person has to press again."""


class Opener:
    def __init__(self, slack: Slack) -> None:
        self.slack = slack

    async def __call__(
        self, workspace_id: str, view: dict[str, Any], how: How, *, trigger_id: str, view_id: str
    ) -> bool:
        """Whether it stands. A failure is logged and told, never raised: what was to be saved is
        saved.
        """
        client = self.slack.client(workspace_id)
        try:
            async with asyncio.timeout(OPENING):
                match how:
                    case "update":
                        await client.views_update(view_id=view_id, view=view)
                    case "push":
                        await client.views_push(trigger_id=trigger_id, view=view)
                    case _:
                        await client.views_open(trigger_id=trigger_id, view=view)
        except FAILURES as error:
            log.warning("A view did not open: %s %s", reason(error), error)
            return False
        return True
