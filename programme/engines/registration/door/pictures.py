"""Codes as pictures: an SVG within the page, or a file to go with a letter."""

from __future__ import annotations

import io
from typing import Any

from markupsafe import Markup

from programme.core.lazy import load

QUIET = 4
"""How many modules around a code stay blank, as its standard asks."""
PIXELS = 5
MASK = 4
"""One of eight ways to mix dark and light, all of them read alike; to weigh all eight takes five times as long, and
each letter about a place has a code."""


def code_of(url: str) -> Any:
    """Return the code of an address; it is read even where an eighth of it is dirty."""
    return load("segno").make(url, error="m", micro=False, mask=MASK)


def svg_of(url: str, *, title: str) -> Markup:
    """Return a code as an image within the page, dark on light whatever the theme: telephones need it so."""
    drawn = code_of(url).svg_inline(
        border=QUIET, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    head = Markup('<svg role="img" aria-label="{}" ').format(title)
    return head + Markup(drawn.removeprefix("<svg "))  # noqa: S704  drawn from an address by the library


def png_of(url: str) -> bytes:
    """Return a code as a file."""
    out = io.BytesIO()
    code_of(url).save(out, kind="png", scale=PIXELS, border=QUIET)
    return out.getvalue()


def svg_file_of(url: str) -> str:
    """Return a code as the text of an SVG, for papers."""
    drawn: str = code_of(url).svg_inline(border=QUIET, dark="#000", light=None, scale=4)
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
