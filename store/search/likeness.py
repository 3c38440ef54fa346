"""How like what was asked some words are: pure text, for search.py and whoever ranks its finds."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby

from store.text import fold

WORD_MAX = 32
"""Longer words are told apart by their beginnings."""
ASKED_MAX = 8
"""Of a longer question, the first words are looked for."""
GRAM = 3
FORGIVEN = (4, 8)
"""A word of so many letters may have one typing error, or two."""
BEGINS = 0.9

_SPACELESS = re.compile(  # Thai and Lao, Myanmar, Khmer, kana, Han.
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
_PLAIN = re.compile("[a-z0-9]+")


def best(words: str, texts: Mapping[int, str], *, limit: int) -> list[int]:
    """Ids of the texts that say all the words, in any order: the likest first, then the newest."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - loaded with the first search.

    asked = question(words)
    scored = []
    for ref_id, text in texts.items():
        said = split(text, said=True)
        each = [max((likeness(one, word) for word in said), default=0.0) for one in asked]
        if each and all(each):
            alike = fuzz.token_sort_ratio(" ".join(asked), " ".join(said))
            scored.append((sum(each), alike, ref_id))
    return [ref_id for _, _, ref_id in sorted(scored, reverse=True)[:limit]]


def says(words: str, text: str) -> bool:
    """Whether the text says all the words, or words that begin so, without mending anything."""
    said, asked = split(text, said=True), question(words)
    return bool(asked) and all(any(word.startswith(one) for word in said) for one in asked)


def forgiven(asked: str) -> int:
    """How many typing errors are forgiven in a word of this length."""
    return sum(len(asked) >= letters for letters in FORGIVEN)


@lru_cache(maxsize=20_000)
def likeness(asked: str, word: str) -> float:
    """1 the word itself, 0.9 it begins so, less with errors (swapped letters are one), 0 unlike."""
    if word.startswith(asked):
        return 1.0 if word == asked else BEGINS
    if not (slack := forgiven(asked)) or len(word) < len(asked) - slack:
        return 0.0
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - see best.

    edits = OSA.distance(asked, word, score_cutoff=slack)
    if edits <= slack:
        return 0.8 - edits / 10
    lengths = range(len(asked) - 1, min(len(asked) + 2, len(word)))
    begun = len(asked) > FORGIVEN[0] and any(
        OSA.distance(asked, word[:length], score_cutoff=1) <= 1 for length in lengths
    )
    return 0.5 if begun else 0.0


def trigrams(word: str) -> set[str]:
    """With its two first and two last letters, which survive an error further in."""
    if len(word) < GRAM:
        return set()
    inside = (word[at : at + GRAM] for at in range(len(word) - GRAM + 1))
    return {f"^{word[:2]}", f"{word[-2:]}$", *inside}


def question(words: str) -> list[str]:
    return split(words, said=False)[:ASKED_MAX]


def split(text: str, *, said: bool) -> list[str]:
    """Its words, each once. A script without spaces goes by pairs of letters, of which any part of
    it consists; its last letter is listed too, so that a single letter is always a beginning.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        # Most names; five times faster than letter by letter.
        plain = text.lower().replace("'", "").replace("`", "")
        return list(dict.fromkeys(word[:WORD_MAX] for word in _PLAIN.findall(plain)))
    letters = (ch for ch in fold(text).casefold() if _sort(ch) != "nothing")
    found: dict[str, None] = {}
    for sort, run in groupby(letters, _sort):
        word = "".join(run)
        if sort == "letter":
            found[word[:WORD_MAX]] = None
        elif sort == "symbol":
            found.update(dict.fromkeys(word))
        elif sort == "spaceless":
            found.update(dict.fromkeys(word[at : at + 2] for at in range(max(1, len(word) - 1))))
            if said:
                found[word[-1]] = None
    return list(found)


@lru_cache(maxsize=10_000)
def _sort(ch: str) -> str:
    """Letters make words, emoji are words, apostrophes and joiners are nothing, the rest parts."""
    category = unicodedata.category(ch)
    if category == "Cf" or ch in "'’ʼ`\ufe0f":
        return "nothing"
    if _SPACELESS.match(ch):
        return "spaceless"
    if category[0] in "LN" or category in ("Mn", "Mc"):
        return "letter"
    return "symbol" if category == "So" or "🏻" <= ch <= "🏿" else "gap"
