"""Demonstration: teams of a hackathon say what each of them brings and eats, and organisers talk about them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.demo import people, signing_up
from programme.demo.finding import person_id_of, registration_of
from programme.demo.strands.entrepreneurship import HACKATHON
from programme.engines.questionnaire.profiles.actions import keep
from programme.engines.registration.notes.actions import write
from programme.flows.companions.bringing import answer_for

if TYPE_CHECKING:
    from programme.demo.stage import Stage

HAVE_SAID = people.RESEARCHERS[0], people.RESEARCHERS[6]
LATELY, YESTERDAY = timedelta(days=4), timedelta(days=1)
KEPT = {"dietary": ["Vegetarian", "No nuts"], "access": ["A seat near the door"]}
"""What one of them lets their account fill in where a form asks for it."""


def gather(stage: Stage) -> None:
    """Those who come along with two of the teams answer for themselves; the organisers look at one that waits."""
    keep(stage.session, person_id_of(stage, people.RESEARCHERS[0]), KEPT, now=stage.now - LATELY)
    for somebody in HAVE_SAID:
        row = registration_of(stage, HACKATHON, somebody)
        for turn, companion in enumerate(row.companions, start=1):
            answers = signing_up.answers_to(stage.session, row.opening, 3 * turn, says={})
            answer_for(stage.session, row.id, companion.id, answers, now=stage.now - LATELY)
    waits = registration_of(stage, HACKATHON, people.RESEARCHERS[10])
    liverpool, oxford = stage.actors[people.LIVERPOOL], stage.actors[people.OXFORD]
    write(stage.session, waits, "They would come as three, too. Shall we ask?", actor=liverpool, now=stage.now - LATELY)
    write(stage.session, waits, "Let us wait until Friday: a team may shrink.", actor=oxford, now=stage.now - YESTERDAY)
