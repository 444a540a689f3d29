"""To whom a broadcast goes: each kind of people as a statement, narrowed to what its organisation runs or shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, false, or_, select, true

from programme.core.database import LARGEST_ID
from programme.engines.calendar import sight
from programme.engines.calendar.models import Contribution, Event
from programme.engines.mail.addresses.models import LetterChoice
from programme.engines.mail.ports import Purpose
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.follow_ups.models import FollowUpRequest
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.openings.rights import run_by
from programme.engines.registration.roll.filters import STATES, at_home, bears, marked
from programme.engines.registration.series.sitting import HAS_CHAIR
from programme.engines.registration.states import HOLDING, Attendance, RegistrationState, SeatState
from programme.people.groups.models import Group, GroupMember
from programme.people.groups.queries import people_in_group
from programme.people.models import Affiliation, Person, Strand
from programme.people.permissions import Scope
from programme.people.queries import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from programme.engines.mail.written.models import Broadcast
    from programme.people.groups.ports import Recipients

REGISTERED, STRAND, GROUP, SPEAKERS, NEWS = "registered", "strand", "group", "speakers", "news"


def registered(params: Mapping[str, Any], *, scope: Scope, now: datetime) -> Select[int]:
    """Return who registered for an opening (`opening`) or an event (`event`).

    `states` are words of a roll's filter; `home` is an organisation's slug or `elsewhere`; `attendance` is how they
    were marked; `tag` what they bear; `question` and `answer` what they said.
    """
    del now
    found = select(Registration.person_id).join(Opening, Opening.id == Registration.opening_id)
    found = found.where(Registration.person_id.is_not(None), within(scope), Registration.state.in_(states_in(params)))
    if "event" in params:
        seat = and_(Seat.registration_id == Registration.id, Seat.event_id == params["event"])
        found = found.join(Seat, and_(seat, Seat.state != SeatState.SKIPPED))
    else:
        found = found.where(Registration.opening_id == params.get("opening", 0))
    return found.where(*narrowed(params, scope))  # type: ignore[return-value]


def states_in(params: Mapping[str, Any]) -> frozenset[RegistrationState]:
    """Return the states that are meant; without any, those with a place."""
    words = [word for word in params.get("states", ()) if word in STATES]
    return frozenset[RegistrationState]().union(*(STATES[word][1] for word in words)) if words else HOLDING


def narrowed(params: Mapping[str, Any], scope: Scope) -> list[ColumnElement[bool]]:
    """Return what the other filters leave."""
    found: list[ColumnElement[bool]] = []
    if params.get("home"):
        found.append(at_home(params["home"]))
    if params.get("attendance"):
        found.append(attended(params))
    if params.get("tag"):
        found.append(bears(params["tag"]))
    if params.get("question"):
        found.append(answered(params["question"], params.get("answer", ""), scope=scope))
    return found


def attended(params: Mapping[str, Any]) -> ColumnElement[bool]:
    """Whether somebody with a place was marked so: at the event, or at any event of the opening."""
    mark = Attendance(params["attendance"])
    if "event" not in params:
        return marked(mark)
    return and_(Registration.state.in_(HOLDING), Seat.attendance == mark)


def answered(question_id: int, answer: str, *, scope: Scope) -> ColumnElement[bool]:
    """Whether somebody gave an answer, or one among several, on the form or on the follow-up form.

    What is sensitive the lead asks of everybody, and who shares the opening of their own members alone: as a roll is
    filtered (`sensitive_reach`), so that neither a letter nor its count tells of anybody else.
    """
    said = select(Answer.sheet_id).where(Answer.question_id == question_id)
    if answer:
        listed = f", {escaped(answer)}, "
        padded = ", " + Answer.text + ", "
        said = said.where(or_(Answer.text == answer, padded.like(f"%{listed}%", escape="\\")))
    again = exists().where(FollowUpRequest.registration_id == Registration.id, FollowUpRequest.sheet_id.in_(said))
    is_plain = select(Question.id).where(Question.id == question_id, Question.is_sensitive.is_(False)).exists()
    own = or_(Opening.lead_organisation_id == scope.lead, Registration.organisation_id == scope.lead)
    return and_(or_(Registration.answer_sheet_id.in_(said), again), or_(is_plain, own))


def with_a_place(params: Mapping[str, Any], *, scope: Scope, now: datetime) -> Select[int]:
    """Return who has a place at the coming events of a strand."""
    if params.get("strand") not in set(Strand):
        return select(Registration.person_id).where(false())  # type: ignore[return-value]
    return (
        select(Registration.person_id)  # type: ignore[return-value]
        .join(Opening, Opening.id == Registration.opening_id)
        .join(Seat, Seat.registration_id == Registration.id)
        .join(Event, Event.id == Seat.event_id)
        .where(Registration.person_id.is_not(None), HAS_CHAIR, within(scope))
        .where(Event.strand == Strand(params["strand"]), Event.ends_at > now, Event.state.in_(sight.ANNOUNCED))
    )


def speaking(params: Mapping[str, Any], *, scope: Scope, now: datetime) -> Select[int]:
    """Return the speakers of an event, as far as they are known as people."""
    del now
    found = select(Contribution.person_id).join(Event, Event.id == Contribution.event_id)
    own = and_(sight.run_by({scope.lead}), sight.in_strand(scope.strand))
    meant = Contribution.event_id == params.get("event", 0)
    return found.where(Contribution.person_id.is_not(None), own, meant)  # type: ignore[return-value]


def asked_for_news(params: Mapping[str, Any], *, scope: Scope, now: datetime) -> Select[int]:
    """Return everybody who asked for news."""
    del params, scope, now
    return select(LetterChoice.person_id).where(LetterChoice.news_since.is_not(None))


AUDIENCES: Mapping[str, Recipients] = {
    REGISTERED: registered,
    STRAND: with_a_place,
    GROUP: people_in_group,
    SPEAKERS: speaking,
    NEWS: asked_for_news,
}
"""Every kind of people that a broadcast may go to."""


def within(scope: Scope) -> ColumnElement[bool]:
    """Whether whoever leads `scope` runs or shares an opening, and so may write to its people."""
    return and_(run_by(scope.lead), Opening.strand == scope.strand if scope.strand else true())


def scope_of(broadcast: Broadcast) -> Scope:
    """Return a broadcast as the permission table reads it."""
    return Scope(lead=broadcast.organisation_id, strand=broadcast.strand)


def recipients(broadcast: Broadcast, *, now: datetime) -> Select[int]:
    """Return the ids of the people that a broadcast goes to, each once; marketing to those alone who asked for news."""
    kind = broadcast.audience.get("kind", "")
    if kind not in AUDIENCES or not is_possible(broadcast.audience):
        return select(Person.id).where(false())
    chosen = AUDIENCES[kind](broadcast.audience, scope=scope_of(broadcast), now=now)
    found = select(Person.id).where(Person.id.in_(chosen))
    if broadcast.purpose is Purpose.MARKETING:
        found = found.where(Person.id.in_(asked_for_news({}, scope=scope_of(broadcast), now=now)))
    return found


def is_possible(audience: Mapping[str, Any]) -> bool:
    """Whether the ids of an audience are such as a database can be asked for."""
    return all(
        0 < audience[name] <= LARGEST_ID for name in ("opening", "event", "group", "question") if name in audience
    )


def known_to(scope: Scope) -> ColumnElement[bool]:
    """Whether an organisation has a person on things of its own anyway, so that its organisers may see them."""
    on_roll = select(Registration.person_id).join(Opening, Opening.id == Registration.opening_id)
    grouped = select(GroupMember.person_id).join(Group, Group.id == GroupMember.group_id)
    return or_(
        Person.id.in_(on_roll.where(within(scope), Registration.person_id.is_not(None))),
        Person.id.in_(grouped.where(Group.organisation_id == scope.lead)),
        Person.id.in_(select(Affiliation.person_id).where(Affiliation.organisation_id == scope.lead)),
    )


def visible(broadcast: Broadcast) -> ColumnElement[bool]:
    """Whether the organisers of a broadcast may see a person that it goes to.

    Whoever is on their own things they see; who asked for news may be a stranger to them, and stays one.
    """
    return known_to(scope_of(broadcast)) if broadcast.audience.get("kind") == NEWS else true()
