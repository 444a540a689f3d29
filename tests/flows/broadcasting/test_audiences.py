"""To whom a broadcast goes: by state, home, mark, tag, answer, strand, group, speech or consent; each person once."""

from datetime import timedelta

import pytest

from programme.engines.calendar.models import Contribution
from programme.engines.mail.ports import Purpose
from programme.engines.questionnaire import actions as questions
from programme.engines.questionnaire.building import READY_MADE
from programme.engines.registration.follow_ups.models import FollowUp, FollowUpRequest
from programme.engines.registration.models import RegistrationTag
from programme.engines.registration.states import Attendance, RegistrationState
from programme.flows.broadcasting.sending import count_of
from programme.people.groups.models import Group, GroupMember
from programme.people.models import Strand
from tests.factories import things
from tests.factories.cast import LONG_AGO
from tests.factories.stories import many
from tests.flows.broadcasting.conftest import NOW, Evening


def test_registered_by_state_and_home(evening: Evening) -> None:
    about = {"kind": "registered", "opening": evening.opening.id}
    assert evening.to(**about) == {"Alice", "Bob"}
    assert evening.to(**about, states=["waiting"]) == {"Charlie"}
    assert evening.to(**about, states=["confirmed", "waiting"]) == {"Alice", "Charlie"}
    assert evening.to(**about, home="oxford") == {"Bob"}
    assert evening.to(**about, states=["waiting"], home="elsewhere") == {"Charlie"}
    assert evening.to(**about, states=["cancelled"]) == set()


def test_registered_by_mark_and_tag(evening: Evening) -> None:
    about = {"kind": "registered", "opening": evening.opening.id}
    evening.alice.seats[0].attendance = Attendance.PRESENT
    evening.bob.seats[0].attendance = Attendance.ABSENT
    evening.session.add(RegistrationTag(registration_id=evening.bob.id, tag="Speaker"))
    evening.session.commit()
    assert evening.to(**about, attendance="present") == {"Alice"}
    assert evening.to(**about, attendance="absent") == {"Bob"}
    assert evening.to(kind="registered", event=evening.event_id, attendance="present") == {"Alice"}
    assert evening.to(**about, tag="Speaker") == {"Bob"}
    assert evening.to(**about, tag="speaker%") == set()


def test_registered_by_answer_and_one_answer_among_several(evening: Evening) -> None:
    session = evening.session
    evening.opening.questionnaire = sheet = questions.new_questionnaire(session, now=LONG_AGO)
    diet = questions.add_question(session, sheet, **READY_MADE["dietary"])
    for row, answer in ((evening.alice, ["Vegan", "Halal"]), (evening.bob, ["Vegetarian"])):
        row.answer_sheet = questions.answer(session, sheet, {diet.id: answer}, now=LONG_AGO)
    session.commit()
    about = {"kind": "registered", "opening": evening.opening.id, "question": diet.id}
    assert evening.to(**about) == {"Alice", "Bob"}
    assert evening.to(**about, answer="Halal") == {"Alice"}
    assert evening.to(**about, answer="Vegan") == {"Alice"}
    assert evening.to(**about, answer="Veg") == set()
    assert diet.is_sensitive, "the rest of this test is about what a co-owner asks of its own members alone"
    vegetarian = evening.letter(organisation=evening.cast.oxford, audience={**about, "answer": "Vegetarian"})
    assert evening.reached(vegetarian) == set(), "who does not share the opening reaches nobody"
    evening.opening.co_owners = [evening.cast.oxford]
    session.commit()
    anything = evening.letter(organisation=evening.cast.oxford, audience=about)
    for letter in (vegetarian, anything):
        assert evening.reached(letter) == {"Bob"}
        assert count_of(session, letter, now=NOW) == 1
    for said in ("Vegan", "Halal"):
        letter = evening.letter(organisation=evening.cast.oxford, audience={**about, "answer": said})
        assert count_of(session, letter, now=NOW) == 0, "nobody of Liverpool, whatever they answered"


def test_registered_by_an_answer_on_the_follow_up_form(evening: Evening) -> None:
    session, opening = evening.session, evening.opening
    form = questions.new_questionnaire(session, now=LONG_AGO)
    room = {"kind": "one_of", "label": "Which room?", "settings": {"options": ["Attic", "Cellar"]}}
    asked = questions.add_question(session, form, **room)
    secret = questions.add_question(session, form, **READY_MADE["dietary"])
    second = FollowUp(opening_id=opening.id, questionnaire_id=form.id, asked_from=LONG_AGO)
    session.add(second)
    session.flush()
    for row, answer in ((evening.alice, "Attic"), (evening.bob, "Cellar")):
        sheet = questions.answer(session, form, {asked.id: answer, secret.id: ["Vegan"]}, now=LONG_AGO)
        told = {"registration_id": row.id, "follow_up_id": second.id, "asked_at": LONG_AGO}
        session.add(FollowUpRequest(**told, sheet=sheet))
    opening.co_owners = [evening.cast.oxford]
    session.commit()
    about = {"kind": "registered", "opening": opening.id}
    assert evening.to(**about, question=asked.id, answer="Attic") == {"Alice"}
    assert evening.to(**about, question=secret.id, answer="Vegan") == {"Alice", "Bob"}
    sensitive = {**about, "question": secret.id, "answer": "Vegan"}
    assert evening.reached(evening.letter(organisation=evening.cast.oxford, audience=sensitive)) == {"Bob"}
    plain = {**about, "question": asked.id, "answer": "Cellar"}
    assert evening.reached(evening.letter(organisation=evening.cast.oxford, audience=plain)) == {"Bob"}


def test_one_event_of_several(evening: Evening) -> None:
    session, cast = evening.session, evening.cast
    second = things.event(session, lead=cast.liverpool, title="The second evening")
    both = things.opening(session, events=[*evening.opening.events, second], title="Both evenings")
    things.registration(session, to=both, who=cast.charlie)
    session.commit()
    assert evening.to(kind="registered", event=second.id) == {"Charlie"}
    assert evening.to(kind="registered", event=evening.event_id) == {"Alice", "Bob", "Charlie"}


def test_with_a_place_in_coming_events_of_a_strand(evening: Evening) -> None:
    session, cast = evening.session, evening.cast
    past = things.event(session, lead=cast.liverpool, starts_at=NOW - timedelta(days=5))
    things.registration(session, to=things.opening(session, events=[past]), who=cast.charlie)
    session.commit()
    assert evening.to(kind="strand", strand="exchange") == {"Alice", "Bob"}
    assert evening.to(kind="strand", strand="cohorts") == set()
    assert evening.to(kind="strand", strand="nonsense") == set()


def test_group_of_ones_own_organisation_only(evening: Evening) -> None:
    group = Group(title="Steering group", organisation_id=evening.cast.oxford.id, created_at=LONG_AGO)
    group.members = [GroupMember(person_id=evening.cast.bob.id, added_at=LONG_AGO)]
    evening.session.add(group)
    evening.session.commit()
    assert evening.to(kind="group", group=group.id) == set()
    theirs = evening.letter(organisation=evening.cast.oxford, audience={"kind": "group", "group": group.id})
    assert evening.reached(theirs) == {"Bob"}


def test_speakers_who_are_known(evening: Evening) -> None:
    event = evening.opening.events[0]
    event.contributions = [
        Contribution(name="Bob", person_id=evening.cast.bob.id, position=0),
        Contribution(name="Somebody else", position=1),
    ]
    evening.session.commit()
    assert evening.to(kind="speakers", event=event.id) == {"Bob"}
    theirs = evening.letter(organisation=evening.cast.oxford, audience={"kind": "speakers", "event": event.id})
    assert evening.reached(theirs) == set()


def test_news_goes_to_those_alone_who_asked_for_it(evening: Evening) -> None:
    many.asks_for_news(evening.session, evening.cast.bob)
    many.asks_for_news(evening.session, evening.cast.ada)
    news = evening.letter(audience={"kind": "news"}, purpose=Purpose.MARKETING)
    assert evening.reached(news) == {"Bob", "Ada"}
    assert evening.reached(evening.letter(purpose=Purpose.MARKETING)) == {"Bob"}


def test_outsiders_reach_nobody_and_co_owners_everybody(evening: Evening) -> None:
    theirs = evening.letter(organisation=evening.cast.oxford)
    assert evening.reached(theirs) == set()
    evening.opening.co_owners = [evening.cast.oxford]
    evening.session.commit()
    assert evening.reached(theirs) == {"Alice", "Bob"}


def test_organisers_of_another_strand_reach_nobody(evening: Evening) -> None:
    assert evening.reached(evening.letter(strand=Strand.EXCHANGE)) == {"Alice", "Bob"}
    assert evening.reached(evening.letter(strand=Strand.COHORTS)) == set()


def test_each_person_once_and_those_without_data_never(evening: Evening) -> None:
    session, cast = evening.session, evening.cast
    things.registration(session, to=evening.opening, who=cast.alice, state=RegistrationState.CANCELLED)
    gone = things.registration(session, to=evening.opening, who=cast.ada)
    gone.person_id = None
    session.commit()
    row = evening.letter(
        audience={"kind": "registered", "opening": evening.opening.id, "states": ["confirmed", "cancelled"]}
    )
    many.send(session, row, by=evening.olga, now=NOW)
    session.commit()
    assert evening.written() == [("alice", "pending")]


@pytest.mark.parametrize(
    "audience",
    [{}, {"kind": "?"}, {"kind": "registered"}, {"kind": "group", "group": 2**70}, {"kind": "speakers", "event": -1}],
)
def test_nonsense_is_nobody(evening: Evening, audience: dict[str, object]) -> None:
    assert evening.to(**audience) == set()
