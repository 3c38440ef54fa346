"""Words on the screen: people's text made harmless, and money, days and instants as they read."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import quote

from store.money import Money, format_money, known_locale
from store.opportunity.status import Health, Status
from store.person.person import Person
from store.task.task import Due
from store.text import clean
from store.workspace import Workspace

DOT = " · "
"""Stands between the facts of one line."""

_TWINS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_QUOTE = re.compile(r"^([^\S\n]*)>", re.MULTILINE)
_ADDRESS_MAX = 500
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_COMMAND = re.compile(r"ˋ([/@][A-Za-z]+(?: [A-Za-z0-9#@]+:?)*)ˋ")
_GLUE = "\u200d\ufe0e\ufe0f\u20e3"
_SKINS = range(0x1F3FB, 0x1F400)
_DOTS: Mapping[Health, str] = {Health.GREEN: "🟢", Health.AMBER: "🟡", Health.RED: "🔴"}


def escape(text: str) -> str:
    """People's text for mrkdwn: read as typed, and nothing in it mentions, links or formats.

    Slack knows no escape for its formatting marks, and invisible characters beside them would
    travel with every copy. So marks become their typographic twins (`*` is `∗`), but only where
    Slack would act on them: an underscore within a word stays, as in an e-mail address.
    https://docs.slack.dev/messaging/formatting-message-text/#escaping
    """
    kept = _UNDERSCORE.sub("ˍ", clean(text).translate(_TWINS))
    return _isolated(_QUOTE.sub(r"\1›", kept).translate(_ENTITIES))


def _isolated(text: str) -> str:
    """Right-to-left words may not drag the numbers beside them to their other side."""
    if text.isascii() or not any(unicodedata.bidirectional(c) in ("R", "AL") for c in text):
        return text
    return "\n".join(f"\u2068{line}\u2069" if line else "" for line in text.split("\n"))


def clip(text: str, most: int) -> str:
    """People's text, escaped, in at most that many code points; an ellipsis says it was cut."""
    return _cut(clean(text), most, escape)


def sentence(text: str, most: int = 2_500) -> str:
    """A sentence of ours that may name people: escaped, but `/opp 12` stays set as a command."""
    return _COMMAND.sub(r"`\1`", clip(text, most))


def plain(text: str, most: int) -> str:
    """People's text for a plain_text object, where nothing is active, in at most so many."""
    return _cut(clean(text), most, str)


def parts(text: str, most: int, count: int) -> list[str]:
    """People's text, escaped, in at most so many pieces of so many code points each, broken where
    words end; an ellipsis says that it was cut.
    """
    left, found = clean(text), list[str]()
    while left and len(found) < count - 1:
        size = _end_of_part(left, most)
        found.append(escape(left[:size].rstrip()))
        left = left[size:].lstrip()
    return [*found, _cut(left, most, escape)] if left else found


def _end_of_part(text: str, most: int) -> int:
    fits = bisect_right(range(len(text)), most, key=lambda n: len(escape(text[: n + 1])))
    if fits == len(text):
        return fits
    word = max(text.rfind(space, fits // 2, fits) for space in " \n")
    while word < 0 and fits > 1 and _joined(text, fits):
        fits -= 1
    return word + 1 if word > 0 else fits


def _cut(text: str, most: int, shown: Callable[[str], str]) -> str:
    """What is shown of the longest beginning that fits; never half an entity or half an emoji."""
    if len(text) <= most and len(whole := shown(text)) <= most:
        return whole
    text = text[: most + 1]  # What is shown is never shorter: of a long text, no more is read.
    size = bisect_right(range(len(text)), most, key=lambda n: len(shown(text[:n] + "…"))) - 1
    while size > 0 and _joined(text, size):
        size -= 1
    return shown(text[: max(size, 0)].rstrip() + "…")


def _joined(text: str, at: int) -> bool:
    """Whether the characters before and after make one sign together."""
    after = text[at]
    glued = after in _GLUE or ord(after) in _SKINS or unicodedata.combining(after) != 0
    return glued or text[at - 1] == "\u200d"


def link(url: str, label: str) -> str:
    """A link with an escaped label; a bar would end the address early, so it gets its twin too.
    What is no address of the web, or longer than any of Slack's, which would leave no room for the
    rest, is the label alone.
    """
    if not url.startswith(("https://", "http://")) or len(url) > _ADDRESS_MAX:
        return label
    return f"<{_address(url)}|{label.replace('|', '∣')}>"


def _address(url: str) -> str:
    return "".join(quote(ch) if ch in "<|>" or ch.isspace() else ch for ch in url)


CLOCK = "{time}"
DAY_AND_CLOCK = "{date_short_pretty} {time}"


def instant(moment: datetime, form: str = CLOCK, to: str | None = None) -> str:
    """A moment that each reader sees in their own zone and clock; `form` in Slack's date tokens,
    `to` an address that it leads to.
    """
    utc = moment.astimezone(UTC)
    day = "" if form == CLOCK else f"{utc.day} {utc:%b %Y} "
    where = f"^{_address(to)}" if to and "^" not in to else ""
    return f"<!date^{int(moment.timestamp())}^{form}{where}|{day}{utc:%H:%M} UTC>"


@dataclass(frozen=True, slots=True)
class Style:
    """How this workspace reads: its locale, zone and labels, at one moment."""

    workspace: Workspace
    now: datetime

    @property
    def today(self) -> date:
        return self.local(self.now)

    def local(self, moment: datetime) -> date:
        """The calendar day of an instant, in the workspace's zone."""
        return moment.astimezone(self.workspace.zone).date()

    def money(self, money: Money) -> str:
        return escape(format_money(money, self.workspace.locale))

    def day(self, day: date) -> str:
        """`30 Nov`, with the year when it is not this one, in the locale's own order."""
        return _day(day, self.workspace.locale, with_year=day.year != self.today.year)

    def weekday(self, day: date) -> str:
        """`Fri 28 Nov`: of what is to be done, one asks first which day of the week it is."""
        return f"{_weekday(day.weekday(), self.workspace.locale)} {self.day(day)}"

    def month(self, day: date) -> str:
        """`Nov`, with the year when it is not this one."""
        return _month(day, self.workspace.locale, with_year=day.year != self.today.year)

    def label(self, status: Status) -> str:
        """The status as this workspace calls it, for plain_text; `named` is the same in mrkdwn."""
        return plain(self.workspace.label(status), 24) or status.label

    def named(self, status: Status) -> str:
        return escape(self.label(status))

    def dot(self, health: Health) -> str:
        return _DOTS[health]

    def person(self, person: Person | None) -> str:
        """A name as plain text: a mention would be a ping."""
        return clip(person.name, 80) if person else "Dealthread"


def due_words(style: Style, due: Due) -> str:
    """`Fri 28 Nov`; a moment is what each reader's own clock shows then."""
    return instant(due.at, DAY_AND_CLOCK) if due.at else style.weekday(due.on)


@lru_cache(maxsize=2048)
def _day(day: date, locale: str, *, with_year: bool) -> str:
    from babel.dates import format_skeleton  # noqa: PLC0415 - start-up imports little

    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return format_skeleton("yMMMd" if with_year else "MMMd", moment, locale=known_locale(locale))


@lru_cache(maxsize=512)
def _month(day: date, locale: str, *, with_year: bool) -> str:
    from babel.dates import format_skeleton  # noqa: PLC0415 - start-up imports little

    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    skeleton = "yMMM" if with_year else "MMM"
    return format_skeleton(skeleton, moment, locale=known_locale(locale))


@lru_cache(maxsize=512)
def _weekday(number: int, locale: str) -> str:
    from babel.core import Locale  # noqa: PLC0415 - start-up imports little

    names = Locale.parse(known_locale(locale)).days["stand-alone"]["abbreviated"]
    return str(names[number])


def counted(number: int, one: str, many: str = "") -> str:
    """`1 deal`, `2 deals`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
