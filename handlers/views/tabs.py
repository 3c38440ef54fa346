"""What pages have: rows of buttons of which one is ticked, and lines packed into few sections."""

from collections.abc import Iterable
from typing import Any

from handlers.views.blocks import Json, actions, button, section

SECTION = 2_900
"""Slack takes 3,000 characters; the rest is for what joins the lines."""


def tabs(rows: Iterable[tuple[str, str, Any, bool]]) -> Json:
    """Of each: label, action id, payload, whether it is here."""
    return actions(
        *(
            button(
                f"✓ {label}" if here else label,
                action_id,
                payload,
                spoken=f"{label}, shown now" if here else f"Show {label}",
            )
            for label, action_id, payload, here in rows
        )
    )


def packed(rows: Iterable[str]) -> list[Json]:
    """Lines in as few sections as hold them."""
    texts: list[str] = []
    for row in rows:
        if texts and len(texts[-1]) + len(row) < SECTION:
            texts[-1] += f"\n{row}"
        else:
            texts.append(row)
    return [section(text) for text in texts]
