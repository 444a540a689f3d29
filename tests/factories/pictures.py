"""Pictures as people send them, and as events show them; drawn here, so that none lies in the repository."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

from PIL import ExifTags, Image

from programme.core.files.pictures import drawn_afresh
from programme.engines.calendar.pictures.actions import Caption, give
from programme.flows.picturing.taking import keep
from programme.people.permissions import NOBODY
from tests.factories.cast import LONG_AGO

if TYPE_CHECKING:
    from datetime import datetime

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from programme.engines.calendar.models import Event
    from programme.engines.calendar.pictures.models import EventPicture
    from programme.engines.documents.shelf import Shelf

SECRET = b"Invented camera 7"
WORDS, CREDIT = "Two rowers on a river at dawn", "Drawing: the programme"
TURNED = 6
"""How a camera notes that its top is on the right."""


def plain(width: int = 1_000, height: int = 600, *, mode: str = "RGB", shade: int = 0) -> Image.Image:
    """A picture whose left half is dark and whose right half is light; `shade` makes it another one."""
    image = Image.new("RGB", (width, height), (20 + shade, 36, 40))
    image.paste((250, 251, 249), (width // 2, 0, width, height))
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    image.save(out, format=kind, **more)
    return out.getvalue()


def photograph(width: int = 1_000, height: int = 600) -> bytes:
    """A JPEG that a camera took lying on its side, and in which it noted where it was and who it is."""
    notes = Image.Exif()
    notes[ExifTags.Base.Orientation] = TURNED
    notes[ExifTags.Base.Model] = SECRET.decode()
    notes[ExifTags.IFD.GPSInfo] = {ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: (53.0, 24.0, 21.0)}
    return saved(plain(width, height), "JPEG", exif=notes, comment=SECRET)


def boundless(width: int = 30_000, height: int = 30_000) -> bytes:
    """The beginning of a PNG of a few bytes that says it is 900 million pixels large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rest = zlib.compress(bytes(1_000))
    data = b"IDAT" + rest
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (head, data)
    )


def fetched(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    """What an address answers, read to its end and closed: whoever sends a file keeps it open."""
    answer = client.get(address, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def show(
    session: Session, row: Event, shelf: Shelf, *, words: str = WORDS, shade: int = 0, now: datetime = LONG_AGO
) -> EventPicture:
    """Let an event show a picture in two sizes; flushes, does not commit."""
    drawn = drawn_afresh(io.BytesIO(saved(plain(shade=shade))))
    picture = keep(session, drawn, shelf, now=now)
    return give(session, row.id, Caption(words=words), picture=picture, actor=NOBODY, now=now)
