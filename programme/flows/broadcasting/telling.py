"""An audience in words: for those who write to it, and for those who are in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core.web.words import join_words
from programme.engines.calendar.models import Event
from programme.engines.questionnaire.models import Question
from programme.engines.registration.models import Opening
from programme.engines.registration.roll.filters import ELSEWHERE, STATES
from programme.flows.broadcasting.audiences import GROUP, NEWS, REGISTERED, SPEAKERS, STRAND
from programme.people.groups.models import Group
from programme.people.models import Organisation, Strand
from programme.people.roles import STRAND_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

MARKS = {"present": "came", "absent": "did not come", "unknown": "not marked"}
SOURCES = {"opening": Opening, "event": Event, "group": Group, "question": Question}
GONE = "something that is deleted"


@dataclass(slots=True)
class Names:
    """What the things that audiences name are called, looked up once for many of them."""

    titles: dict[tuple[str, int], str] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    sensitive: set[int] = field(default_factory=set)
    """Which questions are sensitive."""
    leads: dict[int, int] = field(default_factory=dict)
    """Who leads which opening."""

    def title(self, audience: Mapping[str, Any], kind: str) -> str:
        """Return what a thing is called; it may be gone."""
        return self.titles.get((kind, audience.get(kind, 0)), GONE)


def names_in(session: Session, audiences: Iterable[Mapping[str, Any]]) -> Names:
    """Look up what audiences name: a query for each kind of thing at most."""
    told, found = list(audiences), Names()
    for kind, table in SOURCES.items():
        ids = {audience[kind] for audience in told if audience.get(kind)}
        title = Question.label if table is Question else table.title  # type: ignore[attr-defined]
        if ids:
            rows = session.execute(select(table.id, title).where(table.id.in_(ids)))  # type: ignore[attr-defined]
            found.titles.update({(kind, row[0]): row[1] for row in rows})
    asked = {audience["question"]: audience.get("opening", 0) for audience in told if audience.get("question")}
    if asked:
        secret = select(Question.id).where(Question.id.in_(asked), Question.is_sensitive)
        leads = select(Opening.id, Opening.lead_organisation_id).where(Opening.id.in_(asked.values()))
        found.sensitive, found.leads = set(session.scalars(secret)), dict(session.execute(leads).all())
    if any(audience.get("home") for audience in told):
        found.homes = dict(session.execute(select(Organisation.slug, Organisation.short_name)).all())
    return found


def in_words(audience: Mapping[str, Any], names: Names, *, by: int) -> str:
    """Say to whom it goes, for the organisers of the organisation that writes."""
    kind = audience.get("kind", "")
    if kind == REGISTERED:
        return registered_words(audience, names, by=by)
    return {
        STRAND: f"Everybody with a place in the coming events of {strand_word(audience)}",
        GROUP: f"The group “{names.title(audience, 'group')}”",
        SPEAKERS: f"The speakers of “{names.title(audience, 'event')}”",
        NEWS: "Everybody who asked for news",
    }.get(kind, "Nobody yet")


def registered_words(audience: Mapping[str, Any], names: Names, *, by: int) -> str:
    """Say who of those registered is meant."""
    thing = names.title(audience, "event" if "event" in audience else "opening")
    states = [STATES[word][0] for word in audience.get("states", ()) if word in STATES]
    told = [join_words(states, last="or") if states else "with a place", *filters(audience, names, by=by)]
    return f"Registered for “{thing}”: {', '.join(told)}"


def filters(audience: Mapping[str, Any], names: Names, *, by: int) -> list[str]:
    """Say each narrowing."""
    told = []
    if audience.get("home"):
        told.append("from elsewhere" if audience["home"] == ELSEWHERE else f"from {home_word(audience, names)}")
    if audience.get("attendance"):
        told.append(MARKS.get(audience["attendance"], ""))
    if audience.get("tag"):
        told.append(f"tagged “{audience['tag']}”")
    if audience.get("question"):
        said = f"“{audience['answer']}”" if audience.get("answer") else "anything"
        told.append(f"who answered {said} to “{names.title(audience, 'question')}”")
        if audience["question"] in names.sensitive and names.leads.get(audience.get("opening", 0)) != by:
            told.append("of your own members alone")
    return told


def home_word(audience: Mapping[str, Any], names: Names) -> str:
    """Return the short name of a university."""
    return names.homes.get(audience["home"], str(audience["home"]))


def strand_word(audience: Mapping[str, Any]) -> str:
    """Return what a strand is called."""
    word = audience.get("strand", "")
    return STRAND_WORDS[Strand(word)] if word in set(Strand) else GONE


def reason(audience: Mapping[str, Any], names: Names, *, organisation: str, is_news: bool) -> str:
    """Say to its reader why they get a letter, as its foot does."""
    if is_news:
        return "You get this because you asked for news of the programme."
    kind = audience.get("kind", "")
    if kind == REGISTERED:
        thing = names.title(audience, "event" if "event" in audience else "opening")
        return f"You get this because you registered for {thing}."
    return {
        STRAND: f"You get this because you have a place at an event of {strand_word(audience)}.",
        SPEAKERS: f"You get this because you speak at {names.title(audience, 'event')}.",
    }.get(kind, f"You get this because the {organisation} has you on a list of people it writes to.")
