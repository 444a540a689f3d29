"""The warning about what clashes, for whoever is signed in and about their own calendar only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g

from programme.extensions import database_session
from programme.flows.clashing.finding import clashes_among, clashes_of
from programme.flows.clashing.words import Warnings, warnings_of
from programme.people.guards import actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from programme.engines.calendar.models import Event
    from programme.flows.clashing.finding import Going

NOTHING = Warnings()
MOST_BESIDE = 3
"""Clashes told beside one thing among many."""


def my_clashes(events: Iterable[Event], *, person_id: int | None = None) -> Warnings:
    """Return what of the acting person's calendar clashes with `events`; nothing to whoever is not signed in.

    `person_id` is whose page it is, where that is somebody's: a link in other hands tells nothing.
    """
    me = actor().person_id
    if me is None or (person_id is not None and person_id != me):
        return NOTHING
    sources = current_app.extensions["calendar_sources"]
    return warnings_of(clashes_of(database_session(), me, events, sources=sources, now=g.now))


def clashes_beside(goings: Iterable[Going]) -> Mapping[int, Warnings]:
    """Return what clashes with each of the acting person's own events, by its id."""
    sources, me = current_app.extensions["calendar_sources"], actor().person_id or 0
    found = clashes_among(database_session(), me, goings, sources=sources, now=g.now)
    return {event_id: warnings_of(some, most=MOST_BESIDE) for event_id, some in found.items()}
