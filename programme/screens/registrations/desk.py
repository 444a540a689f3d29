"""The desk where people register: what is known of an opening, whether it may be seen, and its form's page."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import Response, abort, current_app, g, render_template, request, url_for
from markupsafe import Markup

from programme.core.web.converters import slug
from programme.core.web.words import ordinal
from programme.engines.calendar.sight import may_see, sight_of
from programme.engines.questionnaire.profiles.actions import OFFERED, profile_of
from programme.engines.registration.drafts.length import is_long
from programme.engines.registration.drafts.links import draft_path
from programme.engines.registration.drafts.queries import draft_of
from programme.engines.registration.openings.calls.sight import may_see_call
from programme.engines.registration.openings.options import full_options
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import OpeningState
from programme.extensions import database_session
from programme.flows.sharing.eligibility import who_may
from programme.people.guards import actor
from programme.screens.clashing import my_clashes
from programme.screens.registrations.choosing.offered import offer
from programme.screens.registrations.drafts.walking import is_walked, walk_through
from programme.screens.registrations.forms import form_key, registration_form
from programme.screens.registrations.invited.links import invitation_here, token_here
from programme.screens.registrations.summary import days_of, standing

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from programme.core.web.answers import KeptPages
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Opening
    from programme.engines.registration.openings.known import KnownOpening, KnownOpenings
    from programme.engines.registration.openings.options import Full
    from programme.screens.registrations.drafts.walking import Walk
    from programme.screens.registrations.forms import RegistrationForm
    from programme.screens.registrations.summary import Standing

TEMPLATE = "registrations/form.html"
MINUTE = 60
KEY_GAP, PLACES_GAP, NEXT_GAP = (f"gap-{secrets.token_hex(16)}" for _ in range(3))
"""What stands in a kept page where each visitor's own key, what is left now, and who is next will stand."""


def desk_for(opening_id: int, *, has_begun: bool = False) -> KnownOpening:
    """Return what is known of an opening that whoever asks may see, and is so now."""
    return seen(known_openings().get(database_session(), opening_id), has_begun=has_begun)


def desk_as_recalled(opening_id: int, *, has_begun: bool = False) -> KnownOpening:
    """Return what was known of an opening a moment ago, without asking: who decides by it has to compare.

    What may not be seen by that is asked about: another worker may have shown it to more people since.
    """
    known = known_openings().recall(database_session(), opening_id)
    return known if known and is_let_in(known, has_begun=has_begun) else desk_for(opening_id, has_begun=has_begun)


def known_openings() -> KnownOpenings:
    """Return the openings that this worker knows."""
    found: KnownOpenings = current_app.extensions["known_openings"]
    return found


def seen(known: KnownOpening | None, *, has_begun: bool = False) -> KnownOpening:
    """Give back what whoever asks may see; 404 for the rest."""
    if known is None or not is_let_in(known, has_begun=has_begun):
        abort(404)
    return known


def is_let_in(known: KnownOpening, *, has_begun: bool) -> bool:
    """Whether whoever asks may see an opening, or holds the link of a form of it that was begun.

    Those saw the opening then: by an invitation, say, which is not in the link.
    """
    return is_seen(known) or (has_begun and known.opening.state is not OpeningState.DRAFT)


def is_seen(known: KnownOpening) -> bool:
    """Whether whoever asks may see an opening, by who they are or by an invitation."""
    return known.is_public or may_see_opening(known.opening) or is_invited(known.opening)


def may_see_opening(opening: Opening) -> bool:
    """Whether whoever asks may see an opening: not a draft, and one of its events, or the call that it is."""
    if opening.state is OpeningState.DRAFT:
        return False
    if not opening.events:
        return may_see_call(opening, actor())
    return any(may_see(sight_of(event), actor()) for event in opening.events)


def is_invited(opening: Opening) -> bool:
    """Whether whoever asks came by an invitation, which shows an opening whoever may see its events."""
    return opening.state is not OpeningState.DRAFT and invitation_here(opening.id) is not None


def form_address(opening: Opening) -> str:
    """Return the address of an opening's form; whoever came by an invitation keeps it."""
    return url_for("signing_up.form", ref=slug(opening.title, opening.id), invitation=token_here(opening.id))


def saving_address(opening: Opening) -> str:
    """Return where an opening's form is saved for the first time; whoever came by an invitation keeps it."""
    return url_for("drafts.begin", ref=str(opening.id), invitation=token_here(opening.id))


def page_of(known: KnownOpening, form: RegistrationForm, walk: Walk | None = None) -> dict[str, Any]:
    """Return the variables of the form's page; of one that is filled in by sections, at the page of `walk`."""
    stands = standing(database_session(), known.opening, known.people, actor=actor(), now=g.now)
    form.mark_full(full_options(database_session(), known.opening.id, known.asked))
    offer_rooms(form, known, rooms_of(known))
    page = variables(known, form, stands, places=places_left(known.opening, stands), next_place=next_place(stands))
    return {**page, "walk": walk} if walk else page


def blank_page(known: KnownOpening) -> Response | str:
    """Return the page of the blank form.

    For somebody without a name it is kept, with gaps for their form's own key and for what is left: both change with
    every sign-up, and nothing else does. It is drawn again each minute, as windows open and close by the minute.
    """
    messages = current_app.config["SESSION_COOKIE_NAME"]
    if actor().is_signed_in or messages in request.cookies or request.query_string:
        return render_template(TEMPLATE, **page_of(known, blank_form(known)))
    stands = standing(database_session(), known.opening, known.people, actor=actor(), now=g.now)
    pages: KeptPages = current_app.extensions["kept_pages"]
    full = full_options(database_session(), known.opening.id, known.asked)
    rooms = rooms_of(known)
    key = (*key_of_page(known, stands), tuple(full.items()), tuple(rooms.items()))
    page = pages.get(key)
    if page is None:
        page = drawn(known, stands, full, rooms)
        pages.keep(key, page)
    gaps = {KEY_GAP: form_key(), PLACES_GAP: places_left(known.opening, stands), NEXT_GAP: next_place(stands)}
    for gap, text in gaps.items():
        page = page.replace(gap.encode(), text.encode())
    return Response(page, mimetype="text/html")


def next_place(stands: Standing) -> str:
    """Return where a newcomer would stand on the waiting list."""
    return ordinal(stands.tally.waiting + 1)


def key_of_page(known: KnownOpening, stands: Standing) -> tuple[Hashable, ...]:
    """Return what the blank form's page depends on, but for its gaps."""
    sentence = stands.only_kept if stands.takes else stands.sentence
    theme = request.cookies.get("theme", "")
    minute = int(g.now.timestamp()) // MINUTE
    return ("form", request.path, theme, known.version, stands.window, stands.decision, sentence, minute)


def rooms_of(known: KnownOpening) -> Mapping[int, int]:
    """Return the chairs left at each event that people choose among; none is asked where they do not."""
    return {} if known.opening.chooses is None else chairs_by_event(database_session(), known.opening.events)


def offer_rooms(form: RegistrationForm, known: KnownOpening, rooms: Mapping[int, int]) -> None:
    """Say beside each event to choose how many places it has left."""
    if known.opening.chooses is not None:
        offer(form["events"], known.opening, rooms)


def drawn(known: KnownOpening, stands: Standing, full: Full, rooms: Mapping[int, int]) -> bytes:
    """Draw the blank form's page with its gaps."""
    form = blank_form(known)
    offer_rooms(form, known, rooms)
    form.mark_full(full)
    form.form_key.data = KEY_GAP
    page = variables(known, form, stands, places=PLACES_GAP, next_place=NEXT_GAP)
    return render_template(TEMPLATE, **page).encode()


def blank_form(known: KnownOpening) -> RegistrationForm:
    """Return the form as it is before anything is typed."""
    wants_profile = any(one.kind in OFFERED for one in known.asked)
    profile = profile_of(database_session(), actor().person_id) if wants_profile else {}
    form = registration_form(known, sent=None, actor=actor(), profile=profile)
    invitation = invitation_here(known.opening.id)
    if invitation is not None:
        form.email.data, form.name.data = invitation.address, form.name.data or invitation.name
    return form


def variables(
    known: KnownOpening, form: RegistrationForm, stands: Standing, *, places: str, next_place: str
) -> dict[str, Any]:
    """Return what the page is made of."""
    opening, is_saved = known.opening, is_long(known.asked) or is_walked(known)
    return {
        "opening": opening,
        "days": days_of(database_session(), opening.events),
        "clashes": my_clashes(opening.events),
        "standing": stands,
        "places": places,
        "next_place": next_place,
        "controllers": known.people.controllers,
        "organisations": known.people.names,
        "form": form,
        "address": form_address(opening),
        "who_may": who_may(opening),
        "invitation": invitation_here(opening.id),
        "save": saving_address(opening) if is_saved else "",
        "begun": begun_by_actor(opening) if is_saved else None,
        "walk": walk_through(known, form),
    }


def begun_by_actor(opening: Opening) -> dict[str, Any] | None:
    """Return the draft that whoever is signed in began, if there is one."""
    row = draft_of(database_session(), opening.id, actor().person_id)
    links: Links = current_app.extensions["links"]
    return {"path": draft_path(links, row), "saved_at": row.saved_at} if row else None


def places_left(opening: Opening, stands: Standing) -> Markup:
    """Return the picture of the places and the same in words; kept, as it depends on few numbers."""
    pages: KeptPages = current_app.extensions["kept_pages"]
    key = (
        "places",
        opening.strand,
        stands.window,
        stands.decision,
        stands.tally.capacity,
        stands.taken,
        stands.parts,
        stands.kept,
        stands.sentence,
    )
    part = pages.get(key)
    if part is None:
        part = render_template("registrations/places.html", opening=opening, standing=stands).encode()
        pages.keep(key, part)
    return Markup(part.decode())  # noqa: S704  a template drew it
