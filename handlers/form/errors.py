"""Where in a form a refusal stands."""

from collections.abc import Mapping
from typing import Any

from store.errors import Invalid

_SHOWN_AT = {"new_contact": "contact_id", "contact": "contact_id", "lost_reason": "reason"}
_SHOWN_AT |= {"lost_note": "note", "paused_until": "until", "channel": "channel_id"}
"""Where an error of the store stands, when its form has no input of that name."""


def errors_by_block(invalid: Invalid, view: Any) -> dict[str, str]:
    """Sentences by block id, for the view that was sent. Slack shows none that stands at a block
    which is no input of that view: those go to its first one.
    """
    blocks = view.get("blocks", ()) if isinstance(view, Mapping) else ()
    inputs = [block["block_id"] for block in blocks if block.get("type") == "input"]
    placed: dict[str, str] = {}
    for name, sentence in invalid.fields.items():
        near = name if name in inputs else _SHOWN_AT.get(name, name)
        at = near if near in inputs else next(iter(inputs), near)
        placed[at] = f"{placed[at]} {sentence}" if at in placed else sentence
    return placed
