"""The roll of an opening: who is on it, how many, and where each stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.web.lists import page_number, page_of
from programme.core.web.words import join_words, ordinal, plural, short_date
from programme.engines.calendar.replies.reading import Answer
from programme.engines.registration.deciding.queries import undoable
from programme.engines.registration.follow_ups.queries import sheets_of
from programme.engines.registration.openings.rights import sensitive_reach
from programme.engines.registration.queries import tally_of
from programme.engines.registration.replies.queries import SILENT as NO_REPLY
from programme.engines.registration.replies.queries import answers_of
from programme.engines.registration.roll import answers, tags
from programme.engines.registration.roll.counts import Tallies, places_in_line, tallies
from programme.engines.registration.roll.filters import (
    ANSWERED,
    ELSEWHERE,
    FOLLOW_UPS,
    NOBODYS,
    SILENT,
    UNANSWERED,
    roll,
)
from programme.engines.registration.states import HOLDING, LIVE, Attendance, RegistrationState, SeatState
from programme.extensions import database_session
from programme.flows.deciding.undoing import pause_of
from programme.flows.sharing.words import homes_of, kept_words
from programme.people import queries as people
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.registrations.replies.shown import in_line
from programme.screens.roll import asking
from programme.screens.roll.heading import framed, moment_of
from programme.screens.roll.scopes import of_opening, opening_here
from programme.screens.roll.ticked.meant import EVERYBODY, carried, whom
from programme.screens.roll.ticked.rounds import pause_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Question
    from programme.engines.registration.models import Opening, Registration
    from programme.engines.registration.roll.filters import Wanted

REPLIES = {**{one.value: one.value.capitalize() for one in Answer}, NO_REPLY: "No answer"}
blueprint = Blueprint("roll", __name__, url_prefix="/organise/openings/<id:opening_id>")
ATTENDANCE_WORDS = {Attendance.PRESENT: "Came", Attendance.ABSENT: "Did not come", Attendance.UNKNOWN: "Not marked"}


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_opening)
def page(opening_id: int) -> Any:
    """Show the roll."""
    session, opening, asked = database_session(), opening_here(opening_id), whom(opening_here(opening_id), request.args)
    found = page_of(session, roll(opening_id, asked), number=page_number(request.args.get("page")))
    counts, columns = tallies(session, opening_id), columns_of(opening)
    return render_template(
        "roll/roll/page.html",
        **framed(session, opening, now=g.now),
        page=found,
        rows=rows_of(session, opening, found.rows, columns),
        asked=asked,
        counts=counts,
        columns=columns,
        heads=heads(opening, asked, columns),
        rounds=session.scalars(undoable(opening_id, now=g.now)).all(),
        paused=pause_words(pause_of(session, opening, now=g.now)),
        **around(session, opening, counts, asked),
    )


def around(session: Session, opening: Opening, counts: Tallies, asked: Wanted) -> dict[str, Any]:
    """Return what stands around the table: counts that filter, ends, and choices of the filters."""
    tally = tally_of(session, opening, now=g.now)
    universities = [(row.slug, row.name) for row in people.universities(session)]
    return {
        "tally": asking.tally(counts, asked),
        "ends": [
            *asking.ends(session, counts, opening.capacity),
            *asking.shares(
                tally, homes_of(opening), {row.organisation.short_name: row.organisation.slug for row in opening.quotas}
            ),
        ],
        "kept": kept_words(tally, homes_of(opening), now=g.now),
        "homes": [*universities, (ELSEWHERE, "Elsewhere")],
        "share_choices": [*shares_of(opening), (NOBODYS, "Nobody’s share")] if opening.quotas else [],
        "carried": [(name, value) for name, value in carried(replace(asked, everybody=True)) if name != EVERYBODY],
        "marks": ATTENDANCE_WORDS,
        "follow_ups": FOLLOW_UPS,
        "replies": REPLIES,
        "questions": answers.readable(
            answers.every_question(database_session(), opening), sensitive_reach(actor(), opening)
        ),
        "known_tags": tags.tags_in(session, opening.id),
        "columns_sent": request.args.getlist("answer"),
        "unanswered": UNANSWERED,
    }


def shares_of(opening: Opening) -> list[tuple[str, str]]:
    """Return those in whose share a registration may count here."""
    return [(row.organisation.slug, f"{row.organisation.short_name}’s share") for row in opening.quotas]


def columns_of(opening: Opening) -> list[Question]:
    """Return the questions whose answers are asked for as columns, of those that may be read."""
    asked = set(asking.ids_in(request.args.getlist("answer")))
    every = answers.every_question(database_session(), opening)
    return [row for row in answers.readable(every, sensitive_reach(actor(), opening)) if row.id in asked]


def heads(opening: Opening, asked: Wanted, columns: Sequence[Question]) -> list[Any]:
    """Return the heads of the table."""
    return [
        asking.head("Name", "name", asked),
        asking.head("State", "state", asked),
        asking.head("From", "home", asked),
        *(["Counts for"] if opening.quotas else []),
        *([] if columns else ["E-mail"]),
        "Came",
        *(question.label for question in columns),
        asking.head("Joined", "joined", asked),
    ]


def rows_of(
    session: Session, opening: Opening, found: Sequence[Registration], columns: Sequence[Question]
) -> list[dict[str, Any]]:
    """Return what the lines show, in a fixed number of queries."""
    waits = any(row.state is RegistrationState.WAITLISTED for row in found)
    line = places_in_line(session, opening.id, [row.id for row in found]) if waits else {}
    reach, holder = sensitive_reach(actor(), opening), opening.lead_organisation.short_name
    texts = answers.texts_of(session, found, columns, reach=reach)
    replies = answers_of(session, [row.id for row in found])
    borne, asked = tags.tags_of(session, [row.id for row in found]), sheets_of(session, [row.id for row in found])
    return [
        {
            **row_of(row, line, answers.line_of(row, columns, texts, reach=reach, holder=holder)),
            "weeks": chosen_by(row, opening) or weeks_of(row),
            "tags": borne.get(row.id, []),
            "replies": in_line(replies[row.id], row.seats),
            "follow_up": FOLLOW_UPS[ANSWERED if asked[row.id] else SILENT] if row.id in asked else "",
        }
        for row in found
    ]


def row_of(row: Registration, line: Mapping[int, int], given: list[str]) -> dict[str, Any]:
    """Return what one line shows."""
    home = row.organisation
    return {
        "row": row,
        "word": f"Waiting, {ordinal(line[row.id])}" if row.id in line else "",
        "hold": held_until(row),
        "others": f"with {join_words(one.name for one in row.companions)}" if row.companions else "",
        "home": home.short_name if home else "",
        "end": home.end.value if home and home.end else "",
        "share": row.counts_for.short_name if row.counts_for else "",
        "came": came(row),
        "answers": given,
        "joined": moment_of(row.joined_at),
    }


def held_until(row: Registration) -> str:
    """Say until when a place is kept for somebody who has to answer, or to prove the address."""
    if row.state is RegistrationState.OFFERED and row.answer_by:
        return f"to answer by {moment_of(row.answer_by)}"
    return f"address not proved, held until {moment_of(row.prove_by)}" if row.prove_by and is_live(row) else ""


def chosen_by(row: Registration, opening: Opening) -> str:
    """Name the events that somebody has chosen, where people choose."""
    if opening.chooses is None:
        return ""
    chosen = {seat.event_id for seat in row.seats if seat.state is not SeatState.SKIPPED}
    return ", ".join(event.title for event in opening.events if event.id in chosen)


def weeks_of(row: Registration) -> str:
    """Say which single dates of a series somebody skips or was lent, and from when on they have left."""
    if not is_live(row):
        return ""
    if row.leaves_at is not None:
        return f"left from {short_date(row.leaves_at)} on"
    states = Counter(seat.state for seat in row.seats)
    skipped = plural(states[SeatState.SKIPPED], "date") if states[SeatState.SKIPPED] and row.state in HOLDING else ""
    lent = plural(states[SeatState.LENT], "single date") if states[SeatState.LENT] else ""
    return f"skips {skipped}" if skipped else f"has {lent}" if lent else ""


def is_live(row: Registration) -> bool:
    """Whether a registration has not ended."""
    return row.state in LIVE


def came(row: Registration) -> str:
    """Say whether somebody came; of several events, to how many."""
    held = [seat for seat in row.seats if seat.state is not SeatState.SKIPPED]
    marked = [seat for seat in held if seat.attendance is not Attendance.UNKNOWN]
    if not marked:
        return ""
    if len(held) == 1:
        return ATTENDANCE_WORDS[held[0].attendance]
    return f"{sum(seat.attendance is Attendance.PRESENT for seat in held)} of {len(held)}"
