"""Postfix and the world behind it, once for all tests; an installation that sends by it, and an evening to write of."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from programme.config import Settings
from tests.bed import needs
from tests.bed.application import PLAIN, settings_for
from tests.bed.servers.smtp import Peer, listening
from tests.relay import postfix, signer
from tests.relay.installation import Installation
from tests.relay.postfix import Relay


@pytest.fixture(scope="session")
def everybody() -> Iterator[Peer]:
    """The mail servers of all the world."""
    with listening() as peer:
        yield peer


@pytest.fixture(scope="session")
def postfix_programs() -> Path:
    """Where Postfix is installed, for one who may start it."""
    programs = postfix.daemons()
    if programs is None:
        needs.lacking("postfix", because="its postconf was not found")
    if os.geteuid() != 0:
        needs.lacking("postfix", because="only root can start it")
    return programs


@pytest.fixture(scope="session")
def postfix_running(postfix_programs: Path, everybody: Peer) -> Iterator[Relay]:
    """The mail server of the installation, which tries for days."""
    with postfix.running(postfix_programs, next_hop=everybody.port) as relay:
        yield relay


@pytest.fixture
def world(everybody: Peer) -> Peer:
    """The mail servers of all the world, which have nothing from other tests and take everything."""
    everybody.received.clear()
    everybody.commands.clear()
    everybody.behave()
    return everybody


@pytest.fixture
def relay(postfix_running: Relay, world: Peer) -> Iterator[Relay]:
    """The mail server of the installation; a test leaves nothing in it."""
    yield postfix_running
    try:
        postfix_running.wait_until_empty()
    finally:
        for left in postfix_running.waiting():
            left.answer(0)


@pytest.fixture
def by_port(relay: Relay) -> int:
    """Which port of the mail server letters are given to; others sign."""
    return relay.port


@pytest.fixture
def given(database_url: str, tmp_path: Path, by_port: int) -> dict[str, str]:
    """What the `.env` of an installation says that sends by the mail server and is given what comes back."""
    own = {"MAIL_URL": f"smtp://127.0.0.1:{by_port}", "BOUNCE_ADDRESS": f"bounces@{postfix.DOMAIN}"}
    return {**PLAIN, **own, "DATABASE_URL": database_url, "STORE": str(tmp_path)}


@pytest.fixture
def settings(given: dict[str, str], tmp_path: Path) -> Settings:
    """The same, read."""
    return settings_for(given["DATABASE_URL"], store=tmp_path, **given)


@pytest.fixture
def installation(app: Flask, session: Session, given: dict[str, str], relay: Relay, tmp_path: Path) -> Installation:
    """The installation, where Alice and Bob have registered for an evening and asked for news."""
    env_file = tmp_path / "installation.env"
    env_file.write_text("".join(f"{name}={value}\n" for name, value in given.items()))
    return Installation(app, session, relay, env_file)


@pytest.fixture
def opendkim() -> str:
    """The program that signs and verifies."""
    found = signer.program()
    if found is None:
        needs.lacking("opendkim", because="no such program was found")
    return found
