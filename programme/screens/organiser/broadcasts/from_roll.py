"""A letter to many that begins with what a roll shows: the filters it can keep, and those it has to leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.registration.roll.filters import STATES, Wanted
from programme.flows.broadcasting.audiences import REGISTERED
from programme.screens.organiser.broadcasts.forms import MARKS, USUAL_STATES, RegisteredForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms import SelectField


def audience_of(opening_id: int, asked: Wanted) -> dict[str, Any]:
    """Return to whom a letter goes that begins with what is asked of a roll.

    A roll that is narrowed otherwise shows people of every state; one that is not narrowed begins with those who have a
    place, and so does one on which people were ticked: before ticks every filter gives way.
    """
    found: dict[str, Any] = {"kind": REGISTERED, "opening": opening_id, "states": USUAL_STATES}
    if asked.ids or not asked.is_narrow:
        return found
    found["states"] = list(asked.states or STATES)
    told = {"home": asked.home, "tag": asked.tag, "attendance": asked.attendance.value if asked.attendance else ""}
    found |= {name: value for name, value in told.items() if value}
    return {**found, "question": asked.question, "answer": asked.said} if asked.question and asked.said else found


def left_out(form: RegisteredForm, asked: Wanted) -> list[str]:
    """Let go of what a letter to many cannot choose by, and say what that is."""
    match_answer(form.said)
    lost = list(unknown(form))
    for field, _ in lost:
        field.data = ""
    plain = {
        "whom you ticked": asked.ids,
        f"the name or e-mail “{asked.words}”": asked.words,
        "in whose share they count": asked.share,
        "which event they come to": asked.event,
        "whose address is not proved": asked.unproved,
        "which version of the form they answered": asked.version,
        "whether they answered the follow-up form": asked.follow_up,
    }
    return [*(word for _, word in lost), *(word for word, is_asked in plain.items() if is_asked)]


def match_answer(field: SelectField) -> None:
    """Choose an answer that the roll found in small letters or large."""
    same = {str(choice.value).casefold(): choice.value for choice in field.choices}
    field.data = same.get(str(field.data or "").casefold(), field.data)


def unknown(form: RegisteredForm) -> Iterable[tuple[SelectField, str]]:
    """Return the fields that hold what their menus do not offer, each with what it asks."""
    marks = [value for value, _ in MARKS]
    if form.attendance.data not in marks:
        yield form.attendance, "who is not marked"
    for field, word in ((form.home, "from where they are"), (form.tag, "the tag"), (form.said, "what they answered")):
        if field.data not in {choice.value for choice in field.choices}:
            yield field, word
