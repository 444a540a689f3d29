"""The smallest files of each kind that we take, and some that only say they are."""

from __future__ import annotations

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(9)
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(4)
TEXT = "Caf\u00e9, \u00c5ngstr\u00f6m.\n".encode()
HTML = b"<!doctype html><script>alert(1)</script>"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00"


def packed(**entries: str) -> bytes:
    """Return a packed file; `_` in a name stands for `/`, and the first entry is not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, text in entries.items():
            box.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def word(**more: str) -> bytes:
    """Return a Word text."""
    return packed(**{"[Content_Types].xml": "<Types/>", "word__document.xml": "<w/>", **more})


def open_text() -> bytes:
    """Return an OpenDocument text."""
    return packed(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<o/>"})
