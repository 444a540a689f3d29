"""OpenDKIM, set up as the guide for operators says, with a key of the test."""

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from programme.config import ROOT
from tests.relay.postfix import DOMAIN, PATIENCE, Relay

GUIDE = ROOT / "docs/guides/operators.md"
SETTINGS = re.compile(r"```\n(Mode .*?)```", re.DOTALL)
NAME_OF_THE_KEY = "trial"


def program() -> str | None:
    """Where it is, if it is installed."""
    return shutil.which("opendkim", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def told_to_operators() -> dict[str, str]:
    """The settings that the guide gives."""
    found = SETTINGS.search(GUIDE.read_text())
    assert found, "the guide gives no settings for OpenDKIM"
    return dict((line.split(maxsplit=1)) for line in found[1].splitlines())


@dataclass(frozen=True)
class Verifier:
    """Who reads signatures, as the server that a letter comes to does."""

    program: str
    settings: Path

    def says(self, letter: bytes) -> str:
        """What it says of a letter's signature."""
        file = self.settings.with_name("letter")
        file.write_bytes(letter)
        command = [self.program, "-x", str(self.settings), "-t", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
        return done.stdout + done.stderr


def verifier(found: str, folder: Path) -> Verifier:
    """One that knows the key which `signing` made in this folder."""
    settings = folder / "verifying"
    settings.write_text(f"Mode v\nTestPublicKeys {folder}/published\n")
    return Verifier(found, settings)


@contextmanager
def signing(found: str, relay: Relay, folder: Path, *, without: frozenset[str] = frozenset()) -> Iterator[None]:
    """Sign what goes by way of the relay's milter, by the guide's settings; `without` some of them."""
    key_file = make_key(folder)
    own = {"Domain": DOMAIN, "Selector": NAME_OF_THE_KEY, "KeyFile": str(key_file)}
    here = {"Socket": f"local:{relay.milter}", "UMask": "000", "RequireSafeKeys": "no"}  # in /tmp, which all may write
    settings = {name: value for name, value in {**told_to_operators(), **own, **here}.items() if name not in without}
    file = folder / "signing"
    file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    with (folder / "complaints").open("wb") as said:
        process = subprocess.Popen([found, "-f", "-x", file], stdout=said, stderr=said, start_new_session=True)
    try:
        relay.wait_until(lambda: relay.milter.exists() or process.poll() is not None, "no milter came")
        assert process.poll() is None, (folder / "complaints").read_text()
        yield
    finally:
        process.kill()  # told to end, it takes five seconds; it has nothing to lose
        process.wait(PATIENCE)
        relay.milter.unlink(missing_ok=True)


def make_key(folder: Path) -> Path:
    """Make a key, and publish its other half as a name server would."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = folder / "private"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    file.chmod(0o600)
    public = base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    (folder / "published").write_text(f"{NAME_OF_THE_KEY}._domainkey.{DOMAIN} v=DKIM1; k=rsa; p={public}\n")
    return file
