"""What the relay signs, set up as the guide for operators says: both headers by which a letter is declined."""

import re
from pathlib import Path

import pytest

from programme.engines.mail.addresses.states import Cause
from programme.engines.mail.ports import Purpose
from programme.engines.mail.states import Scope
from tests.bed.servers.smtp import Peer, Received
from tests.relay import signer
from tests.relay.installation import ALICE, Installation
from tests.relay.postfix import Relay

pytestmark = pytest.mark.one_database

DECLINING = {"list-unsubscribe", "list-unsubscribe-post"}
ADDRESS = f"http://programme.{'a-very-long-name-of-a-faculty.' * 4}example"
UNSUBSCRIBE = re.compile(rb"^List-Unsubscribe: <(%s/[!-~]+)>\r$" % ADDRESS.encode(), re.MULTILINE)


@pytest.fixture
def by_port(relay: Relay) -> int:
    """Letters go where they are signed."""
    return relay.signing_port


@pytest.fixture
def given(given: dict[str, str]) -> dict[str, str]:
    """An address so long that whoever folds headers folds the one that holds it."""
    return {**given, "BASE_URL": ADDRESS}


def arrived(relay: Relay, world: Peer) -> Received:
    """Alice's letter, as it reaches the other side."""
    relay.wait_until(lambda: len(world.received) == 2, "the letters have not arrived")
    (received,) = [received for received in world.received if received.recipients == [ALICE]]
    return received


def signed_headers(received: Received) -> list[str]:
    """What its signature covers, by name."""
    (signature,) = received.message.get_all("DKIM-Signature", [])
    tags = dict(re.findall(r"(\w+)=([^;]*)", "".join(str(signature).split())))
    return [name.lower() for name in tags["h"].split(":")]


@pytest.mark.parametrize("purpose", Purpose)
def test_letter_to_many_arrives_with_both_headers_signed(
    installation: Installation, relay: Relay, world: Peer, opendkim: str, tmp_path: Path, purpose: Purpose
) -> None:
    with signer.signing(opendkim, relay, tmp_path):
        installation.write(purpose)
        received = arrived(relay, world)
    names = signed_headers(received)
    assert set(names) >= {"from", "to", "subject", "date", "list-id", *DECLINING}
    assert {names.count(name) for name in DECLINING} == {2}  # once more than there are: none can be added
    (url,) = UNSUBSCRIBE.findall(received.data)
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in received.data
    verifier = signer.verifier(opendkim, tmp_path)
    assert "succeeded" in verifier.says(received.data)
    for header in (b"List-Unsubscribe: <http://elsewhere.example/>", b"List-Unsubscribe-Post: other"):
        assert "succeeded" not in verifier.says(header + b"\r\n" + received.data)
    installation.app.test_client().post(url.decode(), data={"List-Unsubscribe": "One-Click"})
    assert installation.stopped() == [(ALICE, Scope(purpose), Cause.UNSUBSCRIBED)]


def test_without_the_guide_s_setting_one_header_is_left_out(
    installation: Installation, relay: Relay, world: Peer, opendkim: str, tmp_path: Path
) -> None:
    """The control: why the guide says it."""
    with signer.signing(opendkim, relay, tmp_path, without=frozenset({"SignHeaders", "OversignHeaders"})):
        installation.write()
        received = arrived(relay, world)
    assert DECLINING & set(signed_headers(received)) == {"list-unsubscribe"}
