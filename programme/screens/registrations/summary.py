"""What the pages of registering say about an opening: its dates, its places in words, and who answers for the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from programme.core.web.words import day_date, plural
from programme.engines.calendar.naming import is_web, place_end, place_words, title_of
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.term_weeks.weeks import UNCONFIRMED
from programme.engines.calendar.times import london_day
from programme.engines.registration.actions import home_among
from programme.engines.registration.openings.counted import counted, recalled
from programme.engines.registration.openings.locking import COUNTED, UNDECIDED
from programme.engines.registration.places import Decision, decide, in_force, tally_from
from programme.engines.registration.queries import guarantees_of, sizes_waiting, terms_of
from programme.engines.registration.series.chairs import chairs_for
from programme.engines.registration.states import HOLDING
from programme.engines.registration.terms import SENTENCES, Window, window
from programme.flows.sharing.words import homes_of, kept_words, left_words, parts_of
from programme.people.models import End

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.calendar.term_weeks.term_dates import TermDates
    from programme.engines.registration.models import Opening
    from programme.engines.registration.openings.known import Parties
    from programme.engines.registration.places import Tally
    from programme.flows.sharing.words import Part
    from programme.people.permissions import Actor


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an opening stands now: its window, what becomes of a newcomer, and the same in words.

    `parts` are the shares of the places, `kept` what is kept for whom; `only_kept` says so where nothing else is left.
    """

    window: Window
    decision: Decision
    tally: Tally
    taken: tuple[int, int]
    sentence: str
    verb: str
    parts: tuple[Part, ...] = ()
    kept: str = ""
    only_kept: str = ""

    @property
    def why_none(self) -> str:
        """Say why a newcomer has no place: none is left, none for them, or others waited for those that are."""
        return self.only_kept or why_none(self.tally)

    @property
    def takes(self) -> bool:
        """Whether the form is of use."""
        return self.window is Window.OPEN and self.decision is not Decision.FULL

    @property
    def waits(self) -> bool:
        """Whether a newcomer joins the waiting list."""
        return self.takes and self.decision is Decision.WAIT


def standing(session: Session, opening: Opening, people: Parties, *, actor: Actor, now: datetime) -> Standing:
    """Reckon where an opening stands now; without a limit of places it matters to nobody how many are taken."""
    has_limit = opening.capacity is not None
    known = recalled(session, opening.id, is_locked=False) if has_limit else None
    counts = known or counted(session, opening.id, COUNTED if has_limit else UNDECIDED)
    tally = tally_from(
        [(state, home, number) for state, home, _, number in counts],
        capacity=opening.capacity,
        chairs=chairs_for(session, opening, now=now),
        guarantees=in_force(guarantees_of(opening), now=now),
        sizes=sizes_waiting(session, opening),
    )
    decision = decision_of(tally, opening, actor, now=now)
    where, homes = window(terms_of(opening), now), homes_of(opening)
    oxford = {row.id for row in people.universities if row.end is End.OXFORD}
    at_oxford = sum(number for state, _, origin, number in counts if state in HOLDING and origin in oxford)
    only_kept = left_words(tally, homes, now=now)
    return Standing(
        where,
        decision,
        tally,
        (tally.holding - at_oxford, at_oxford),
        sentence=sentence_for(where, decision, tally, only_kept),
        verb=verb_for(decision, opening),
        parts=parts_of(tally, homes),
        kept=kept_words(tally, homes, now=now),
        only_kept=only_kept,
    )


def decision_of(tally: Tally, opening: Opening, actor: Actor, *, now: datetime) -> Decision:
    """Say what would become of whoever looks; of somebody we do not know, the best that may."""
    homes = {home_among(opening, actor.member_of, first=actor.home, now=now)}
    if not actor.is_signed_in:
        homes |= {share.organisation_id for share in tally.shares}
    found = {
        decide(
            tally,
            places_by=opening.places_by,
            has_waiting_list=opening.has_waiting_list,
            is_drawn=bool(opening.ballot_seed),
            home=home,
        )
        for home in homes
    }
    return Decision.PLACE if Decision.PLACE in found else found.pop()


def sentence_for(where: Window, decision: Decision, tally: Tally, only_kept: str) -> str:
    """Say in words what the bar of places shows, or why there is no form."""
    if where is not Window.OPEN:
        return SENTENCES[where]
    if decision is Decision.LATER:
        return f"{plural(tally.capacity, 'place')}." if tally.capacity else ""
    waiting = f" {plural(tally.waiting, 'person waits', 'people wait')}." if tally.waiting else ""
    if decision in {Decision.WAIT, Decision.FULL}:
        return f"{only_kept or why_none(tally)}{waiting}"
    if only_kept or tally.free is None:
        return only_kept
    of = f" of {tally.capacity}" if tally.capacity else ""
    return f"{tally.free}{of} places left."


def why_none(tally: Tally) -> str:
    """Say why there is no place, where nothing is kept for others."""
    return "Those who wait already have the free places first." if tally.free else "Every place is taken."


def verb_for(decision: Decision, opening: Opening) -> str:
    """Say what the button does."""
    if decision is Decision.WAIT:
        return "Join the waiting list"
    if decision is Decision.LATER:
        return "Send your registration" if opening.events else "Send your application"
    return f"Register for {day_date(opening.events[0].starts_at)}" if len(opening.events) == 1 else "Register"


def days_of(session: Session, events: Sequence[Event]) -> list[Mapping[str, Any]]:
    """Return each event as the panel of a page tells it."""
    dates = terms(session)
    return [day_of(event, dates) for event in events]


def day_of(event: Event, dates: TermDates) -> Mapping[str, Any]:
    """Return one event with its place and both universities' weeks."""
    venue = event.venue
    place = place_words(
        event.room, venue.name if venue else None, venue.postcode if venue else None, is_online=event.is_online
    )
    labels = week_labels(dates, london_day(event.starts_at))
    return {
        "id": event.id,
        "title": title_of(event),
        "starts": event.starts_at,
        "ends": None if event.all_day else event.ends_at,
        "is_known": event.date_is_known,
        "place": place,
        "place_end": place_end(
            venue.end if venue else None, has_place=bool(venue or event.room), is_online=event.is_online
        ),
        "venue": place_words(event.room, venue.name if venue else None, is_online=event.is_online),
        "state": event.state.value,
        "change_note": event.change_note,
        "price": event.price_note,
        "shop_url": event.shop_url if is_web(event.shop_url) else "",
        "weeks": [{"end": week.end, "name": week.name, "words": week.label.long} for week in labels],
        "short_weeks": ", ".join(week.label.short for week in labels if week.label is not UNCONFIRMED),
    }
