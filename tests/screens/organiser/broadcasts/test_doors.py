"""Who may write to whom: organisers of their own organisation; the other side, helpers and partners are outsiders."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.written.models import Broadcast
from programme.engines.questionnaire import actions as questions
from programme.engines.questionnaire.building import READY_MADE
from programme.people.models import Person, Role, RoleGrant, Strand
from programme.scheduler import run_due
from tests.bed.clock import START
from tests.bed.databases import statements
from tests.factories import things
from tests.factories.cast import grant, organiser, person
from tests.factories.stories import many
from tests.flows.broadcasting.conftest import Evening
from tests.screens.organiser.broadcasts.conftest import As, letter, text_of

ALL = "/organise/broadcasts"
VERBS = ("", "/sending", "/cancellation", "/draft", "/copies")


def test_other_side_helpers_and_participants_are_outsiders(
    evening: Evening, browse: As, session: Session, client: FlaskClient
) -> None:
    home = f"{ALL}/{evening.letter().id}"
    helper = person(session, "Hal Helpful", "hal@example.org")
    grant(session, helper, Role.HELPER, organisation=evening.cast.liverpool, subject=("event", evening.event_id))
    session.commit()
    assert client.get(home).location.startswith("/sign-in")
    for who in (evening.cast.omar, helper, evening.cast.alice, evening.cast.ada):
        browser = browse(who)
        for page in ("", "/edit", f"/html?person={evening.cast.alice.id}"):
            assert browser.get(home + page).status_code == 403, (who.name, page)
        for verb in VERBS:
            assert browser.post(home + verb, data=letter(evening)).status_code == 403, (who.name, verb)
    assert "What to bring" not in text_of(browse(evening.cast.omar).get(ALL))
    assert browse(evening.cast.alice).get(ALL).status_code == 403
    assert browse(helper).get(f"{ALL}/new").status_code == 403
    assert browse(evening.cast.omar).get(f"{ALL}/999999").status_code == 404
    assert session.scalars(select(OutboxMessage)).all() == []


def test_outsider_cannot_choose_what_is_not_theirs(evening: Evening, browse: As, session: Session) -> None:
    omar = browse(evening.cast.omar)
    theirs = letter(evening, organisation=evening.cast.oxford.id)
    assert evening.opening.title not in text_of(omar.get(f"{ALL}/new"))
    assert omar.post(ALL, data=theirs).status_code == 422
    assert omar.post(ALL, data=letter(evening)).status_code == 422
    row = evening.letter(organisation=evening.cast.oxford)
    assert "It reaches nobody" in text_of(omar.get(f"{ALL}/{row.id}"))
    evening.opening.co_owners = [evening.cast.oxford]
    session.commit()
    made = omar.post(ALL, data=theirs)
    assert "To 2 people" in text_of(omar.get(made.location))
    assert browse(evening.cast.olga).get(made.location).status_code == 403


def test_who_shares_an_opening_asks_by_sensitive_answers_of_their_own_members_alone(
    evening: Evening, browse: As, session: Session
) -> None:
    evening.opening.questionnaire = sheet = questions.new_questionnaire(session, now=START)
    diet = questions.add_question(session, sheet, **READY_MADE["dietary"])
    for row in (evening.alice, evening.bob):
        row.answer_sheet = questions.answer(session, sheet, {diet.id: ["Vegan"]}, now=START)
    evening.opening.co_owners = [evening.cast.oxford]
    session.commit()
    omar, about = browse(evening.cast.omar), f"opening={evening.opening.id}"
    assert "Vegan (of your own members)" in text_of(omar.get(f"{ALL}/new?{about}"))
    assert "(of your own members)" not in text_of(browse(evening.cast.olga).get(f"{ALL}/new?{about}"))
    sent = letter(evening, organisation=evening.cast.oxford.id, said=f"{diet.id}:Vegan")
    page = omar.post(ALL, data=sent, follow_redirects=True)
    assert "who answered “Vegan” to" in text_of(page)
    assert "of your own members alone" in text_of(page)
    assert "To 1 person" in text_of(page)
    assert "Bob" in text_of(page)
    assert "Alice" not in text_of(page)
    evening.alice.answer_sheet = None
    session.commit()
    assert "To 1 person" in text_of(omar.post(ALL, data=sent, follow_redirects=True)), "the count tells nothing"
    evening.bob.organisation_id = evening.cast.liverpool.id
    session.commit()
    assert "It reaches nobody" in text_of(omar.post(ALL, data=sent, follow_redirects=True))


def test_organiser_of_one_strand_writes_in_that_strand(evening: Evening, browse: As, session: Session) -> None:
    sam = person(session, "Sam Strand", "sam@liverpool.example.ac.uk")
    grant(session, sam, Role.ORGANISER, organisation=evening.cast.liverpool, strand=Strand.EXCHANGE)
    session.commit()
    browser = browse(sam)
    answer = browser.post(ALL, data=letter(evening))
    assert answer.status_code == 422
    assert "You organise other strands" in text_of(answer)
    assert browser.post(ALL, data=letter(evening, strand="exchange")).status_code == 303
    assert browser.get(f"{ALL}/{evening.letter().id}").status_code == 403


def test_stopped_letter_stands_on_a_colleagues_home_who_takes_it_over(
    app: Flask, evening: Evening, browse: As, session: Session
) -> None:
    row = many.send(session, evening.letter(), by=evening.olga, now=evening.opening.created_at, at=START)
    colleague = organiser(session, "Orla Other", "orla@liverpool.example.ac.uk", evening.cast.liverpool)
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == evening.cast.olga.id))
    session.commit()
    run_due(app, START)
    browser, home = browse(colleague), f"{ALL}/{row.id}"
    assert "“What to bring & where” was not sent" in text_of(browser.get("/organise"))
    assert "was not sent" not in text_of(browse(evening.cast.omar).get("/organise"))
    page = text_of(browser.get(home))
    assert "Olga Oakhurst, who wrote it, does not organise this any more." in page
    assert "Take it over" in page
    assert browse(evening.cast.olga).post(f"{home}/draft").status_code == 403
    assert browser.post(f"{home}/draft").status_code == 303
    session.rollback()
    session.expire_all()
    version = str(session.get_one(Broadcast, row.id).version)
    assert browser.post(f"{home}/sending", data={"version": version, "count": "2", "when": "now"}).status_code == 303
    assert "was not sent" not in text_of(browser.get("/organise"))


def test_pages_ask_as_much_with_thirty_rows_as_with_one(
    app: Flask, evening: Evening, olga: FlaskClient, session: Session
) -> None:
    draft, sent = evening.letter(), evening.letter()
    many.send(session, sent, by=evening.olga, now=START)
    session.commit()
    pages = (ALL, f"{ALL}/{draft.id}", f"{ALL}/{sent.id}", f"{ALL}/new")

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with statements(app) as seen:
                assert olga.get(page).status_code == 200
            counts.append(len(seen))
        return counts

    asked()
    one = asked()
    for number in range(30):
        who = person(session, f"Person {number}", f"p{number}@example.org")
        things.registration(session, to=evening.opening, who=who)
        things.opening(session, events=[things.event(session, lead=evening.cast.liverpool, title=f"Talk {number}")])
        many.send(session, evening.letter(), by=evening.olga, now=START)
    session.commit()
    assert asked() == one


def test_people_are_paged(evening: Evening, olga: FlaskClient, session: Session) -> None:
    for number in range(20):
        who: Person = person(session, f"Person {number:02}", f"p{number}@example.org")
        things.registration(session, to=evening.opening, who=who)
    home = f"{ALL}/{evening.letter().id}"
    session.commit()
    first, second = text_of(olga.get(home)), text_of(olga.get(f"{home}?page=2"))
    assert "Person 03" in first
    assert "Person 19" not in first
    assert "Person 19" in second
    assert olga.get(f"{home}?page=x&person=%00").status_code in {200, 400}
