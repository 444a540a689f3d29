"""What kinds of files we take, and files that are not what they say."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.core.files.kinds import CHUNK, FILE_KINDS, in_bytes, in_words, is_plain, kind_of
from programme.core.refusal import Refusal
from programme.engines.documents.naming import LONGEST, clean_name
from tests.factories import files

EVERY = tuple(FILE_KINDS)
RIGHT = {
    "cv.pdf": files.PDF,
    "CV.PDF": files.PDF,
    "letter.docx": files.word(),
    "letter.odt": files.open_text(),
    "poster.png": files.PNG,
    "me.jpg": files.JPEG,
    "me.jpeg": files.JPEG,
    "me.webp": files.WEBP,
    "notes.txt": files.TEXT,
}
WRONG = {
    "cv.pdf": files.PNG,
    "letter.pdf": files.HTML,
    "poster.png": files.JPEG,
    "me.jpg": files.PDF,
    "me.webp": b"RIFF\x10\x00\x00\x00WAVEfmt ",
    "letter.docx": files.open_text(),
    "macros.docx": files.word(**{"word__vbaProject.bin": "x"}),
    "letter.odt": files.word(),
    "notes.txt": files.PROGRAM,
    "latin.txt": "Caf\u00e9".encode("latin-1"),
    "half.docx": files.word()[:40],
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_file_that_is_what_it_says_is_taken(name: str) -> None:
    assert name.lower().endswith(kind_of(name, io.BytesIO(RIGHT[name]), accepts=EVERY).endings)


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_not_what_it_says_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(Refusal, match=f"“{name}” is not what its name says"):
        kind_of(name, io.BytesIO(WRONG[name]), accepts=EVERY)


def test_only_what_is_asked_for_is_taken() -> None:
    with pytest.raises(Refusal, match=r"Choose a PDF or a Word text \(.docx\)"):
        kind_of("me.png", io.BytesIO(files.PNG), accepts=("docx", "pdf"))
    with pytest.raises(Refusal, match="not a file that we can take here"):
        kind_of("page.html", io.BytesIO(files.HTML), accepts=EVERY)
    assert in_words(("png", "jpeg", "text")) == "a PNG picture, a JPEG picture or a plain text (.txt)"


@given(text=st.text(alphabet=st.characters(blacklist_categories=["C"]), min_size=1), shift=st.integers(0, 4))
def test_plain_text_is_known_wherever_its_pieces_end(text: str, shift: int) -> None:
    filled = ("x" * (CHUNK - shift) + text * 3).encode()
    assert is_plain(io.BytesIO(filled))
    assert not is_plain(io.BytesIO(filled + b"\x00"))
    assert not is_plain(io.BytesIO(filled + b"\xff"))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("cv.pdf", "cv.pdf"),
        ("C:\\Users\\me\\My CV.pdf", "My CV.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..pdf", "pdf"),
        (".pdf", "pdf"),
        ("cv\u202efdp.exe.pdf", "cvfdp.exe.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie b.pdf"),
        ("  lots   of\tspace .pdf", "lots of space.pdf"),
        ("R\u00e9sum\u00e9 \u6f22\u5b57.pdf", "R\u00e9sum\u00e9 \u6f22\u5b57.pdf"),
        ("", "file"),
        ('"quoted".txt', "quoted.txt"),
    ],
)
def test_names_are_cleaned(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


@given(sent=st.text())
def test_every_name_becomes_one_short_printable_line_without_a_folder(sent: str) -> None:
    name = clean_name(sent)
    assert 0 < len(name) <= LONGEST
    assert name.isprintable()
    assert not set(name) & set('/\\<>:"|?*')
    assert not name.startswith(".")


def test_sizes_are_said_in_few_letters() -> None:
    assert [in_bytes(one) for one in (0, 12, 120_400, 5_000_000, 5_250_000)] == [
        "0 KB",
        "1 KB",
        "120 KB",
        "5 MB",
        "5.2 MB",
    ]
