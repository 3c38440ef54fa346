"""Figures in words: a private message, the same as a page, and the message of their picture."""

import re
from collections.abc import Iterable

from handlers.ids import Action, Callback
from handlers.views.blocks import (
    Json,
    Message,
    actions,
    context,
    fields,
    modal,
    option,
    section,
    select,
    words,
)
from handlers.views.pipeline.totals import bar
from handlers.views.tabs import packed
from handlers.views.text import DOT, Style, clip, counted, instant, plain
from store.figures import (
    ENOUGH,
    OWNERS,
    REASONS,
    Figures,
    OwnerFigures,
    Span,
    StageFigures,
    Worth,
    rate,
)

TITLE = "Figures"
PICTURE_FOLLOWS = "A picture of these comes in your direct messages."
SORRY = "The picture of these figures can't be shown just now. The words have it all."
WIN_RATE, AVERAGE, CYCLE, WORTH = "Win rate", "Average value", "Cycle time", "Value won"
STAGES, REASONS_HEAD, OWNERS_HEAD = "Time in each stage", "Lost reasons", "By owner"
NOUNS = (WIN_RATE, WORTH, AVERAGE, CYCLE, STAGES, REASONS_HEAD, OWNERS_HEAD)
"""What stands in bold; docs/figures.md defines each."""

_ALT = 1_000
"""Slack takes so many characters as the description of a file."""
_CURRENCIES, _OWNER_CURRENCIES = 4, 2
_LABEL, _REASON, _NAME = 12, 20, 60
_BLOCK = re.compile(r"figures:(\d{1,16}):")


def message(style: Style, shown: Figures, asked: int) -> Message:
    """For whoever asked; `asked` tells this request from others of theirs."""
    return Message(_headline(shown), _blocks(style, shown, asked))


def page(style: Style, shown: Figures, asked: int) -> Json:
    """Below its own title, and the period that is chosen in it."""
    _, *blocks = _blocks(style, shown, asked)
    return modal(TITLE, blocks, callback=Callback.FIGURES_PAGE, close="Close")


def asked_in(block_id: str) -> int | None:
    """Of which request the row of that id is; None when it is no row of figures."""
    found = _BLOCK.match(block_id)
    return int(found[1]) if found else None


def _headline(shown: Figures) -> str:
    """`Figures this quarter: 38 won, 52 lost`."""
    return f"{_title(shown)}: {shown.won:,} won, {shown.lost:,} lost"


def _title(shown: Figures) -> str:
    if shown.span is Span.ALL_TIME:
        return f"{TITLE} of all time"
    return f"{TITLE} {shown.span.phrase}"


def _blocks(style: Style, shown: Figures, asked: int) -> list[Json]:
    head = [section(f"*{_title(shown)}*"), context(_about(style, shown))]
    head.append(_tools(style, shown, asked))
    if not shown.enough:
        return [*head, section(_too_few(style, shown))]
    return [
        *head,
        _sums(style, shown),
        section(f"*{STAGES}*\n{_stage_lines(style, shown)}"),
        *_reasons(shown),
        *_owners(style, shown),
        context(PICTURE_FOLLOWS),
    ]


def _about(style: Style, shown: Figures) -> str:
    """`1 Oct – 31 Dec · only deals that you can see · as of 14:02`."""
    days = shown.days
    when = [f"{style.day(days.first)} – {style.day(days.last)}"] if days else []
    whose = "only deals that you can see" if when else "Only deals that you can see"
    return DOT.join([*when, whose, f"as of {instant(shown.at)}"])


def _tools(style: Style, shown: Figures, asked: int) -> Json:
    spans = [option(one.value.capitalize(), one.value) for one in Span]
    chosen = select(Action.FIGURES_SPAN, spans, shown.span.value, "Period")
    return actions(chosen, block_id=f"figures:{asked}:{int(style.now.timestamp() * 1000):x}")


def _too_few(style: Style, shown: Figures) -> str:
    """The counts, and why there is no more."""
    if not shown.closed:
        return f"No deals were closed {shown.span.phrase}."
    were = "deal was" if shown.closed == 1 else "deals were"
    said = f"Only {shown.closed:,} {were} closed {shown.span.phrase}: too few to say more."
    return f"{said}\n{shown.won:,} won{_for(style, shown.worths)}, {shown.lost:,} lost."


def _for(style: Style, worths: tuple[Worth, ...]) -> str:
    return f" ({_totals(style, worths, _CURRENCIES)})" if worths else ""


def _sums(style: Style, shown: Figures) -> Json:
    share = f"{rate(shown.won, shown.closed)}%\n{shown.won:,} won, {shown.lost:,} lost"
    return fields(
        (WIN_RATE, share),
        (CYCLE, _cycle(shown)),
        (WORTH, _totals(style, shown.worths, _CURRENCIES, apart="\n") or "None with a value"),
        (AVERAGE, _averages(style, shown)),
    )


def _cycle(shown: Figures) -> str:
    if shown.cycle is None:
        return "None was won"
    return f"{counted(shown.cycle, 'day')}\nmedian, from opened to won"


def _averages(style: Style, shown: Figures) -> str:
    lines = [f"{style.money(one.average)} of {one.count:,} won" for one in _cut(shown.worths)]
    lines += [f"{shown.unpriced:,} won without a value"] if shown.unpriced else []
    return "\n".join(lines) or "None was won"


def _cut(worths: tuple[Worth, ...]) -> tuple[Worth, ...]:
    return worths[:_CURRENCIES]


def _totals(style: Style, worths: tuple[Worth, ...], most: int, apart: str = ", ") -> str:
    """Side by side, never added up."""
    said = [style.money(one.total) for one in worths[:most]]
    more = len(worths) - most
    said += [counted(more, "more currency", "more currencies")] if more > 0 else []
    return apart.join(said)


def _stage_lines(style: Style, shown: Figures) -> str:
    labels = [plain(style.label(one.stage), _LABEL) for one in shown.stages]
    wide = max(map(len, labels))
    most = max(one.days or 0 for one in shown.stages)
    return "\n".join(
        _stage_line(one, label.ljust(wide), most)
        for one, label in zip(shown.stages, labels, strict=True)
    )


def _stage_line(one: StageFigures, label: str, most: int) -> str:
    """`Lead  ████░░░░░░ 12 days · 40 entered, 38 left`."""
    took = counted(one.days, "day") if one.days is not None else "none left it"
    moves = f"{one.entered:,} entered, {one.left:,} left"
    return f"{bar(label, one.days or 0, most)} {took}{DOT}{moves}"


def _reasons(shown: Figures) -> list[Json]:
    if not shown.reasons:
        return []
    named, rest = shown.reasons[:REASONS], shown.reasons[REASONS:]
    labels = [plain(" ".join(reason.split()), _REASON) or "None given" for reason, _ in named]
    wide, most = max(map(len, labels)), named[0][1]
    lines = [
        f"{bar(label.ljust(wide), count, most)} {count:,}"
        for label, (_, count) in zip(labels, named, strict=True)
    ]
    if rest:
        others = counted(len(rest), "other reason")
        lines.append(f"{others}: {sum(count for _, count in rest):,}")
    return packed([f"*{REASONS_HEAD}*", *lines])


def _owners(style: Style, shown: Figures) -> list[Json]:
    named, rest = shown.owners[:OWNERS], shown.owners[OWNERS:]
    lines = [_owner_line(style, one) for one in named]
    if rest:
        won, lost = sum(one.won for one in rest), sum(one.lost for one in rest)
        lines.append(f"{counted(len(rest), 'other')}{DOT}{won:,} won, {lost:,} lost")
    return packed([f"*{OWNERS_HEAD}*", *lines])


def _owner_line(style: Style, one: OwnerFigures) -> str:
    """`Alice · 12 won, 8 lost · 60% · £54,000`; a rate only where there is enough to have one."""
    who = clip(one.owner.name, _NAME) if one.owner else "Nobody"
    said = [who, f"{one.won:,} won, {one.lost:,} lost"]
    said += [f"{rate(one.won, one.closed)}%"] if one.closed >= ENOUGH else []
    worth = _totals(style, one.worths, _OWNER_CURRENCIES)
    return DOT.join([*said, worth] if worth else said)


def pictured(shown: Figures, file_id: str, alt: str) -> Message:
    """The message of the picture that Slack has as that file."""
    title = words(_title(shown), 150)
    image: Json = {
        "type": "image",
        "slack_file": {"id": file_id},
        "alt_text": alt,
        "title": title.to_dict(),
    }
    return Message(_headline(shown), [image, context(f"As of {instant(shown.at)}")])


def sorry() -> Message:
    """In one line, where there is no picture to show."""
    return Message(SORRY, [context(SORRY)])


def alt(style: Style, shown: Figures) -> str:
    """What the picture shows, said in words, for whoever doesn't see it."""
    months = (
        f"{style.month(one.first)} {one.won:,} won, {one.lost:,} lost" for one in shown.months
    )
    days = (
        f"{style.label(one.stage)} {one.days:,}" for one in shown.stages if one.days is not None
    )
    moves = (f"{style.label(one.stage)} {one.entered:,} and {one.left:,}" for one in shown.stages)
    said = (
        f"{_headline(shown)}. By month: {_series(months)}. Median days in each stage: "
        f"{_series(days)}. Entered and left each stage: {_series(moves)}."
    )
    return plain(said, _ALT)


def _series(parts: Iterable[str]) -> str:
    return "; ".join(parts) or "none"


def drawing(style: Style, shown: Figures) -> Json:
    """What is to be drawn: words and numbers. A label comes with another one, for fonts that can't
    write it.
    """
    return {
        "title": [_title(shown), TITLE],
        "months": [
            [[style.month(one.first), f"{one.first:%m/%y}"], one.won, one.lost]
            for one in shown.months
        ],
        "stages": [
            [[style.label(one.stage), one.stage.label], one.days, one.entered, one.left]
            for one in shown.stages
        ],
    }
