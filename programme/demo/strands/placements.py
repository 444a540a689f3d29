"""Demonstration, placements: the hosts meet researchers, and a briefing."""

from __future__ import annotations

from datetime import time

from programme.demo.happenings import BOTH, MONDAY, TUESDAY, Admission, Asked, Happening
from programme.people.states import Strand

INTERNSHIPS = "Professional internships: applications"
STILL_REGISTERED = "Will you still be registered for your doctorate three months after the internship?"
VISA, HOST, OWN_HOST = "Do you study on a Student visa?", "Which host comes first for you?", "One that I have found"
WHY, CURRICULUM = "Why this host, and what would you bring?", "Your CV"
TOO_LATE = (
    "An internship is a part of the doctorate, so at least three months of it have to follow. Thank you for thinking "
    "of it: the careers service of your university knows of placements for those who have just finished."
)
APPLICATION = (
    Asked("section", "Before you begin", hint="Two questions that spare you the rest if it is not for you."),
    Asked("yes_no", STILL_REGISTERED, required=True, ends=(("no",), TOO_LATE)),
    Asked("one_of", VISA, required=True, options=("No", "Yes", "I am not sure")),
    Asked("section", "Your visa", only_if=(VISA, ("Yes", "I am not sure"))),
    Asked(
        "note", "Hours on an internship can count as work.", hint="Your university’s visa team says what is allowed."
    ),
    Asked("consent", "I ask the visa team before I agree to anything", required=True),
    Asked("section", "Your internship"),
    Asked(
        "one_of",
        HOST,
        required=True,
        options=("Mersey Polymer Demo Ltd", "Isis Vale Diagnostics (demo)", OWN_HOST),
    ),
    Asked("short_text", "Which host have you found?", required=True, only_if=(HOST, (OWN_HOST,))),
    Asked("many_of", "When could you begin?", required=True, options=("In spring", "In summer", "In autumn")),
    Asked("long_text", WHY, hint="Ten sentences are enough.", required=True),
    Asked("section", "Your papers"),
    Asked(
        "file",
        CURRICULUM,
        hint="Two pages, as PDF.",
        required=True,
        needs=(("accepts", ["pdf"]), ("most", "2")),
    ),
    Asked("short_text", "Your first supervisor", required=True),
    Asked("consent", "My supervisor knows that I apply", required=True),
)

PLACEMENTS = (
    Happening(
        title="Placement round: meet the hosts",
        strand=Strand.PLACEMENTS,
        lead="oxford",
        co_owners=("liverpool",),
        weeks=2,
        weekday=MONDAY,
        starts=time(13, 0),
        minutes=240,
        venue="OXF-SBS",
        online="https://meet.example.ac.uk/meet-the-hosts",
        audience=BOTH,
        audience_note="Doctoral researchers in year 1 or 2",
        summary="Twelve hosts, ten minutes each: what they offer, whom they look for, what it is like.",
        description=(
            "Among the hosts: Mersey Polymer Demo Ltd and Isis Vale Diagnostics (demo). With a Student visa, ask "
            "the visa team before you agree to anything: hours on a placement can count as work."
        ),
        admissions=(
            Admission(60, members_only=True, taken_liverpool=6, taken_oxford=5),
            Admission(
                8,
                title=INTERNSHIPS,
                note="Twelve weeks with a host, as a part of your doctorate. You can save the form and go on later; "
                "you hear from us within a fortnight.",
                is_call=True,
                members_only=True,
                by_decision=True,
                section_a_page=True,
                closes_days=-28,
                form=APPLICATION,
            ),
        ),
    ),
    Happening(
        title="Placement briefing: agreements, visas, insurance",
        strand=Strand.PLACEMENTS,
        lead="liverpool",
        weeks=4,
        weekday=TUESDAY,
        starts=time(14, 0),
        minutes=90,
        venue=None,
        online="https://meet.example.ac.uk/placement-briefing",
        audience=BOTH,
        summary="Everything that must be settled before your first day, in ninety minutes.",
        description="A checklist with owners and dates, and time for your own case.",
        admissions=(Admission(None, taken_liverpool=3, taken_oxford=2),),
    ),
)
