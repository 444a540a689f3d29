"""Answers that lie in a real mailbox count once, whatever happens to whoever reads it."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from programme.config import ROOT
from programme.engines.mail.addresses.inbox.emptying import MOST_MESSAGES, empty
from programme.engines.mail.addresses.models import InboxMessage
from programme.engines.mail.addresses.states import Meaning
from programme.engines.mail.models import CapturedMail
from programme.engines.registration.replies.models import OddReply, SeatReply
from programme.extensions import db
from programme.jobs.working import work_of
from tests.bed.servers.dovecot import PATIENCE
from tests.engines.mail.addresses import returns
from tests.flows.replying import replies
from tests.inbox.conftest import NOW, Office

ANNA, BEN = "anna@example.org", "ben@example.org"
PEOPLE = 12


def test_an_answer_in_the_mailbox_gives_the_place_back_and_one_press_takes_it_back(office: Office) -> None:
    anna, _ = office.enter(ANNA), office.enter(BEN, now=NOW + timedelta(seconds=1))
    office.tick()
    office.answer("outlook_com_declined", anna)
    office.tick(after=timedelta(minutes=2))
    assert office.states() == {ANNA: "cancelled", BEN: "confirmed"}
    assert office.letters()[2:] == [("place_given_back", ANNA), ("registration_promoted", BEN)]
    assert office.mailbox.flags() == ["S"]
    told = office.session.scalars(select(CapturedMail).where(CapturedMail.recipient == ANNA)).all()[-1]
    assert told.subject_line.startswith("Your calendar gave your place back")
    page = office.app.extensions["links"].path(anna)
    assert page.encode() in told.raw.replace(b"=\r\n", b"").replace(b"=3D", b"=")
    client = office.app.test_client()
    assert "Take my place back" in client.get(page).text
    assert office.states()[ANNA] == "cancelled", "looking changes nothing"
    client.post(f"{page}/return")
    office.tick(after=timedelta(minutes=4))
    assert office.states() == {ANNA: "waitlisted", BEN: "confirmed"}
    assert office.letters()[-1] == ("registration_waitlisted", ANNA)


def test_what_is_not_understood_stays_unread_and_everything_is_looked_at_once(office: Office) -> None:
    anna = office.enter(ANNA)
    office.tick()
    office.mailbox.deliver(b"From: gwen@example.org\r\nSubject: May I bring my dog?\r\n\r\nHe is quiet.\r\n")
    office.mailbox.deliver(returns.absence())
    office.answer("fastmail_declined", anna, stamp=f"{NOW:%Y%m%dT%H%M%SZ}")
    office.answer("counter", anna)
    for minutes in (2, 4):
        office.tick(after=timedelta(minutes=minutes))
        assert office.meanings() == sorted([Meaning.UNKNOWN, Meaning.AUTOMATIC, Meaning.REPLY, Meaning.REPLY])
    assert office.states() == {ANNA: "cancelled"}, "our own host vouches for the sender"
    assert office.session.scalar(select(func.count()).select_from(OddReply)) == 1
    flags = office.mailbox.flags()
    assert [one.count("S") for one in flags].count(1) == 3
    (left,) = [one for one in flags if "S" not in one]
    assert left, "the keyword by which it is left alone from then on"


@pytest.mark.one_database
def test_a_full_mailbox_is_read_a_little_at_a_time(office: Office) -> None:
    for number in range(MOST_MESSAGES + 10):
        office.mailbox.deliver(replies.message("comment", uid=f"lunch-{number}@elsewhere.example"))
    work = work_of(office.app, lambda: NOW)
    with office.app.app_context():
        counts = [empty(work.factory, work.room, now=lambda: NOW).count for _ in range(3)]
        db.session.remove()
    assert counts == [MOST_MESSAGES, 10, 0]
    assert office.mailbox.flags() == ["S"] * (MOST_MESSAGES + 10)


def test_a_reading_that_is_killed_loses_nothing_and_doubles_nothing(
    office: Office, given: dict[str, str], tmp_path: Path
) -> None:
    office.opening.capacity = PEOPLE
    office.session.commit()
    rows = [office.enter(f"guest-{number}@example.org") for number in range(PEOPLE)]
    office.tick()
    for row in rows:
        office.answer("outlook_com_declined", row)
    env_file = tmp_path / "installation.env"
    env_file.write_text("".join(f"{name}={value}\n" for name, value in given.items()))
    killed = reading(env_file)
    wait_until_some(office, killed)
    killed.kill()
    killed.wait(PATIENCE)
    some = office.session.scalar(select(func.count()).select_from(InboxMessage)) or 0
    assert 0 < some < PEOPLE, "it was killed in the middle"
    office.session.rollback()
    office.tick(after=timedelta(minutes=4))
    assert set(office.states().values()) == {"cancelled"}
    told = [address for letter, address in office.letters() if letter == "place_given_back"]
    assert sorted(told) == sorted(row.address for row in rows)
    assert office.meanings() == [Meaning.REPLY] * PEOPLE
    assert office.session.scalar(select(func.count()).select_from(SeatReply)) == PEOPLE
    assert office.mailbox.flags() == ["S"] * PEOPLE


def reading(env_file: Path) -> subprocess.Popen[bytes]:
    """A process of its own that does all that is due, the reading of the mailbox among it."""
    program = Path(sys.executable).with_name("programme")
    environment = {"PATH": os.defpath, "PROGRAMME_ENV": str(env_file), "PYTHONPATH": str(ROOT)}
    at = f"{NOW + timedelta(minutes=2):%Y-%m-%dT%H:%M:%S+00:00}"
    return subprocess.Popen([str(program), "run-due", "--at", at], env=environment, cwd="/", stdout=subprocess.DEVNULL)


def wait_until_some(office: Office, process: subprocess.Popen[bytes]) -> None:
    """Wait until some messages are taken in."""
    until = time.monotonic() + PATIENCE * 2
    while time.monotonic() < until and process.poll() is None:
        taken = office.session.scalar(select(func.count()).select_from(InboxMessage)) or 0
        office.session.rollback()
        if taken >= 2:
            return
        time.sleep(0.002)
    raise AssertionError(f"nothing was taken in:\n{office.mailbox.log}")
