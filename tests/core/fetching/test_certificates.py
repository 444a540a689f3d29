"""Whoever is fetched from proves to be who was named, though it is an address in numbers that is connected to."""

from pathlib import Path

import pytest
import trustme

from programme.core.fetching.client import Fetcher, Unfetched
from tests.bed.servers.elsewhere import Elsewhere, answered
from tests.bed.servers.smtp import presenting

NAME = "talks.example.ac.uk"
BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def fetched(elsewhere: Elsewhere) -> bytes | None:
    """Fetch by the name, whose address is this machine's."""
    host = f"{NAME}:{elsewhere.port}"
    elsewhere.answers["/feed.ics"] = answered(BODY)
    return Fetcher(allowed=frozenset({host}), resolver=lambda *_: ["127.0.0.1"]).fetch(f"https://{host}/feed.ics").body


def test_a_certificate_of_the_name_is_trusted(
    elsewhere: Elsewhere, authority: trustme.CA, authority_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    elsewhere.presents = presenting(authority.issue_cert(NAME))
    assert fetched(elsewhere) == BODY


@pytest.mark.parametrize("name", ["other.example.ac.uk", "127.0.0.1"])
def test_a_certificate_of_another_name_is_not(
    elsewhere: Elsewhere, authority: trustme.CA, authority_file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    elsewhere.presents = presenting(authority.issue_cert(name))
    with pytest.raises(Unfetched, match="does not prove"):
        fetched(elsewhere)
    assert elsewhere.asked == []


def test_a_certificate_that_nobody_vouches_for_is_not(elsewhere: Elsewhere, authority: trustme.CA) -> None:
    elsewhere.presents = presenting(authority.issue_cert(NAME))
    with pytest.raises(Unfetched, match="does not prove"):
        fetched(elsewhere)
    assert elsewhere.asked == []
