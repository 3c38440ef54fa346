"""Slack's text as local-slack can show it: date tokens in words, entities undone, rich text as
mrkdwn.
"""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

_DATE = re.compile(r"<!date\^(\d+)\^([^|^>]+)(?:\^([^|>]+))?(?:\|([^>]*))?>")
_GROUP = re.compile(r"<!(here|channel|everyone)(?:\|[^>]*)?>")
_SUBTEAM = re.compile(r"<!subteam\^[A-Z0-9]+(?:\|@?([^>]*))?>")
_MAIL = re.compile(r"<(?:mailto|tel):([^|>]+)(?:\|([^>]*))?>")
_SPANS = {
    "user": "<@{user_id}>",
    "channel": "<#{channel_id}>",
    "emoji": ":{name}:",
    "date": "<!date^{timestamp}^{format}|{fallback}>",
    "broadcast": "@{range}",
}
_TOKEN = re.compile(r"\{(\w+)\}")


def readable(text: str, tz: str, now: datetime | None = None) -> str:
    """Mrkdwn as local-slack shows it rightly; it escapes what is already escaped."""
    text = _DATE.sub(lambda found: _date(found, tz, now), text)
    text = _GROUP.sub(r"@\1", text)
    text = _SUBTEAM.sub(lambda found: "@" + (found[1] or "group"), text)
    text = _MAIL.sub(lambda found: found[2] or found[1], text)
    # The word joiner keeps a typed "<@U1>" from becoming a mention once it is unescaped.
    return text.replace("&lt;", "<\u2060").replace("&gt;", ">").replace("&amp;", "&")


def plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def text_object(thing: Json | None, tz: str) -> Json | None:
    if not thing:
        return None
    text = str(thing.get("text", ""))
    shown = readable(text, tz) if thing.get("type") == "mrkdwn" else plain(text)
    return {**thing, "text": shown}


def label(thing: Json | None, otherwise: str = "") -> str:
    """The words of a text object as a plain label."""
    return plain(str((thing or {}).get("text", ""))) or otherwise


def _date(found: re.Match[str], tz: str, now: datetime | None) -> str:
    zone = ZoneInfo(tz)
    at = datetime.fromtimestamp(int(found[1]), zone)
    words = _words(at, now or datetime.now(zone))
    shown = _TOKEN.sub(lambda token: words.get(token[1], token[0]), found[2])
    return f"<{found[3]}|{shown}>" if found[3] else shown


def _words(at: datetime, now: datetime) -> dict[str, str]:
    nth = f"{at.day}{_suffix(at.day)}"
    long = f"{at:%A}, {at:%B} {nth}, {at.year}"
    short = f"{at:%b} {at.day}, {at.year}"
    usual = f"{at:%B} {nth}, {at.year}"
    pretty = _pretty(at, now)
    return {
        "date_num": f"{at:%Y-%m-%d}",
        "date_slash": f"{at:%d/%m/%Y}",
        "date": usual,
        "date_short": short,
        "date_long": long,
        "date_pretty": pretty or usual,
        "date_short_pretty": pretty or short,
        "date_long_pretty": pretty or long,
        "day_divider_pretty": pretty or long,
        "time": f"{at:%H:%M}",
        "time_secs": f"{at:%H:%M:%S}",
        "ago": _ago(now - at),
    }


def _pretty(at: datetime, now: datetime) -> str:
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, "")


def _ago(passed: timedelta) -> str:
    seconds = abs(passed.total_seconds())
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = int(seconds // size)
        if count:
            words = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"in {words}" if passed < timedelta() else f"{words} ago"
    return "now"


def _suffix(day: int) -> str:
    teens = range(11, 14)
    return "th" if day in teens else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def rich_text(block: Json) -> str:
    return "\n".join(_rich_part(part) for part in block.get("elements", []))


def _rich_part(part: Json) -> str:
    inner = part.get("elements", [])
    match part.get("type"):
        case "rich_text_list":
            return "\n".join(_list_lines(part))
        case "rich_text_quote":
            return "\n".join("> " + line for line in _spans(inner).split("\n"))
        case "rich_text_preformatted":
            return "\n".join(f"`{line}`" for line in _spans(inner).split("\n") if line)
        case _:
            return _spans(inner)


def _list_lines(part: Json) -> list[str]:
    indent = "\u2003" * int(part.get("indent") or 0)
    ordered = part.get("style") == "ordered"
    start = int(part.get("offset") or 0) + 1
    return [
        f"{indent}{f'{number}.' if ordered else '•'} {_spans(item.get('elements', []))}"
        for number, item in enumerate(part.get("elements", []), start)
    ]


def _spans(elements: list[Json]) -> str:
    return "".join(_styled(_span(element), element.get("style")) for element in elements)


def _span(element: Json) -> str:
    if element.get("type") == "link":
        url = element.get("url", "")
        return f"<{url}|{element['text']}>" if element.get("text") else f"<{url}>"
    form = _SPANS.get(str(element.get("type")))
    if form:
        return form.format(**{"fallback": "", **element})
    text = str(element.get("text", ""))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _styled(text: str, style: Json | None) -> str:
    marks = {"bold": "*", "italic": "_", "strike": "~", "code": "`"}
    for name, mark in marks.items():
        if (style or {}).get(name) and text.strip():
            text = f"{mark}{text}{mark}"
    return text
