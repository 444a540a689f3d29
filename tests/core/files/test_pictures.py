"""Pictures drawn afresh: what is seen is kept, what a camera notes is not, and nothing hostile gets far."""

import io
import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from programme.core.files.pictures import (
    LARGE,
    SMALL,
    TALLEST_SHAPE,
    WIDEST_SHAPE,
    Drawn,
    Size,
    drawn_afresh,
    refuse_unfit,
    sizes_of,
)
from programme.core.refusal import Refusal
from tests.factories.pictures import SECRET, boundless, photograph, plain, saved

SIDES = st.integers(1, 20_000)
FIT = st.integers(400, 6_000)
DARK, LIGHT = (0, 90), (240, 256)


def drawn(content: bytes) -> tuple[Drawn, ...]:
    return drawn_afresh(io.BytesIO(content))


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def brightness(image: Image.Image, x: float, y: float) -> int:
    """How bright a picture is at a point, given in shares of its sides."""
    return image.convert("L").tobytes()[int(y * image.height) * image.width + int(x * image.width)]


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *(("RGB", "JPEG"), ("L", "JPEG"), ("CMYK", "JPEG")),
        *(("RGB", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("1", "PNG"), ("L", "PNG")),
        *(("RGB", "WEBP"), ("RGBA", "WEBP"), ("RGB", "MPO")),
    ],
)
def test_every_usual_kind_comes_out_as_two_jpegs_that_look_alike(mode: str, kind: str) -> None:
    large, small = drawn(saved(plain(mode=mode), kind))
    assert (large.size, small.size) == ((1_000, 600), (800, 480))
    for one in (large, small):
        image = opened(one.content)
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", tuple(one.size))
        assert brightness(image, 0.2, 0.5) in range(*DARK)
        assert brightness(image, 0.8, 0.5) in range(*LIGHT)


def test_a_photograph_stands_upright_and_tells_nothing_of_where_it_was_taken() -> None:
    assert SECRET in photograph()
    large, small = drawn(photograph())
    assert large.size == (600, 1_000)
    for one in (large, small):
        image = opened(one.content)
        assert dict(image.getexif()) == {}
        assert not {"exif", "comment", "xmp", "icc_profile"} & set(image.info)
        assert SECRET not in one.content
        assert brightness(image, 0.5, 0.2) in range(*DARK), "what was on the left is on top"
        assert brightness(image, 0.5, 0.8) in range(*LIGHT)


def test_what_is_transparent_is_white() -> None:
    image = plain(mode="RGBA")
    image.putalpha(0)
    one_shade = Image.new("L", (800, 400), 20)
    for content in (saved(image), saved(one_shade, transparency=20), saved(one_shade.convert("P"), transparency=20)):
        large, *_ = drawn(content)
        assert opened(large.content).getextrema() == ((255, 255),) * 3


def test_more_bits_than_a_screen_shows_are_not_all_white() -> None:
    deep = Image.new("I;16", (800, 400), 0x2000)
    (only,) = drawn(saved(deep))
    assert brightness(opened(only.content), 0.5, 0.5) in range(28, 37)


def test_colours_of_another_profile_are_those_that_screens_show() -> None:
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    for profile in (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), swapped.tobytes(), b"broken"):
        (large, _) = drawn(saved(plain(), "PNG", icc_profile=profile))
        assert brightness(opened(large.content), 0.8, 0.5) in range(*LIGHT)


def test_the_same_picture_is_drawn_as_the_same_bytes() -> None:
    assert drawn(photograph()) == drawn(photograph())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no picture that we can read"),
        (b"<!doctype html><script>alert(1)</script>", "no picture that we can read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that we can read"),
        (saved(plain(), "GIF"), "no picture that we can read"),
        (saved(plain(), "TIFF"), "no picture that we can read"),
        (photograph()[:2_000], "no picture that we can read"),
        (boundless(), "more than 40 million pixels"),
        (boundless(8_000, 8_000), "more than 40 million pixels"),
        (saved(plain(399, 300)), "399 by 300 pixels"),
        (saved(plain(1_000, 240)), "too flat"),
        (saved(plain(400, 900)), "too tall"),
    ],
    ids=["nothing", "page", "drawing", "gif", "tiff", "half", "bomb", "large", "small", "flat", "tall"],
)
def test_what_is_no_picture_or_unfit_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        drawn(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_broken_bytes_are_refused_or_drawn_and_never_our_fault(kind: str) -> None:
    whole, chance = saved(plain(400, 200), kind), random.Random(7)
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 9)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        with suppress(Refusal):
            assert drawn(bytes(broken[: chance.randrange(40, len(broken) + 1)]))


@given(width=SIDES, height=SIDES)
def test_sizes_keep_the_shape_and_never_grow(width: int, height: int) -> None:
    sizes = sizes_of(Size(width, height))
    for one, longest in zip(sizes, (LARGE, SMALL), strict=False):
        assert max(one) <= longest or max(one) == max(width, height) <= longest
        assert one.width <= width
        assert one.height <= height
        assert abs(one.width * height - one.height * width) <= 2 * max(width, height), "as near as whole pixels allow"
    assert sizes_of(sizes[0]) == sizes, "what is kept of a picture tells all of its sizes"


@given(width=FIT, height=FIT)
def test_no_picture_that_is_fit_has_two_sizes_of_one_width(width: int, height: int) -> None:
    try:
        refuse_unfit(Size(width, height))
    except Refusal:
        assert width > WIDEST_SHAPE * height or height > TALLEST_SHAPE * width
        return
    sizes = sizes_of(Size(width, height))
    assert len({one.width for one in sizes}) == len(sizes)
