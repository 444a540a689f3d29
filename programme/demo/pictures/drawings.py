"""Plain drawings in the colours of the design: a ring, waves, a lattice, hills."""

from __future__ import annotations

import io
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any, NamedTuple

from programme.core.lazy import load

if TYPE_CHECKING:
    from collections.abc import Iterator

BROAD, TALL = (2_400, 1_350), (1_500, 1_800)
"""Larger than they are kept, so that edges come out smooth."""
PAPER, INK = "#fafbf9", "#152428"
TURN, STEPS = 2 * pi, 240


class Inks(NamedTuple):
    """The colours of a strand, from dark to light, as the stylesheet has them."""

    dark: str
    mark: str
    wash: str


COHORTS = Inks("#2f3195", "#8285eb", "#edeffe")
ENTREPRENEURSHIP = Inks("#894c14", "#fdc357", "#fef2dd")
EXCHANGE = Inks("#942464", "#ed76b3", "#fcedf3")


def ring(inks: Inks) -> bytes:
    """Draw a ring with beams that leave it, as at a synchrotron."""
    image, brush = canvas(BROAD, inks.wash)
    width, height = BROAD
    middle, radius = (width * 0.42, height * 0.56), height * 0.36
    for number in range(16):
        angle = TURN * number / 16
        start = around(middle, radius, angle)
        along = (start[0] - sin(angle) * width, start[1] + cos(angle) * width)
        brush.line([start, along], fill=inks.mark if number % 2 else inks.dark, width=10)
    brush.ellipse(box(middle, radius + 36), fill=inks.dark)
    brush.ellipse(box(middle, radius - 36), fill=inks.wash)
    brush.ellipse(box(middle, radius * 0.62), outline=inks.mark, width=24)
    for number in range(16):
        brush.ellipse(box(around(middle, radius, TURN * number / 16), 26), fill=PAPER)
    return as_png(image)


def waves(inks: Inks) -> bytes:
    """Draw waves one behind the other, the nearest the darkest."""
    image, brush = canvas(BROAD, inks.wash)
    width, height = BROAD
    brush.ellipse(box((width * 0.74, height * 0.2), height * 0.1), fill=inks.dark)
    for number, colour in enumerate((inks.mark, PAPER, inks.mark, inks.dark, INK)):
        top = height * (0.3 + 0.14 * number)
        edge = [
            (x, top + height * 0.07 * sin(x / width * TURN * (1.2 + 0.25 * number) + number * 1.7))
            for x in spread(width)
        ]
        brush.polygon([*edge, (width, height), (0, height)], fill=colour)
    return as_png(image)


def lattice(inks: Inks) -> bytes:
    """Draw a lattice whose points swell where a beam crosses it."""
    image, brush = canvas(BROAD, inks.wash)
    height = BROAD[1]
    gap = height / 9
    for row in range(11):
        for column in range(18):
            x, y = (column + row % 2 / 2) * gap - gap / 2, row * gap * 0.9
            near = max(0.0, 1 - abs(y - height * 0.8 + x * 0.4) / (height * 0.4))
            brush.ellipse(box((x, y), gap * (0.09 + 0.3 * near)), fill=inks.dark if near > 0 else inks.mark)
    return as_png(image)


def hills(inks: Inks) -> bytes:
    """Draw hills before a low sun, higher than broad."""
    image, brush = canvas(TALL, inks.wash)
    width, height = TALL
    brush.ellipse(box((width * 0.62, height * 0.42), width * 0.24), fill=inks.mark)
    for number, colour in enumerate((inks.dark, INK)):
        base = height * (0.62 + 0.16 * number)
        peaks = [(width * share, base - height * rise) for share, rise in PEAKS[number]]
        brush.polygon([(0, height), *peaks, (width, height)], fill=colour)
    return as_png(image)


PEAKS = (
    ((0, 0.02), (0.22, 0.2), (0.4, 0.06), (0.6, 0.26), (0.84, 0.05), (1, 0.12)),
    ((0, 0.12), (0.18, 0.02), (0.46, 0.18), (0.7, 0.0), (1, 0.1)),
)
"""How high each hill stands, and where, as shares of the picture: those behind first."""


def canvas(size: tuple[int, int], colour: str) -> tuple[Any, Any]:
    """Return an empty picture, and what draws on it."""
    image = load("PIL.Image").new("RGB", size, colour)
    return image, load("PIL.ImageDraw").Draw(image)


def around(middle: tuple[float, float], radius: float, angle: float) -> tuple[float, float]:
    """Return a point of a circle."""
    return middle[0] + radius * cos(angle), middle[1] + radius * sin(angle)


def box(middle: tuple[float, float], radius: float) -> tuple[float, float, float, float]:
    """Return what a circle is drawn within."""
    return middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius


def spread(width: float) -> Iterator[float]:
    """Give points from the left edge to the right one."""
    yield from (width * step / STEPS for step in range(STEPS + 1))


def as_png(image: Any) -> bytes:
    """Return the bytes of a picture."""
    out = io.BytesIO()
    image.save(out, format="PNG", compress_level=1)
    return out.getvalue()
