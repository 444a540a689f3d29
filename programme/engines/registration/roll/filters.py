"""Which registrations of an opening are meant: by state, university, attendance, words or ticks, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.questionnaire.models import AnswerSheet
from programme.engines.registration.follow_ups.models import FollowUpRequest
from programme.engines.registration.models import Registration, RegistrationTag, Seat
from programme.engines.registration.states import HOLDING, LIVE, Attendance, RegistrationState
from programme.people.models import Organisation
from programme.people.queries import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Select

R = RegistrationState
ELSEWHERE = "elsewhere"
UNPROVED = "unproved"
ANSWERED, SILENT = "answered", "silent"
FOLLOW_UPS = {ANSWERED: "Follow-up form answered", SILENT: "Follow-up form not answered yet"}
"""What an address asks about the follow-up form, and what a line of the roll says."""
STATES: Mapping[str, tuple[str, frozenset[RegistrationState]]] = {
    "confirmed": ("confirmed", frozenset({R.CONFIRMED})),
    "offered": ("offered", frozenset({R.OFFERED})),
    "waiting": ("waiting", frozenset({R.WAITLISTED})),
    "pending": ("to decide", frozenset({R.PENDING})),
    "draft": ("not sent in", frozenset({R.DRAFT})),
    "refused": ("not admitted", frozenset({R.REFUSED})),
    "lapsed": ("lapsed", frozenset({R.LAPSED})),
    "cancelled": ("cancelled", frozenset({R.CANCELLED})),
}
"""The word in an address: what a tally calls it, and the states it stands for."""
ORDER = (R.CONFIRMED, R.OFFERED, R.PENDING, R.WAITLISTED, R.DRAFT, R.REFUSED, R.LAPSED, R.CANCELLED)
SORTS = ("name", "joined", "state", "home")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of a roll.

    `states` are words of STATES, none for all; `home` is an organisation's slug, or `elsewhere`; `attendance` asks for
    those with a chair marked so; `tag` for those who bear it; `version` for those who answered that version of the
    form; `follow_up` (a word of FOLLOW_UPS) for those who were asked the follow-up form; `ids` are ticked
    registrations, before which every other filter gives way.
    """

    states: tuple[str, ...] = ()
    home: str = ""
    attendance: Attendance | None = None
    words: str = ""
    tag: str = ""
    unproved: bool = False
    version: int = 0
    follow_up: str = ""
    ids: tuple[int, ...] = ()
    sort: str = "joined"
    descending: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether anything is filtered out."""
        asked = (self.states, self.home, self.attendance, self.words, self.tag, self.unproved, self.version, self.ids)
        return any((*asked, self.follow_up))


def roll(opening_id: int, wanted: Wanted) -> Select[Registration]:
    """Return the registrations that are meant, with their universities and chairs."""
    return (
        chosen(opening_id, wanted)
        .options(joinedload(Registration.organisation), selectinload(Registration.seats))
        .order_by(*ordering(wanted))
    )


def chosen(opening_id: int, wanted: Wanted) -> Select[Registration]:
    """Return the registrations that are meant, in no order."""
    found = select(Registration).where(Registration.opening_id == opening_id)
    if wanted.ids:
        return found.where(Registration.id.in_(wanted.ids))
    return found.where(*conditions(wanted))


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what the filters leave."""
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        states = frozenset[RegistrationState]().union(*(STATES[word][1] for word in wanted.states))
        found.append(Registration.state.in_(states))
    if wanted.home:
        found.append(at_home(wanted.home))
    if wanted.attendance:
        found.append(marked(wanted.attendance))
    if wanted.words:
        found.append(called(wanted.words))
    if wanted.tag:
        found.append(bears(wanted.tag))
    if wanted.unproved:
        found.append(and_(Registration.prove_by.is_not(None), Registration.state.in_(LIVE)))
    return [*found, *of_forms(wanted)]


def of_forms(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what the filters about forms leave."""
    found: list[ColumnElement[bool]] = []
    if wanted.follow_up:
        found.append(asked_again(wanted.follow_up))
    if wanted.version:
        answered = select(AnswerSheet.id).where(AnswerSheet.version == wanted.version)
        found.append(Registration.answer_sheet_id.in_(answered))
    return found


def asked_again(word: str) -> ColumnElement[bool]:
    """Whether somebody was asked the follow-up form, and has answered it, or has not."""
    asked = FollowUpRequest.registration_id == Registration.id
    answered = FollowUpRequest.sheet_id.is_not(None) if word == ANSWERED else FollowUpRequest.sheet_id.is_(None)
    return exists().where(asked, answered)


def at_home(slug: str) -> ColumnElement[bool]:
    """Whether somebody registered from an organisation; `elsewhere` is from none."""
    if slug == ELSEWHERE:
        return Registration.organisation_id.is_(None)
    ids = select(Organisation.id).where(Organisation.slug == slug)
    return Registration.organisation_id.in_(ids)


def marked(attendance: Attendance) -> ColumnElement[bool]:
    """Whether somebody with a place has a chair that is marked so."""
    chair = exists().where(Seat.registration_id == Registration.id, Seat.attendance == attendance)
    return and_(Registration.state.in_(HOLDING), chair)


def bears(tag: str) -> ColumnElement[bool]:
    """Whether a registration bears a tag."""
    return exists().where(RegistrationTag.registration_id == Registration.id, RegistrationTag.tag == tag)


def called(words: str) -> ColumnElement[bool]:
    """Whether name or address holds every word."""
    parts = [f"%{escaped(word.lower())}%" for word in words.split()[:8]]
    name, address = func.lower(Registration.name), func.lower(Registration.address)
    return and_(*(or_(name.like(part, escape="\\"), address.like(part, escape="\\")) for part in parts))


def ordering(wanted: Wanted) -> Sequence[ColumnElement[Any]]:
    """Return the order; those who joined first come first where the rest is equal."""
    joined: list[ColumnElement[Any]] = [Registration.joined_at.expression, Registration.id.expression]
    if wanted.sort == "joined":
        return [key.desc() for key in joined] if wanted.descending else joined
    keys: dict[str, ColumnElement[Any]] = {
        "name": func.lower(Registration.name),
        "state": case(
            {state: number for number, state in enumerate(ORDER)}, value=Registration.state, else_=len(ORDER)
        ),
        "home": select(Organisation.position)
        .where(Organisation.id == Registration.organisation_id)
        .correlate(Registration)
        .scalar_subquery(),
    }
    key = keys.get(wanted.sort, keys["name"])
    return [(key.desc() if wanted.descending else key.asc()).nulls_last(), *joined]
