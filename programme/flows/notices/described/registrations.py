"""Letters about registrations, as the catalogue describes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from programme.core.web.words import date_span, ordinal, plural, time_range
from programme.engines.mail.wording.passages import Case, Description, Passage, Placeholder, Topic
from programme.flows.notices.described.placeholders import (
    CONTACT,
    NAME,
    TITLE,
    WHEN,
    WHERE,
    closing,
    opening,
    subject,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from programme.flows.notices.places.told import Day

PLACEHOLDERS = (NAME, TITLE, WHEN, WHERE, CONTACT)
POSITION = Placeholder("position", "the place on the waiting list: “3rd”", in_subject=False)
BECAUSE = Placeholder("because", "why there is no place: “Every place is taken.”", in_subject=False)
FILE = "The events they hold a place at, for their calendar: one as an invitation where answers are read, else a file"
TAKEN_OUT = "The same events, to be taken out of their calendar; only where they held a place"


def told(title: str, **given: Any) -> Case:
    """Return a case of which the registration differs."""
    return Case(title, lambda variables: {**variables, "it": replace(variables["it"], **given)})


SIGNED_IN = told("Signed in", prove_by=None)
PROVED = (SIGNED_IN, told("Without an account: to be confirmed"))
KEPT = told(
    "The places left are kept",
    prove_by=None,
    why="The 4 places left are kept for Oxford until Saturday 13 February 2027, 14:00 GMT.",
)
REGISTERED = why("Sent because this address was given to register.")


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of these letters stand for."""
    it = variables["it"]
    return {
        "name": it.name,
        "title": it.title,
        "when": when(it.days),
        "where": it.days[0].place if it.days else "",
        "contact": it.contact,
        "because": it.why,
        "position": ordinal(it.position) if it.position else "",
    }


def when(days: Sequence[Day]) -> str:
    """Say when it is, of several dates the first and how many more."""
    if not days:
        return "at no date yet"
    first = days[0]
    times = f", {time_range(first.starts, first.ends)}" if first.ends else ""
    said = f"{date_span(first.starts, first.ends)}{times}" if first.is_known else "on a date to be announced"
    return f"{said}, and {plural(len(days) - 1, 'more date')}" if len(days) > 1 else said


def described(
    about: str,
    to: str,
    *passages: Passage,
    calendar: str = "",
    more: tuple[Placeholder, ...] = (),
    cases: tuple[Case, ...] = (),
    reckon: Callable[[Mapping[str, Any]], dict[str, str]] = values,
) -> Description:
    """Return the description of a letter about a registration."""
    return Description(
        topic=Topic.REGISTRATION,
        about=about,
        to=to,
        calendar=calendar,
        passages=passages,
        placeholders=(*PLACEHOLDERS, *more),
        values=reckon,
        cases=cases,
    )


DESCRIPTIONS: Mapping[str, Description] = {
    "registration_confirmed": described(
        "At once when somebody registers and there is a place.",
        "Whoever registered",
        subject("You have a place: {title}"),
        subject(
            "Keep your place: {title}",
            name="subject_to_keep",
            title="Subject, place held",
            hint="To an address that nobody has shown to be theirs: the place is held until they say “Keep my place”.",
        ),
        opening(
            "Dear {name},\n\nYou have a place at {title}. If you cannot come, give it back: somebody may be waiting."
        ),
        closing(),
        REGISTERED,
        calendar=FILE,
        cases=PROVED,
    ),
    "registration_waitlisted": described(
        "At once when somebody registers and every place is taken.",
        "Whoever registered",
        subject("You are on the waiting list: {title}"),
        opening(
            "Dear {name},\n\n{because} You are {position} on the waiting list for {title}. When a place comes free it"
            " goes to whoever has waited longest, and we write to you at once."
        ),
        closing(),
        REGISTERED,
        more=(POSITION, BECAUSE),
        cases=(*PROVED, KEPT),
    ),
    "registration_pending": described(
        "At once when somebody registers and the organisers, or a ballot, decide who has a place.",
        "Whoever registered",
        subject("We have your registration: {title}"),
        opening(
            "Dear {name},\n\nWe have your registration for {title}. It is decided later who has a place, and we write"
            " to you as soon as it is."
        ),
        closing(),
        REGISTERED,
        cases=PROVED,
    ),
    "registration_promoted": described(
        "At once when a place comes free, or the organisers give one.",
        "Whoever moves up",
        subject("You have a place now: {title}"),
        opening(
            "Dear {name},\n\nYou waited, and now you have a place at {title}. If you cannot come, give it back:"
            " somebody else may be waiting."
        ),
        closing(),
        why("Sent because you were waiting for a place."),
        calendar=FILE,
    ),
    "registration_cancelled": described(
        "At once when somebody cancels, or the organisers cancel for them.",
        "Whoever was registered",
        subject("Cancelled: {title}"),
        opening("Dear {name},\n\nYour place at {title} is cancelled, and goes to whoever is next."),
        opening(
            "Dear {name},\n\nYou are no longer registered for {title}.",
            name="opening_without",
            title="Opening, without a place",
            hint="To those who waited, or were not decided on.",
        ),
        Passage("again", "If it was a mistake", "Not what you wanted? Register again, if there are places."),
        closing(),
        why("Sent because you were registered."),
        calendar=TAKEN_OUT,
        cases=(told("Held a place", held_place=True), told("Held none", held_place=False)),
    ),
    "registration_refused": described(
        "When the organisers, or the ballot, give somebody no place. The organisers’ reason stands in it.",
        "Whoever was registered",
        subject("No place this time: {title}"),
        opening("Dear {name},\n\nWe are sorry that we cannot give you a place at {title} this time."),
        closing(),
        why("Sent because you were registered."),
        calendar=TAKEN_OUT,
    ),
    "registration_lapsed": described(
        "When nobody has pressed “Keep my place” by the time it is held.",
        "The address that was typed",
        subject("Your place has lapsed: {title}"),
        opening(
            "Dear {name},\n\nSomebody registered this address for {title}, and nobody pressed “Keep my place” in time."
            " So the place has gone to whoever is next."
        ),
        Passage(
            "again",
            "If they still want to come",
            "If it was you and you still want to come, register again. If it was not you, you need do nothing.",
        ),
        closing(),
        REGISTERED,
        calendar=TAKEN_OUT,
    ),
    "answers_considered": described(
        "When somebody changes answers that were decided about, and the opening decides again.",
        "Whoever changed them",
        subject("We look at your changed answers: {title}"),
        opening(
            "Dear {name},\n\nYou changed your answers for {title}, so the organisers look at them again. What you have"
            " stays yours meanwhile, and we write to you as soon as it is decided."
        ),
        closing(),
        why("Sent because you are registered."),
        cases=(told("Has a place", prove_by=None),),
    ),
    "already_registered": described(
        "When somebody fills in the form with an address that is registered already; once an hour at most.",
        "The address that was typed",
        subject("You are registered already: {title}"),
        opening(
            "Dear {name},\n\nSomebody has just filled in the form for {title} with this address. You are registered"
            " already, so nothing has changed. If it was not you, you need do nothing."
        ),
        closing(),
        REGISTERED,
        cases=(told("Has a place", prove_by=None), told("Waits", prove_by=None, position=3)),
    ),
}
