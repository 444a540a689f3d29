"""`programme sign-in-link` and `programme grant`: people, from the machine the programme runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from programme.commands.chosen import settings
from programme.commands.ground import writing
from programme.core import clock
from programme.core.refusal import Refusal
from programme.flows.granting import giving
from programme.people import roles, signing_in
from programme.people.affiliations import address_key, person_for, person_of
from programme.people.models import Role, Strand

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.commands.chosen import Factory


@click.command("sign-in-link")
@click.argument("email")
@click.option("--name", help="Make the person, with this name, where nobody has the address.")
@click.pass_obj
def sign_in_link(factory: Factory, email: str, name: str | None) -> None:
    """Print a link that signs EMAIL in, once, within 15 minutes."""
    try:
        with writing(factory) as session:
            known_or_made(session, email, name)
            asked = signing_in.ask(session, email, next_path="", now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"{settings().base_url}{asked.path}")


def known_or_made(session: Session, email: str, name: str | None) -> None:
    """Refuse an address nobody has, unless a name says whom to make."""
    if name is not None:
        person_for(session, address=email, name=name, now=clock.now())
    elif person_of(session, key=address_key(email)) is None:
        raise Refusal(f"Nobody has the address {email}. Add --name to make the person.")


@click.command()
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--organisation", help="Slug of the organisation, such as liverpool.")
@click.option("--strand", type=click.Choice([strand.value for strand in Strand]), help="One strand; none means all.")
@click.option("--helps-with", default="", help="For helpers: the address of the event's or series' page.")
@click.option("--name", default="", help="Name of the person, where nobody has the address yet.")
@click.pass_obj
def grant(
    factory: Factory, email: str, role: str, *, organisation: str | None, strand: str | None, helps_with: str, name: str
) -> None:
    """Give EMAIL the role ROLE; they are told by e-mail."""
    try:
        with writing(factory) as session:
            place = roles.organisation_named(session, organisation) if organisation else None
            wanted = giving.wanted_grant(
                session,
                role=Role(role),
                organisation=place.id if place else None,
                strand=Strand(strand) if strand else None,
                helps_with=helps_with,
            )
            holder = giving.Holder(email, name)
            row, _, is_new = giving.give(session, holder, wanted, actor=roles.OPERATOR, now=clock.now())
            said = roles.in_words(row)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"{email}: {said}{'' if is_new else ' (held already)'}.")
