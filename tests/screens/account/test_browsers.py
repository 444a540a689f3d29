"""Browsers are named as people know them."""

import pytest

from programme.screens.account.browsers import browser_name


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605 Version/17.5 Safari/605", "Safari on a Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/126 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit Safari/604", "Safari on an iPhone"),
        ("curl/8.5.0", "A browser"),
        ("", "A browser"),
    ],
)
def test_browsers_are_named_as_people_know_them(says: str, words: str) -> None:
    assert browser_name(says) == words
