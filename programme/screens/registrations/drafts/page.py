"""The page of a draft: the opening's form as it was saved, with what is said of it; and reading what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request
from werkzeug.datastructures import MultiDict

from programme.core.database import LARGEST_ID
from programme.core.refusal import Refusal
from programme.core.web.forms import normal_address, storable
from programme.engines.registration.drafts.actions import INVITATION, Typed
from programme.engines.registration.drafts.keeping import DRAFT
from programme.engines.registration.drafts.length import carried_over, print_of
from programme.engines.registration.drafts.links import draft_path
from programme.engines.registration.eligibility.links import token_of
from programme.extensions import database_session
from programme.flows.answering.files import hold_files
from programme.people.affiliations import address_key
from programme.people.guards import actor
from programme.screens.registrations.answering.handing_in import expect_files, take_files
from programme.screens.registrations.desk import page_of
from programme.screens.registrations.drafts.walking import SECTION, is_walked, section_kept
from programme.screens.registrations.forms import form_key, registration_form
from programme.screens.registrations.invited.links import invitation_of
from programme.screens.registrations.signing_up import links

if TYPE_CHECKING:
    from programme.engines.registration.drafts.models import Draft
    from programme.engines.registration.eligibility.models import Invitation
    from programme.engines.registration.openings.known import KnownOpening
    from programme.screens.registrations.drafts.walking import Walk
    from programme.screens.registrations.forms import RegistrationForm

NO_ADDRESS = "Enter your e-mail address: we send the link there with which you go on."


def saved_form(known: KnownOpening, draft: Draft) -> RegistrationForm:
    """Return the form as it was saved; answers to questions that were changed meanwhile stand where they belong."""
    texts: MultiDict[str, str] = MultiDict(carried_over(draft.texts, known.asked))
    form = registration_form(known, sent=texts, actor=actor())
    form.form_key.data = form_key()
    hold_files(database_session(), form, {}, {}, subject=(DRAFT, draft.id))
    return form


def sent_form(known: KnownOpening, *, draft_id: int = 0) -> RegistrationForm:
    """Return the form as it was sent, holding its files."""
    expect_files(known.asked)
    form = registration_form(known, sent=request.form, actor=actor())
    take_files(form, subject=(DRAFT, draft_id))
    return form


def shown(
    known: KnownOpening, form: RegistrationForm, draft: Draft, *, revision: int, walk: Walk | None
) -> dict[str, Any]:
    """Return what the page of a draft shows; the form goes out with the `revision` that was seen."""
    here = draft_path(links(), draft)
    about = {
        "here": here,
        "submit": f"{here}/registration",
        "removal": f"{here}/removal",
        "revision": revision,
        "saved_at": draft.saved_at,
        "is_changed": draft.asked_as != print_of(known.asked),
    }
    invitation = invitation_kept(draft, form.email.data or "")
    return {**page_of(known, form, walk), "draft": about, "invitation": invitation, "now": g.now}


def typed_in(
    form: RegistrationForm, known: KnownOpening, *, section: int, invitation: Invitation | None = None
) -> Typed | None:
    """Return what a form holds, right or wrong; None where it cannot be kept at all, which the form says.

    `section` is the page that the link leads back to, of a form that has several. The `invitation` that it came by is
    kept for its own address only.
    """
    wrong = [field for field in form if not storable(field)]
    if normal_address(form.email.data or "") is None:
        form.refuse(Refusal(NO_ADDRESS, field="email"))
        return None
    if wrong:
        return None
    texts = {field.name: [str(text) for text in field.raw_data or []] for field in form if field.name != "form_key"}
    if is_walked(known):
        texts[SECTION] = [str(section)]
    if invitation is not None and invitation.address_key == address_key(form.email.data):
        texts[INVITATION] = [token_of(links(), invitation.id, version=invitation.link_version)]
    return Typed(name=form.name.data[:500], address=form.email.data, texts=texts, asked_as=print_of(known.asked))


def invitation_kept(draft: Draft, address: str) -> Invitation | None:
    """Return the invitation that a draft was begun by, which shows that its address is read by whoever goes on with it.

    Only as long as the draft is of the invitation's own address, and is sent under it, by nobody who is signed in under
    another: an address that was changed there and back shows nothing.
    """
    tokens = draft.texts.get(INVITATION) or []
    found = invitation_of(tokens[0]) if tokens else None
    if found is None or found.opening_id != draft.opening_id:
        return None
    reader = actor().address if actor().is_signed_in else address
    return found if {draft.address_key, address_key(address), address_key(reader)} == {found.address_key} else None


def address_of(known: KnownOpening, draft: Draft) -> str:
    """Return where a draft is gone on with: its page, or the page of the section it was left at."""
    here = draft_path(links(), draft)
    return f"{here}/sections/{section_kept(draft.texts)}" if is_walked(known) else here


def files_in(form: RegistrationForm) -> dict[int, tuple[str, str]]:
    """Return the tokens and the names of the files that a form holds, by question."""
    held = {int(field.name[1:]): field.held for field in form.files()}
    return {question: (one["token"], one["name"]) for question, one in held.items() if one}


def troubles(form: RegistrationForm) -> list[str]:
    """Return why files that were sent were not taken."""
    return [field.trouble for field in form.files() if field.trouble]


def revision_seen() -> int:
    """Return the revision that the form was shown with; 0, which is none, where it says nothing sensible."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_ID)) else 0
