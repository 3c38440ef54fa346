"""The words for what became of deals, alike in a digest and on the board that it opens."""

from collections.abc import Mapping

from handlers.views.text import Style
from store.digest.news import News, Told

WORDS: Mapping[News, str] = {
    News.WON: "won",
    News.LOST: "lost",
    News.NEW: "new",
    News.FORWARD: "moved forward",
    News.BACK: "moved back",
    News.REOPENED: "reopened",
    News.RETURNED: "back from a pause",
    News.PAUSED: "paused",
    News.SLIPPED: "with a later close date",
    News.UP: "up in value",
    News.DOWN: "down in value",
    News.REPRICED: "now in another currency",
}


def told_words(style: Style, told: Told) -> str:
    """`moved forward from Fri 21 Nov to Mon 24 Nov`, on one day only that."""
    first, last = style.local(told.since), style.local(told.until)
    day = style.weekday(last)
    when = f"on {day}" if first == last else f"from {style.weekday(first)} to {day}"
    return f"{WORDS[told.news]} {when}"
