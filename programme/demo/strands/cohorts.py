"""Demonstration, cohorts: a joint cohort’s induction in two cities, a clinic, a day at an accelerator."""

from __future__ import annotations

from datetime import time

from programme.demo.happenings import ACCESS, BOTH, THURSDAY, TUESDAY, WEDNESDAY, Admission, Asked, Happening
from programme.people.states import Strand

INDUCTION = "Cohort induction: two cities, one night"

COHORTS = (
    Happening(
        title=INDUCTION,
        strand=Strand.COHORTS,
        lead="liverpool",
        co_owners=("oxford",),
        weeks=2,
        weekday=WEDNESDAY,
        starts=time(12, 0),
        minutes=25 * 60,
        venue="LIV-CAMPUS",
        audience=BOTH,
        audience_note="The Corridor Doctoral Cohort (demo)",
        summary="Arrive in Liverpool by noon on Wednesday, leave from Oxford after lunch on Thursday.",
        description=(
            "The first residential of the Corridor Doctoral Cohort (demo). You meet both supervisory teams, see "
            "the instruments of both universities, and plan your first year.\n\n"
            "One hotel night and the coach between the cities are arranged for you. We ask you about both when you "
            "have a place."
        ),
        focus=("advanced-materials", "chemistry"),
        admissions=(Admission(24, members_only=True, form=(ACCESS,), taken_liverpool=7, taken_oxford=6),),
    ),
    Happening(
        title="Welcome in Liverpool",
        strand=Strand.COHORTS,
        lead="liverpool",
        co_owners=("oxford",),
        weeks=2,
        weekday=WEDNESDAY,
        starts=time(12, 0),
        minutes=300,
        venue="LIV-MIF",
        audience=BOTH,
        summary="Lunch, the robots of the Materials Innovation Factory, and who is who.",
        description="The first afternoon of the induction.",
        part_of=INDUCTION,
    ),
    Happening(
        title="Morning in Oxford",
        strand=Strand.COHORTS,
        lead="liverpool",
        co_owners=("oxford",),
        weeks=2,
        weekday=THURSDAY,
        starts=time(9, 30),
        minutes=210,
        venue="OXF-SCI",
        audience=BOTH,
        summary="The Science Area on foot, then planning with both supervisors.",
        description="The second morning of the induction.",
        part_of=INDUCTION,
    ),
    Happening(
        title="Transfer-of-status writing clinic",
        strand=Strand.COHORTS,
        lead="oxford",
        co_owners=("liverpool",),
        weeks=1,
        weekday=THURSDAY,
        starts=time(10, 0),
        minutes=120,
        venue="OXF-SCI",
        online="https://meet.example.ac.uk/transfer-clinic",
        audience=BOTH,
        audience_note="DPhil students in their 3rd or 4th term",
        summary="Bring two pages; leave with a plan for the rest.",
        description="A working session on the transfer report, with people who have read many of them.",
        admissions=(Admission(6, members_only=True, offer_hours=48, taken_liverpool=3, taken_oxford=7),),
    ),
    Happening(
        title="Accelerator methods day",
        strand=Strand.COHORTS,
        lead="liverpool",
        co_owners=("oxford",),
        weeks=3,
        weekday=TUESDAY,
        starts=time(10, 30),
        minutes=330,
        venue="DAR-LAB",
        audience=BOTH,
        audience_note="Doctoral researchers in any year",
        summary="A working day with the CLARA test accelerator: how beams are made, measured and kept stable.",
        description=(
            "How beams are made, measured and kept stable, and what that means for your own samples. No accelerator "
            "physics is assumed.\n\nThe afternoon in the control room has an equal exercise at a desk, away from "
            "magnetic fields."
        ),
        focus=("accelerators", "physical-sciences"),
        admissions=(
            Admission(
                20,
                members_only=True,
                form=(
                    Asked(
                        "one_of",
                        "Where would you like to work in the afternoon?",
                        required=True,
                        options=("In the control room", "At a desk"),
                        places=(("In the control room", 8),),
                    ),
                    Asked(
                        "yes_no",
                        "Do you have a pacemaker or another implant?",
                        hint="The control room is near magnets. Only the organisers see this. It is deleted 30 days "
                        "after the event.",
                        sensitive=True,
                        only_if=("Where would you like to work in the afternoon?", ("In the control room",)),
                    ),
                    Asked(
                        "many_of",
                        "Which of these do you work with?",
                        options=("Diffraction", "Spectroscopy", "Microscopy", "Modelling"),
                    ),
                    ACCESS,
                ),
                closes_days=2,
                taken_liverpool=5,
                taken_oxford=7,
            ),
        ),
    ),
    Happening(
        title="Portfolio and progress review clinic",
        strand=Strand.COHORTS,
        lead="liverpool",
        weeks=8,
        weekday=WEDNESDAY,
        starts=time(13, 0),
        minutes=120,
        venue="LIV-CAMPUS",
        audience=BOTH,
        audience_note="Doctoral researchers before their annual review",
        summary="Bring your portfolio; leave with a review form that is filled in.",
        description="Not announced yet: the rooms are still to be found.",
        draft=True,
    ),
)
