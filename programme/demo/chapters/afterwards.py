"""Demonstration: an afternoon that is over: who came is marked at the door, one walked in, some say how it was."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.core.tokens import new_token
from programme.demo import people, signing_up
from programme.demo.finding import registration_of
from programme.demo.strands.exchange import HERITAGE
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.door.actions import Press, settle
from programme.engines.registration.door.walk_ins import WalkIn
from programme.engines.registration.feedback.actions import begin, give
from programme.engines.registration.states import Attendance
from programme.flows.door.asking_how_it_was import ask_those_who_came
from programme.flows.door.checking_in import check_in, mark_the_rest
from programme.flows.door.walking_in import walk_in

if TYPE_CHECKING:
    from programme.demo.stage import Stage

CAME = (*people.RESEARCHERS[:3], people.RESEARCHERS[4], *people.PUBLIC[:2])
SAY = CAME[1:5]
BEFORE, EACH, AFTER = timedelta(minutes=20), timedelta(minutes=3), timedelta(hours=1)
NEXT_DAY = timedelta(days=1)
HOW, WORTH = ("Very good", "Good"), "Was it worth your time?"


def look_back(stage: Stage) -> None:
    """Liverpool's organiser keeps the door, and asks those who came."""
    session, opening, actor = stage.session, stage.openings[HERITAGE], stage.actors[people.LIVERPOOL]
    event = stage.told[HERITAGE]
    doors = event.starts_at - BEFORE
    settle(session, opening.id, takes_walk_ins=True)
    for turn, somebody in enumerate(CAME):
        seat = registration_of(stage, HERITAGE, somebody).seats[0]
        pressed = Press(wanted=Attendance.PRESENT, key=new_token())
        check_in(session, seat.id, pressed, actor=actor, now=doors + turn * EACH)
    newcomer = WalkIn(name="Quentin Passerby", key=new_token())
    walk_in(session, opening.id, event.id, newcomer, actor=actor, now=event.starts_at)
    unknown, absent = Attendance.UNKNOWN, Attendance.ABSENT
    mark_the_rest(session, opening.id, event.id, unknown, absent, actor=actor, now=event.ends_at + AFTER)
    form = begin(session, opening.id, now=event.ends_at + AFTER)
    ask_those_who_came(session, opening, actor=actor, now=event.ends_at + NEXT_DAY)
    for turn, somebody in enumerate(SAY):
        row = registration_of(stage, HERITAGE, somebody)
        asked = asked_by(form.questionnaire)
        written = {one.label: signing_up.answer_to(one, turn) for one in asked if one.kind == "long_text"}
        says = {"How was it?": HOW[turn % 2], WORTH: "Yes, wholly", **(written if turn else {})}
        give(session, row.id, signing_up.given_to(asked, turn, says=says))
