"""What rides with the buttons, rows and forms of tasks."""

from dataclasses import dataclass

from handlers.payload import Payload


@dataclass(frozen=True, slots=True)
class TaskOrigin(Payload):
    """Where a task's form was opened: the answer goes back to that channel, and the page below it
    is drawn anew. `link` and `author` are of the message that the task is made from.
    """

    channel_id: str | None = None
    page: str | None = None
    link: str | None = None
    author: str | None = None
