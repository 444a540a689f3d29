"""The file with one's data holds what every room holds, and no secret."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import PersonalFeed
from programme.engines.documents.models import Document
from programme.engines.registration.drafts.models import Draft
from programme.flows.keeping.taking_away import everything
from programme.people.models import BrowserSession
from tests.flows.keeping.conftest import NOW, Held


def test_file_holds_what_every_room_holds(session: Session, held: Held, keepers: Any) -> None:
    kept = json.loads("".join(everything(session, held.petra.id, keepers, now=NOW)))
    assert kept["person"]["address"] == held.petra.address
    assert [row["organisation"] for row in kept["affiliations"]] == ["University of Liverpool"]
    assert [row["role"] for row in kept["roles"]] == ["organiser"]
    assert len(kept["browsers"]) == len(kept["sign-in links"]) == 1
    past = next(row for row in kept["registrations"] if row["for"] == "Talk that was")
    assert past["answers"] == [{"question": "Your topic", "answer": "Mosses of the Mersey"}]
    assert past["note between organisers"] == "Needs a lift"
    assert past["events"][0]["event"] == "Talk that was"
    assert [row["kind"] for row in kept["letters"]] == ["registration confirmed"]
    assert len(kept["calendar addresses"]) == 1
    assert [row["event"] for row in kept["contributions"]] == ["Talk to come"]
    assert [row["file"] for row in kept["imports"]] == ["talks.csv"]
    assert [row["kind"] for row in kept["contact of events and series"]] == ["event", "series"]
    assert [row["kind"] for row in kept["contact of openings"]] == ["opening"]
    assert [row["did"] for row in kept["what you did"]] == ["calendar address made", "edited"]
    assert [row["did"] for row in kept["what was done about you"]] == ["grant a role"]


def test_file_holds_nothing_of_others_and_no_secret(session: Session, held: Held, keepers: Any) -> None:
    text = "".join(everything(session, held.petra.id, keepers, now=NOW))
    assert "Bob" not in text
    hashes = [*session.scalars(select(BrowserSession.token_hash)), *session.scalars(select(PersonalFeed.token_hash))]
    assert [secret for secret in hashes if secret in text] == []


def test_file_of_somebody_new_says_what_little_there_is(session: Session, held: Held, keepers: Any) -> None:
    kept = json.loads("".join(everything(session, held.people.charlie.id, keepers, now=NOW)))
    assert kept["person"]["name"] == "Charlie Chalkwell"
    assert kept["registrations"] == kept["letters"] == []


def test_file_holds_the_files_of_a_form_that_is_not_sent_yet(session: Session, held: Held, keepers: Any) -> None:
    who = {"address": held.petra.address, "address_key": held.petra.address_key}
    draft = Draft(opening_id=held.opening.id, **who, created_at=NOW, saved_at=NOW)
    session.add(draft)
    session.flush()
    facts = {"token": "a-token", "name": "cv.pdf", "kind": "pdf", "size": 1, "digest": "", "uploaded_at": NOW}
    session.add(Document(**facts, subject_kind="draft", subject_id=draft.id, part=1))
    session.commit()
    kept = json.loads("".join(everything(session, held.petra.id, keepers, now=NOW)))
    assert [row["name"] for row in kept["files handed in"]] == ["cv.pdf"]
