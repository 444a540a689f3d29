"""A form that is filled in one section a page: where somebody is, where they go, and what is to be put right there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from programme.engines.registration.drafts.sections import FIRST, page_at, pages_of, to_fill
from programme.engines.registration.together.companions import OTHERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wtforms import Field

    from programme.engines.registration.drafts.sections import Page
    from programme.engines.registration.openings.known import KnownOpening
    from programme.screens.registrations.forms import RegistrationForm

SECTION = "section"
"""The field that says which page was shown; a draft keeps it, so that its link leads back there."""
GO, ON, BACK = "go", "on", "back"
LONGEST = 3


@dataclass(frozen=True, slots=True)
class Walk:
    """The page somebody is on, among those they fill in; `wrong` are titles of others with something to put right."""

    page: Page
    pages: tuple[Page, ...]
    wrong: tuple[str, ...] = ()

    @property
    def place(self) -> int:
        """Which page it is for them, counted from 1."""
        return self.pages.index(self.page) + 1

    @property
    def before(self) -> Page | None:
        """The page before this one."""
        return self.pages[self.place - 2] if self.place > 1 else None

    @property
    def after(self) -> Page | None:
        """The page after this one."""
        return self.pages[self.place] if self.place < len(self.pages) else None

    @property
    def also_wrong(self) -> tuple[str, ...]:
        """What is said of other pages in the summary of what to put right."""
        return tuple(f"Then there is something to put right in “{title}”." for title in self.wrong)

    def has(self, section: int | None) -> bool:
        """Whether a part of the form is on this page: a section, or what stands before the first."""
        return self.page.section == section


def is_walked(known: KnownOpening) -> bool:
    """Whether an opening's form is filled in one section a page."""
    return known.opening.section_a_page and len(pages_of(known.asked)) > 1


def walk_through(known: KnownOpening, form: RegistrationForm, number: int = FIRST) -> Walk | None:
    """Return where somebody is who is shown a page; None where the form is shown whole."""
    if not is_walked(known):
        return None
    pages = to_fill(pages_of(known.asked), form.shown.ids)
    return Walk(page_at(pages, number), pages)


def walk_to_mend(known: KnownOpening, form: RegistrationForm) -> Walk | None:
    """Return the page that leads on: the first with anything to put right. What is wrong elsewhere waits for its page.

    Only right on a form that was judged, or refused.
    """
    seen = walk_through(known, form, section_shown())
    if seen is None:
        return None
    wrong = wrong_pages(form, seen.pages)
    if form.form_errors or form.ended:
        here = page_of_question(seen.pages, form.ended.id) if form.ended else seen.page
    else:
        here = wrong[0] if wrong else seen.page
    keep_errors_of(form, here, seen.pages)
    return Walk(here, seen.pages, tuple(page.title for page in wrong if page != here))


def is_right_here(known: KnownOpening, form: RegistrationForm) -> bool:
    """Whether nothing is to be put right on the page that was sent, so that one may go on.

    What is wrong on others is dropped. An answer that ends the form does not go on either.
    """
    walk = walk_through(known, form, section_shown())
    if walk is None or form.validate():
        return True
    if form.ended is not None:
        return False
    keep_errors_of(form, walk.page, walk.pages)
    return not wrong_pages(form, [walk.page])


def next_number(known: KnownOpening, form: RegistrationForm) -> int:
    """Return the page to show when what was sent is kept: the one after, the one before, or the same."""
    walk = walk_through(known, form, section_shown())
    if walk is None:
        return FIRST
    goes = {ON: walk.after, BACK: walk.before}.get(request.form.get(GO, ""))
    return (goes or walk.page).number


def goes_on() -> bool:
    """Whether the button was pressed that leads to the next page."""
    return request.form.get(GO) == ON


def walks() -> bool:
    """Whether a button was pressed that leads to another page."""
    return request.form.get(GO) in {ON, BACK}


def section_shown() -> int:
    """Return the page that was shown, as the form says."""
    return number_in([request.form.get(SECTION, "")])


def section_kept(texts: Mapping[str, list[str]]) -> int:
    """Return the page that a draft was left at."""
    return number_in(texts.get(SECTION) or [])


def number_in(texts: Sequence[str]) -> int:
    """Return the number of a page; the first for what is none."""
    text = texts[0] if texts else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else FIRST


def wrong_pages(form: RegistrationForm, pages: Sequence[Page]) -> list[Page]:
    """Return the pages that have something to put right, in order."""
    wrong = {page_of_field(field, pages) for field in form if is_wrong(field)}
    return [page for page in pages if page in wrong]


def is_wrong(field: Field) -> bool:
    """Whether anything is to be put right about a field, or about one of its lines."""
    return bool(field.errors) or (field.name == OTHERS and any(entry.errors for entry in field))


def page_of_field(field: Field, pages: Sequence[Page]) -> Page | None:
    """Return the page of a field: of a question its section's, of anything else the first; None where it is skipped."""
    if field.name[1:].isdecimal() and field.name.startswith("q"):
        return next((page for page in pages if int(field.name[1:]) in page.questions), None)
    return next((page for page in pages if page.number == FIRST), None)


def page_of_question(pages: Sequence[Page], question: int) -> Page:
    """Return the page of a question that is asked."""
    return next(page for page in pages if question in page.questions)


def keep_errors_of(form: RegistrationForm, here: Page, pages: Sequence[Page]) -> None:
    """Leave out what is wrong on other pages: it is said there."""
    for field in form:
        if page_of_field(field, pages) != here:
            for one in (field, *(field if field.name == OTHERS else ())):
                one.errors = []
