"""What letters are written on: who we are, and this installation's own wording; read once a round."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.mail.wire.headers.words import header_text
from programme.engines.mail.wire.messages import Body
from programme.engines.mail.wire.plain import laid_out
from programme.engines.mail.wording.passages import spoken
from programme.engines.mail.written.models import Wording
from programme.people.models import Installation, Organisation
from programme.people.states import OrganisationKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from programme.engines.mail.ports import Attachment, Letter, MailRoom

PROGRAMME = "Liverpool–Oxford programme"
SIGNING = (OrganisationKind.UNIVERSITY, OrganisationKind.AUTHORITY)
"""Whose letters these are; hosts and partners are not named at the foot."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """One of those whose programme it is: its name, and its shared mailbox if it has one."""

    name: str
    short_name: str
    address: str
    is_university: bool


@dataclass(frozen=True, slots=True)
class Stationery:
    """The head and the foot of letters, and the wording in force by (letter, passage).

    `version` is another one whenever a letter could come out otherwise: what is kept of letters is kept under it.
    `note` stands above one letter that an organiser sends again.
    """

    programme: str = PROGRAMME
    signatories: tuple[Signatory, ...] = ()
    wording: Mapping[tuple[str, str], str] = field(default_factory=dict)
    version: str = ""
    note: str = ""

    @property
    def ends(self) -> tuple[str, str]:
        """Return the names at the two ends of the line at the head: the first university, and the last."""
        names = [one.short_name for one in self.signatories if one.is_university]
        return (names[0], names[-1]) if len(names) > 1 else (self.programme, "")

    def own_words(self, letter: str) -> dict[str, str]:
        """Return the passages of a kind that this installation says in its own words."""
        return {passage: text for (name, passage), text in self.wording.items() if name == letter}


def stationery_of(session: Session) -> Stationery:
    """Return what letters are written on now, in three statements: ask once a round, not once a letter."""
    name = session.scalar(select(Installation.name).order_by(Installation.id).limit(1)) or PROGRAMME
    signatories, wording = signatories_of(session), wording_of(session)
    told = repr((name, signatories, sorted(wording.items())))
    return Stationery(name, signatories, wording, hashlib.sha256(told.encode("utf-8", "replace")).hexdigest())


def signatories_of(session: Session) -> tuple[Signatory, ...]:
    """Return whose programme it is, in their order."""
    columns = (Organisation.name, Organisation.short_name, Organisation.contact_address, Organisation.kind)
    rows = select(*columns).where(Organisation.kind.in_(SIGNING)).order_by(Organisation.position, Organisation.id)
    return tuple(
        Signatory(row.name, row.short_name, row.contact_address, row.kind is OrganisationKind.UNIVERSITY)
        for row in session.execute(rows)
    )


def wording_of(session: Session) -> dict[tuple[str, str], str]:
    """Return the wording that this installation changed, by kind of letter and passage."""
    rows = session.execute(select(Wording.letter, Wording.passage, Wording.text))
    return {(row.letter, row.passage): row.text for row in rows}


def written(
    letter: Letter,
    variables: Mapping[str, Any],
    *,
    room: MailRoom,
    stationery: Stationery,
    attachments: tuple[Attachment, ...] = (),
) -> Body:
    """Fill the three templates of a kind of letter, and lay its text out."""
    body = raw(letter, variables, room=room, stationery=stationery, attachments=attachments)
    return replace(body, text=laid_out(body.text))


def raw(
    letter: Letter,
    variables: Mapping[str, Any],
    *,
    room: MailRoom,
    stationery: Stationery,
    attachments: tuple[Attachment, ...] = (),
) -> Body:
    """Fill the three templates of a kind of letter; its text is not laid out yet."""
    given = {**variables, **heads_and_words(letter, variables, stationery)}
    place = f"letters/{letter.name}"
    text = room.render(f"{place}/text.txt", given)
    return Body(
        subject=header_text(room.render(f"{place}/subject.txt", given)),
        text=f"{stationery.note}\n\n{text}" if stationery.note else text,
        html=room.render(f"{place}/html.html", given),
        attachments=attachments,
    )


def heads_and_words(letter: Letter, variables: Mapping[str, Any], stationery: Stationery) -> dict[str, Any]:
    """Return what every template has beside its letter's own variables: `house` and `passages`."""
    own = stationery.own_words(letter.name)
    passages = spoken(letter.description, own, variables, programme=stationery.programme)
    return {"house": stationery, "passages": passages}
