"""What people type for a time zone, and which they mean."""

import pytest

from handlers.grammar.zones import COMMON, MOST, zones_called
from store.zones import is_zone


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("lond", "Europe/London"),
        ("Europe/London", "Europe/London"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("EST", "America/New_York"),
        ("PDT", "America/Los_Angeles"),
        ("bst", "Europe/London"),
        ("germany", "Europe/Berlin"),
        ("UK", "Europe/London"),
        ("utc", "UTC"),
        ("  tokyo ", "Asia/Tokyo"),
        ("port of spain", "America/Port_of_Spain"),
    ],
)
def test_the_likeliest_comes_first(typed: str, first: str) -> None:
    assert zones_called(typed)[0] == first


def test_a_name_that_clocks_show_is_found_with_its_cities() -> None:
    found = zones_called("CET")
    assert "CET" in found
    assert "Europe/Berlin" in found


def test_a_former_name_is_found_after_those_of_today() -> None:
    assert zones_called("calcutta") == ["Asia/Calcutta"]
    assert zones_called("istanbul")[0] == "Europe/Istanbul"


@pytest.mark.parametrize("typed", ["", "   ", "\x00"])
def test_without_words_the_common_ones_are_offered(typed: str) -> None:
    assert zones_called(typed) == list(COMMON)


@pytest.mark.parametrize("typed", ["", "a", "america", "e", "x" * 5000, "'; --", "Etc/GMT-2"])
def test_whatever_is_offered_is_a_zone_and_not_too_many(typed: str) -> None:
    found = zones_called(typed)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)
    assert all(map(is_zone, found))
    assert not any(name.startswith("Etc/") for name in found)
