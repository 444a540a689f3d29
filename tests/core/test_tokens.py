"""Secret links that were sent open for good: what they are reckoned from is never changed."""

from typing import Any, NamedTuple

import pytest

from programme.core.tokens import SecretLinks
from programme.engines.registration.door.codes import Codes
from programme.engines.registration.drafts.links import opened_by
from programme.engines.registration.eligibility import links as invitations
from programme.engines.registration.feedback.links import FeedbackLinks
from programme.engines.registration.links import Links
from programme.flows.notices.people import addresses
from programme.strands.cohorts.admission.referees.links import ReferenceLinks
from programme.strands.cohorts.signing.links import SignatureLinks
from programme.strands.cohorts.talent.links import DestinationLinks

SITE = "https://programme.example.ac.uk"
KNOWN = ("a key of this test alone, fixed", SITE)
SENT: dict[type[SecretLinks[Any]], str] = {
    Links: f"{SITE}/registrations/7-IAF5f32bBdn6vK3GTJjCBl612maT_9xi",
    FeedbackLinks: f"{SITE}/feedback/7-jRnE9bfRp0Fv7pKKU4Ds_al9",
    SignatureLinks: f"{SITE}/signatures/7-Aj8dQnHZ5dExysgCfRh3CYkPKb2hpqqZ",
    ReferenceLinks: f"{SITE}/references/7-UP66CSC_AEv_ZCsWPb7yivDdoZAgfy8T",
    DestinationLinks: f"{SITE}/destinations/7-FG63hc5ziLs-6sAAnq5UNdmmmGsJzG15",
}
"""What each kind of link was when the first of them were sent, of the row number 7 whose link has version 3."""


class Row(NamedTuple):
    """A row that a link leads to, or that another is about."""

    id: int = 7
    link_version: int = 3
    event_id: int = 5
    person_id: int = 9
    recipient: str = "rowan@example.org"
    registration: Any = None


@pytest.mark.parametrize("kind", SENT, ids=lambda kind: kind.__name__)
def test_a_link_that_was_sent_opens_still(kind: type[SecretLinks[Any]]) -> None:
    links, token = kind(*KNOWN), SENT[kind].rpartition("/")[2]
    assert links.opens(token, Row())
    assert (links.url(Row()), links.url_of(7, version=3)) == (SENT[kind], SENT[kind])
    assert links.path(Row()) == SENT[kind].removeprefix(SITE)
    assert not links.opens(token, Row(link_version=4))
    assert not links.opens(token, Row(id=8))
    assert not links.opens("7-\ud800", Row()), "what is no text is no token"


@pytest.mark.parametrize("kind", SENT, ids=lambda kind: kind.__name__)
def test_a_link_of_one_kind_opens_nothing_of_another(kind: type[SecretLinks[Any]]) -> None:
    others = [one(*KNOWN) for one in SENT if one is not kind]
    assert not any(other.opens(kind(*KNOWN).token(Row()), Row()) for other in others)


def test_other_secrets_that_were_sent_open_still() -> None:
    links, seat = Links(*KNOWN), Row(registration=Row(id=9))
    assert Codes(*KNOWN).opens("7-bac7v3u5viLEnqsTljYHolaR", seat)  # type: ignore[arg-type]
    assert opened_by(links, "7-3-ezhEZMMtEnKjlgueBigMhoXbZ2zwMhN6", 7) == 3
    assert invitations.opens(links, "7-jKWlMX6VitxAHA2Y1GhOKAqXHOh3ZrTO", Row())  # type: ignore[arg-type]
    letter: Any = Row()
    assert addresses.token_of(letter, links=links) == "7-ox-cNnlYIe4TMy9uI0qiPJoK7u4scZIq"
