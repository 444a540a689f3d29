"""Demonstration, entrepreneurship: office hours, a pitch night with two openings and shares, a hackathon."""

from __future__ import annotations

from datetime import time

from programme.demo.happenings import (
    ACCESS,
    BOTH,
    FOOD,
    FRIDAY,
    THURSDAY,
    TUESDAY,
    Admission,
    Asked,
    Comer,
    Happening,
)
from programme.demo.people import FOUNDERS, RESEARCHERS
from programme.people.states import Strand

HACKATHON = "Clean-tech hackathon: teams"
BRINGS = Asked(
    "one_of",
    "What do you bring to a team?",
    required=True,
    options=("Engineering", "Code", "Numbers and a plan", "Design and a good story"),
)

ENTREPRENEURSHIP = (
    Happening(
        title="Founder office hours",
        strand=Strand.ENTREPRENEURSHIP,
        lead="oxford",
        weeks=1,
        weekday=TUESDAY,
        starts=time(12, 30),
        minutes=60,
        venue=None,
        online="https://meet.example.ac.uk/office-hours",
        audience=BOTH,
        audience_note="Students and staff with an idea",
        summary="Half an hour with somebody who has done it.",
        description="Bring one question. On a Student visa self-employment is barred: ask before you found a firm.",
        admissions=(Admission(6, taken_liverpool=1, taken_oxford=2),),
    ),
    Happening(
        title="Start–Stay–Scale pitch night",
        strand=Strand.ENTREPRENEURSHIP,
        lead="liverpool",
        co_owners=("oxford", "lcrca"),
        weeks=5,
        weekday=THURSDAY,
        starts=time(18, 0),
        minutes=150,
        venue="LIV-SPINE",
        summary="Eight ventures from two universities, five minutes each, one prize.",
        description="Eight young companies of the corridor pitch to a panel. Food and talk afterwards.",
        speakers=(("Petra Sparkwright", "Tidal Membranes Demo Ltd"), ("Jago Forgefield", "Forgefield Sensors (demo)")),
        focus=("digital-ai", "climate"),
        admissions=(
            Admission(
                12,
                title="Pitch night: founders",
                form=(
                    Asked("short_text", "Name of your venture", required=True),
                    Asked("yes_no", "Does your pitch tell of an invention that is not protected yet?", required=True),
                ),
                by_decision=True,
                comers=(Comer(FOUNDERS[0]), Comer(FOUNDERS[2])),
            ),
            Admission(
                30,
                title="Pitch night: audience",
                kept_each=10,
                form=(FOOD,),
                taken_public=7,
                taken_liverpool=8,
                taken_oxford=4,
            ),
        ),
    ),
    Happening(
        title="Clean-tech hackathon",
        strand=Strand.ENTREPRENEURSHIP,
        lead="oxford",
        co_owners=("liverpool",),
        weeks=6,
        weekday=FRIDAY,
        starts=time(17, 0),
        minutes=24 * 60,
        venue="OXF-SBS",
        audience=BOTH,
        audience_note="Anyone studying or working at either university",
        summary="Twenty-four hours, mixed teams from both cities, a real problem each.",
        description="Problems come from companies at Harwell and Daresbury. Food, mentors and beds are there.",
        focus=("climate",),
        price_note="£10, refunded when you come",
        shop_url="https://shop.example.ac.uk/clean-tech-hackathon",
        admissions=(
            Admission(
                12,
                title=HACKATHON,
                note="One of you registers for the whole team, of up to four. A team has a place as a whole, or waits "
                "as a whole; whoever comes along says afterwards what they bring and eat.",
                members_only=True,
                most_together=4,
                form=(BRINGS, FOOD, ACCESS),
                comers=(
                    Comer(RESEARCHERS[0], others=("Sorrel Birchmoor", "Amias Locksley-Wharf")),
                    Comer(RESEARCHERS[6], others=("Talia Ferndyke", "Ravi Cloudesmere", "Greta Osierholt")),
                    Comer(RESEARCHERS[3], others=("Magnus Stonecroft", "Leila Heronsgate")),
                    Comer(RESEARCHERS[10], others=("Piers Alderbank", "Noor Saltersford", "Elin Rushwater")),
                ),
            ),
        ),
    ),
)
