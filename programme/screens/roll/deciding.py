"""Deciding about those ticked on a roll, and drawing the ballot: shown first, done by the button after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, abort, g, redirect, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.words import plural
from programme.engines.registration.deciding.keys import refused_by_keys
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.offers.actions import deadline_now
from programme.engines.registration.openings.locking import COUNTED
from programme.engines.registration.places import moves_up
from programme.engines.registration.queries import come_back, positions, tally_of
from programme.engines.registration.queries import heads as state_heads
from programme.engines.registration.roll.forms import ReasonForm
from programme.engines.registration.states import HOLDING, PlacesBy, RegistrationState
from programme.engines.registration.waiting.filling import deadline_of
from programme.extensions import database_session
from programme.flows import admitting
from programme.flows.deciding.foreseeing import GIVES, OPTION_GONE, Foreseen, fitting, foreseen
from programme.flows.deciding.rounds import WINDOW, decide_round
from programme.flows.roll.deciding import SAYS, Manner, Verdict, applies
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.keys.scopes import subjects
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here
from programme.screens.roll.ticked.in_parts import MOST, decide_in_parts
from programme.screens.roll.ticked.meant import carried, heads, meant, people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening, Registration
    from programme.engines.registration.roll.filters import Wanted
    from programme.screens.roll.ticked.meant import Head

blueprint = Blueprint("roll_deciding", __name__, url_prefix="/organise/openings/<id:opening_id>")
ELSEWHERE = {"letter": "letters/new", "tag": "tags/new", "group": "groups/new", "move": "moves/new"}
"""What is asked on a page of its own, by the word of its button."""
TITLES = {
    Verdict.PROMOTION: "Give a place",
    Verdict.OFFER: "Offer a place",
    Verdict.REFUSAL: "Refuse",
    Verdict.CANCELLATION: "Cancel",
    Verdict.PRESENT: "Mark as present",
    Verdict.ABSENT: "Mark as absent",
}
DONE = {
    Verdict.PROMOTION: "has a place and is told",
    Verdict.OFFER: "is offered a place and told",
    Verdict.REFUSAL: "is refused and told",
    Verdict.CANCELLATION: "is cancelled and told",
    Verdict.PRESENT: "is marked as present",
    Verdict.ABSENT: "is marked as absent",
}
ADDRESSES = {
    Verdict.PROMOTION: "promotions",
    Verdict.OFFER: "offers",
    Verdict.REFUSAL: "refusals",
    Verdict.CANCELLATION: "cancellations",
    Verdict.PRESENT: "attendance",
    Verdict.ABSENT: "attendance",
}
NOBODY = "Tick at least one person first."
LEFT = "Nobody was left to whom this applies."
OTHERS_NOW = "Meanwhile the roll has changed: it is {people} now. Look again, and press once more if that is right."
WHY = "Say why it is a no: your colleagues read it."
MOST_NAMED = 50


def home(opening_id: int) -> str:
    """Return the address of the roll."""
    return f"/organise/openings/{opening_id}"


@blueprint.get("/decision")
@needs(Verb.DECIDE, of_opening)
@button(home)
def decision(opening_id: int) -> Any:
    """Show whom a decision is about, before it is made; letters, tags and groups have pages of their own."""
    whom, verb = meant(opening_here(opening_id), request.args), request.args.get("do", "")
    if whom is None:
        raise Refusal(NOBODY)
    if verb in ELSEWHERE:
        return redirect(f"{home(opening_id)}/{ELSEWHERE[verb]}?{urlencode(list(carried(whom)))}", 303)
    verdict = Verdict(verb) if verb in set(Verdict) else abort(404)
    if verdict is Verdict.OFFER:
        deadline_now(opening_here(opening_id), now=g.now)
    return render_template("roll/deciding/decision.html", **shown(opening_id, whom, verdict, ReasonForm()))


def shown(opening_id: int, whom: Wanted, verdict: Verdict, form: ReasonForm) -> dict[str, Any]:
    """Return what the page of a decision shows: how many, the first of them by name, and who is left out."""
    session, opening = database_session(), opening_here(opening_id)
    every = heads(session, opening_id, whom)
    applying = [one for one in every if applies(one, verdict)]
    others = [one.id for one in every if not applies(one, verdict)]
    tally = tally_of(session, opening, now=g.now)
    without = deciders_own(session, opening, applying) if verdict in GIVES else []
    number = len(fitting(session, opening, without, now=g.now))
    is_beyond = number < len(without)
    named = people(session, [one.id for one in applying[:MOST_NAMED]])
    would = foreseen(session, opening, named, verdict, actor=actor(), now=g.now)
    return {
        **framed(session, opening, now=g.now),
        "form": form,
        "verdict": verdict,
        "title": TITLES[verdict],
        "address": f"{home(opening_id)}/{ADDRESSES[verdict]}",
        "count": len(applying),
        "whom": whom,
        "carried": list(carried(whom)),
        "meant": named,
        "foreseen": Foreseen(would.words, would.followers if len(applying) == len(named) else ()),
        "window": int(WINDOW.total_seconds() // 60),
        "others": people(session, others[:MOST_NAMED]),
        "others_count": len(others),
        "is_beyond": is_beyond,
        "lacks_option": OPTION_GONE in would.words.values(),
        "by_keys": by_keys(opening, applying, verdict),
        "until": deadline_of(opening, now=g.now) if verdict is Verdict.OFFER else None,
        "is_out_of_turn": verdict in GIVES and passes_over(session, applying),
        "free": number if is_beyond else tally.free,
        "most": MOST,
    }


def deciders_own(session: Session, opening: Opening, some: Sequence[Head]) -> Sequence[Head]:
    """Return those without a place to whom the organisers can give one, were there enough: keys give none beyond."""
    without = [one for one in some if one.state not in HOLDING]
    if keyed_terms(session, opening) is not None:
        return [one for one in without if one.state is RegistrationState.WAITLISTED]
    refused = [one.id for one in without if one.state is RegistrationState.REFUSED]
    for_good = refused_by_keys(session, refused) | come_back(session, refused)
    return [one for one in without if one.id not in for_good]


def by_keys(opening: Opening, some: Sequence[Head], verdict: Verdict) -> bool:
    """Whether keys are turned by a decision: then it has a reason between organisers, as each key has."""
    waits = verdict in SAYS and any(one.state is RegistrationState.PENDING for one in some)
    return waits and keyed_terms(database_session(), opening) is not None


def passes_over(session: Session, heads: Sequence[Head]) -> bool:
    """Whether somebody who is not meant has waited longer than one of those who are."""
    waiting = [one.id for one in heads if one.state is RegistrationState.WAITLISTED]
    last = positions(session, waiting[-1:])
    return max(last.values(), default=0) > len(waiting)


@blueprint.post("/promotions")
@needs(Verb.DECIDE, of_opening)
@button(home)
def promotions(opening_id: int) -> Any:
    """Give places to those ticked."""
    return decided(opening_id, Verdict.PROMOTION)


@blueprint.post("/offers")
@needs(Verb.DECIDE, of_opening)
@button(home)
def offers(opening_id: int) -> Any:
    """Offer places to those ticked, all until the same deadline."""
    deadline_now(opening_here(opening_id), now=g.now)
    return decided(opening_id, Verdict.OFFER)


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
    session, form = database_session(), ReasonForm(request.form)
    whom = meant(opening_here(opening_id), request.form)
    if whom is None:
        raise Refusal(NOBODY)
    if not form.validate() or not says_why(opening_id, whom, verdict, form):
        return form_again("roll/deciding/decision.html", **shown(opening_id, whom, verdict, form))
    if whom.everybody:
        return decided_about_all(opening_id, whom, verdict, form)
    by = {"actor": actor(), "now": g.now}
    decided_about = decide_round(session, opening_id, whom.ids, verdict, manner=manner_of(form), **by)
    outcome = decided_about.carried
    if not outcome.done:
        raise Refusal(outcome.problems[0] if outcome.problems else LEFT)
    session.commit()
    number, name = len(outcome.done), outcome.done[0].name
    said = sentence(outcome.done, verdict) if decided_about.round is None else held(number, verdict, name=name)
    return done(" ".join([said, *outcome.problems]), home(opening_id))


def says_why(opening_id: int, whom: Wanted, verdict: Verdict, form: ReasonForm) -> bool:
    """Whether it is said why, where keys say no: as each key asks for it."""
    if verdict is not Verdict.REFUSAL or form.why.data:
        return True
    some = [one for one in heads(database_session(), opening_id, whom) if applies(one, verdict)]
    if not by_keys(opening_here(opening_id), some, verdict):
        return True
    form.refuse(Refusal(WHY, field="why"))
    return False


def manner_of(form: ReasonForm) -> Manner:
    """Return how it is decided, as typed."""
    said = {"reason": form.reason.data or "", "why": form.why.data or ""}
    return Manner(**said, even_if_full=bool(form.even_if_full.data), subjects=subjects())


def decided_about_all(opening_id: int, whom: Wanted, verdict: Verdict, form: ReasonForm) -> Any:
    """Carry a decision about all who fit out; where they are not as many as were shown, show it again."""
    ids = [one.id for one in heads(database_session(), opening_id, whom) if applies(one, verdict)]
    if request.form.get("count") != str(len(ids)):
        form.refuse(Refusal(OTHERS_NOW.format(people=plural(len(ids), "person", "people"))))
        return form_again("roll/deciding/decision.html", **shown(opening_id, whom, verdict, form))
    progress = decide_in_parts(opening_id, ids, verdict, manner=manner_of(form))
    if not progress.done:
        raise Refusal(" ".join(progress.words) or LEFT)
    back = f"{home(opening_id)}/decision?{urlencode([*carried(whom), ('do', verdict.value)])}"
    what = held(progress.done, verdict) if progress.round else counted(progress.done, verdict)
    return done(" ".join([what, *progress.words]), back if progress.left else home(opening_id))


def held(number: int, verdict: Verdict, *, name: str = "1 person") -> str:
    """Say about how many it was decided, and that it may be undone still."""
    whom = name if number == 1 else plural(number, "person", "people")
    minutes = int(WINDOW.total_seconds() // 60)
    return f"{TITLES[verdict]}: decided about {whom}. Letters go in {minutes} minutes; until then you can undo it."


def sentence(rows: Sequence[Registration], verdict: Verdict) -> str:
    """Say what was done to whom."""
    return f"{rows[0].name} {DONE[verdict]}." if len(rows) == 1 else counted(len(rows), verdict)


def counted(number: int, verdict: Verdict) -> str:
    """Say what was done to how many."""
    if number == 1:
        return f"1 person {DONE[verdict]}."
    words = DONE[verdict].replace("has ", "have ", 1).replace("is ", "are ").replace("a place", "places")
    return f"{number:,} people {words}."


@blueprint.get("/ballot")
@needs(Verb.DECIDE, of_opening)
def ballot(opening_id: int) -> Any:
    """Show what a draw would come to, or how to draw it again."""
    session, opening = database_session(), opening_here(opening_id)
    if opening.places_by is not PlacesBy.BALLOT:
        abort(404)
    counts = state_heads(session, opening, COUNTED)
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
