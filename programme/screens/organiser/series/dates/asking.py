"""What the form of several dates offers, and what it is filled with at first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from wtforms import SelectChoice

from programme.engines.calendar.forms.several.dates import DatesForm
from programme.engines.calendar.models import Event
from programme.engines.calendar.repeating.ways import choices_of
from programme.engines.calendar.sight import visible_to
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.calendar.times import to_wall
from programme.people.models import Organisation, OrganisationKind
from programme.screens.organiser.events.form import choices

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Series
    from programme.engines.calendar.term_weeks.term_dates import TermDates
    from programme.engines.calendar.term_weeks.weeks import Term
    from programme.people.permissions import Actor


def form_for(session: Session, series: Series, *, actor: Actor, today: date, typed: Any = None) -> DatesForm:
    """Return the form; at first it is filled from the latest event of the series that `actor` may see."""
    form = DatesForm(typed, data=None if typed is not None else like_the_last(session, series, actor))
    universities = [SelectChoice(row.id, row.name) for row in all_universities(session)]
    form.skip_closures.choices = form.terms_of.choices = universities
    form.venue.choices = choices.venues(session)
    dates = terms(session)
    form.term.choices = [SelectChoice("", "Choose a term"), *term_choices(dates, today)]
    if not series.co_owners:
        del form.shares
    return form


def like_the_last(session: Session, series: Series, actor: Actor) -> dict[str, Any]:
    """Return what the latest event that `actor` may see says of time and place; the title is the series'."""
    seen = select(Event).where(Event.series_id == series.id, visible_to(actor))
    event = session.scalar(seen.order_by(Event.starts_at.desc(), Event.id.desc()).limit(1))
    if event is None:
        return {"title": series.title}
    times = (
        {}
        if event.all_day
        else {"begins": f"{to_wall(event.starts_at):%H:%M}", "ends": f"{to_wall(event.ends_at):%H:%M}"}
    )
    return {"title": series.title, "venue": event.venue_id, "room": event.room, "is_online": event.is_online, **times}


def all_universities(session: Session) -> list[Organisation]:
    """Return the universities in their order."""
    statement = select(Organisation).where(Organisation.kind == OrganisationKind.UNIVERSITY)
    return list(session.scalars(statement.order_by(Organisation.position, Organisation.id)))


def terms_by_name(dates: TermDates) -> Mapping[str, tuple[Term, ...]]:
    """Return every term that one may choose, by the name that the form sends."""
    return choices_of(term for place in dates.universities for term in place.terms)


def term_choices(dates: TermDates, today: date) -> list[SelectChoice]:
    """Return the terms that are not over, under the university each is of."""
    names = {place.slug: place.name for place in dates.universities}
    return [
        SelectChoice(key, term_words(stretches[0]), optgroup=names[stretches[0].organisation])
        for key, stretches in terms_by_name(dates).items()
        if stretches[-1].shown_until >= today
    ]


def term_words(term: Term) -> str:
    """Name a term with its academic year, where the name does not say it."""
    return (
        term.label
        if str(term.first_week.year) in term.label
        else f"{term.label}, {term.year}–{(term.year + 1) % 100:02}"
    )
