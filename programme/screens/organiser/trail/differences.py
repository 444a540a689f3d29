"""Before and after in people's words: fields by what forms call them, dates as dates, ids as titles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask import current_app

from programme.core.web.words import long_date, moment
from programme.engines.calendar.states import FOCUS_AREAS
from programme.people.roles import ROLE_WORDS, STRAND_WORDS
from programme.screens.organiser.trail.things import pointed
from programme.strands.cohorts.awards.words import STATE_WORDS
from programme.strands.cohorts.records.looking import SHOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.core.audit import AuditEntry
    from programme.screens.organiser.trail.things import Known

LONGEST = 240
STATE, TELLS_STATE = "state", frozenset({"add"})
"""Where something stands now is what most sentences say themselves."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
DAY = re.compile(r"\d{4}-\d\d-\d\d")

FIELDS: Mapping[str, str] = {
    "addresses": "Addresses",
    "all_day": "All day",
    "audience": "Who may come",
    "audience_note": "Who may come, in words",
    "ballot_at": "Ballot",
    "because": "Why",
    "cancelled": "Registrations cancelled",
    "capacity": "Places",
    "counts_when_proved": "Counts once the address is proved",
    "chooses": "Events that each chooses",
    "closes_at": "Registration closes",
    "contact_address": "E-mail of the contact",
    "contributions": "People on the programme",
    "date_is_known": "Date is settled",
    "days": "Moved by, in days",
    "eligibility": "Who may register",
    "eligible_group_id": "Group",
    "ends_at": "Ends",
    "ends_on": "Ends",
    "begins_on": "Begins",
    "entry": "Counted from",
    "entry_on": "Entry date",
    "from_term": "From",
    "has_sponsored_visa": "Visa sponsored by a university",
    "home": "Home university",
    "partner": "Partner university",
    "rate": "Per cent of full time",
    "registered_on": "Registration starts",
    "stands": "Status",
    "event_id": "Event",
    "focus_areas": "Subjects",
    "first_day": "First day",
    "from": "Copied from",
    "has_waiting_list": "Waiting list",
    "is_online": "Online",
    "kept": "Places",
    "may_choose_fewer": "Fewer will do",
    "members_of": "Members of",
    "section_a_page": "One section a page",
    "most_together": "Most people in one registration",
    "new": "New events",
    "note": "Note",
    "offer_hours": "Hours to answer an offer",
    "offer_morning": "Offers end no earlier than",
    "online_link": "Link to join online",
    "opens_at": "Registration opens",
    "organisation": "For",
    "part_of_id": "Part of",
    "passage": "Part of the letter",
    "place": "Where",
    "places": "Places given",
    "places_by": "Places are given",
    "price_note": "Price",
    "privacy_address": "E-mail about data",
    "privacy_url": "Pages about data",
    "quotas": "Places kept",
    "reach": "For whom",
    "refused": "Not drawn",
    "reminder": "Reminder",
    "room_capacity": "Chairs in the room",
    "sensitive": "Sensitive answers in it",
    "series_id": "Series",
    "shared": "Shared with",
    "shown": "People shown",
    "shop_url": "Link to the shop",
    "starts_at": "Starts",
    "state": "Now",
    "status": "The dates are",
    "text": "What it said",
    "thing": "For the thing",
    "things": "What",
    "title_is_known": "Title is settled",
    "to": "To",
    "travel": "Ways",
    "unproved_hours": "Hours to confirm an address",
    "url": "Address",
    "venue_id": "Place",
    "version": "Version of the form",
    "visibility": "Who sees it",
    "weeks": "Weeks",
    "words": "Said of the picture",
    "with": "Shared with",
}
"""What a field is called; any other by its own name, which is a word already."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "state": {
        "published": "published",
        "waitlisted": "on the waiting list",
        "pending": "to be decided",
        "confirmed": "has a place",
        "offered": "is offered a place",
        "refused": "not admitted",
    },
    "visibility": {"public": "everybody", "members": "members", "hidden": "only those who have a place"},
    "audience": {
        "everyone": "everyone",
        "both_universities": "members of both universities",
        "lead_university": "members of the leading university",
        "invited": "by invitation",
    },
    "places_by": {"first_come": "first come, first served", "decision": "by decision", "ballot": "by ballot"},
    "eligibility": {
        "anyone": "anyone",
        "members": "members only",
        "group": "the people of a group",
        "addresses": "those on a list of addresses",
        "invited": "those who are invited",
    },
    "reach": {
        "all": "everybody",
        "came": "those who came",
        "holding": "those with a place",
        "live": "everybody registered",
    },
    "letters": {"everything": "every letter", "service": "letters to many", "marketing": "news and invitations"},
    "stands": {state.value: word for state, word in STATE_WORDS.items()},
    "conflict": {
        "none": "none",
        "supervisor_or_mentor": "supervises or mentors them",
        "same_department": "of the same department",
        "financial": "a financial interest",
        "personal": "personal",
        "competitor": "competes in research",
    },
    "place": {"to_declare": "to be declared", "with_chair": "with the chair", "recused": "does not review"},
    "ruling": {"may_review": "may review", "recused": "does not review"},
    "because": {"by_hand": "noted by an organiser"},
    "attendance": {"present": "came", "absent": "did not come", "unknown": "not marked"},
    "status": {"placeholder": "not confirmed"},
    "format": {"csv": "CSV", "xlsx": "Excel"},
    "strand": {strand.value: words for strand, words in STRAND_WORDS.items()},
    "role": {role.value: words for role, words in ROLE_WORDS.items()},
    "focus_areas": FOCUS_AREAS,
}
"""What stored words of a field mean."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One line under an act: the field, what it was and what it is; either may be empty."""

    field: str
    before: str
    after: str


def differences(entry: AuditEntry, known: Known) -> list[Difference]:
    """Return a line for every field that reads otherwise after than before, without what the sentence says already."""
    if not known.may_read(entry):
        return []
    old, new = entry.before or {}, entry.after or {}
    fields = [name for name in dict.fromkeys((*old, *new)) if name != STATE or entry.verb in TELLS_STATE]
    told = [
        Difference(field_words(name), in_words(name, old.get(name), known), in_words(name, new.get(name), known))
        for name in fields
    ]
    said = ("", known.thing(entry).title.strip("“”"))
    return [line for line in told if line.before != line.after and (line.before, line.after) != said]


def field_words(name: str) -> str:
    """Return what a field is called."""
    return FIELDS.get(name, name.replace("_", " ").capitalize())


def in_words(name: str, value: Any, known: Known) -> str:
    """Return a kept value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        told = ", ".join(in_words(name, part, known) for part in value)
        return f"{len(value):,}" if name == SHOWN else told
    if isinstance(value, dict):
        return ", ".join(f"{part}: {in_words(part, inner, known)}" for part, inner in value.items())
    key = pointed(name, value)
    if key:
        return known.titles.get(key, "one that is gone")
    return text_words(name, str(value)) if isinstance(value, str) else f"{value:,}"


def text_words(name: str, text: str) -> str:
    """Return a kept text as people read it: stored words, instants and days in ours, the rest cut short."""
    if name == "letter":
        letter = current_app.extensions["mail_room"].letters.get(text)
        return letter.title if letter else text
    if INSTANT.fullmatch(text):
        return moment(datetime.fromisoformat(text))
    if DAY.fullmatch(text):
        return long_date(date.fromisoformat(text))
    words = WORDS.get(name, {}).get(text, text)
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()} …"
