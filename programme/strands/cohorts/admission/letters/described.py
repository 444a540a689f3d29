"""The letters of an admission, as the catalogue describes them: the only place of their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.mail.wording.passages import Description, Placeholder, Topic
from programme.flows.notices.described.placeholders import CONTACT, NAME, TITLE, closing, opening, subject, why

if TYPE_CHECKING:
    from collections.abc import Mapping

APPLICANT = Placeholder("applicant", "the name of who applies", in_subject=False)
PERIOD = Placeholder("until", "“by” and the day, where one is set", in_subject=False)
NUMBER = Placeholder("number", "how many it is about")


def about_references(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of letters about references stand for."""
    it = variables["it"]
    by = f" by {it.by}" if it.by else ""
    number = str(it.wanted) if it.wanted > 1 else "one"
    return {"name": it.name, "title": it.title, "contact": it.contact, "applicant": it.applicant, "until": by} | {
        "number": number
    }


def about_reviews(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the letter to reviewers stand for."""
    it = variables["it"]
    by = f" by {it.by}" if it.by else ""
    return {"name": it.name, "title": it.title, "contact": it.contact, "until": by, "number": str(it.number)}


DESCRIPTIONS: Mapping[str, Description] = {
    "reference_asked": Description(
        topic=Topic.REGISTRATION,
        about="When an applicant, or an organiser, asks the referees that the applicant named.",
        to="Each referee, by a link of their own: no account is needed",
        passages=(
            subject("A reference for an application: {title}"),
            opening(
                "Dear {name},\n\n{applicant} applies to “{title}” and named you as a referee. Would you write a"
                " reference{until}? You can write it on the page below, or send one PDF there; save it, and come back"
                " as often as you like.\n\nThe applicant sees whether it has come, and never what it says. Reviewers"
                " and organisers of the universities that run this read it. If you would rather not, the same page"
                " lets you say so."
            ),
            closing(),
            why("Sent because somebody who applies named this address for a reference."),
        ),
        placeholders=(NAME, TITLE, CONTACT, APPLICANT, PERIOD),
        values=about_references,
    ),
    "reference_due": Description(
        topic=Topic.REGISTRATION,
        about="When an organiser presses the button, and once by itself three days before references are wanted.",
        to="Each referee who was asked and has neither sent a reference nor declined",
        passages=(
            subject("A reference is waited for: {title}"),
            opening(
                "Dear {name},\n\nWe are waiting for your reference about {applicant}, who applies to “{title}”. Please"
                " send it{until}, or say on the same page that you would rather not. What you saved is still there."
            ),
            closing(),
            why("Sent because somebody who applies named this address for a reference."),
        ),
        placeholders=(NAME, TITLE, CONTACT, APPLICANT, PERIOD),
        values=about_references,
    ),
    "referees_wanted": Description(
        topic=Topic.REGISTRATION,
        about="When an organiser presses the button that reminds referees; once a day at most.",
        to="Applicants of whom fewer referees were asked than are wanted",
        passages=(
            subject("Name your referees: {title}"),
            opening(
                "Dear {name},\n\nYour application to “{title}” needs references, and not all have been asked for yet:"
                " {number} in all{until}. Name your referees on the page below, and press the button there that asks"
                " them."
            ),
            closing(),
            why("Sent because you applied."),
        ),
        placeholders=(NAME, TITLE, CONTACT, NUMBER, PERIOD),
        values=about_references,
    ),
    "reviews_waiting": Description(
        topic=Topic.REGISTRATION,
        about="When organisers share applications out to reviewers, and when they remind them.",
        to="Reviewers who have applications left to declare conflicts for, or to score",
        passages=(
            subject("Applications wait for your review: {title}"),
            opening(
                "Dear {name},\n\nThere are applications to “{title}” for you to review{until}. Before you read each of"
                " them you say whether anything ties you to the applicant. Scores are saved as you go."
            ),
            closing(),
            why("Sent because organisers named you as a reviewer."),
        ),
        placeholders=(NAME, TITLE, CONTACT, PERIOD),
        values=about_reviews,
    ),
}
