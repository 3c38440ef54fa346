"""What listeners work with; the composition root has the real ones."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from handlers.answer import How
from handlers.views.blocks import Json, Message
from store.database import Store
from store.person.person import Actor
from store.usecases.card.channels import Channel


class Directory(Protocol):
    """Who people are and what channels are; the composition root has the real one."""

    async def actor(self, workspace_id: str, user_id: str, team_id: str | None) -> Actor: ...
    async def know(self, workspace_id: str, user_id: str) -> None: ...
    async def name(self, workspace_id: str, user_id: str) -> str: ...
    async def keep(self, workspace_id: str, user: dict[str, Any]) -> None: ...
    async def channel(self, workspace_id: str, channel_id: str) -> Channel: ...
    async def reread(self, workspace_id: str, channel_id: str) -> Channel: ...
    def forget(self, workspace_id: str, user_id: str | None = None) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """A private word, or a view to bring up to date, after the answer; told by delivery."""

    workspace_id: str
    user_id: str
    message: Message | None = None
    channel_id: str | None = None
    thread_ts: str | None = None
    response_url: str | None = None
    replace: bool = False
    view_id: str | None = None
    view: Json | None = None


class Meet(Protocol):
    """Gets to know the names of people, later: nobody waits for it."""

    def __call__(self, workspace_id: str, people: Iterable[str]) -> None: ...


class OpenView(Protocol):
    """Opens, pushes or updates a modal; false when it did not come to stand."""

    async def __call__(
        self, workspace_id: str, view: Json, how: How, *, trigger_id: str, view_id: str
    ) -> bool: ...


@dataclass(frozen=True, slots=True)
class Services:
    """What listeners work with."""

    store: Store
    directory: Directory
    open_view: OpenView
    whisper: Callable[[Whisper], None]
    meet: Meet
    clock: Callable[[], datetime]
    installation_ended: Callable[[], None]
    """To be called once that is saved: the workspace's next request is then turned away."""
    prefix: str = ""
    """What the names of our commands begin with in Slack, where two bots want the same ones."""
