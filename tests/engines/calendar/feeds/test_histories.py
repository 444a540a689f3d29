"""Whatever is done, by a verb or past them all: no kept entry is stale, and a feed is as if there were none kept."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from programme.core.clock import now
from programme.core.refusal import Refusal
from programme.engines.calendar.actions import events, series, venues
from programme.engines.calendar.actions.events import add_material, share
from programme.engines.calendar.actions.plans import changes, copies
from programme.engines.calendar.actions.values import Contributor, plan_of
from programme.engines.calendar.feeds import renewing
from programme.engines.calendar.feeds.entries import Variant, edition_for, entries_of
from programme.engines.calendar.feeds.feed import stays
from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.models import AcademicPeriod, CalendarBlock, Contribution, Event, Series, Venue
from programme.engines.calendar.pictures import actions as pictures
from programme.engines.calendar.pictures.models import EventPicture, Picture
from programme.engines.calendar.sight import listed_to
from programme.engines.calendar.states import MaterialReach, PeriodKind, PeriodStatus, Visibility
from programme.engines.calendar.term_weeks import periods
from programme.people.models import Organisation
from programme.people.permissions import NOBODY
from tests.bed.clock import Clock
from tests.factories import things
from tests.factories.cast import Cast, assemble

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 18
BASE = "http://localhost"
BREAK = b"BEGIN:VEVENT\r\n"


@dataclass
class History:
    """Three events of a series, one with a part, and what people and statements do to them."""

    session: Session
    cast: Cast
    chance: random.Random
    tags: dict[str, bytes] = field(default_factory=dict)

    @property
    def event(self) -> Event:
        """Any of the events."""
        return self.chance.choice(self.session.scalars(select(Event).order_by(Event.id)).all())

    @property
    def venue(self) -> Venue:
        """One of two places."""
        return self.chance.choice(self.session.scalars(select(Venue).order_by(Venue.id).limit(2)).all())

    def word(self) -> str:
        """Something to say."""
        return f"Said the {self.chance.randrange(9)}th time"

    def edit(self) -> None:
        event = self.event
        details = replace(
            copies.details_of(event),
            summary=self.word(),
            visibility=self.chance.choice(list(Visibility)),
            contributions=(Contributor(self.word()),),
            part_of_id=self.chance.choice([None, self.event.id]),
        )
        events.edit(self.session, event.id, details, actor=NOBODY, now=now())

    def create(self) -> None:
        event = self.event
        plan, details = plan_of(event), replace(copies.details_of(event), title=self.word())
        events.create(self.session, details, plan=plan, lead_id=self.cast.oxford.id, actor=NOBODY, now=now())

    def copy(self) -> None:
        event = self.event
        copies.copy(self.session, event.id, starts_at=event.starts_at + timedelta(days=7), actor=NOBODY, now=now())

    def move(self) -> None:
        event = self.event
        plan = replace(plan_of(event), venue_id=self.venue.id, room=self.word())
        changes.move(self.session, event.id, plan, actor=NOBODY, now=now())

    def change_state(self) -> None:
        verbs: list[Callable[..., object]] = [changes.publish, changes.unpublish, changes.cancel, changes.reinstate]
        self.chance.choice([*verbs, changes.announce_cancelled])(self.session, self.event.id, actor=NOBODY, now=now())

    def postpone(self) -> None:
        changes.postpone(self.session, self.event.id, None, reason=self.word(), actor=NOBODY, now=now())

    def share(self) -> None:
        share(self.session, self.event.id, [self.cast.liverpool.id], actor=NOBODY, now=now())

    def add_material(self) -> None:
        add_material(
            *(self.session, self.event.id),
            title="Slides",
            url="https://slides.example.ac.uk",
            reach=MaterialReach.ALL,
            actor=NOBODY,
            now=now(),
        )

    def give_a_picture(self) -> None:
        picture = Picture(digest=f"{self.chance.randrange(10**9):064}", width=1_000, height=600, made_at=now())
        caption = pictures.Caption(words=self.word())
        pictures.give(self.session, self.event.id, caption, picture=picture, actor=NOBODY, now=now())

    def take_the_picture_off(self) -> None:
        pictures.remove(self.session, self.event.id, actor=NOBODY, now=now())

    def put_the_picture_back(self) -> None:
        pictures.put_back(self.session, self.event.id, actor=NOBODY, now=now())

    def edit_venue(self) -> None:
        venue = self.venue
        venues.edit(self.session, venue, venues.VenueDetails(name=self.word()), actor=NOBODY, now=now())

    def edit_series(self) -> None:
        row = self.session.scalars(select(Series)).one()
        visibility = self.chance.choice(list(Visibility))
        details = series.SeriesDetails(title=self.word(), strand=row.strand, visibility=visibility)
        series.edit(self.session, row.id, details, actor=NOBODY, now=now())

    def add_term(self) -> None:
        details = periods.PeriodDetails(
            kind=PeriodKind.TEACHING,
            label="Semester 2",
            code=f"S{self.chance.randrange(9)}",
            first_day=date(2027, 1, 25) + timedelta(weeks=self.chance.randrange(4)),
            weeks=12,
            status=PeriodStatus.CONFIRMED,
        )
        periods.add(self.session, details, organisation_id=self.cast.liverpool.id, actor=NOBODY, now=now())

    def speak_past_the_verbs(self) -> None:
        self.session.execute(insert(Contribution), [{"event_id": self.event.id, "name": self.word()}])

    def fall_silent_past_the_verbs(self) -> None:
        self.session.execute(delete(Contribution).where(Contribution.event_id == self.event.id))

    def rename_past_the_verbs(self) -> None:
        model, name = self.chance.choice([(Venue, "name"), (Series, "title"), (Organisation, "short_name")])
        self.session.execute(update(model).values({name: self.word()}))

    def swap_pictures_past_the_verbs(self) -> None:
        self.session.execute(update(Picture).values(digest=f"{self.chance.randrange(10**9):064}"))
        self.session.execute(delete(EventPicture).where(EventPicture.event_id == self.event.id))

    def retitle_past_the_verbs(self) -> None:
        self.session.execute(update(Event).where(Event.id == self.event.id).values(title=self.word()))

    def forget_terms_past_the_verbs(self) -> None:
        self.session.execute(delete(AcademicPeriod).where(AcademicPeriod.first_day > date(2027, 1, 20)))

    def go_on(self, client: FlaskClient) -> None:
        """Do one thing; what the rules refuse leaves everything as it was. Then look."""
        verbs = [name for name in vars(type(self)) if name in BY_VERBS or name.endswith("_past_the_verbs")]
        verb = self.chance.choice(verbs)
        stale = self.stale()
        try:
            getattr(self, verb)()
            self.session.commit()
        except Refusal:
            self.session.rollback()
        self.session.expire_all()
        assert renewing.differing(self.session) == [], verb
        if verb in BY_VERBS:
            assert self.stale() <= stale, f"{verb} leaves entries for others to write"
        self.look(client, verb)

    def stale(self) -> set[int]:
        """The events whose entry is to be written still."""
        edition = edition_for(self.session, base_url=BASE)
        return {one.event_id for one in renewing.standings_of(self.session, None, renewing.is_stale(edition))}

    def look(self, client: FlaskClient, verb: str) -> None:
        """Compare the feed with the entries written now, and its tag with all that it had before."""
        answer = client.get("/calendar.ics")
        statement = select(Event.id).where(listed_to(NOBODY), stays(now())).order_by(Event.starts_at, Event.id)
        ids = list(self.session.scalars(statement))
        site = edition_for(self.session, base_url=BASE).site
        entries = entries_of(self.session, ids, site=site, variant=Variant.PUBLIC)
        assert answer.data.count(BREAK) >= len(ids)
        for event_id in ids:
            assert entry_block(entries[event_id]) in answer.data, verb
        assert self.tags.setdefault(answer.headers["ETag"], answer.data) == answer.data
        assert len(set(self.tags.values())) == len(self.tags), "another tag for the same bytes"
        self.session.rollback()


BY_VERBS = frozenset(
    {
        *("edit", "create", "copy", "move", "change_state", "postpone", "share", "add_material"),
        *("edit_venue", "edit_series", "add_term"),
        *("give_a_picture", "take_the_picture_off", "put_the_picture_back"),
    }
)


@pytest.mark.parametrize("seed", range(2))
def test_no_history_leaves_a_stale_entry_or_a_feed_that_is_not_true(
    client: FlaskClient, session: Session, clock: Clock, seed: int
) -> None:
    cast = assemble(session)
    run = things.series(session, lead=cast.oxford)
    for week in range(3):
        starts = things.SOON + timedelta(weeks=week)
        things.event(session, lead=cast.oxford, starts_at=starts, series_id=run.id, title_is_known=week > 0)
    first = session.scalars(select(Event).order_by(Event.id)).first()
    assert first
    things.event(session, lead=cast.oxford, series_id=run.id, part_of_id=first.id, title_is_known=False)
    assert renewing.rebuild(session, base_url=BASE) == 4
    session.commit()
    history = History(session, cast, random.Random(seed))
    for _ in range(STEPS):
        clock.forward(minutes=1)
        history.go_on(client)
    renewing.renew(session)
    session.commit()
    assert history.stale() == set()
    assert session.scalars(select(CalendarBlock.event_id).order_by(CalendarBlock.event_id)).all() == list(
        session.scalars(select(Event.id).order_by(Event.id))
    )
