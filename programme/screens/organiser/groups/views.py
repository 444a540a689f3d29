"""Groups of people: made, renamed, deleted; people pasted in and taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import page_number, page_of
from programme.core.web.words import plural
from programme.engines.registration.roll.pasted import MOST_LINES, people_in
from programme.extensions import database_session
from programme.people.groups import actions, queries
from programme.people.groups.forms import GroupForm, PeopleForm, TitleForm
from programme.people.groups.models import Group
from programme.people.guards import actor, needs, organisers
from programme.people.models import Organisation, Strand
from programme.people.permissions import Scope, Verb
from programme.people.queries import organisations
from programme.screens.roll.asking import ids_in, text_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.engines.registration.roll.pasted import Pasted

blueprint = Blueprint("organise_groups", __name__, url_prefix="/organise/groups")
HERE, PAGE = "/organise/groups", "organiser/groups/group.html"
NO_MORE = f"Paste {MOST_LINES} people at most at once."


def of_group(session: Session, group_id: int) -> Scope | None:
    """Return the scope of a group."""
    group = session.get(Group, group_id)
    return queries.scope_of(group) if group else None


def address_of(group_id: int) -> str:
    """Return the address of a group's page."""
    return f"{HERE}/{group_id}"


@blueprint.get("")
@organisers
def groups() -> Any:
    """List the groups of my organisations."""
    return render_template("organiser/groups/groups.html", **listed(new_form()))


def listed(form: GroupForm) -> dict[str, Any]:
    """Return what the list shows."""
    session = database_session()
    page = page_of(session, queries.groups_of(actor()), number=page_number(request.args.get("page")))
    sizes = queries.sizes(session, [row.id for row in page])
    return {
        "page": page,
        "sizes": sizes,
        "form": form,
        "may_make": bool(form.organisation.choices),
        "section": "people",
    }


def new_form(typed: Any = None) -> GroupForm:
    """Return the form for a group, with the organisations I organise for."""
    made = GroupForm(typed)
    made.offer(mine())
    return made


def mine() -> Sequence[Organisation]:
    """Return the organisations that the acting person organises for."""
    return [row for row in organisations(database_session()) if row.id in actor().organises_for]


@blueprint.post("")
@organisers
def make() -> Any:
    """Make a group."""
    session, form = database_session(), new_form(request.form)
    if not form.validate():
        return form_again("organiser/groups/groups.html", **listed(form))
    try:
        strand = Strand(form.strand.data) if form.strand.data else None
        organisation_id = int(form.organisation.data)
        group = actions.make(
            session, form.title.data, organisation_id=organisation_id, strand=strand, actor=actor(), now=g.now
        )
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again("organiser/groups/groups.html", **listed(form))
    session.commit()
    return done(f"“{group.title}” is made. Add people to it.", address_of(group.id))


@blueprint.get("/<id:group_id>")
@needs(Verb.EDIT, of_group)
def group(group_id: int) -> Any:
    """Show who is in a group."""
    row = database_session().get_one(Group, group_id)
    return render_template(PAGE, **shown(row, TitleForm(title=row.title), PeopleForm()))


def shown(group: Group, title_form: TitleForm, form: PeopleForm, *, odd: Sequence[Pasted] = ()) -> dict[str, Any]:
    """Return what a group's page shows."""
    session, words = database_session(), text_in(request.args.get("q", ""))[:LONGEST_LINE]
    page = page_of(session, queries.members(group.id, words=words), number=page_number(request.args.get("page")))
    return {
        "group": group,
        "page": page,
        "size": actions.size(session, group),
        "words": words,
        "title_form": title_form,
        "form": form,
        "odd": odd,
        "section": "people",
    }


@blueprint.post("/<id:group_id>/title")
@needs(Verb.EDIT, of_group)
def rename(group_id: int) -> Any:
    """Call a group something else."""
    session, form = database_session(), TitleForm(request.form)
    row = session.get_one(Group, group_id)
    if not form.validate():
        return form_again(PAGE, **{**shown(row, form, PeopleForm()), "form": form, "people_form": PeopleForm()})
    try:
        actions.rename(session, row, form.title.data, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        row = session.get_one(Group, group_id)
        return form_again(PAGE, **{**shown(row, form, PeopleForm()), "form": form, "people_form": PeopleForm()})
    session.commit()
    return done(f"It is called “{row.title}” now.", address_of(group_id))


@blueprint.post("/<id:group_id>/people")
@needs(Verb.EDIT, of_group)
def add(group_id: int) -> Any:
    """Add a pasted list; lines that are odd are told, and stay to be put right."""
    session, form = database_session(), PeopleForm(request.form)
    row = session.get_one(Group, group_id)
    lines = people_in(form.people.data) if form.validate() else []
    if len(lines) > MOST_LINES:
        form.refuse(Refusal(NO_MORE, field="people"))
    if form.errors:
        return form_again(PAGE, **shown(row, TitleForm(title=row.title), form))
    try:
        added = actions.add(session, row, newcomers(lines), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **shown(session.get_one(Group, group_id), TitleForm(title=row.title), form))
    session.commit()
    return after_adding(row, form, lines, added)


def newcomers(lines: Sequence[Pasted]) -> list[actions.Newcomer]:
    """Return whom right lines name."""
    return [actions.Newcomer(one.address, one.name) for one in lines if not one.problem]


def after_adding(row: Group, form: PeopleForm, lines: Sequence[Pasted], added: int) -> Any:
    """Say how many were added; where lines were odd, show them again with what is wrong."""
    odd = [one for one in lines if one.problem]
    right = len(lines) - len(odd)
    known = f", {right - added} of them already in it" if right > added else ""
    said = (
        f"{plural(added, 'person', 'people')} added." if not known else f"{plural(right, 'person', 'people')}{known}."
    )
    if not odd:
        return done(said, address_of(row.id))
    if right:
        flash(said, "ok")
    typed = (form.people.data or "").splitlines()
    form.people.data = "\n".join(typed[one.number - 1] for one in odd)
    form.refuse(Refusal(f"{plural(len(odd), 'line')} could not be read: see below.", field="people"))
    return form_again(PAGE, **shown(row, TitleForm(title=row.title), form, odd=odd))


@blueprint.post("/<id:group_id>/removals")
@needs(Verb.EDIT, of_group)
@button(address_of)
def remove(group_id: int) -> Any:
    """Take those ticked out of a group."""
    session, ids = database_session(), ids_in(request.form.getlist("id"))
    if not ids:
        raise Refusal("Tick at least one person first.")
    number = actions.remove(session, session.get_one(Group, group_id), ids, actor=actor(), now=g.now)
    session.commit()
    return done(f"{plural(number, 'person', 'people')} taken out.", address_of(group_id))


@blueprint.get("/<id:group_id>/deletion")
@needs(Verb.EDIT, of_group)
def ask_deletion(group_id: int) -> Any:
    """Ask before a group is deleted."""
    session = database_session()
    row = session.get_one(Group, group_id)
    size = actions.size(session, row)
    return render_template("organiser/groups/deletion.html", group=row, size=size, section="people")


@blueprint.post("/<id:group_id>/deletion")
@needs(Verb.EDIT, of_group)
@button(address_of)
def delete(group_id: int) -> Any:
    """Delete a group."""
    session = database_session()
    row = session.get_one(Group, group_id)
    actions.delete(session, row, actor=actor(), now=g.now)
    session.commit()
    return done(f"“{row.title}” is deleted. Its people stay known.", HERE)
