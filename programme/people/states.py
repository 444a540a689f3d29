"""The closed lists of people and organisations."""

from __future__ import annotations

from enum import StrEnum


class Strand(StrEnum):
    """The closed list of strands; the value is also the CSS suffix and the address word."""

    COHORTS = "cohorts"
    PLACEMENTS = "placements"
    ENTREPRENEURSHIP = "entrepreneurship"
    EXCHANGE = "exchange"


class OrganisationKind(StrEnum):
    """What an organisation is to the programme."""

    UNIVERSITY = "university"
    AUTHORITY = "authority"
    HOST = "host"
    PARTNER = "partner"


class End(StrEnum):
    """Which end of the corridor stands for an organisation or a site."""

    LIVERPOOL = "liverpool"
    OXFORD = "oxford"
    BETWEEN = "between"
    BOTH = "both"
    ONLINE = "online"


class AffiliationKind(StrEnum):
    """How a person belongs to an organisation."""

    DOCTORAL = "doctoral"
    STUDENT = "student"
    STAFF = "staff"
    FOUNDER = "founder"
    OTHER = "other"


class Basis(StrEnum):
    """Whether a tie is only said, or shown by an address under the organisation's domains."""

    CLAIMED = "claimed"
    PROVED = "proved"


class Role(StrEnum):
    """What a grant lets its holder be."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    HELPER = "helper"
    PARTNER = "partner"
