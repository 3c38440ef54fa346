"""The digest: what changed since the last one, how the pipeline stands, what comes next."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers.digest.ids import DigestId
from handlers.ids import Action
from handlers.task.ids import TaskList
from handlers.views.blocks import (
    MESSAGE_CHARACTERS,
    Json,
    Message,
    actions,
    button,
    characters,
    context,
    header,
    section,
)
from handlers.views.digest import lines
from handlers.views.digest.headline import headline, since
from handlers.views.pipeline.board import filter_words
from handlers.views.pipeline.news import WORDS
from handlers.views.pipeline.query import open_board
from handlers.views.pipeline.totals import amounts, bar_lines, side_by_side, stage_lines
from handlers.views.pipeline.totals import headline as totals_line
from handlers.views.text import DAY_AND_CLOCK, DOT, Style, instant
from store.board import Closes, Query, Sort
from store.digest.content import Content, Expected, Group, When
from store.digest.digest import Part
from store.digest.news import News, Told

ROWS = 4
"""So many of a section are named at most; fewer where all of it would be too much to post."""

_SUMMED = frozenset({News.WON, News.LOST, News.NEW})
_LINES: Mapping[When, str] = {
    When.PASSED: "Date passed",
    When.LATER: "Later",
    When.NO_DATE: "No date",
}


def digest(style: Style, content: Content, *, preview: bool = False) -> Message:
    """What is posted, or with `preview` shown to one person. `style` is of the content's workspace,
    whose time zone is the digest's.
    """
    said = headline(style, content)
    if content.is_quiet:
        return Message(said, [_quiet(_Page(style, content, 0, preview), said)])
    rows, blocks = ROWS, _blocks(_Page(style, content, ROWS, preview), said)
    while characters(blocks) > MESSAGE_CHARACTERS and rows:
        rows -= 1
        blocks = _blocks(_Page(style, content, rows, preview), said)
    return Message(said, blocks)


@dataclass(frozen=True, slots=True)
class _Page:
    """What is drawn, with so many rows of each section."""

    style: Style
    content: Content
    rows: int
    preview: bool


def _quiet(page: _Page, said: str) -> Json:
    """Nothing to say is said in one line."""
    style, content = page.style, page.content
    stands = totals_line(style, content.totals, content.paused)
    if not (content.open or content.paused):
        stands = "Nothing is open"
    sentences = [said, *([stands] if Part.TOTALS in content.parts else []), *_facts(page)]
    return section(f"{'. '.join(sentences)}.", _whole(content))


def _whole(content: Content) -> Any:
    """Opens the board that it is about."""
    return open_board("Open board", Query(filter=content.filter), "digest")


def _blocks(page: _Page, said: str) -> list[Json]:
    content = page.content
    facts = _facts(page)
    blocks = [header(said), *([context(DOT.join(facts))] if facts else [])]
    for part in content.parts:
        blocks += _PARTS[part](page)
    settings = button("Settings", f"{Action.DIGEST_OPEN}:digest", DigestId(content.digest_id))
    blocks.append(actions(_whole(content), settings))
    return blocks


def _facts(page: _Page) -> list[str]:
    """Which deals it is about, and that it is late, or not posted."""
    style, content = page.style, page.content
    facts = ["Only you see this preview"] if page.preview else []
    narrowed = filter_words(style, content.filter, content.owner, content.contact)
    facts += [f"Only {narrowed}"] if narrowed else []
    if content.late_for:
        same_day = style.local(content.late_for) == style.today
        due = instant(content.late_for) if same_day else instant(content.late_for, DAY_AND_CLOCK)
        facts.append(f"Due at {due}, sent late")
    return facts


def _changes(page: _Page) -> list[Json]:
    content = page.content
    title = f"*Since {since(page.style, content)}*"
    if not content.groups:
        return [section(f"{title}\nNothing changed.")]
    first, *others = content.groups
    return [_group(page, first, title), *(_group(page, one) for one in others)]


def _group(page: _Page, group: Group, title: str = "") -> Json:
    style = page.style
    sums = [side_by_side(style, group.sums)] if group.news in _SUMMED and group.sums else []
    said = DOT.join([f"{group.total:,} {WORDS[group.news]}", *sums])
    rows = [lines.changed(style, group.news, row) for row in group.rows[: page.rows]]
    query = _query_of(page.content, group)
    return _listed([*([title] if title else []), said], rows, group.total, query, group.news)


def _query_of(content: Content, group: Group) -> Query:
    """Exactly these deals, whatever has become of them when somebody looks."""
    return Query(
        filter=content.filter,
        sort=Sort.NEWEST if group.news is News.NEW else Sort.CLOSING,
        told=Told(group.news, content.since, content.until),
    )


def _listed(head: Iterable[str], rows: Sequence[str], total: int, query: Query, name: str) -> Json:
    """Some of them, and a button for the rest."""
    more = total - len(rows)
    label = f"and {more:,} more" if rows else f"Show {more:,}"
    rest = open_board(label, query, name) if more > 0 else None
    return section("\n".join([*head, *rows]), rest)


def _totals(page: _Page) -> list[Json]:
    style, content = page.style, page.content
    text = f"*Now*  {totals_line(style, content.totals, content.paused)}"
    bars = f"\n{stage_lines(style, content.totals)}" if content.totals else ""
    return [section(f"{text}{bars}")]


def _forecast(page: _Page) -> list[Json]:
    if not page.content.forecast:
        return []
    rows = bar_lines(_expected(page.style, one) for one in page.content.forecast)
    return [section(f"*Forecast*\n{rows}")]


def _expected(style: Style, one: Expected) -> tuple[str, int, list[str]]:
    label = style.month(one.month) if one.month else _LINES[one.when]
    facts = amounts(style, one.sums)
    facts += [_unpriced(one)] if one.unpriced else []
    facts += [f"already won {side_by_side(style, one.won)}"] if one.won else []
    return label, one.count, facts


def _unpriced(one: Expected) -> str:
    """Where all of them are, their number stands before it."""
    every = one.unpriced == one.count
    return "without a value" if every else f"{one.unpriced:,} without a value"


def _closing(page: _Page) -> list[Json]:
    style, content, found = page.style, page.content, page.content.closing
    if not found.total:
        return []
    facts = DOT.join([f"{found.total:,}", *amounts(style, found.sums)])
    rows = [lines.closing(style, deal) for deal in found.rows[: page.rows]]
    query = Query(filter=replace(content.filter, closes=Closes.SOON))
    head = f"*Expected to close in the next 7 days*  {facts}"
    return [_listed([head], rows, found.total, query, "closing")]


def _attention(page: _Page) -> list[Json]:
    style, content, found = page.style, page.content, page.content.attention
    if not found.total:
        return []
    rows = [lines.pressing(style, deal) for deal in found.rows[: page.rows]]
    query = Query(filter=replace(content.filter, attention=True))
    head = f"*Needs attention*  {found.total:,}"
    return [_listed([head], rows, found.total, query, "attention")]


def _tasks(page: _Page) -> list[Json]:
    found = page.content.tasks
    if not found.total:
        return []
    rows = [lines.task(page.style, one) for one in found.rows[: page.rows]]
    more = found.total - len(rows)
    label = f"and {more:,} more" if rows else f"Show {more:,}"
    rest = button(label, f"{Action.TASK_LIST}:digest", TaskList(beside=True)) if more > 0 else None
    return [section("\n".join([f"*Overdue tasks*  {found.total:,}", *rows]), rest)]


_PARTS: Mapping[Part, Callable[[_Page], list[Json]]] = {
    Part.CHANGES: _changes,
    Part.TOTALS: _totals,
    Part.FORECAST: _forecast,
    Part.CLOSING: _closing,
    Part.ATTENTION: _attention,
    Part.TASKS: _tasks,
}
