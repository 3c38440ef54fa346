"""What people type, made safe to keep: no control characters, no direction overrides."""

import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters, by Unicode, that are drawn as nothing."""


def clean(text: str) -> str:
    """Without control and direction-override characters (they can spoof what is read); lines stay.

    Joiners inside emoji and scripts are kept: they are format characters but change no direction.
    """
    if text.isprintable():  # The most of it: each character looked at costs a hundred times that.
        return text.strip()
    kept = (
        ch
        for ch in text.replace("\r\n", "\n").replace("\r", "\n")
        if ch in "\n\t" or (unicodedata.category(ch) not in ("Cc", "Cs") and ch not in _BIDI)
    )
    return "".join(kept).strip()


def one_line(text: str) -> str:
    """The same on one line, runs of white space as one space; empty when nothing of it shows."""
    line = " ".join(clean(text).split())
    return line if line.isascii() or any(map(_shows, line)) else ""


def _shows(ch: str) -> bool:
    """Joiners, variation selectors, fillers and marks show nothing by themselves."""
    return unicodedata.category(ch)[0] not in "CZM" and ch not in _FILLERS


def fold(text: str) -> str:
    """For comparing: case and accents aside (é is e), white space folded."""
    apart = unicodedata.normalize("NFKD", one_line(text).casefold())
    return "".join(ch for ch in apart if not unicodedata.combining(ch))
