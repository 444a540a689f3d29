"""Organisations, people, their addresses and ties, roles, and sign-in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.people.states import AffiliationKind, Basis, End, OrganisationKind, Role, Strand

__all__ = [
    "Affiliation",
    "AffiliationKind",
    "Basis",
    "BrowserSession",
    "End",
    "Installation",
    "Organisation",
    "OrganisationDomain",
    "OrganisationKind",
    "Person",
    "Role",
    "RoleGrant",
    "SignInLink",
    "Strand",
]


class Organisation(Base):
    """A university, authority, host or partner: data, so that a third university can join."""

    __tablename__ = "organisation"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Line]
    short_name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[OrganisationKind] = state_column(OrganisationKind)
    end: Mapped[End | None] = state_column(End)
    position: Mapped[int] = mapped_column(default=0)
    contact_address: Mapped[str] = mapped_column(String(254), default="")
    privacy_address: Mapped[str] = mapped_column(String(254), default="")
    privacy_url: Mapped[str] = mapped_column(String(500), default="")
    domains: Mapped[list[OrganisationDomain]] = relationship(order_by="OrganisationDomain.domain", cascade="all")


class OrganisationDomain(Base):
    """A mail domain whose addresses prove a tie to the organisation, sub-domains included."""

    __tablename__ = "organisation_domain"

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    domain: Mapped[str] = mapped_column(String(253), unique=True)


class Person(Base):
    """A human, once. `address` is where letters go; `address_key` its folded form, by which a person is found.

    `signed_in_at` is when they last signed in; empty for a guest, who has no account.
    """

    __tablename__ = "person"

    id: Mapped[Key]
    name: Mapped[Line]
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254), unique=True)
    address_proved_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    affiliations: Mapped[list[Affiliation]] = relationship(cascade="all", order_by="Affiliation.id")
    grants: Mapped[list[RoleGrant]] = relationship(
        cascade="all", foreign_keys="RoleGrant.person_id", order_by="RoleGrant.id"
    )


class Affiliation(Base):
    """A tie of a person to an organisation."""

    __tablename__ = "affiliation"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[AffiliationKind] = state_column(AffiliationKind, default=AffiliationKind.OTHER)
    basis: Mapped[Basis] = state_column(Basis, default=Basis.CLAIMED)
    is_home: Mapped[bool] = mapped_column(default=False)
    proved_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship()


class RoleGrant(Base):
    """A person holds a role in a scope: an organisation, a strand of it (empty = all), or one thing."""

    __tablename__ = "role_grant"
    __table_args__ = (Index("ix_role_grant_subject", "subject_kind", "subject_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = state_column(Role)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    strand: Mapped[Strand | None] = state_column(Strand)
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    granted_at: Mapped[datetime]
    organisation: Mapped[Organisation | None] = relationship()


class SignInLink(Base):
    """One e-mailed link: one use, fifteen minutes, kept hashed.

    `person_id` is empty where nobody has the address yet: the person is made when the link is confirmed.
    """

    __tablename__ = "sign_in_link"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    next_path: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class BrowserSession(Base):
    """A browser that is signed in: listed for its owner, revocable; the cookie holds only its secret."""

    __tablename__ = "browser_session"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    browser: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()


class Installation(Base):
    """The one row about this installation: what is fixed at `init`, whether it may send, and what is usual.

    `offer_morning` are minutes after midnight in London: from then on offers may end, where an opening says no other.
    """

    __tablename__ = "installation"

    id: Mapped[Key]
    uid_host: Mapped[str] = mapped_column(String(253))
    name: Mapped[Line] = mapped_column(default="Liverpool–Oxford programme")
    created_at: Mapped[datetime]
    sending_paused_at: Mapped[datetime | None]
    pause_reason: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    offer_morning: Mapped[int] = mapped_column(default=540, server_default=text("540"))
