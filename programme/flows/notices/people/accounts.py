"""Letters about accounts: signing in, a role that was given, things that were handed over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, or_, select, update

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import URGENT, Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.mail.states import OutboxState
from programme.flows.granting.things import titles
from programme.people.models import Organisation, Person, Role, RoleGrant, SignInLink
from programme.people.roles import in_words
from programme.people.signing_in import forget_old

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.flows.granting.handing_over import Things
    from programme.people.signing_in import Asked

SIGN_IN, SIGN_IN_UNKNOWN = "sign_in", "sign_in_unknown"
EXAMPLE_END = datetime(2027, 1, 12, 9, 15, tzinfo=UTC)


def send_link(session: Session, asked: Asked, *, browser: str, now: datetime) -> None:
    """Queue the letter with a sign-in link; for an address nobody has, the letter that offers an account.

    It belongs to no organisation, so that no organiser sees the secret in its context.
    """
    person = asked.person
    letter = Post(
        letter=SIGN_IN if person else SIGN_IN_UNKNOWN,
        key=f"sign-in:{asked.link.id}",
        recipient=Recipient(asked.link.address, person.name if person else "", person.id if person else None),
        subject=("sign_in_link", asked.link.id),
        context={"token": asked.token, "browser": browser},
        valid_until=asked.link.expires_at,
        priority=URGENT,
    )
    post(session, letter, now=now)


def compose_link(session: Session, message: OutboxMessage, *, now: datetime) -> Composed | None:
    """Return the letter while its link can still be used."""
    link = session.get(SignInLink, message.subject_id)
    if link is None or not can_be_used(message, link.used_at, link.expires_at, now=now):
        return None
    return Composed(link_words(link, message))


def links_still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose link can still be used."""
    ids = {message.subject_id for message in messages}
    columns = (SignInLink.id, SignInLink.used_at, SignInLink.expires_at)
    found = {row.id: row for row in session.execute(select(*columns).where(SignInLink.id.in_(ids)))}
    known = [(message, found.get(message.subject_id or 0)) for message in messages]
    return [row.id for row, link in known if link and can_be_used(row, link.used_at, link.expires_at, now=now)]


def can_be_used(message: OutboxMessage, used_at: datetime | None, expires_at: datetime, *, now: datetime) -> bool:
    """Whether the link of a letter opens something, and the letter still knows it."""
    return used_at is None and expires_at > now and "token" in message.context


def link_words(link: SignInLink, message: OutboxMessage) -> Mapping[str, Any]:
    """Return the variables of both sign-in letters."""
    return {
        "path": f"/sign-in/{message.context['token']}",
        "browser": message.context.get("browser", ""),
        "address": link.address,
        "ends_at": link.expires_at,
    }


def forget_links(session: Session, *, now: datetime) -> None:
    """Take the secrets out of letters that are done with, and delete old links and browsers: for the housekeeping."""
    done = or_(OutboxMessage.state.not_in((OutboxState.PENDING, OutboxState.SENDING)), OutboxMessage.valid_until < now)
    telling = cast(OutboxMessage.context, Text).contains('"token"')
    letters = update(OutboxMessage).where(OutboxMessage.letter.in_((SIGN_IN, SIGN_IN_UNKNOWN)), done, telling)
    session.execute(letters.values(context={}).execution_options(synchronize_session=False))
    forget_old(session, now=now)


def tell_of_role(session: Session, grant: RoleGrant, *, holder: Person, giver: str, now: datetime) -> None:
    """Queue the letter to somebody who was given a role; `giver` is the name of who gave it."""
    organisation = session.get(Organisation, grant.organisation_id) if grant.organisation_id else None
    letter = Post(
        letter="role_granted",
        key=f"role-granted:{grant.id}",
        recipient=Recipient(holder.address, holder.name, holder.id),
        subject=("role_grant", grant.id),
        context={"giver": giver},
        sender_name=organisation.name if organisation else "",
        reply_to=organisation.contact_address if organisation else "",
        organisation_id=grant.organisation_id,
    )
    post(session, letter, now=now)


def compose_role(session: Session, message: OutboxMessage, *, now: datetime) -> Composed | None:
    """Return the letter while the role is still held."""
    del now
    grant = session.get(RoleGrant, message.subject_id)
    holder = session.get(Person, message.person_id) if message.person_id else None
    if grant is None or holder is None or grant.person_id != holder.id:
        return None
    giver = message.context.get("giver", "")
    thing = titles(session, [(grant.subject_kind, grant.subject_id)])
    role = in_words(grant, thing=next(iter(thing.values()), ""))
    helps = grant.role is Role.HELPER
    return Composed({"name": holder.name, "role": role, "giver": giver, "helps": helps})


def roles_still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose role is still held by whom it was given to."""
    del now
    columns = select(RoleGrant.id, RoleGrant.person_id)
    found = session.execute(columns.where(RoleGrant.id.in_({message.subject_id for message in messages})))
    holders = {row.id: row.person_id for row in found}
    return [row.id for row in messages if row.person_id and holders.get(row.subject_id or 0) == row.person_id]


def tell_of_things(
    session: Session, things: Things, *, leaver: Person, successor: Person, organisation: Organisation, now: datetime
) -> None:
    """Queue the letter to the colleague who took things over."""
    letter = Post(
        letter="things_handed_over",
        key=f"handed-over:{leaver.id}:{successor.id}:{organisation.id}:{now.isoformat()}",
        recipient=Recipient(successor.address, successor.name, successor.id),
        subject=("person", leaver.id),
        context={"leaver": leaver.name or leaver.address, "counts": things.in_words()},
        sender_name=organisation.name,
        reply_to=organisation.contact_address,
        organisation_id=organisation.id,
    )
    post(session, letter, now=now)


def compose_things(session: Session, message: OutboxMessage, *, now: datetime) -> Composed | None:
    """Return the letter as it was meant when the things changed hands."""
    del now
    name = names_of(session, [message]).get(message.organisation_id or 0)
    if name is None:
        return None
    return Composed(
        {
            "name": message.recipient_name,
            "leaver": message.context.get("leaver", ""),
            "counts": message.context.get("counts", []),
            "organisation": name,
        }
    )


def things_still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose organisation is still known."""
    del now
    known = names_of(session, messages)
    return [message.id for message in messages if message.organisation_id in known]


def names_of(session: Session, messages: Sequence[OutboxMessage]) -> Mapping[int, str]:
    """Return the names of the organisations of letters, by id."""
    columns = select(Organisation.id, Organisation.name)
    found = session.execute(columns.where(Organisation.id.in_({message.organisation_id for message in messages})))
    return {row.id: row.name for row in found}


def example_link() -> Mapping[str, Any]:
    """Return what a sign-in letter says in the catalogue."""
    return {
        "path": "/sign-in/example",
        "browser": "Firefox on Windows",
        "address": "alice@liverpool.example.ac.uk",
        "ends_at": EXAMPLE_END,
    }


def example_role() -> Mapping[str, Any]:
    """Return what the letter about a role says in the catalogue."""
    role = "Organiser for University of Liverpool, Placements"
    return {
        "name": "Alice Aldgrove",
        "role": role,
        "giver": "Olga Oakhurst",
        "address": "alice@liverpool.example.ac.uk",
        "helps": False,
    }


def example_things() -> Mapping[str, Any]:
    """Return what the letter about things handed over says in the catalogue."""
    counts = ["3 events", "1 series", "2 openings"]
    return {
        "name": "Alice Aldgrove",
        "leaver": "Olga Oakhurst",
        "counts": counts,
        "organisation": "University of Liverpool",
    }


LETTERS = (
    Letter(
        SIGN_IN,
        "Sign-in link",
        Purpose.SERVICE,
        compose_link,
        example_link,
        is_private=True,
        still_wanted=links_still_wanted,
    ),
    Letter(
        SIGN_IN_UNKNOWN,
        "Sign-in link, no account yet",
        Purpose.SERVICE,
        compose_link,
        example_link,
        is_private=True,
        still_wanted=links_still_wanted,
    ),
    Letter(
        "role_granted",
        "A role was given",
        Purpose.SERVICE,
        compose_role,
        example_role,
        still_wanted=roles_still_wanted,
    ),
    Letter(
        "things_handed_over",
        "A colleague’s things were handed over",
        Purpose.SERVICE,
        compose_things,
        example_things,
        still_wanted=things_still_wanted,
    ),
)
