"""What may be asked for at all, before any name is looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.core.fetching.targets import Target, followed, target_of
from programme.core.refusal import Refusal

PUBLIC = target_of("https://talks.example.ac.uk/feed.ics")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("webcal://talks.example.ac.uk/a.ics", "https://talks.example.ac.uk/a.ics"),
        ("WEBCAL://Talks.Example.AC.uk./a.ics#top", "https://talks.example.ac.uk/a.ics"),
        (
            " https://talks.example.ac.uk:443?x=1&y=a b ".replace("a b", "a%20b"),
            "https://talks.example.ac.uk/?x=1&y=a%20b",
        ),
        ("http://talks.example.ac.uk:80/ä", "http://talks.example.ac.uk/%C3%A4"),
        ("https://bücher.example.ac.uk/", "https://xn--bcher-kva.example.ac.uk/"),
        ("https://[2A00:1450:4009:80B::200E]/x", "https://[2a00:1450:4009:80b::200e]/x"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
    ],
)
def test_an_address_of_the_web_is_spelt_in_one_way(text: str, url: str) -> None:
    assert target_of(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "talks",
        "ftp://talks.example.ac.uk/",
        "file:///etc/passwd",
        "gopher://talks.example.ac.uk/",
        "https:///feed.ics",
        "https://name:word@talks.example.ac.uk/",
        "https://talks.example.ac.uk@127.0.0.1/",
        "https://talks.example.ac.uk:8443/",
        "https://talks.example.ac.uk:port/",
        "http://talks.example.ac.uk:443/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST",
        "http://calendar.localhost/",
        "http://printer.local/",
        "http://intranet/",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.0.0.0x1/",
        "http://0/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "http://169.254.169.254/latest/meta-data",
        "https://talks.example.ac.uk\\@127.0.0.1/",
        "https://talks.example.ac.uk/\r\nHost: x",
        f"https://talks.example.ac.uk/{'a' * 1_000}",
    ],
)
def test_all_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        target_of(text)
    assert refused.value.sentence.endswith(".")


@given(st.text() | st.from_regex(r"https?://[^/]{0,40}(/.*)?"))
def test_any_text_is_a_target_or_refused(text: str) -> None:
    try:
        found = target_of(text)
    except Refusal:
        return
    assert found.scheme in {"http", "https"}
    assert target_of(found.url) == found


def test_a_host_that_the_operator_names_may_be_anything() -> None:
    allowed = {"localhost:8080", "intranet"}
    assert target_of("http://localhost:8080/", allowed=allowed).is_allowed
    assert target_of("https://intranet/", allowed=allowed).is_allowed
    for other in ("http://localhost/", "http://localhost:8081/", "http://printer/"):
        with pytest.raises(Refusal):
            target_of(other, allowed=allowed)


@pytest.mark.parametrize(
    "location", ["http://localhost/", "//127.0.0.1/", "http://talks.example.ac.uk/", "ftp://x.uk/"]
)
def test_a_redirect_is_read_by_the_same_rule(location: str) -> None:
    with pytest.raises(Refusal):
        followed(PUBLIC, location)


def test_a_redirect_may_be_short() -> None:
    assert followed(PUBLIC, "../b.ics?c").url == "https://talks.example.ac.uk/b.ics?c"
    assert isinstance(followed(PUBLIC, "https://other.example.ac.uk/"), Target)
