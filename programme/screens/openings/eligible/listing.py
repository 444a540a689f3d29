"""What the pages of invitations and of the list of addresses share: a list is looked at first, then taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import g, render_template, request
from werkzeug.datastructures import CombinedMultiDict

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import page_number, page_of
from programme.engines.registration.eligibility.forms import ListForm
from programme.extensions import database_session
from programme.screens.roll.asking import text_in
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import opening_here

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Select

    from programme.engines.registration.roll.pasted import Pasted


def words_asked() -> str:
    """Return the words by which the page is searched."""
    return text_in(request.args.get("q", ""))[:LONGEST_LINE]


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page with those who are on it already and a form for more.

    `found` gives who is on it, by words; `more` what else its template shows.
    """

    template: str
    home: Callable[[int], str]
    found: Callable[[int, str], Select[Any]]
    more: Callable[[int], dict[str, Any]]

    def show(self, opening_id: int) -> str:
        """Show the page."""
        return render_template(self.template, **self.shown(opening_id, ListForm()))

    def look(self, opening_id: int, judged: Callable[[Sequence[Pasted]], Sequence[Pasted]]) -> Any:
        """Show whom a list would be about, `judged` line by line; nothing is changed."""
        form = ListForm(CombinedMultiDict([request.form, request.files]))
        lines = form.lines()
        if lines is None:
            return form_again(self.template, **self.shown(opening_id, form))
        return render_template(self.template, **self.shown(opening_id, form, lines=judged(lines)))

    def take(self, opening_id: int, take_in: Callable[[Sequence[Pasted]], str]) -> Any:
        """Take a list in, and say what `take_in` says of it."""
        session, form = database_session(), ListForm(request.form)
        lines = form.lines()
        if lines is None:
            return form_again(self.template, **self.shown(opening_id, form))
        try:
            said = take_in(lines)
        except Refusal as refusal:
            session.rollback()
            form.refuse(refusal)
            return form_again(self.template, **self.shown(opening_id, form))
        session.commit()
        return done(said, self.home(opening_id))

    def shown(self, opening_id: int, form: ListForm, *, lines: Sequence[Pasted] | None = None) -> dict[str, Any]:
        """Return what the page shows."""
        session, words = database_session(), words_asked()
        return {
            **framed(session, opening_here(opening_id), now=g.now),
            "form": form,
            "lines": lines,
            "odd": [one for one in lines or () if one.problem],
            "right": [one for one in lines or () if not one.problem],
            "page": page_of(session, self.found(opening_id, words), number=page_number(request.args.get("page"))),
            "words": words,
            "here": self.home(opening_id),
            **self.more(opening_id),
        }
