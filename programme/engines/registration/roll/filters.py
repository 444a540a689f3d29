"""Which registrations of an opening are meant: by state, university, attendance, words or ticks, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.questionnaire.models import Answer, AnswerSheet
from programme.engines.registration.follow_ups.models import FollowUpRequest
from programme.engines.registration.models import Companion, Registration, RegistrationTag, Seat
from programme.engines.registration.replies.queries import answered as replied
from programme.engines.registration.states import HOLDING, LIVE, Attendance, RegistrationState, SeatState
from programme.people.models import Organisation
from programme.people.queries import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Select

R = RegistrationState
ELSEWHERE, NOBODYS = "elsewhere", "none"
UNANSWERED = "(not answered)"
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
    those with a chair marked so; `tag` for those who bear it; `said` for those who answered `question` so, among the
    members of `reach` only, where that is not None, and on the follow-up form where it `is_second`; `share` for those
    who count for an organisation's slug, or for none; `event` for those who come to it, or wait to; `version` for those
    who answered that version of the form; `follow_up` (a word of FOLLOW_UPS) for those who were asked the follow-up
    form; `reply` for those whose calendar said so, or nothing; `ids` are ticked registrations, before which every
    other filter gives way. `everybody` says that all who are left are meant, even where nothing is filtered out.
    """

    states: tuple[str, ...] = ()
    home: str = ""
    attendance: Attendance | None = None
    words: str = ""
    tag: str = ""
    question: int = 0
    said: str = ""
    reach: frozenset[int] | None = None
    is_second: bool = False
    share: str = ""
    event: int | None = None
    unproved: bool = False
    everybody: bool = False
    version: int = 0
    follow_up: str = ""
    reply: str = ""
    ids: tuple[int, ...] = ()
    sort: str = "joined"
    descending: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether anything is filtered out."""
        plain = self.states or self.home or self.attendance or self.words or self.tag or self.unproved or self.ids
        return bool(plain or self.said or self.share or self.version or self.event or self.follow_up or self.reply)


def roll(opening_id: int, wanted: Wanted) -> Select[Registration]:
    """Return the registrations that are meant, with their universities and chairs."""
    return (
        chosen(opening_id, wanted)
        .options(
            joinedload(Registration.organisation),
            joinedload(Registration.counts_for),
            selectinload(Registration.seats),
            selectinload(Registration.companions),
        )
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
    if wanted.event:
        found.append(comes_to(wanted.event))
    if wanted.unproved:
        found.append(and_(Registration.prove_by.is_not(None), Registration.state.in_(LIVE)))
    return [*found, *closer(wanted), *of_forms(wanted)]


def closer(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what is left by what somebody or their calendar answered, and by whom they count for."""
    found: list[ColumnElement[bool]] = []
    if wanted.said and wanted.question:
        found.append(gave(wanted.question, wanted.said, reach=wanted.reach, is_second=wanted.is_second))
    if wanted.share:
        found.append(counts_for(wanted.share))
    if wanted.reply:
        found.append(replied(wanted.reply))
    return found


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


def counts_for(slug: str) -> ColumnElement[bool]:
    """Whether a registration counts in the share of an organisation; `none` is in nobody's."""
    if slug == NOBODYS:
        return Registration.counts_for_id.is_(None)
    return Registration.counts_for_id.in_(select(Organisation.id).where(Organisation.slug == slug))


def gave(
    question_id: int, said: str, *, reach: frozenset[int] | None = None, is_second: bool = False
) -> ColumnElement[bool]:
    """Whether somebody gave an answer, by itself or as one of several, in small letters or large; or none at all.

    Of the follow-up form (`is_second`) only those who were asked it have given none.
    """
    own = true() if reach is None else Registration.organisation_id.in_(reach)
    sheet = FollowUpRequest.sheet_id if is_second else Registration.answer_sheet_id
    every = select(Answer.sheet_id).where(Answer.question_id == question_id)
    if said == UNANSWERED:
        found = or_(sheet.is_(None), sheet.not_in(every))
    else:
        text, word = func.lower(Answer.text), said.lower()
        among = (", " + text + ", ").like(f"%, {escaped(word)}, %", escape="\\")
        found = sheet.in_(every.where(or_(text == word, among)))
    asked = exists().where(FollowUpRequest.registration_id == Registration.id, found)
    return and_(own, asked if is_second else found)


def marked(attendance: Attendance) -> ColumnElement[bool]:
    """Whether somebody with a place has a chair that is marked so."""
    chair = exists().where(Seat.registration_id == Registration.id, Seat.attendance == attendance)
    return and_(Registration.state.in_(HOLDING), chair)


def bears(tag: str) -> ColumnElement[bool]:
    """Whether a registration bears a tag."""
    return exists().where(RegistrationTag.registration_id == Registration.id, RegistrationTag.tag == tag)


def comes_to(event_id: int) -> ColumnElement[bool]:
    """Whether somebody comes to an event, or waits to: they chose it, and do not skip it."""
    chair = exists().where(Seat.registration_id == Registration.id, Seat.event_id == event_id)
    return chair.where(Seat.state != SeatState.SKIPPED)


def called(words: str) -> ColumnElement[bool]:
    """Whether name or address, or the name of somebody who comes along, holds every word."""
    parts = [f"%{escaped(word.lower())}%" for word in words.split()[:8]]
    name, address = func.lower(Registration.name), func.lower(Registration.address)
    whose = exists().where(Companion.registration_id == Registration.id)
    return and_(
        *(
            or_(
                name.like(part, escape="\\"),
                address.like(part, escape="\\"),
                whose.where(func.lower(Companion.name).like(part, escape="\\")),
            )
            for part in parts
        )
    )


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
