"""The whole journey by itself, as two people: what each does, and what each sees of it."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta

import aiohttp

from bot.demo.person import Json, NotSeen, Person, Room, text
from bot.demo.running import Demo
from bot.demo.workspace import ALICE, BOB
from bot.errors import CannotRun

Say = Callable[[str], None]

_LONGEST = 180
_DEAL = "Fabrikam rollout"
_TASK = "Send the quote"
_SLOW = "Wayne Hospitals tender"
_SHOWN = 3


class TourFailed(CannotRun):
    """What did not happen."""


async def tour(demo: Demo, say: Say) -> None:
    """Plays it, on the sample data; raises TourFailed at the first thing that does not happen."""
    try:
        async with asyncio.timeout(_LONGEST), contextlib.AsyncExitStack() as parts:
            await _Tour(demo, await _room(demo, parts), say).play()
    except NotSeen as missing:
        raise TourFailed(f"The tour stopped: {missing}") from None
    except TimeoutError:
        raise TourFailed(f"The tour took longer than {_LONGEST} s and was stopped.") from None


async def _room(demo: Demo, parts: contextlib.AsyncExitStack) -> Room:
    session = await parts.enter_async_context(aiohttp.ClientSession())
    page = await parts.enter_async_context(session.ws_connect(f"{demo.url}/ui", max_msg_size=0))
    room = Room(demo.url, demo.workspace.channels[0].id, session, page)
    parts.callback(asyncio.create_task(room.listen()).cancel)
    return room


class _Tour:
    def __init__(self, demo: Demo, room: Room, say: Say) -> None:
        self.demo = demo
        self.say = say
        self.alice = Person(room, ALICE)
        self.bob = Person(room, BOB)
        self.close = demo.clock().date() + timedelta(days=30)

    async def play(self) -> None:
        scenes = (
            ("Alice sets Dealthread up", self._set_up),
            ("Alice adds a contact, and an opportunity from the contact's page", self._create),
            ("Bob moves it by a button, and takes that back", self._move_and_undo),
            ("Alice presses what Bob has just changed", self._stale),
            ("Alice logs a call, and gives Bob the next step", self._log_and_add),
            ("Bob writes in the thread, and does his task", self._comment_and_do),
            ("Alice has wins told in the channel too", self._tell_wins),
            ("Alice looks at what was done, and wins the deal", self._win),
            ("Bob loses one, and pauses another until it resumes", self._lose_and_pause),
            ("Alice reads the page and its timeline", self._page),
            ("Alice posts the pipeline, and Bob looks at his own", self._board),
            ("Bob moves a deal in its row, and the board shows it", self._live),
            ("Alice has a digest come here each weekday, and sends one now", self._digest),
            ("Bob is told which of his deals need attention, and snoozes one", self._attention),
            ("Alice looks at the figures of this year", self._figures),
        )
        for number, (title, scene) in enumerate(scenes, 1):
            self.say(f"\n{number}. {title}")
            await scene()

    def _does(self, person: Person, what: str) -> None:
        self.say(f"   {person.name} {what}")

    def _saw(self, person: Person, message: Json, words: tuple[str, ...] = ()) -> None:
        """The top of the message, and further down what was looked for."""
        lines = [line for line in text(message).splitlines() if line]
        found = [line for line in lines[_SHOWN:] if any(one in line for one in words)]
        self.say(f"   {person.name} sees{' in the thread' if message.get('thread_ts') else ''}:")
        for line in [*lines[:_SHOWN], *found]:
            self.say(f"     | {line}")

    async def _command(self, person: Person, words: str) -> None:
        self._does(person, f"types {words}")
        await person.command(words)

    async def _press(self, person: Person, label: str, on: Json, row: str = "") -> None:
        self._does(person, f"presses {label}")
        await person.press(label, on, row)

    async def _choose(self, person: Person, option: str, on: Json, row: str = "") -> None:
        self._does(person, f"chooses {option}")
        await person.choose(option, on, row)

    async def _sees(self, person: Person, *words: str, thread: bool = False) -> Json:
        message = await person.sees(*words, thread=thread)
        self._saw(person, message, words)
        return message

    async def _hears(self, person: Person, *words: str) -> Json:
        message = await person.hears(*words)
        self._saw(person, message, words)
        return message

    async def _fill(self, person: Person, title: str, **answers: str) -> None:
        """Fills the form of that title; what it should say of it is nothing."""
        filled = {name.replace("_", " "): answer for name, answer in answers.items()}
        await person.form(title)
        said = ", ".join(f"{name}: {answer}" for name, answer in filled.items())
        self._does(person, f"fills {title}: {said or 'nothing more'}")
        wrong = await person.submit(filled)
        if wrong:
            raise NotSeen(f'The form "{title}" said: {wrong}')

    async def _set_up(self) -> None:
        await self._command(self.alice, "/dealthread")
        welcome = await self._hears(self.alice, "keeps your deals in Slack")
        await self._press(self.alice, "Set up", welcome)
        await self._fill(self.alice, "Set up", Deals_channel="#deals")
        await self._hears(self.alice, "Cards go to", "GBP")

    async def _create(self) -> None:
        await self._command(self.alice, "/contact new Maria Lopez")
        await self._fill(self.alice, "New contact", Company="Fabrikam")
        added = await self._hears(self.alice, "Added Maria Lopez, Fabrikam")
        await self._press(self.alice, "Details", added)
        page = await self._hears(self.alice, "Maria Lopez", "Overview")
        await self._press(self.alice, "Opportunities", page)
        page = await self.alice.hears("✓ Opportunities")
        await self._press(self.alice, "New opportunity", page)
        close = self.close.isoformat()
        answers = {"Name": _DEAL, "Value": "12k", "Expected_close": close}
        await self._fill(self.alice, "New opportunity", **answers)
        card = await self._sees(self.alice, _DEAL, "£12,000", "✓ Lead")
        if "Maria Lopez, Fabrikam" not in text(card):
            raise NotSeen("The card does not name the contact.")
        await self._sees(self.alice, "Alice Anderson opened it", thread=True)

    async def _move_and_undo(self) -> None:
        await self._press(self.bob, "Quoting", await self.bob.sees(_DEAL, "✓ Lead"))
        await self._sees(self.bob, _DEAL, "✓ Quoting")
        line = "Bob Brown moved it from Lead to Quoting"
        await self._sees(self.bob, line, thread=True)
        await self._press(self.bob, "Undo", await self._hears(self.bob, f"Moved {_DEAL}"))
        await self._hears(self.bob, "Undone")
        await self._sees(self.bob, _DEAL, "✓ Lead")
        await self._sees(self.bob, f"~{line}~ undone by Bob Brown", thread=True)

    async def _stale(self) -> None:
        old = await self.alice.sees(_DEAL, "✓ Lead")
        await self._press(self.bob, "Quoting", await self.bob.sees(_DEAL, "✓ Lead"))
        await self.bob.sees(_DEAL, "✓ Quoting")
        await self._press(self.alice, "Pitching", old)
        told = await self._hears(self.alice, "Bob Brown moved it to Quoting", "nothing was changed")
        await self._press(self.alice, "Do it anyway", told)
        await self._sees(self.alice, _DEAL, "✓ Pitching")

    async def _log_and_add(self) -> None:
        card = await self.alice.sees(_DEAL, "✓ Pitching")
        await self._press(self.alice, "Log activity", card)
        answers = {"Type": "Call", "What_happened": "Maria wants three more seats"}
        await self._fill(self.alice, "Log activity", **answers)
        await self._hears(self.alice, f"Logged a call on {_DEAL}")
        await self._sees(self.alice, "Maria wants three more seats", thread=True)
        await self._press(self.alice, "Add task", card)
        answers = {"Title": _TASK, "Assignee": "Bob Brown", "Due_date": self.close.isoformat()}
        await self._fill(self.alice, "New task", **answers)
        await self._sees(self.alice, _TASK, "Bob Brown", thread=True)
        await self._sees(self.alice, _DEAL, f"Next: {_TASK}")

    async def _comment_and_do(self) -> None:
        said = "She has the budget for five"
        self._does(self.bob, f"writes in the thread: {said}")
        await self.bob.reply(said, await self.bob.sees(_DEAL, f"Next: {_TASK}"))
        await self.bob.sees(said, thread=True)
        await self._command(self.bob, "/task")
        await self._hears(self.bob, _TASK, _DEAL)
        task = await self.bob.sees(_TASK, "Done", thread=True)
        await self._press(self.bob, "Done", task)
        await self._sees(self.bob, f"~{_TASK}~", "Done by Bob Brown", thread=True)
        await self._press(self.bob, "Details", await self.bob.sees(_DEAL, "No next step"))
        page = await self.bob.hears("Opportunity #", _DEAL)
        await self._press(self.bob, "Timeline", page)
        timeline = await self._hears(self.bob, "✓ Timeline", said, "Maria wants three more seats")
        await self._press(self.bob, "Close", timeline)

    async def _tell_wins(self) -> None:
        await self._command(self.alice, "/dealthread settings")
        page = await self._hears(self.alice, "Settings", "no loud wins")
        await self._press(self.alice, "Edit", page, "no loud wins")
        await self._fill(self.alice, "Channel", Lines_that_also_go_to_the_channel="Won")
        await self._hears(self.alice, "Saved for #deals", "lines: won")

    async def _win(self) -> None:
        await self._command(self.alice, "/activity")
        await self._hears(self.alice, "Maria wants three more seats", _DEAL)
        await self._press(self.alice, "Won", await self.alice.sees(_DEAL, "✓ Pitching"))
        await self._fill(self.alice, "Won", Final_value="£11,500")
        await self._sees(self.alice, _DEAL, "Won on", "£11,500")
        line = f"{_DEAL}: Alice Anderson marked it won for £11,500"
        await self._sees(self.alice, line, thread=True)

    async def _lose_and_pause(self) -> None:
        await self._choose(self.bob, "Lost", await self.bob.sees("Globex Scotland", "Lead since"))
        await self._fill(self.bob, "Lost", Reason="Competitor", Note="They stay where they are")
        await self._sees(self.bob, "Globex Scotland", "Lost on", "Competitor")
        card = await self.bob.sees("Tyrell service plan", "✓ Closing")
        await self._choose(self.bob, "Pause", card)
        await self._fill(self.bob, "Pause")
        paused = await self._sees(self.bob, "Tyrell service plan", "Paused in Closing until")
        await self._press(self.bob, "Resume", paused)
        await self._sees(self.bob, "Tyrell service plan", "✓ Closing")

    async def _page(self) -> None:
        await self._press(self.alice, "Details", await self.alice.sees(_DEAL, "Won on"))
        page = await self._hears(self.alice, "Opportunity #", _DEAL)
        await self._press(self.alice, "Timeline", page)
        timeline = await self._hears(self.alice, "✓ Timeline", "Bob Brown: Lead → Quoting")
        await self._press(self.alice, "Close", timeline)

    async def _board(self) -> None:
        await self._command(self.alice, "/pipeline")
        await self.alice.sees("This board is no longer updated")
        board = await self._sees(self.alice, "Pipeline", "1–10 of")
        await self._press(self.alice, "Next", board)
        board = await self._sees(self.alice, "Pipeline", "11–")
        await self._choose(self.alice, "Weighted value", board)
        await self._sees(self.alice, "Pipeline", "1–10 of")
        await self._choose(self.bob, "Mine", await self.bob.sees("Pipeline", "1–10 of"))
        mine = await self._hears(self.bob, "Pipeline", "Only yours")
        await self._press(self.bob, "Filter", mine)
        await self._fill(self.bob, "Filter", Expected_close="Overdue")
        await self._hears(self.bob, "Only yours · overdue")

    async def _live(self) -> None:
        board = await self.bob.sees("Pipeline", "1–10 of", "Stark fleet tracking")
        await self._choose(self.bob, "Move to Closing", board, "Stark fleet tracking")
        await self._sees(self.bob, "Stark fleet tracking", "✓ Closing")
        board = await self.alice.sees("Pipeline", "Closing 0 days")
        self._saw(self.alice, board)

    async def _digest(self) -> None:
        await self._command(self.alice, "/pipeline digest")
        await self._press(self.alice, "Add digest", await self._hears(self.alice, "Digests in"))
        await self._fill(self.alice, "New digest")
        shown = await self._hears(self.alice, "Saved.", "Weekdays at 09:00", "All deals · next")
        await self._choose(self.alice, "Send now", shown, "Weekdays at 09:00")
        await self._sees(self.bob, "Pipeline, ", _DEAL, "Settings")

    async def _attention(self) -> None:
        told = await self.bob.is_told("Needs attention", _SLOW)
        self._saw(self.bob, told, (_SLOW,))
        await self._choose(self.bob, "1 week", told, _SLOW)
        self._saw(self.bob, await self.bob.is_told(_SLOW, "Snoozed until"), ("Snoozed until",))

    async def _figures(self) -> None:
        await self._command(self.alice, "/pipeline stats this year")
        await self._hears(self.alice, "Figures this year", "Win rate", "Lost reasons")
