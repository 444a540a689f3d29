"""A press at the door: what a browser sends of it, and how it is answered, as a page or to the script that queues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from flask import g, jsonify, request

from programme.core.refusal import Refusal
from programme.core.web.answers import done, refused, wants_json
from programme.core.web.words import clock_time, join_words
from programme.engines.questionnaire.kinds.numbers import whole
from programme.engines.registration.door.actions import Press
from programme.engines.registration.door.checking import Checked
from programme.engines.registration.states import Attendance
from programme.extensions import database_session

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from programme.engines.registration.door.actions import Marked

View = TypeVar("View", bound=Callable[..., Any])
LONGEST_KEY = 100
MOST_DIGITS = 19
SAID = {Attendance.PRESENT: "is here", Attendance.ABSENT: "did not come", Attendance.UNKNOWN: "is not marked any more"}
SAID_OF_SEVERAL = {
    Attendance.PRESENT: "are here",
    Attendance.ABSENT: "did not come",
    Attendance.UNKNOWN: "are not marked any more",
}


def pressed(back: Callable[..., str]) -> Callable[[View], Any]:
    """For a view behind a press: a Refusal becomes a message on the page `back`, or a sentence for the script."""

    def decorate(view: View) -> Any:
        @wraps(view)
        def answered(**arguments: Any) -> Any:
            try:
                return view(**arguments)
            except Refusal as refusal:
                if not wants_json():
                    return refused(refusal, back(**arguments))
                database_session().rollback()
                return jsonify(said=refusal.sentence), HTTPStatus.CONFLICT

        return answered

    return decorate


def press_of(wanted: Attendance) -> Press:
    """Return the press that was sent: its key, and how many seconds ago it was, by no clock but the telephone's own."""
    form = request.form
    ago = timedelta(seconds=whole(form.get("ago", "")))
    return Press(wanted=wanted, key=form.get("key", "")[:LONGEST_KEY], at=moment_before(ago), who=who_in(form))


def who_in(form: MultiDict[str, str]) -> frozenset[int] | None:
    """Return of whom of a group a press is; None is all of them, as a button without ticks means it.

    A form with ticks sends an empty one, too: so that one with no tick left means nobody, and not everybody.
    """
    sent = form.getlist("who")
    return (
        frozenset(int(one) for one in sent if one.isascii() and one.isdecimal() and len(one) < MOST_DIGITS)
        if sent
        else None
    )


def moment_before(ago: timedelta) -> datetime:
    """Return the present less so much."""
    now: datetime = g.now
    return now - ago


def answer(marked: Marked, address: str, **more: Any) -> Any:
    """Say what a press came to: on the next page, or to the script with what it needs to show it."""
    said = sentence(marked)
    if wants_json():
        return jsonify(said=said, seat=marked.seat.id, attendance=marked.seat.attendance.value, **more)
    return done(said, address)


def sentence(marked: Marked) -> str:
    """Say what a press came to."""
    first, names = marked.whom[0], join_words([one.name for one in marked.whom])
    is_one = len(marked.whom) == 1
    stands = {one.attendance for one in marked.whom}
    if marked.happened is not Checked.DONE and stands == {Attendance.PRESENT} and first.attended_at:
        since = f", at {clock_time(first.attended_at)}" if is_one else ""
        return f"{names} {'was' if is_one else 'were'} checked in already{since}."
    if len(stands) > 1:
        return "; ".join(f"{one.name} {SAID[one.attendance]}" for one in marked.whom) + "."
    return f"{names} {(SAID if is_one else SAID_OF_SEVERAL)[first.attendance]}."
