"""Organisers give some of their events pictures: broad and tall ones, and one that is only decoration."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

from programme.demo.pictures.drawings import COHORTS, ENTREPRENEURSHIP, EXCHANGE, hills, lattice, ring, waves
from programme.demo.strands.exchange import VACCINES, WOMENS_HEALTH
from programme.engines.calendar.pictures.actions import Caption, give
from programme.flows.picturing.taking import keep, take

if TYPE_CHECKING:
    from collections.abc import Callable

    from programme.demo.stage import Stage

CREDIT = "Drawing: the programme"
MOST = 10_000_000


class Given(NamedTuple):
    """A picture, what it shows, and the events that show it, the first of whose leads gives it."""

    draw: Callable[[], bytes]
    words: str
    titles: tuple[str, ...]


PICTURES = (
    Given(
        lambda: ring(EXCHANGE),
        "A ring seen from above, with straight beams leaving it on all sides",
        ("An evening inside Diamond Light Source",),
    ),
    Given(lambda: waves(EXCHANGE), "Waves one behind the other, below a dark sun", (WOMENS_HEALTH, VACCINES)),
    Given(
        lambda: lattice(COHORTS),
        "Rows of dots, larger where a beam passes through them",
        ("Accelerator methods day",),
    ),
    Given(lambda: hills(ENTREPRENEURSHIP), "", ("Start–Stay–Scale pitch night",)),
)


def show_pictures(stage: Stage) -> None:
    """Draw each picture, and let its events show it."""
    for given in PICTURES:
        taken = take(stage.session, io.BytesIO(given.draw()), "drawing.png", stage.shelf, most=MOST)
        picture = keep(stage.session, taken.drawn, stage.shelf, now=stage.now)
        stage.shelf.wipe(taken.laid.token)
        for title in given.titles:
            event = stage.told[title]
            lead = next(slug for slug, row in stage.organisations.items() if row.id == event.lead_organisation_id)
            then = stage.prepared(event.starts_at)
            caption = Caption(words=given.words, credit=CREDIT)
            give(stage.session, event.id, caption, picture=picture, actor=stage.actors[lead], now=then)
