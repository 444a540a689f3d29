"""Where somebody is: the page of a secret link, and the sums for organisers and partner authorities."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, render_template, request

from programme.core.tokens import id_in
from programme.core.web.answers import carried_out, done, form_again
from programme.core.web.downloads import csv_bytes, download
from programme.extensions import database_session
from programme.people.guards import actor, secret_link, sum_readers
from programme.strands.cohorts.models import Destination
from programme.strands.cohorts.sums.hiding import FEWEST_TOLD, HIDDEN, number_told, told
from programme.strands.cohorts.talent.actions import answer, decline
from programme.strands.cohorts.talent.forms import DestinationForm
from programme.strands.cohorts.talent.queries import completed, latest
from programme.strands.cohorts.talent.staying import staying
from programme.strands.cohorts.talent.words import NATIONAL_STAYING, OCCUPATIONS, REGIONS, SECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from programme.strands.cohorts.talent.links import DestinationLinks
    from programme.strands.cohorts.talent.queries import Said

by_link = Blueprint("destinations", __name__, url_prefix="/destinations/<token>")
sums = Blueprint("organise_talent", __name__, url_prefix="/organise")
PAGE = "cohorts/talent/link.html"


def destination_here(token: str) -> Destination:
    """Return the destination of a link; an invented link is of nobody."""
    links: DestinationLinks = current_app.extensions["destination_links"]
    number = id_in(token)
    row = database_session().get(Destination, number) if number else None
    if row is None or not links.opens(token, row) or row.candidature.person is None:
        abort(404)
    return row


def shown(row: Destination, form: DestinationForm, token: str) -> dict[str, Any]:
    """Return what the page shows."""
    return {"destination": row, "form": form, "here": f"/destinations/{token}"}


@by_link.get("")
@secret_link
def page(token: str) -> Any:
    """Ask where somebody is, with what they said before filled in. Looking changes nothing."""
    row = destination_here(token)
    known = {
        name: value.value
        for name in ("occupation", "region", "sector")
        for value in [getattr(row, name)]
        if value is not None
    }
    return render_template(PAGE, **shown(row, DestinationForm(data={**known, "employer": row.employer}), token))


@by_link.post("")
@secret_link
def say(token: str) -> Any:
    """Keep where somebody is."""
    row, form = destination_here(token), DestinationForm(request.form)

    def verb() -> tuple[str, str]:
        answer(database_session(), row, form.whereabouts(), now=g.now)
        return "Thank you. It is kept, and you can change it here as long as you like.", f"/destinations/{token}"

    return carried_out(form, verb, lambda: form_again(PAGE, **shown(destination_here(token), form, token)))


@by_link.post("/refusal")
@secret_link
def refuse(token: str) -> Any:
    """Ask this person no more."""
    decline(database_session(), destination_here(token), now=g.now)
    database_session().commit()
    return done("You will not be asked again.", f"/destinations/{token}")


@sums.get("/talent")
@sum_readers
def talent() -> Any:
    """Show how many stay, as sums."""
    return render_template("cohorts/talent/sums.html", **gathered())


@sums.get("/talent.csv")
@sum_readers
def file() -> Any:
    """Give the same sums as a file."""
    found = gathered()
    rows = [[part, word, number] for part, counts in found["parts"].items() for word, number in counts.items()]
    content = csv_bytes(["Question", "Answer", "People"], rows)
    return download(content, title="talent", ending="csv", media_type="text/csv")


def gathered() -> dict[str, Any]:
    """Return the sums: who answered, how many stay, and what they do."""
    said = latest(database_session(), actor())
    return {
        "completed": number_told(completed(database_session(), actor())),
        "answered": number_told(len(said)),
        "staying": staying(one.region for one in said),
        "national": NATIONAL_STAYING,
        "parts": parts_of(said) if len(said) >= FEWEST_TOLD else {},
        "is_empty": not said,
    }


def parts_of(said: Sequence[Said]) -> dict[str, dict[str, str]]:
    """Return the answers by question.

    Whoever works says a sector, so that the sectors tell how many work: where some numbers of who works are hidden,
    they would tell these, and all of them are hidden.
    """
    does, sectors = Counter(one.occupation for one in said), Counter(one.sector for one in said if one.sector)
    told_of_work = in_words(OCCUPATIONS, does)
    hides = HIDDEN in told_of_work.values()
    return {
        "Where": in_words(REGIONS, Counter(one.region for one in said)),
        "What they do": told_of_work,
        "Sector": dict.fromkeys(SECTORS.values(), HIDDEN) if hides else in_words(SECTORS, sectors),
    }


def in_words(words: Mapping[Any, str], counts: Mapping[Any, int]) -> dict[str, str]:
    """Return counts by their words, small numbers hidden."""
    return told({text: counts.get(one, 0) for one, text in words.items()})
