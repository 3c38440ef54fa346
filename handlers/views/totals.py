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
    return headline(style, board.totals, board.paused)


def headline(style: Style, totals: Sequence[StageTotal], paused: int) -> str:
    """`42 open · £1,204,000 · weighted £458,200 · 6 paused`."""
    parts = [f"{sum(one.count for one in totals):,} open", *_sums(style, _added(totals))]
    without = sum(one.unpriced for one in totals)
    parts += [f"{without:,} without a value"] if without else []
    parts += [f"{paused:,} paused"] if paused else []
    return DOT.join(parts)


def stage_lines(style: Style, totals: Iterable[StageTotal]) -> str:
    """A line a stage. The bars compare counts: money of several currencies can't be compared."""
    totals = tuple(totals)
    labels = [plain(style.label(one.stage), _LABEL) for one in totals]
    wide = max((len(label) for label in labels), default=0)
    most = max((one.count for one in totals), default=0)
    digits = len(f"{most:,}")
    return "\n".join(
        _stage_line(style, one, label.ljust(wide), most, digits)
        for one, label in zip(totals, labels, strict=True)
    )


def _stage_line(style: Style, one: StageTotal, label: str, most: int, digits: int) -> str:
    full = -(-_BAR * one.count // most) if most else 0
    bar = escape(f"{label}  {'█' * full}{'░' * (_BAR - full)}").replace(" ", _NO_BREAK)
    count = f"{one.count:,}".rjust(digits, _FIGURE)
    return DOT.join([f"`{bar}` {count}", *_sums(style, one.sums)])


def _sums(style: Style, sums: Iterable[Sum]) -> list[str]:
    ours = style.workspace.currency
    sums = sorted(sums, key=lambda one: (one.total.currency != ours, one.total.currency))
    if not sums:
        return []
    totals = _amounts(style, [one.total for one in sums])
    return [totals, f"weighted {_amounts(style, [one.weighted for one in sums])}"]


def _amounts(style: Style, amounts: list[Money]) -> str:
    """Side by side, never added up; beyond three they are only counted."""
    shown = ", ".join(style.money(one) for one in amounts[:_CURRENCIES])
    more = len(amounts) - _CURRENCIES
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
