"""Slack's text in the words that local-slack shows."""

from datetime import UTC, datetime

import pytest

from bot.demo.adapter.text import plain, readable, rich_text, text_object

NOON = 1795442520  # 23 November 2026, 14:02 in London.
NOW = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        (f"<!date^{NOON}^{{time}}|x>", "14:02"),
        (f"<!date^{NOON}^{{date_num}} at {{time_secs}}|x>", "2026-11-23 at 14:02:00"),
        (f"<!date^{NOON}^{{date_short}}|x>", "Nov 23, 2026"),
        (f"<!date^{NOON}^{{date_long}}|x>", "Monday, November 23rd, 2026"),
        (f"<!date^{NOON}^{{date_pretty}}|x>", "today"),
        (f"<!date^{NOON + 86400}^{{date_short_pretty}}|x>", "tomorrow"),
        (f"<!date^{NOON}^{{ago}}|x>", "2 hours ago"),
        (f"<!date^{NOON}^{{time}}^https://a.example/|x>", "<https://a.example/|14:02>"),
        (f"<!date^{NOON}^{{nonsense}}|x>", "{nonsense}"),
    ],
)
def test_date_tokens_become_words(token: str, shown: str) -> None:
    assert readable(token, "Europe/London", NOW) == shown


def test_dates_are_in_the_readers_zone() -> None:
    assert readable(f"<!date^{NOON}^{{time}}|x>", "Asia/Tokyo", NOW) == "23:02"


def test_entities_are_undone_but_make_no_mention() -> None:
    assert readable("R&amp;D &lt;@U1&gt;", "Europe/London") == "R&D <\u2060@U1>"
    assert plain("R&amp;D") == "R&D"


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        ("<!here>", "@here"),
        ("<!subteam^S1|@sales>", "@sales"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<@U01ALICE> <https://a.example/?b=1&amp;c=2|x>", None),
    ],
)
def test_other_tokens(token: str, shown: str | None) -> None:
    expected = token.replace("&amp;", "&") if shown is None else shown
    assert readable(token, "Europe/London") == expected


def test_text_objects_keep_their_type() -> None:
    assert text_object({"type": "plain_text", "text": "a &amp; <b>"}, "UTC") == {
        "type": "plain_text",
        "text": "a & <b>",
    }
    assert text_object(None, "UTC") is None


def test_rich_text_is_mrkdwn() -> None:
    bold = {"type": "text", "text": "Acme & co", "style": {"bold": True}}
    link = {"type": "link", "url": "https://a.example", "text": "card"}
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}]
    block = {
        "elements": [
            {"type": "rich_text_section", "elements": [bold, {"type": "text", "text": " "}, link]},
            {"type": "rich_text_list", "style": "ordered", "elements": items},
            {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U1"}]},
        ]
    }
    assert rich_text(block) == "*Acme &amp; co* <https://a.example|card>\n1. one\n> <@U1>"
