"""Pictures of figures on their way to a person: drawn, uploaded, then posted as any message.

A file that nobody was shown yet is seen by the bot alone; it is shown by a block of the message
that it is for. Slack takes it over some time after it says so: until then it refuses the block.
https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
"""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.delivery.render import Rendered
from bot.figures.painter import CannotDraw, Painter
from bot.slack import FAILURES, Slack, Trouble, reason, trouble
from handlers.views import figures as view
from handlers.views.blocks import Message
from handlers.views.text import Style
from store.database import Store
from store.figures import Figures, Span
from store.outbox.outbox import Job
from store.usecases.figures import pictures

log = logging.getLogger(__name__)

PATIENCE = 5
"""So often it is tried; then it is said in one line that there is none."""
TAKEN = (0.5, 1.0, 1.5)
"""Seconds between looks at whether Slack has taken the file over."""
NAME = "figures.png"
PASSING = (Trouble.WAIT, Trouble.MAYBE, Trouble.NOT_SENT)
"""What a later try can mend; anything else would be refused again."""


class Pictures:
    def __init__(self, store: Store, slack: Slack, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.slack = slack
        self.clock = clock
        self.painter = Painter()
        self.busy = False
        """One is made at a time: whichever comes meanwhile is to come again."""

    async def rendered(self, job: Job, lessee: str) -> Rendered | None:
        """The message with the picture, which Slack has by then; None where there is none to be.
        Raises what a later try can mend.
        """
        self.busy = True
        try:
            return await self._rendered(job, lessee)
        finally:
            self.busy = False

    async def _rendered(self, job: Job, lessee: str) -> Rendered | None:
        said = job.data or {}
        user_id, span = str(said["user"]), Span(said["span"])
        now = self.clock()
        about = job.workspace_id, user_id, span, now
        shown = await self.store.read_patiently(pictures.to_show, *about)
        if shown is None:
            return None
        return Rendered(message=await self._message(job, lessee, shown), user_id=user_id)

    async def _message(self, job: Job, lessee: str, shown: Figures) -> Message:
        if job.attempts >= PATIENCE:
            log.warning("There is no picture for %s after %d tries", job.key, job.attempts)
            return view.sorry()
        style = Style(shown.workspace, shown.at)
        alt, drawing = view.alt(style, shown), view.drawing(style, shown)
        drawn, said = _mark(drawing), job.data or {}
        # What was drawn may be of deals that are not for these eyes any more.
        known = said.get("file") if said.get("drawn") == drawn else None
        try:
            file_id = known or await self._uploaded(job, drawing, alt)
            await self._completed(job, file_id)
            if known is None:
                await self.store.write(pictures.uploaded, job, lessee, file_id, drawn)
        except CannotDraw:
            return view.sorry()
        except FAILURES as error:
            if trouble(error) in PASSING:
                raise
            log.warning("Slack takes no picture for %s: %s", job.key, reason(error))
            return view.sorry()
        return view.pictured(shown, file_id, alt)

    async def _uploaded(self, job: Job, drawing: dict[str, Any], alt: str) -> str:
        """The id of the file, which Slack has the bytes of. Their address is good for once."""
        drawn = await self.painter.draw(drawing)
        client = self.slack.client(job.workspace_id)
        place = await client.files_getUploadURLExternal(
            filename=NAME, length=len(drawn), alt_txt=alt
        )
        file_id = str(place["file_id"])
        async with self.slack.session.post(str(place["upload_url"]), data=drawn) as answer:
            answer.raise_for_status()
        return file_id

    async def _completed(self, job: Job, file_id: str) -> None:
        """Asked again, it tells whether Slack knows by now what kind of file it is: only then a
        block can show it.
        """
        client = self.slack.client(job.workspace_id)
        files: list[dict[str, str | None]] = [{"id": file_id, "title": view.TITLE}]
        for pause in (*TAKEN, 0):
            answer = await client.files_completeUploadExternal(files=files)
            if all(one.get("filetype") for one in answer.get("files") or [{}]):
                return
            await asyncio.sleep(pause)

    def close(self) -> None:
        self.painter.close()


def _mark(drawing: dict[str, Any]) -> str:
    """Differs when what is to be drawn does."""
    return sha256(json.dumps(drawing).encode()).hexdigest()[:16]
