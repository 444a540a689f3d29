"""The pages of a form that is filled in one section a page: which there are, and which are asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.questionnaire.kinds import SECTION

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from programme.engines.questionnaire.kinds import Asked

FIRST = 1
ABOUT_YOU = "About you"


@dataclass(frozen=True, slots=True)
class Page:
    """A section with its questions. The first page is about whoever registers, with what stands before any section.

    `number` is its place among all pages, those that are skipped included: it stays the same whatever is answered.
    """

    number: int
    title: str
    section: int | None
    questions: tuple[int, ...]


def pages_of(asked: Sequence[Asked]) -> tuple[Page, ...]:
    """Return all pages of a form."""
    found = [Page(FIRST, ABOUT_YOU, None, ())]
    for one in asked:
        if one.kind == SECTION:
            found.append(Page(len(found) + 1, one.label, one.id, ()))
        else:
            last = found[-1]
            found[-1] = Page(last.number, last.title, last.section, (*last.questions, one.id))
    return tuple(found)


def to_fill(pages: Sequence[Page], shown: Collection[int]) -> tuple[Page, ...]:
    """Return the pages that are not skipped, as the answers so far are: the first, and those that ask or say anything.

    `shown` are the ids of what is asked.
    """
    return tuple(page for page in pages if page.section is None or not set(page.questions).isdisjoint(shown))


def page_at(pages: Sequence[Page], number: int) -> Page:
    """Return the page of a number; of one that is skipped the next, and at the end the last."""
    return next((page for page in pages if page.number >= number), pages[-1])
