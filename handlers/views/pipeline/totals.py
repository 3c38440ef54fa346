"""The pipeline in numbers: the head line of the board and its bars, each currency by itself."""

from collections.abc import Iterable, Sequence

from handlers.views.text import DOT, Style, counted, escape, plain
from store.board import Board, StageTotal, Sum
from store.money import Money

_CURRENCIES = 3
_BAR = 10
_LABEL = 12
_NO_BREAK = "\u00a0"
_FIGURE = "\u2007"  # A space as wide as a digit.


def heading(style: Style, board: Board) -> str:
    """Of what a digest told, only how many there are: much of it may be closed."""
    if board.query.told:
        return counted(board.matching, "opportunity", "opportunities")
    return headline(style, board.totals, board.paused)


def headline(style: Style, totals: Sequence[StageTotal], paused: int) -> str:
    """`42 open · £1,204,000 · weighted £458,200 · 6 paused`."""
    parts = [f"{sum(one.count for one in totals):,} open", *amounts(style, _added(totals))]
    without = sum(one.unpriced for one in totals)
    parts += [f"{without:,} without a value"] if without else []
    parts += [f"{paused:,} paused"] if paused else []
    return DOT.join(parts)


def stage_lines(style: Style, totals: Iterable[StageTotal]) -> str:
    """A line a stage. The bars compare counts: money of several currencies can't be compared."""
    return bar_lines(
        (style.label(one.stage), one.count, amounts(style, one.sums)) for one in totals
    )


def bar_lines(rows: Iterable[tuple[str, int, list[str]]]) -> str:
    """Of each: its label, how many, and what else is said of it."""
    rows = [(plain(label, _LABEL), count, facts) for label, count, facts in rows]
    wide = max((len(label) for label, _, _ in rows), default=0)
    most = max((count for _, count, _ in rows), default=0)
    digits = len(f"{most:,}")
    return "\n".join(
        _bar_line(label.ljust(wide), count, facts, most, digits) for label, count, facts in rows
    )


def _bar_line(label: str, count: int, facts: list[str], most: int, digits: int) -> str:
    figure = f"{count:,}".rjust(digits, _FIGURE)
    return DOT.join([f"{bar(label, count, most)} {figure}", *facts])


def bar(label: str, count: int, most: int) -> str:
    """A label, already as wide as the others, and how much of `most` it has."""
    full = -(-_BAR * count // most) if most else 0
    drawn = f"{label}  {'█' * full}{'░' * (_BAR - full)}"
    return f"`{escape(drawn).replace(' ', _NO_BREAK)}`"


def amounts(style: Style, sums: Iterable[Sum]) -> list[str]:
    """`£202,000`, `weighted £161,600`; nothing of what has no value."""
    ours = style.workspace.currency
    sums = sorted(sums, key=lambda one: (one.total.currency != ours, one.total.currency))
    if not sums:
        return []
    total = side_by_side(style, [one.total for one in sums])
    return [total, f"weighted {side_by_side(style, [one.weighted for one in sums])}"]


def side_by_side(style: Style, sums: Sequence[Money], most: int = _CURRENCIES) -> str:
    """Never added up: our own currency first, and beyond so many they are only counted."""
    ours = style.workspace.currency
    ordered = sorted(sums, key=lambda one: (one.currency != ours, one.currency))
    shown = ", ".join(style.money(one) for one in ordered[:most])
    more = len(ordered) - most
    return f"{shown} and {counted(more, 'more currency', 'more currencies')}" if more > 0 else shown


def _added(totals: Iterable[StageTotal]) -> list[Sum]:
    """The stages together, currency by currency."""
    sums: dict[str, Sum] = {}
    for one in (one for stage in totals for one in stage.sums):
        before = sums.get(one.total.currency)
        sums[one.total.currency] = _plus(before, one) if before else one
    return list(sums.values())


def _plus(one: Sum, other: Sum) -> Sum:
    currency = one.total.currency
    return Sum(
        Money(one.total.minor + other.total.minor, currency),
        Money(one.weighted.minor + other.weighted.minor, currency),
    )
