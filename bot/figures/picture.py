"""Draws figures: JSON on standard input becomes a PNG on standard output.

A program of its own, which delivery runs: what drawing takes in memory and time, the bot doesn't
pay, and a drawing that doesn't end is ended. It imports nothing of the bot, which never imports it.
"""

import json
import sys
from io import BytesIO
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.patches import Rectangle

WIDTH, HEIGHT, DPI = 6.0, 8.1, 180
"""Inches and dots: upright, for a telephone shows it 360 points wide."""
LARGE, TEXT, SMALL = 15, 12.5, 11
INK, FAINT, PAPER = "#1d1c1d", "#616061", "#ffffff"
GOOD, BAD, CALM = "#0072b2", "#e69f00", "#56b4e9"
"""Blue and orange of Okabe and Ito: told apart whatever colours somebody sees."""
LEFT, LABELS, RIGHT = 0.035, 0.225, 0.965
"""Where words, rows with labels, and everything ends, as parts of the width."""
CROWDED, LONG = 100, 10_000
"""From so many on numbers above bars are smaller, and told in thousands."""
LABEL = 16
"""Characters of a label; it is cut beyond."""


def picture(said: dict[str, Any]) -> bytes:
    """A PNG of three charts: won and lost by month, median days in each stage, movement."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    _write(figure, LEFT, 0.955, _readable(said["title"], 48), fontsize=LARGE, weight="bold")
    _months(_chart(figure, 0.645, 0.225, wide=True), said["months"])
    _heading(figure, 0.905, "Won and lost by month", ("Won", GOOD), ("Lost", BAD))
    _days(_chart(figure, 0.35, 0.17), said["stages"])
    _heading(figure, 0.54, "Median days in each stage")
    _moves(_chart(figure, 0.02, 0.245), said["stages"])
    _heading(figure, 0.28, "Deals that moved", ("Entered", GOOD), ("Left", BAD))
    drawn = BytesIO()
    figure.savefig(drawn, format="png", facecolor=PAPER)
    return drawn.getvalue()


def _write(on: Any, x: float, y: float, words: str, **how: Any) -> None:
    """Words as they are: a `$` in them begins no formula."""
    on.text(x, y, words, parse_math=False, **{"color": INK, "fontsize": TEXT, **how})


def _readable(label: list[str], most: int = LABEL) -> str:
    """The first of these that the font can write, without the signs that it can't."""
    known = _known()
    for words in label:
        written = "".join(sign for sign in words if sign.isspace() or ord(sign) in known)
        kept = " ".join(written.split())
        letters = sum(sign.isalnum() for sign in words)
        if kept and sum(sign.isalnum() for sign in kept) == letters:
            return kept if len(kept) <= most else kept[: most - 1].rstrip() + "…"
    return label[-1][:most]


def _known() -> Any:
    """What the font has a sign for, by code point."""
    return get_font(findfont("DejaVu Sans")).get_charmap()


def _chart(figure: Any, bottom: float, height: float, *, wide: bool = False) -> Any:
    """A chart without a frame; where rows have labels, there is room for them."""
    left = LEFT if wide else LABELS
    chart = figure.add_axes((left, bottom, RIGHT - left, height))
    for side in chart.spines.values():
        side.set_visible(False)
    chart.tick_params(length=0, labelsize=SMALL, labelcolor=INK)
    return chart


def _heading(figure: Any, y: float, words: str, *legend: tuple[str, str]) -> None:
    """What is seen; and, at the right, which colour is what."""
    _write(figure, LEFT, y, words, weight="bold", va="center")
    x = RIGHT
    for name, colour in reversed(legend):
        x -= 0.017 * len(name) + 0.015
        _write(figure, x, y, name, fontsize=SMALL, va="center")
        mark = Rectangle((x - 0.035, y - 0.009), 0.024, 0.018, color=colour)
        figure.add_artist(mark)
        x -= 0.06


def _months(chart: Any, months: list[Any]) -> None:
    """Won and lost side by side, each with its number."""
    most = max((max(won, lost) for _, won, lost in months), default=0) or 1
    for at, (_, won, lost) in enumerate(months):
        for where, count, colour in ((at - 0.2, won, GOOD), (at + 0.2, lost, BAD)):
            chart.bar(where, count, width=0.36, color=colour)
            _above(chart, where, count, most)
    labels = [_readable(label, 12).replace(" ", "\n") for label, _, _ in months]
    chart.set_xticks(range(len(months)), labels, parse_math=False)
    chart.set_yticks([])
    chart.set_ylim(0, most * 1.14)
    chart.set_xlim(-0.6, len(months) - 0.4)
    chart.axhline(0, color=FAINT, linewidth=0.8)


def _above(chart: Any, x: float, count: int, most: int) -> None:
    size = 8.5 if most < CROWDED else 7
    _write(chart, x, count + most * 0.02, _short(count), fontsize=size, ha="center", va="bottom")


def _short(count: int) -> str:
    return f"{count:,}" if count < LONG else f"{count / 1000:,.0f}k"


def _days(chart: Any, stages: list[Any]) -> None:
    most = max((days or 0 for _, days, _, _ in stages), default=0) or 1
    for at, (_, days, _, _) in enumerate(stages):
        chart.barh(at, days or 0, height=0.62, color=CALM)
        said = "none left it" if days is None else _short(days)
        _write(chart, (days or 0) + most * 0.015, at, said, fontsize=SMALL, va="center")
    _rows(chart, stages, most)


def _moves(chart: Any, stages: list[Any]) -> None:
    most = max((max(entered, left) for _, _, entered, left in stages), default=0) or 1
    for at, (_, _, entered, left) in enumerate(stages):
        for where, count, colour in ((at - 0.2, entered, GOOD), (at + 0.2, left, BAD)):
            chart.barh(where, count, height=0.36, color=colour)
            _write(chart, count + most * 0.015, where, _short(count), fontsize=9.5, va="center")
    _rows(chart, stages, most)


def _rows(chart: Any, stages: list[Any], most: int) -> None:
    """A row a stage, the first on top."""
    chart.set_yticks(range(len(stages)), [_readable(s[0], 12) for s in stages], parse_math=False)
    chart.set_xticks([])
    chart.set_xlim(0, most * 1.13)
    chart.set_ylim(len(stages) - 0.45, -0.55)
    chart.axvline(0, color=FAINT, linewidth=0.8)


if __name__ == "__main__":
    sys.stdout.buffer.write(picture(json.load(sys.stdin)))
