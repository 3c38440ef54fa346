"""A person at the local Slack without a browser: acts by what can be read, as the tour does."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.demo.workspace import Person as Someone
from bot.demo.workspace import Workspace

Json = dict[str, Any]

_WAIT = 15
_LOOK = 0.05
_LINK = re.compile(r"<(?:[^|>]*\|)?([^>]*)>")
_NAMES = {f"#{channel.id}": f"#{channel.name}" for channel in Workspace().channels}
_NAMES |= {f"@{person.id}": f"@{person.real_name}" for person in Workspace().people}


class NotSeen(Exception):
    """What somebody looked for and did not find, as a sentence."""


@dataclass
class Room:
    """The local Slack as its web page reaches it: one line for all people who sit at it."""

    url: str
    channel: str
    session: aiohttp.ClientSession
    page: aiohttp.ClientWebSocketResponse
    form: Json = field(default_factory=dict)
    errors: Json = field(default_factory=dict)
    _told: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Keeps the form that is shown, and what it says is wrong, until the page is closed."""
        async for message in self.page:
            said = message.json()
            if said.get("t") == "view":
                self.form, self.errors = (said["stack"] or [{}])[-1], {}
            elif said.get("t") == "view_errors":
                self.errors = said["errors"]
            else:
                continue
            self._told.set()

    async def told(self) -> None:
        """Waits for the next word about a form."""
        await self._told.wait()
        self._told.clear()

    def forget(self) -> None:
        self._told.clear()

    async def messages(self, channel: str | None = None) -> list[Json]:
        path = f"_control/messages/{channel or self.channel}"
        async with self.session.get(f"{self.url}/{path}") as answer:
            found: list[Json] = (await answer.json())["messages"]
            return found

    async def direct(self, user_id: str) -> list[Json]:
        """What the bot and that person said directly; each says in which channel."""
        async with self.session.get(f"{self.url}/_control/state") as answer:
            channels = (await answer.json())["channels"]
        theirs = [one["id"] for one in channels if one["is_im"] and user_id in one["members"]]
        return [one | {"channel": at} for at in theirs for one in await self.messages(at)]

    async def post(self, path: str, body: Json) -> None:
        whole = {"channel": self.channel, **body}
        async with self.session.post(f"{self.url}/_control/{path}", json=whole) as answer:
            answer.raise_for_status()


class Person:
    """What one person does and sees in the room. Words name the newest message that says them."""

    def __init__(self, room: Room, someone: Someone) -> None:
        self.room = room
        self.id = someone.id
        self.name = someone.first_name

    async def command(self, words: str) -> None:
        self.room.forget()
        command, _, text = words.partition(" ")
        await self.room.post("command", {"user": self.id, "command": command, "text": text})

    async def reply(self, words: str, to: Json) -> None:
        """Writes in the thread of that message."""
        said = {"channel": self.room.channel, "user": self.id, "text": words}
        thread = to.get("thread_ts") or to["ts"]
        await self.room.page.send_json({"t": "post_message", **said, "thread_ts": thread})

    async def sees(self, *words: str, thread: bool = False) -> Json:
        """The newest message that says all of these, waited for; in a thread, or not."""

        def matches(message: Json) -> bool:
            here = bool(message.get("thread_ts")) is thread
            return here and self._may_see(message) and all(one in text(message) for one in words)

        return await self._seen(matches, " and ".join(f'"{one}"' for one in words))

    def _may_see(self, message: Json) -> bool:
        said_to = str(message.get("username") or "").partition(", to ")[2]
        return said_to in ("", self.name)

    async def hears(self, *words: str) -> Json:
        """The newest private word to this person that says all of these."""

        def matches(message: Json) -> bool:
            said_to = str(message.get("username") or "").partition(", to ")[2]
            return said_to == self.name and all(one in text(message) for one in words)

        return await self._seen(matches, " and ".join(f'"{one}"' for one in words))

    async def is_told(self, *words: str) -> Json:
        """The newest direct message to this person that says all of these."""

        def matches(message: Json) -> bool:
            return all(one in text(message) for one in words)

        what = " and ".join(f'"{one}"' for one in words)
        return await self._seen(matches, what, directly=True)

    async def _seen(self, matches: Any, what: str, *, directly: bool = False) -> Json:
        room = self.room
        try:
            async with asyncio.timeout(_WAIT):
                while True:
                    said = await (room.direct(self.id) if directly else room.messages())
                    for message in reversed(said):
                        if matches(message):
                            return message
                    await asyncio.sleep(_LOOK)
        except TimeoutError:
            raise NotSeen(f"{self.name} looked for {what} and did not see it.") from None

    async def press(self, label: str, on: Json, row: str = "") -> None:
        """A button of that message as it was read, however it has changed since; of the row that
        says `row`, or below it.
        """
        for block, element in _from(row, on):
            if element.get("type") == "button" and _says(element.get("text")) == label:
                action = {"value": element.get("value")} if "value" in element else {}
                await self._interact(on, block, element, action)
                return
        raise NotSeen(f'{self.name} found no button "{label}".')

    async def choose(self, option: str, on: Json, row: str = "") -> None:
        """An entry of a menu of that message; of the row that says `row`, as on the board, or below
        it, as in the list of digests.
        """
        for block, element in _from(row, on):
            for one in element.get("options") or ():
                if _says(one.get("text")) == option:
                    await self._interact(on, block, element, {"selected_option": one})
                    return
        raise NotSeen(f'{self.name} found no menu with "{option}".')

    async def _interact(self, on: Json, block: Json, element: Json, action: Json) -> None:
        self.room.forget()
        of_element = {one: element.get(one) for one in ("type", "action_id")}
        action = {**of_element, "block_id": block.get("block_id"), **action}
        where = {"channel": on["channel"]} if "channel" in on else {}
        body = {**where, "user": self.id, "messageTs": on["ts"], "action": action}
        await self.room.post("interact", body)

    async def form(self, title: str) -> Json:
        """The form of that title, waited for."""
        try:
            async with asyncio.timeout(_WAIT):
                while not _says(self.room.form.get("title")).startswith(title):
                    await self.room.told()
        except TimeoutError:
            raise NotSeen(f'{self.name} waited for the form "{title}".') from None
        return self.room.form

    async def submit(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Fills the fields by their labels and sends the form; what it says is wrong, by label."""
        filled = {
            block["block_id"]: {"answer": _answer(block, answers[_says(block["label"])])}
            for block in self.room.form["blocks"]
            if block.get("type") == "input" and _says(block["label"]) in answers
        }
        if len(filled) < len(answers):
            raise NotSeen(f"{self.name} did not find all of {', '.join(answers)} in the form.")
        self.room.forget()
        await self.room.page.send_json({"t": "view_submit", "user": self.id, "values": filled})
        async with asyncio.timeout(_WAIT):
            await self.room.told()
        return dict(self.room.errors)


def text(message: Json) -> str:
    """All that one reads in a message, buttons and menus too."""
    said = [_words(block) for block in message.get("blocks") or ()]
    return "\n".join(said) if said else plain(str(message.get("text") or ""))


def plain(mrkdwn: str) -> str:
    """Without the signs that make it bold or a link."""
    unlinked = _LINK.sub(_shown, mrkdwn).replace("*", "").replace("`", "")
    return unlinked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(link: re.Match[str]) -> str:
    return _NAMES.get(link[1], link[1])


def _words(part: Any) -> str:
    if isinstance(part, list):
        return " ".join(filter(None, map(_words, part)))
    if not isinstance(part, dict):
        return ""
    if isinstance(part.get("text"), str):
        return plain(part["text"])
    shown = ("text", "fields", "elements", "accessory", "placeholder")
    return " ".join(filter(None, (_words(part.get(one)) for one in shown)))


def _from(row: str, on: Json) -> Iterator[tuple[Json, Json]]:
    """What can be pressed from the row on that says this."""
    blocks = on.get("blocks") or []
    first = next((at for at, one in enumerate(blocks) if row in text({"blocks": [one]})), 0)
    return _elements({"blocks": blocks[first:]})


def _elements(message: Json) -> Iterator[tuple[Json, Json]]:
    for block in message.get("blocks") or ():
        for element in [*(block.get("elements") or ()), block.get("accessory") or {}]:
            yield block, element


def _says(words: Any) -> str:
    return str(words.get("text") or "") if isinstance(words, dict) else ""


def _answer(block: Json, answer: str) -> Json:
    element = block["element"]
    kind = element["type"]
    if kind == "datepicker":
        return {"selected_date": answer}
    for one in element.get("options") or ():
        if _says(one["text"]) == answer:
            several = kind in ("checkboxes", "multi_static_select")
            return {"selected_options": [one]} if several else {"selected_option": one}
    if "options" in element:
        raise NotSeen(f'There is no "{answer}" to choose.')
    return {"value": answer}
