"""Answers as calendars send them, in their shapes and in invented words; each says its client and its quirk."""

from datetime import UTC, datetime
from pathlib import Path

from programme.config import ROOT
from programme.engines.mail.addresses.reading.parts import part_of
from programme.flows.replying.reading import Reply, reply_in

SHAPES = ROOT / "tests/data/replies"
UID, KEY = "event-17@programme.example.ac.uk", "<0123456789abcdef@programme.example>"
ALICE, STARTS = "alice@liverpool.example.ac.uk", datetime(2027, 2, 16, 14, tzinfo=UTC)
OUR_HOST = "mx.programme.example"
IN_WINDOWS_LETTERS = "windows_1252"


def shapes() -> list[Path]:
    """Every shape there is."""
    return sorted(SHAPES.glob("*.eml"))


def message(shape: str, *, uid: str = UID, key: str = KEY, attendee: str = ALICE, **changed: str) -> bytes:
    """A message of a shape, as it is on the wire; `changed` are the stamp and the sequence, where not as they stand."""
    text = (SHAPES / f"{shape}.eml").read_text().replace(UID, uid).replace(KEY, key).replace(ALICE, attendee)
    text = text.replace("20270201T090000Z", changed.get("stamp", "20270201T090000Z"))
    text = text.replace("SEQUENCE:1", f"SEQUENCE:{changed.get('sequence', '1')}")
    domain = attendee.partition("@")[2]
    text = text.replace("header.from=liverpool.example.ac.uk", f"header.from={domain}")
    return text.replace("\n", "\r\n").encode("windows-1252" if shape == IN_WINDOWS_LETTERS else "utf-8")


def read(raw: bytes) -> Reply | None:
    """What is read of it."""
    return reply_in(part_of(raw), authserv_id=OUR_HOST)
