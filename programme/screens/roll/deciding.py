"""Deciding about those ticked on a roll, and drawing the ballot: shown first, done by the button after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, redirect, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.words import plural
from programme.engines.registration.openings.locking import COUNTED
from programme.engines.registration.places import moves_up
from programme.engines.registration.queries import heads, positions, tally_of
from programme.engines.registration.roll.forms import ReasonForm
from programme.engines.registration.states import HOLDING, PlacesBy, RegistrationState
from programme.extensions import database_session
from programme.flows import admitting
from programme.flows.roll.deciding import Verdict, applies, carry_out, concerned
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.roll.asking import ids_in
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.registration.models import Registration

blueprint = Blueprint("roll_deciding", __name__, url_prefix="/organise/openings/<id:opening_id>")
ELSEWHERE = {"letter": "letters/new", "tag": "tags/new", "group": "groups/new"}
"""What is asked on a page of its own, by the word of its button."""
TITLES = {
    Verdict.PROMOTION: "Give a place",
    Verdict.REFUSAL: "Refuse",
    Verdict.CANCELLATION: "Cancel",
    Verdict.PRESENT: "Mark as present",
    Verdict.ABSENT: "Mark as absent",
}
DONE = {
    Verdict.PROMOTION: "has a place and is told",
    Verdict.REFUSAL: "is refused and told",
    Verdict.CANCELLATION: "is cancelled and told",
    Verdict.PRESENT: "is marked as present",
    Verdict.ABSENT: "is marked as absent",
}
ADDRESSES = {
    Verdict.PROMOTION: "promotions",
    Verdict.REFUSAL: "refusals",
    Verdict.CANCELLATION: "cancellations",
    Verdict.PRESENT: "attendance",
    Verdict.ABSENT: "attendance",
}
NOBODY = "Tick at least one person first."


def home(opening_id: int) -> str:
    """Return the address of the roll."""
    return f"/organise/openings/{opening_id}"


@blueprint.get("/decision")
@needs(Verb.DECIDE, of_opening)
@button(home)
def decision(opening_id: int) -> Any:
    """Show whom a decision is about, before it is made; letters, tags and groups have pages of their own."""
    ids, verb = ids_in(request.args.getlist("id")), request.args.get("do", "")
    if not ids:
        raise Refusal(NOBODY)
    if verb in ELSEWHERE:
        ticked = "&".join(f"id={one}" for one in ids)
        return redirect(f"{home(opening_id)}/{ELSEWHERE[verb]}?{ticked}", 303)
    verdict = Verdict(verb) if verb in set(Verdict) else abort(404)
    return render_template("roll/deciding/decision.html", **shown(opening_id, ids, verdict, ReasonForm()))


def shown(opening_id: int, ids: Sequence[int], verdict: Verdict, form: ReasonForm) -> dict[str, Any]:
    """Return what the page of a decision shows."""
    session, opening = database_session(), opening_here(opening_id)
    rows = concerned(session, opening_id, ids)
    meant = [row for row in rows if applies(row, verdict)]
    tally = tally_of(session, opening, now=g.now)
    without = [row for row in meant if row.state not in HOLDING]
    fitting = len(moves_up(tally, [row.counts_for_id for row in without]))
    is_beyond = verdict is Verdict.PROMOTION and fitting < len(without)
    return {
        **framed(session, opening, now=g.now),
        "form": form,
        "verdict": verdict,
        "title": TITLES[verdict],
        "address": f"{home(opening_id)}/{ADDRESSES[verdict]}",
        "meant": meant,
        "others": [row for row in rows if not applies(row, verdict)],
        "is_beyond": is_beyond,
        "is_out_of_turn": verdict is Verdict.PROMOTION and passes_over(meant),
        "free": fitting if is_beyond else tally.free,
    }


def passes_over(rows: Sequence[Registration]) -> bool:
    """Whether somebody who is not among `rows` has waited longer than one of them."""
    waiting = [row.id for row in rows if row.state is RegistrationState.WAITLISTED]
    return max(positions(database_session(), waiting).values(), default=0) > len(waiting)


@blueprint.post("/promotions")
@needs(Verb.DECIDE, of_opening)
@button(home)
def promotions(opening_id: int) -> Any:
    """Give places to those ticked."""
    return decided(opening_id, Verdict.PROMOTION)


@blueprint.post("/refusals")
@needs(Verb.DECIDE, of_opening)
@button(home)
def refusals(opening_id: int) -> Any:
    """Refuse those ticked."""
    return decided(opening_id, Verdict.REFUSAL)


@blueprint.post("/cancellations")
@needs(Verb.DECIDE, of_opening)
@button(home)
def cancellations(opening_id: int) -> Any:
    """Cancel those ticked."""
    return decided(opening_id, Verdict.CANCELLATION)


@blueprint.post("/attendance")
@needs(Verb.DECIDE, of_opening)
@button(home)
def attendance(opening_id: int) -> Any:
    """Mark those ticked as present or absent at everything they have a chair at."""
    verdict = Verdict.PRESENT if request.form.get("do") == Verdict.PRESENT else Verdict.ABSENT
    return decided(opening_id, verdict)


def decided(opening_id: int, verdict: Verdict) -> Any:
    """Carry a decision out and say what came of it."""
    session, ids, form = database_session(), ids_in(request.form.getlist("id")), ReasonForm(request.form)
    if not ids:
        raise Refusal(NOBODY)
    if not form.validate():
        return form_again("roll/deciding/decision.html", **shown(opening_id, ids, verdict, form))
    carried = carry_out(
        session,
        opening_id,
        ids,
        verdict,
        actor=actor(),
        now=g.now,
        reason=form.reason.data or "",
        even_if_full=bool(form.even_if_full.data),
    )
    if not carried.done:
        raise Refusal(carried.problems[0] if carried.problems else "Nobody was left to whom this applies.")
    session.commit()
    return done(" ".join([sentence(carried.done, verdict), *carried.problems]), home(opening_id))


def sentence(rows: Sequence[Registration], verdict: Verdict) -> str:
    """Say what was done to whom."""
    if len(rows) == 1:
        return f"{rows[0].name} {DONE[verdict]}."
    words = DONE[verdict].replace("has ", "have ", 1).replace("is ", "are ").replace("a place", "places")
    return f"{plural(len(rows), 'person', 'people')} {words}."


@blueprint.get("/ballot")
@needs(Verb.DECIDE, of_opening)
def ballot(opening_id: int) -> Any:
    """Show what a draw would come to, or how to draw it again."""
    session, opening = database_session(), opening_here(opening_id)
    if opening.places_by is not PlacesBy.BALLOT:
        abort(404)
    counts = heads(session, opening, COUNTED)
    counted = tally_of(session, opening, now=g.now, counts=counts)
    entered = {home: number for state, home, number in counts if state is RegistrationState.PENDING}
    winners = len(moves_up(counted, [home for home, number in entered.items() for _ in range(number)]))
    return render_template(
        "roll/deciding/ballot.html", **framed(session, opening, now=g.now), counted=counted, winners=winners
    )


@blueprint.post("/ballot")
@needs(Verb.DECIDE, of_opening)
@button(lambda opening_id: f"{home(opening_id)}/ballot")
def draw(opening_id: int) -> Any:
    """Draw the ballot, once."""
    session = database_session()
    drawn = admitting.draw_places(session, opening_id, actor=actor(), now=g.now)
    session.commit()
    others = len(drawn.waiting) + len(drawn.refused)
    places = plural(len(drawn.winners), "place")
    said = f"The ballot is drawn: {places} given, {others} without. Everybody is told."
    return done(said, f"{home(opening_id)}/ballot")
