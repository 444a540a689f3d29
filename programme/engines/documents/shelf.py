"""Where the bytes of files lie: beside the database, outside everything that is served, under random names."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from programme.core.files.kinds import CHUNK, in_bytes, kind_of
from programme.core.refusal import Refusal
from programme.engines.documents.naming import clean_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

TOKEN_BYTES = 20
EMPTY = "“{name}” is empty. Choose the file again."


@dataclass(frozen=True, slots=True)
class Laid:
    """Bytes that lie on the shelf, and what they are."""

    token: str
    name: str
    kind: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of the files of one installation; each in a folder named by the first letters of its token."""

    store: Path

    @property
    def root(self) -> Path:
        """Where they lie."""
        return self.store / "uploads" / "documents"

    def path(self, token: str) -> Path:
        """Return where the bytes of a token lie."""
        return self.root / token[:2] / token

    def lay(self, stream: IO[bytes], sent_name: str, *, accepts: Collection[str], most: int) -> Laid:
        """Lay a file down, a piece at a time. Refusal, and nothing is kept, where it is too large or not what it says.

        `most` is how many bytes it may have.
        """
        token, name = secrets.token_hex(TOKEN_BYTES), clean_name(sent_name)
        path = self.path(token)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            size, digest = self.poured(stream, path, name=name, most=most)
            with path.open("rb") as file:
                kind = kind_of(name, file, accepts=accepts)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Laid(token, name, kind.name, size, digest)

    def poured(self, stream: IO[bytes], path: Path, *, name: str, most: int) -> tuple[int, str]:
        """Write a stream into a new file that only we can read; returns its size and digest."""
        digest, size = hashlib.sha256(), 0
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  of a descriptor
            while piece := stream.read(CHUNK):
                size += len(piece)
                if size > most:
                    raise Refusal(
                        f"“{name}” is too large: {in_bytes(most)} is the most. Save it smaller, and try again."
                    )
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise Refusal(EMPTY.format(name=name))
        return size, digest.hexdigest()

    def wipe(self, token: str) -> None:
        """Delete the bytes of a token; a second time changes nothing."""
        self.path(token).unlink(missing_ok=True)

    def lying(self, *, before: float) -> Iterator[str]:
        """Give the tokens of all the bytes that were written before an instant, in seconds since 1970."""
        for path in self.root.glob("*/*"):
            if path.is_file() and path.stat().st_mtime < before:
                yield path.name
