"""The headline of a digest: what could be the subject of a mail."""

from collections.abc import Iterable, Mapping

from handlers.views.pipeline.totals import side_by_side
from handlers.views.text import Style, counted
from store.digest.content import Content, Group
from store.digest.digest import Part
from store.digest.news import News

MOST = 150
"""Characters of a header."""
_CURRENCIES = 2

_BRIEF: Mapping[News, str] = {
    News.WON: "won",
    News.LOST: "lost",
    News.NEW: "new",
    News.FORWARD: "forward",
    News.BACK: "back a stage",
    News.REOPENED: "reopened",
    News.RETURNED: "back from a pause",
    News.PAUSED: "paused",
    News.SLIPPED: "slipped",
    News.UP: "up in value",
    News.DOWN: "down in value",
    News.REPRICED: "in another currency",
}


def headline(style: Style, content: Content) -> str:
    """`Pipeline, Mon 24 Nov: 2 won (£31,000), 3 forward, 1 slipped`, as far as there is room."""
    return _fitting(f"Pipeline, {style.weekday(style.today)}: ", _phrases(style, content))


def since(style: Style, content: Content) -> str:
    """The day of the last one; the hour, when that was today."""
    zone = style.workspace.zone
    day = style.local(content.since)
    return style.weekday(day) if day != style.today else f"{content.since.astimezone(zone):%H:%M}"


def _fitting(start: str, phrases: Iterable[str]) -> str:
    said = start
    for phrase in phrases:
        longer = f"{said}, {phrase}" if said != start else f"{said}{phrase}"
        if len(longer) > MOST:
            break
        said = longer
    return said


def _phrases(style: Style, content: Content) -> list[str]:
    if content.is_quiet:
        return [f"nothing new since {since(style, content)}"]
    if content.groups:
        return [_news(style, group) for group in content.groups]
    closing, pressing = content.closing.total, content.attention.total
    waiting = [
        "nothing changed" if Part.CHANGES in content.parts else "",
        f"{counted(closing, 'closes', 'close')} within 7 days" if closing else "",
        f"{counted(pressing, 'needs', 'need')} attention" if pressing else "",
        f"{counted(content.tasks.total, 'task')} overdue" if content.tasks.total else "",
    ]
    return [one for one in waiting if one] or [f"{content.open:,} open"]


def _news(style: Style, group: Group) -> str:
    said = f"{group.total:,} {_BRIEF[group.news]}"
    if group.news is News.WON and group.sums:
        said += f" ({side_by_side(style, group.sums, _CURRENCIES)})"
    return said
