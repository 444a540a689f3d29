"""Pictures: whether bytes are one, and the same drawn afresh: upright, in plain colours, in two sizes.

What a camera notes (where it was, when, whose it is) is not taken over: only what is seen is.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from programme.core.lazy import load
from programme.core.refusal import Refusal

if TYPE_CHECKING:
    from PIL.Image import Image

TAKEN = ("jpeg", "png", "webp")
MOST_PIXELS = 40_000_000
"""What the largest sensors of usual cameras give; decoding it takes a few hundred megabytes, one picture at a time."""
NARROWEST, LOWEST = 400, 200
WIDEST_SHAPE, TALLEST_SHAPE = 4, 2
LARGE, SMALL = 1_600, 800
"""The longest side of each size; what is kept already has these."""
QUALITY = 85
SIDEWAYS = frozenset({5, 6, 7, 8})
ORIENTATION = 0x0112
WHITE = (255, 255, 255)
FEW_BITS = {"1": "L", "P": "RGBA", "PA": "RGBA", "LA": "RGBA"}
BROKEN = "This is no picture that we can read. Open it, save it afresh as JPEG or PNG, and choose it again."
TOO_MANY_PIXELS = "This picture has more than {most} million pixels. Save it smaller, and choose it again."
TOO_SMALL = "This picture is {width} by {height} pixels. It has to be {narrowest} wide and {lowest} high at least."
BAD_SHAPE = "This picture is too {shape} to be shown beside text. Cut it to a broader part, and choose it again."
ONE_AT_A_TIME = Lock()


class Size(NamedTuple):
    """Pixels across and down."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture in one size, as the bytes of a JPEG."""

    size: Size
    content: bytes


def sizes_of(size: Size) -> tuple[Size, ...]:
    """Return the sizes in which a picture is kept, the largest first; none is larger than it came."""
    large = within(size, LARGE)
    return (large, within(large, SMALL)) if max(large) > SMALL else (large,)


def within(size: Size, longest: int) -> Size:
    """Return a size of the same shape whose longer side is `longest` at most."""
    if max(size) <= longest:
        return size
    scale = longest / max(size)
    return Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))


def refuse_boundless(size: Size) -> None:
    """Refuse a picture that is too large to read."""
    if size.width * size.height > MOST_PIXELS:
        raise Refusal(TOO_MANY_PIXELS.format(most=MOST_PIXELS // 1_000_000))


def refuse_unfit(size: Size) -> None:
    """Refuse a picture that is too small to show, or of a shape that no page has room for."""
    if size.width < NARROWEST or size.height < LOWEST:
        raise Refusal(TOO_SMALL.format(**size._asdict(), narrowest=NARROWEST, lowest=LOWEST))
    if size.width > WIDEST_SHAPE * size.height:
        raise Refusal(BAD_SHAPE.format(shape="flat"))
    if size.height > TALLEST_SHAPE * size.width:
        raise Refusal(BAD_SHAPE.format(shape="tall"))


def drawn_afresh(file: IO[bytes]) -> tuple[Drawn, ...]:
    """Return a picture in its sizes, the largest first. Refusal where it is none, or unfit.

    The pixels are counted before any is decoded, and one picture is decoded at a time: a small file may unfold to
    gigabytes, and several large ones are too much for a small machine.
    """
    images = load("PIL.Image")
    with ONE_AT_A_TIME:
        try:
            return drawn(file)
        except Refusal:
            raise
        except (images.DecompressionBombError, images.DecompressionBombWarning) as error:
            raise Refusal(TOO_MANY_PIXELS.format(most=MOST_PIXELS // 1_000_000)) from error
        except Exception as error:  # decoders raise whatever broken bytes lead them to
            raise Refusal(BROKEN) from error


def drawn(file: IO[bytes]) -> tuple[Drawn, ...]:
    """Do the same, with the errors of the decoders."""
    with load("PIL.Image").open(file, formats=[name.upper() for name in TAKEN]) as source:
        refuse_boundless(Size(*source.size))  # asking a PNG how it lies decodes all of it
        is_sideways = source.getexif().get(ORIENTATION) in SIDEWAYS
        size = Size(*(source.size[::-1] if is_sideways else source.size))
        refuse_unfit(size)
        is_photograph = source.format in {"JPEG", "MPO"}
        source.draft("RGB", (LARGE, LARGE))  # a JPEG is decoded at no more than it is needed for
        upright = load("PIL.ImageOps").exif_transpose(source)
        sizes = sizes_of(size)
        plain = in_plain_colours(resized(with_all_bits(upright), sizes[0]))
    return tuple(Drawn(one, as_jpeg(resized(plain, one), is_photograph=is_photograph)) for one in sizes)


def with_all_bits(image: Image) -> Image:
    """Return a picture of few colours, or of more bits than a screen shows, in a mode that can be made smaller."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"L", "RGB"} and "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert(FEW_BITS[image.mode]) if image.mode in FEW_BITS else image


def resized(image: Image, size: Size) -> Image:
    """Return a picture in a size."""
    if image.size == tuple(size):
        return image
    return image.resize(size, resample=load("PIL.Image").Resampling.LANCZOS, reducing_gap=3.0)


def in_plain_colours(image: Image) -> Image:
    """Return a new picture in sRGB, on white where it is transparent, without anything that came with it."""
    plain = load("PIL.Image").new("RGB", image.size, WHITE)
    mask = image.getchannel("A") if image.mode == "RGBA" else None
    plain.paste(in_srgb(image), mask=mask)
    made: Image = plain
    return made


def in_srgb(image: Image) -> Image:
    """Return the colours as screens show them, by the profile that came with them; without it where it is broken."""
    profile: Any = image.info.get("icc_profile")
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    if not profile:
        return colours.convert("RGB")
    profiles = load("PIL.ImageCms")
    try:
        found: Image = profiles.profileToProfile(
            colours,
            profiles.ImageCmsProfile(io.BytesIO(profile)),
            profiles.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (profiles.PyCMSError, OSError, ValueError):
        return colours.convert("RGB")
    return found


def as_jpeg(image: Image, *, is_photograph: bool) -> bytes:
    """Return the bytes of a JPEG; the edges of letters and drawings keep their colours."""
    out = io.BytesIO()
    subsampling = "4:2:0" if is_photograph else "4:4:4"
    image.save(out, format="JPEG", quality=QUALITY, optimize=True, progressive=True, subsampling=subsampling)
    return out.getvalue()
