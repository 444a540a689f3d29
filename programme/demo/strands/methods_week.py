"""Demonstration, cohorts: a week of methods, of whose five workshops everybody chooses two; the rooms differ."""

from __future__ import annotations

from datetime import time

from programme.demo.happenings import (
    ACCESS,
    BOTH,
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Admission,
    Comer,
    Happening,
)
from programme.demo.people import RESEARCHERS
from programme.people.states import Strand

WEEK, WORKSHOPS = "Joint methods week", "Joint methods week: two of five workshops"
MICROSCOPY, DIFFRACTION = "Electron microscopy: your first hour", "X-ray diffraction from a powder"
STATISTICS, CODE = "Statistics that you will use", "Code that others can run"
DATA = "Writing a data management plan"


def workshop(title: str, weekday: int, starts: time, venue: str | None, holds: int, summary: str) -> Happening:
    """Return a workshop of the week; without a venue it is online."""
    return Happening(
        title=title,
        strand=Strand.COHORTS,
        lead="liverpool",
        co_owners=("oxford",),
        weeks=4,
        weekday=weekday,
        starts=starts,
        minutes=120,
        venue=venue,
        online="" if venue else "https://meet.example.ac.uk/methods-week",
        holds=holds,
        audience=BOTH,
        summary=summary,
        description="A part of the joint methods week.",
        part_of=WEEK,
    )


METHODS_WEEK = (
    Happening(
        title=WEEK,
        strand=Strand.COHORTS,
        lead="liverpool",
        co_owners=("oxford",),
        weeks=4,
        weekday=MONDAY,
        starts=time(10, 0),
        minutes=4 * 24 * 60 + 120,
        venue="LIV-CAMPUS",
        audience=BOTH,
        audience_note="Doctoral researchers in year 1 or 2",
        summary="Five workshops in two cities and online, one a day. Choose two.",
        description="Each workshop stands by itself. Rooms differ: there are three chairs at the microscope.",
        focus=("advanced-materials", "digital-ai"),
        admissions=(
            Admission(
                30,
                title=WORKSHOPS,
                to=(MICROSCOPY, DIFFRACTION, STATISTICS, CODE, DATA),
                chooses=2,
                members_only=True,
                form=(ACCESS,),
                comers=(
                    Comer(RESEARCHERS[0], choice=(MICROSCOPY, DIFFRACTION)),
                    Comer(RESEARCHERS[4], choice=(MICROSCOPY, STATISTICS)),
                    Comer(RESEARCHERS[5], choice=(DIFFRACTION, CODE)),
                    Comer(RESEARCHERS[7], choice=(STATISTICS, DATA)),
                    Comer(RESEARCHERS[8], choice=(MICROSCOPY, CODE)),
                    Comer(RESEARCHERS[9], choice=(DIFFRACTION, DATA)),
                    Comer(RESEARCHERS[12], choice=(CODE, DATA)),
                ),
            ),
        ),
    ),
    workshop(MICROSCOPY, MONDAY, time(10, 0), "LIV-MIF", 3, "Load a sample, find it, and keep the picture."),
    workshop(DIFFRACTION, TUESDAY, time(14, 0), "OXF-SCI", 6, "From a powder to a structure, on paper first."),
    workshop(STATISTICS, WEDNESDAY, time(10, 0), None, 40, "Five mistakes that reviewers find, and how to spare them."),
    workshop(
        CODE, THURSDAY, time(13, 0), "OXF-SCI", 20, "Bring a script of yours: leave with one that runs elsewhere."
    ),
    workshop(DATA, FRIDAY, time(10, 0), "LIV-CAMPUS", 12, "Written by noon, with somebody who reads such plans."),
)
