"""Asks the bot for the options of its external selects, and gathers what other selects offer."""

import asyncio
from collections.abc import Sequence

from bot.demo.adapter.bus import Bus, NoAnswer
from bot.demo.adapter.elements import EXTERNAL, Key, Lists, elements_of, kind
from bot.demo.adapter.text import Json
from bot.demo.workspace import Workspace

_LONGEST_QUERY = 1


class Options:
    def __init__(self, workspace: Workspace, bus: Bus) -> None:
        self._workspace = workspace
        self._bus = bus

    async def lists(
        self,
        blocks: Sequence[Json],
        person: str | None,
        *,
        here: str | None = None,
        source: Json | None = None,
    ) -> Lists:
        """What these blocks' selects offer; `source` is the view or message they stand in."""
        user = person or self._workspace.people[0].id
        asked = {
            (block["block_id"], element["action_id"]): element
            for block in blocks
            for element in elements_of(block)
            if kind(element) in EXTERNAL
            # Slack asks once so many characters are typed (3 if not said); before, nothing.
            and int(element.get("min_query_length", 3)) <= _LONGEST_QUERY
        }
        found = await asyncio.gather(*(self.ask(key, "", user, source) for key in asked))
        return Lists(
            tz=self._workspace.tz_of(person),
            people=[(one.id, one.real_name) for one in self._workspace.people],
            channels=[(one.id, one.name) for one in self._workspace.channels],
            here=here,
            answered=dict(zip(asked, found, strict=True)),
        )

    async def ask(self, key: Key, value: str, person: str, source: Json | None) -> list[Json]:
        """The bot's answer to what a person typed; none when it gives none."""
        request = {
            "type": "block_suggestion",
            **base(self._workspace),
            "user": user_object(self._workspace, person),
            "block_id": key[0],
            "action_id": key[1],
            "value": value,
            **(source or {}),
        }
        try:
            told = await self._bus.deliver("interactive", request)
        except NoAnswer:
            return []
        groups = told.get("option_groups") or ()
        grouped = [option for group in groups for option in group.get("options") or ()]
        return [*(told.get("options") or ()), *grouped]


def base(workspace: Workspace) -> Json:
    return {
        "api_app_id": workspace.app_id,
        "token": "verification-token",
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def user_object(workspace: Workspace, user_id: str) -> Json:
    person = workspace.person(user_id)
    name = person.name if person else user_id
    return {"id": user_id, "username": name, "name": name, "team_id": workspace.team_id}
