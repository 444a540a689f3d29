"""The ONE permission table: who may do which verb to a thing of a given scope. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.people.states import Role, Strand

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Verb(StrEnum):
    """What one may want to do with a thing."""

    SEE_DRAFT = "see a draft"
    EDIT = "edit"
    PUBLISH = "publish, move or cancel"
    HAND_OVER = "hand over"
    SEE_PEOPLE = "see people"
    SEE_NAMES = "see names and check-in state"
    SEE_ANSWERS = "see sensitive answers"
    DECIDE = "decide"
    EXPORT = "export"
    SEE_SUMS = "see sums"
    CREATE = "create"
    ADMINISTER = "administer"


class Standing(StrEnum):
    """What a person is to a thing."""

    ADMINISTRATOR = "administrator"
    LEAD = "lead organiser"
    CO_OWNER = "co-owner's organiser"
    HELPER = "helper"
    PARTNER = "partner authority"
    OUTSIDER = "outsider"


@dataclass(frozen=True, slots=True)
class Scope:
    """What the table needs to know of a thing: its lead, those that share it, its strand, and which thing it is."""

    lead: int
    co_owners: frozenset[int] = frozenset()
    strand: Strand | None = None
    subject: tuple[str, int] | None = None
    parents: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """One role grant as the table reads it; empty `organisation` means everywhere, empty `strand` all strands."""

    role: Role
    organisation: int | None = None
    strand: Strand | None = None
    subject: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person: who, with which grants. `person_id` None is somebody not signed in.

    `member_of` are the organisations they are proved to belong to, `home` the first of them.
    """

    person_id: int | None = None
    name: str = ""
    address: str = ""
    grants: tuple[Grant, ...] = ()
    member_of: frozenset[int] = field(default_factory=frozenset)
    home: int | None = None
    session_id: int | None = None
    seen_at: datetime | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether we know who this is."""
        return self.person_id is not None

    @property
    def is_administrator(self) -> bool:
        """Whether this person runs the installation."""
        return any(grant.role is Role.ADMINISTRATOR for grant in self.grants)

    @property
    def may_organise(self) -> bool:
        """Whether there is anything under /organise for this person."""
        return any(grant.role in {Role.ADMINISTRATOR, Role.ORGANISER, Role.HELPER} for grant in self.grants)

    def organises_in(self, strand: str) -> bool:
        """Whether this person is an organiser of a strand, for whichever organisation."""
        return any(grant.role is Role.ORGANISER and grant.strand in {None, strand} for grant in self.grants)

    @property
    def may_see_sums(self) -> bool:
        """Whether there are sums for this person, as a partner authority: nothing else of /organise is theirs."""
        return any(grant.role is Role.PARTNER for grant in self.grants)

    @property
    def organises_for(self) -> frozenset[int]:
        """Ids of the organisations for which this person is an organiser."""
        return frozenset(g.organisation for g in self.grants if g.role is Role.ORGANISER and g.organisation)


NOBODY = Actor()

V = Verb
TABLE: dict[Standing, frozenset[Verb]] = {
    Standing.ADMINISTRATOR: frozenset({V.SEE_DRAFT, V.HAND_OVER, V.ADMINISTER}),
    Standing.LEAD: frozenset(V) - {V.ADMINISTER},
    Standing.CO_OWNER: frozenset({V.SEE_DRAFT, V.EDIT, V.SEE_PEOPLE, V.SEE_NAMES, V.DECIDE, V.EXPORT, V.SEE_SUMS}),
    Standing.HELPER: frozenset({V.SEE_NAMES}),
    Standing.PARTNER: frozenset({V.SEE_SUMS}),
    Standing.OUTSIDER: frozenset(),
}


def standings(grants: Iterable[Grant], scope: Scope) -> frozenset[Standing]:
    """Return everything a holder of `grants` is to a thing of `scope`."""
    found = {standing for grant in grants for standing in [standing_of(grant, scope)] if standing}
    return frozenset(found or {Standing.OUTSIDER})


def standing_of(grant: Grant, scope: Scope) -> Standing | None:
    """Return what one grant makes its holder to a thing of `scope`."""
    if grant.role is Role.ADMINISTRATOR:
        return Standing.ADMINISTRATOR
    if grant.role is Role.HELPER:
        return Standing.HELPER if helps_with(grant, scope) else None
    if grant.role is Role.PARTNER:
        return Standing.PARTNER if grant.organisation in {scope.lead, *scope.co_owners} else None
    if grant.strand and grant.strand is not scope.strand:
        return None
    if grant.organisation == scope.lead:
        return Standing.LEAD
    return Standing.CO_OWNER if grant.organisation in scope.co_owners else None


def helps_with(grant: Grant, scope: Scope) -> bool:
    """Whether a helper's grant reaches a thing: of what they help with, only what those who named them run.

    Two openings may admit to one event; whoever one university names there helps with nothing of the other's.
    """
    if grant.subject is None or grant.subject not in {scope.subject, *scope.parents}:
        return False
    return grant.organisation in {scope.lead, *scope.co_owners} and grant.strand in {None, scope.strand}


def may(actor: Actor, verb: Verb, scope: Scope) -> bool:
    """Whether `actor` may do `verb` to a thing of `scope`."""
    return any(verb in TABLE[standing] for standing in standings(actor.grants, scope))


def may_create_for(actor: Actor, organisation: int, strand: Strand) -> bool:
    """Whether `actor` may make a new thing led by `organisation` in `strand`."""
    return may(actor, Verb.CREATE, Scope(lead=organisation, strand=strand))


def may_grant(actor: Actor, wanted: Grant) -> bool:
    """Whether `actor` may give or take back `wanted`.

    Administrators any role; organisers the roles of organiser and helper, within their own organisation and strand.
    """
    if actor.is_administrator:
        return True
    if wanted.role not in {Role.ORGANISER, Role.HELPER} or wanted.organisation is None:
        return False
    return any(
        held.role is Role.ORGANISER
        and held.organisation == wanted.organisation
        and (held.strand is None or held.strand is wanted.strand)
        for held in actor.grants
    )
