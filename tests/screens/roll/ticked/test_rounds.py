"""Deciding about those ticked: foreseen on the page, held, and undone by a button; and how an opening decides."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.deciding.models import DecisionRound, DecisionTerms
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.screens.roll.ticked.rounds import first_of
from tests.factories import things
from tests.screens.roll.conftest import As, Evening, fresh, text_of


def test_what_a_refusal_would_do_is_shown_and_undone(evening: Evening, olga: FlaskClient, session: Session) -> None:
    ticked = {"do": "refusal", "id": evening.alice.id}
    page = text_of(olga.get(f"{evening.home}/decision", query_string=ticked))
    assert "Is refused, and gets a letter that says so" in page
    assert f"{evening.charlie.name} moves up by it, and is told." in page
    said = text_of(olga.post(f"{evening.home}/refusals", data={"id": evening.alice.id}, follow_redirects=True))
    assert "until then you can undo it" in said
    assert f"Refused: {evening.alice.name}. Letters go at" in said
    made = session.scalars(select(DecisionRound)).one()
    said = text_of(olga.post(f"{evening.home}/rounds/{made.id}/undoing", follow_redirects=True))
    assert "Undone for 2 people. No letter goes to them." in said
    assert "Letters go at" not in said
    states = [fresh(session, row).state for row in (evening.alice, evening.charlie)]
    assert states == [RegistrationState.CONFIRMED, RegistrationState.WAITLISTED]
    assert set(session.scalars(select(OutboxMessage.state))) == {"cancelled"}
    again = text_of(olga.post(f"{evening.home}/rounds/{made.id}/undoing", follow_redirects=True))
    assert "has been undone already" in again


def test_after_undoing_the_roll_says_until_when_nobody_moves_up(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    evening.opening.capacity = 3
    session.commit()
    paused = "as a decision was undone nobody moves up until 09:10."
    assert paused not in text_of(olga.get(evening.home))
    olga.post(f"{evening.home}/promotions", data={"id": evening.charlie.id})
    made = session.scalars(select(DecisionRound)).one()
    assert paused in text_of(olga.post(f"{evening.home}/rounds/{made.id}/undoing", follow_redirects=True))
    assert fresh(session, evening.charlie).state is RegistrationState.WAITLISTED


def test_a_round_of_another_opening_is_not_found(evening: Evening, olga: FlaskClient, session: Session) -> None:
    olga.post(f"{evening.home}/refusals", data={"id": evening.alice.id})
    made = session.scalars(select(DecisionRound)).one()
    other = things.opening(session, events=list(evening.opening.events), title="Another")
    made.opening_id = other.id
    session.commit()
    assert olga.post(f"{evening.home}/rounds/{made.id}/undoing").status_code == 404
    session.refresh(made)
    assert made.undone_at is None


def test_terms_are_kept_and_what_cannot_be_is_said_with_all_typed(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    sent = {"decided_by": "keys", "days": "21", "escalation": "dean@example.ac.uk", "answers_change": "registered"}
    refused = olga.post(f"{evening.home}/decisions", data=sent)
    assert refused.status_code == 422
    assert "Keys decide only where places are given by decision" in text_of(refused)
    assert 'value="dean@example.ac.uk"' in refused.get_data(as_text=True)
    evening.opening.places_by = PlacesBy.DECISION
    session.commit()
    assert "to whom no key has said yes" in text_of(olga.post(f"{evening.home}/decisions", data=sent))
    evening.charlie.state = RegistrationState.PENDING
    session.commit()
    assert olga.post(f"{evening.home}/decisions", data=sent).status_code == 303
    terms = session.scalars(select(DecisionTerms)).one()
    assert (terms.decided_by, terms.days) == (DecidedBy.KEYS, 21)
    needs_day = olga.post(f"{evening.home}/decisions", data={**sent, "answers_change": "until"})
    assert "Enter until when answers may be changed." in text_of(needs_day)
    sharing = olga.post(f"{evening.home}/co-owners", data={})
    assert sharing.status_code == 422
    assert "Each of them holds a key here" in text_of(sharing)


def test_where_keys_decide_a_no_to_many_says_why_to_organisers_alone(
    evening: Evening, olga: FlaskClient, session: Session, signed_in: As
) -> None:
    assert "Reason between organisers" not in text_of(
        olga.get(f"{evening.home}/decision?do=refusal&id={evening.charlie.id}")
    ), "without keys one decision about one has none either"
    evening.opening.places_by, evening.charlie.state = PlacesBy.DECISION, RegistrationState.PENDING
    session.commit()
    sent = {"decided_by": "keys", "days": "21", "answers_change": "registered"}
    assert olga.post(f"{evening.home}/decisions", data=sent).status_code == 303
    page = text_of(olga.get(f"{evening.home}/decision?do=refusal&id={evening.charlie.id}"))
    assert "Reason between organisers" in page
    ticked = {"id": evening.charlie.id, "reason": "Next year."}
    silent = olga.post(f"{evening.home}/refusals", data=ticked)
    assert silent.status_code == 422
    assert "Say why it is a no" in text_of(silent)
    assert 'value="Next year."' in text_of(silent)
    whole = {"everybody": "1", "state": "pending", "count": "1", "reason": "Next year."}
    assert olga.post(f"{evening.home}/refusals", data=whole).status_code == 422
    assert olga.post(f"{evening.home}/refusals", data={**whole, "why": "Too early."}).status_code == 303
    entry = f"/organise/registrations/{evening.charlie.id}"
    assert "Too early." in text_of(olga.get(entry))
    page = olga.get(f"{evening.home}/decision?do=promotion&id={evening.charlie.id}").get_data(as_text=True)
    assert "Stays refused: the universities’ keys decide here" in page
    assert 'name="even_if_full"' not in page, "nobody is let in past keys, not beyond the places either"
    theirs = signed_in(evening.people.charlie)
    assert "Too early." not in theirs.get("/me/account/data.json").get_data(as_text=True)


def test_notes_are_a_thread_by_author_that_the_person_never_sees(
    evening: Evening, olga: FlaskClient, signed_in: As, session: Session
) -> None:
    here = f"/organise/registrations/{evening.charlie.id}"
    omar = signed_in(evening.people.omar)
    olga.post(f"{here}/notes", data={"note": "Knows the hosts."})
    omar.post(f"{here}/notes", data={"note": "And we know him."})
    page = text_of(omar.get(here))
    assert page.index("Olga Oakhurst") < page.index("Knows the hosts.") < page.index("And we know him.")
    assert page.count("/removal") == 1, "one takes back one's own alone"
    assert olga.post(f"{here}/notes", data={"note": " "}).status_code == 422
    said = text_of(olga.post("/organise/notes/2/removal", follow_redirects=True))
    assert "only they can take it back" in said
    said = text_of(omar.post("/organise/notes/2/removal", follow_redirects=True))
    assert "And we know him." not in said
    charlie = signed_in(evening.people.charlie)
    assert "Knows the hosts." not in charlie.get("/me/account/data.json").get_data(as_text=True)
    assert "Knows the hosts." in olga.get("/me/account/data.json").get_data(as_text=True)
    assert "Knows the hosts." not in signed_in(evening.people.omar).get("/me/account/data.json").get_data(as_text=True)


def test_of_many_sentences_the_first_are_told_and_the_others_counted() -> None:
    assert first_of(["One stands."]) == ["One stands."]
    told = first_of([f"{number} stands." for number in range(23)])
    assert (len(told), told[-1]) == (21, "And 3 more, whom the roll shows as they stand.")
