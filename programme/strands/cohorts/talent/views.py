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
from programme.strands.cohorts.talent.actions import answer, decline
from programme.strands.cohorts.talent.forms import DestinationForm
from programme.strands.cohorts.talent.queries import completed, latest
from programme.strands.cohorts.talent.staying import FEWEST_TOLD, staying, told
from programme.strands.cohorts.talent.words import NATIONAL_STAYING, OCCUPATIONS, REGIONS, SECTORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from programme.strands.cohorts.talent.links import DestinationLinks

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
    number = completed(database_session(), actor())
    return {
        "completed": number if number == 0 or number >= FEWEST_TOLD else f"fewer than {FEWEST_TOLD}",
        "answered": len(said) if not said or len(said) >= FEWEST_TOLD else f"fewer than {FEWEST_TOLD}",
        "staying": staying(one.region for one in said),
        "national": NATIONAL_STAYING,
        "parts": {
            "Where": in_words(REGIONS, (one.region for one in said)),
            "What they do": in_words(OCCUPATIONS, (one.occupation for one in said)),
            "Sector": in_words(SECTORS, (one.sector for one in said if one.sector)),
        }
        if len(said) >= FEWEST_TOLD
        else {},
        "is_empty": not said,
    }


def in_words(words: Mapping[Any, str], found: Iterable[Any]) -> dict[str, str]:
    """Count answers by their words, small numbers hidden."""
    counts = Counter(found)
    return told({text: counts[one] for one, text in words.items()})
