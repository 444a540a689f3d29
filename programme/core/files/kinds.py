"""What kinds of files we take, and whether a file is what its name says: by its bytes, never by what a browser says."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from programme.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

HEAD = 4_096
CHUNK = 64 * 1024
KILOBYTE, MEGABYTE = 1_000, 1_000_000
MOST_ENTRIES = 10_000
"""Entries of a packed text: Word makes a few dozen."""
RIFF, WEBP, AT_WEBP = b"RIFF", b"WEBP", 8
PNG, JPEG, PDF, ZIP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-", b"PK\x03\x04"
LONGEST_LETTER, GOES_ON = 4, 0b1000_0000
"""Bytes of one letter in UTF-8, and how all but its first begin."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f")


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file: what it is called, the endings of its names, its media type, and how its bytes are known."""

    name: str
    title: str
    endings: tuple[str, ...]
    media_type: str
    is_so: Callable[[IO[bytes]], bool]


def begins_with(*marks: bytes) -> Callable[[IO[bytes]], bool]:
    """Return a check of the first bytes."""
    return lambda file: file.read(HEAD).startswith(marks)


def is_webp(file: IO[bytes]) -> bool:
    """Whether a file is a WebP picture: packed as its name says, whatever its length."""
    head = file.read(HEAD)
    return head.startswith(RIFF) and head[AT_WEBP:].startswith(WEBP)


def is_word(file: IO[bytes]) -> bool:
    """Whether a file is a Word text, without macros."""
    names = names_in(file)
    return {"[Content_Types].xml", "word/document.xml"} <= names and "word/vbaProject.bin" not in names


def is_open_text(file: IO[bytes]) -> bool:
    """Whether a file is an OpenDocument text: its first entry says so, unpacked."""
    if b"mimetypeapplication/vnd.oasis.opendocument.text" not in file.read(HEAD):
        return False
    file.seek(0)
    names = names_in(file)
    return "content.xml" in names and not any(name.startswith("Basic/") for name in names)


def names_in(file: IO[bytes]) -> frozenset[str]:
    """Return the names of what is packed in a file, without unpacking anything; none where it is no such file."""
    if file.read(len(ZIP)) != ZIP:
        return frozenset()
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as box:
            entries = box.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return frozenset()
    return frozenset(one.filename for one in entries) if len(entries) <= MOST_ENTRIES else frozenset()


def is_plain(file: IO[bytes]) -> bool:
    """Whether a file is plain text in UTF-8: no bytes that only programs read."""
    rest = file.read(CHUNK).removeprefix(BYTE_ORDER_MARK)
    while rest:
        more = file.read(CHUNK)
        cut = 0 if not more else last_whole(rest)
        whole, tail = (rest, b"") if not cut else (rest[:cut], rest[cut:])
        if not CONTROLS.isdisjoint(whole):
            return False
        try:
            whole.decode()
        except UnicodeDecodeError:
            return False
        rest = tail + more
    return True


def last_whole(piece: bytes) -> int:
    """Return where the last letter of a piece begins that may go on in the next one."""
    for back in range(1, min(LONGEST_LETTER, len(piece)) + 1):
        if piece[-back] & 0b1100_0000 != GOES_ON:
            return len(piece) - back
    return len(piece)


FILE_KINDS: Mapping[str, FileKind] = {
    kind.name: kind
    for kind in (
        FileKind("pdf", "PDF", (".pdf",), "application/pdf", begins_with(PDF)),
        FileKind(
            "docx",
            "Word (.docx)",
            (".docx",),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            is_word,
        ),
        FileKind("odt", "OpenDocument (.odt)", (".odt",), "application/vnd.oasis.opendocument.text", is_open_text),
        FileKind("png", "PNG picture", (".png",), "image/png", begins_with(PNG)),
        FileKind("jpeg", "JPEG picture", (".jpg", ".jpeg"), "image/jpeg", begins_with(JPEG)),
        FileKind("webp", "WebP picture", (".webp",), "image/webp", is_webp),
        FileKind("text", "Plain text (.txt)", (".txt",), "text/plain; charset=utf-8", is_plain),
    )
}


def kind_of(name: str, file: IO[bytes], *, accepts: Collection[str]) -> FileKind:
    """Return what kind a file is. Refusal where it is none that is asked for, or not what its name says."""
    kinds = [FILE_KINDS[one] for one in FILE_KINDS if one in accepts]
    said = next((kind for kind in kinds if name.lower().endswith(kind.endings)), None)
    if said is None:
        raise Refusal(f"“{name}” is not a file that we can take here. Choose {in_words(accepts)}.")
    file.seek(0)
    if not said.is_so(file):
        raise Refusal(
            f"“{name}” is not what its name says: inside it is not {article(said.title)}. Open it, save it afresh as "
            f"{in_words(accepts)}, and choose it again."
        )
    return said


def in_words(accepts: Collection[str]) -> str:
    """Say which kinds are taken."""
    titles = [article(FILE_KINDS[one].title) for one in FILE_KINDS if one in accepts]
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} or {titles[-1]}"


def article(title: str) -> str:
    """Say a kind as it stands in a sentence."""
    spoken = {"OpenDocument (.odt)": "an OpenDocument text (.odt)", "Word (.docx)": "a Word text (.docx)"}
    return spoken.get(title, f"a {title[0].lower() + title[1:] if title.startswith('Plain') else title}")


def endings(accepts: Collection[str]) -> str:
    """Return the endings of names, as a browser's dialogue for files takes them."""
    return ",".join(ending for one in FILE_KINDS if one in accepts for ending in FILE_KINDS[one].endings)


def in_bytes(size: int) -> str:
    """Say how large a file is."""
    if size >= MEGABYTE:
        return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"
    return f"{max(1, round(size / KILOBYTE))} KB" if size else "0 KB"
