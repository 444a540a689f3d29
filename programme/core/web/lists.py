"""List pages: one page of a query, what the address says of sort and filter, and what of it could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import has_request_context, request
from sqlalchemy import func, select

from programme.core.web.words import join_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from flask import Response
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

T = TypeVar("T")
PAGE_SIZE = 50
LAST_PAGE = 100_000
LONGEST_NUMBER = 8
UNREAD = "programme.unread"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its rows, its number from 1, and how many rows there are in all."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    def __iter__(self) -> Iterator[T]:
        """Go through the rows."""
        return iter(self.rows)

    @property
    def last(self) -> int:
        """Return the number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def numbers(self) -> list[int | None]:
        """Return the page numbers to show; None stands for a gap."""
        wanted = sorted({1, self.last, *range(max(1, self.number - 2), min(self.last, self.number + 2) + 1)})
        shown: list[int | None] = []
        for number in wanted:
            if shown and shown[-1] is not None and number - shown[-1] > 1:
                shown.append(None)
            shown.append(number)
        return shown


def page_number(text: str | None) -> int:
    """Read a page number from an address; anything odd is the first page, and noted."""
    text = text or ""
    plain = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    if text and not (plain and int(text)):
        note_unread("page number")
    return max(1, min(LAST_PAGE, int(text))) if plain else 1


def page_of(session: Session, statement: Select[Any], *, number: int, size: int = PAGE_SIZE) -> Page[Any]:
    """Run `statement` for one page and count it once; past the end is the last page."""
    counted = statement.order_by(None).options().with_only_columns(func.count(), maintain_column_froms=True)
    total = session.scalar(counted) if not statement._group_by_clauses else None  # noqa: SLF001  no public way
    if total is None:
        total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    last = max(1, -(-total // size))
    number = min(number, last)
    rows = session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, size, total)


def here_with(**changes: str | int | None) -> str:
    """Return this page's address with some of its query changed; None takes a parameter out."""
    return address_with(request.path, request.args.to_dict(flat=False), changes)


def address_with(path: str, query: Mapping[str, Sequence[str]], changes: Mapping[str, str | int | None]) -> str:
    """Return `path` with `query` as changed; parameters stay in their order."""
    kept = [(name, value) for name, values in query.items() if name not in changes for value in values if value]
    kept += [(name, str(value)) for name, value in changes.items() if value not in {None, ""}]
    return f"{path}?{urlencode(kept)}" if kept else path


def note_unread(label: str) -> None:
    """Note that a value of this address makes no sense; `label` is what people call its parameter."""
    if has_request_context() and label not in unread_names():
        request.environ[UNREAD] = (*unread_names(), label)


def unread_names() -> tuple[str, ...]:
    """Return what could not be read, in the order in which it was tried."""
    found: tuple[str, ...] = request.environ.get(UNREAD, ()) if has_request_context() else ()
    return found


def unread_sentence() -> str:
    """Say it; nothing where all could be read."""
    names = unread_names()
    if not names:
        return ""
    end = "it was left out" if len(names) == 1 else "they were left out"
    return f"We could not read the {join_words(names)} in this address, so {end}."


def one_of(text: str, known: Collection[str], *, label: str) -> str:
    """Return a value that is one of those known; another one is noted, and left out."""
    if text in known:
        return text
    if text:
        note_unread(label)
    return ""


def answer_with_400(response: Response) -> Response:
    """Answer a page that left something out with 400, and let nobody keep it."""
    if response.status_code == HTTPStatus.OK and request.method in {"GET", "HEAD"} and unread_names():
        response.status_code = HTTPStatus.BAD_REQUEST
        response.headers["Cache-Control"] = "no-store"
    return response
