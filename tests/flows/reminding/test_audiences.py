"""Each audience is who it says: now, and before the reminder fell due; nobody gets the letter of a rule twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from programme.engines.calendar.models import Contribution
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.questionnaire.models import Answer, AnswerSheet, Question, Questionnaire
from programme.engines.registration.models import RegistrationTag
from programme.engines.registration.states import Attendance, OpeningState, RegistrationState
from programme.engines.reminders.actions import Thing, Wish, add
from programme.engines.reminders.models import Audience
from programme.flows.reminding import queue_due_reminders
from programme.flows.subjects.events import EVENTS
from programme.people.groups.models import GroupMember
from programme.people.identity import actor_of
from programme.people.models import Role, Strand
from tests.factories.cast import LONG_AGO, grant, person
from tests.factories.things import SOON, event, opening, registration
from tests.flows.reminding.desk import AFTER, BEFORE, DAY, HOUR, Desk

A, R = Audience, RegistrationState


@pytest.mark.parametrize(("audience", "state"), [(A.WAITING, R.WAITLISTED), (A.OFFERED, R.OFFERED)])
def test_those_who_wait_and_those_with_an_offer(desk: Desk, audience: Audience, state: RegistrationState) -> None:
    desk.rule(audience)
    desk.enter(desk.cast.alice)
    mine = desk.enter(desk.cast.bob, state=state)
    desk.enter(desk.cast.charlie, state=state, joined_at=SOON - DAY + timedelta(seconds=1))
    assert desk.told(BEFORE) == ["Bob"]
    assert desk.still(BEFORE) == 1
    mine.state = R.CONFIRMED
    assert desk.still(BEFORE) == 0


def test_who_came_and_who_did_not(desk: Desk) -> None:
    desk.rule(A.PRESENT, after=True)
    came = desk.enter(desk.cast.alice)
    desk.enter(desk.cast.bob)
    assert desk.told(SOON + HOUR) == []
    came.seats[0].attendance, came.seats[0].attended_at = Attendance.PRESENT, SOON
    assert desk.told(AFTER) == ["Alice"]
    desk.rule(A.ABSENT, after=True)
    assert desk.told(AFTER) == ["Alice", "Bob"]
    came.seats[0].attendance = Attendance.UNKNOWN
    assert desk.still(AFTER) == 0, "nobody is missed where nobody was counted"


def test_nobody_is_missed_while_a_paper_list_is_typed_in_afterwards(desk: Desk) -> None:
    desk.rule(A.ABSENT, after=True)
    came, other = desk.enter(desk.cast.alice), desk.enter(desk.cast.bob)
    came.seats[0].attendance, came.seats[0].attended_at = Attendance.PRESENT, AFTER + HOUR
    assert desk.told(AFTER + HOUR) == [], "the next one on the list may have come, too"
    other.seats[0].attendance, other.seats[0].attended_at = Attendance.ABSENT, AFTER + HOUR
    assert desk.told(AFTER + HOUR) == ["Bob"]


def test_where_nobody_was_counted_nobody_was_absent(desk: Desk) -> None:
    desk.rule(A.ABSENT, after=True)
    desk.enter(desk.cast.alice)
    assert desk.told(AFTER) == []


def test_feedback_is_no_use_after_a_week(desk: Desk) -> None:
    desk.rule(A.PRESENT, after=True)
    desk.enter(desk.cast.alice).seats[0].attendance = Attendance.PRESENT
    assert desk.told(SOON + HOUR + 7 * DAY) == []


def test_one_answer(desk: Desk) -> None:
    asked = Questionnaire(created_at=LONG_AGO)
    question = Question(kind="many_of", label="Which bus?", settings={"options": ["From 50%_\\ on", "from 50", "é"]})
    asked.questions = [question]
    desk.session.add(asked)
    desk.session.flush()
    for who, said in (
        (desk.cast.alice, ["From 50%_\\ on", "é"]),
        (desk.cast.bob, ["from 50"]),
        (desk.cast.olga, ["é"]),
    ):
        sheet = AnswerSheet(questionnaire_id=asked.id, answered_at=LONG_AGO)
        sheet.answers = [Answer(question_id=question.id, value=said, text=", ".join(said))]
        desk.session.add(sheet)
        desk.session.flush()
        desk.enter(who, answer_sheet_id=sheet.id)
    desk.rule(A.ANSWERED, parameters={"question": question.id, "choice": "From 50%_\\ on", "label": "Which bus?"})
    assert desk.told(BEFORE) == ["Alice"]
    desk.rule(A.ANSWERED, offset=-2, parameters={"question": question.id, "choice": "é", "label": "Which bus?"})
    assert desk.told(BEFORE) == ["Alice", "Alice", "Olga"]
    assert desk.still(BEFORE) == 3
    question.is_sensitive = True
    assert desk.still(BEFORE) == 0, "what has become sensitive is asked no more"


def test_a_tag(desk: Desk) -> None:
    tagged = desk.enter(desk.cast.alice)
    desk.enter(desk.cast.bob)
    desk.session.add(RegistrationTag(registration_id=tagged.id, tag="bus"))
    desk.rule(A.TAGGED, parameters={"tag": "bus"})
    assert desk.told(BEFORE) == ["Alice"]


def test_speakers_whom_we_know_once_each(desk: Desk) -> None:
    bob = desk.cast.bob.id
    desk.talk.contributions = [
        Contribution(name="Bob Birchfield", person_id=bob),
        Contribution(name="Bob Birchfield", role="chair", person_id=bob),
        Contribution(name="Nobody we know"),
    ]
    desk.rule(A.SPEAKERS)
    assert desk.told(BEFORE) == ["Bob"]
    assert desk.still(BEFORE) == 1
    for line in desk.talk.contributions:
        line.person_id = None
    assert desk.still(BEFORE) == 0


def test_organisers_of_lead_and_co_owner_in_the_strand(desk: Desk) -> None:
    session, cast = desk.session, desk.cast
    of_exchange = person(session, "Elena Exchange", "elena@oxford.example.ac.uk")
    grant(session, of_exchange, Role.ORGANISER, organisation=cast.oxford, strand=Strand.EXCHANGE)
    grant(session, of_exchange, Role.ORGANISER, organisation=cast.liverpool)
    of_placements = person(session, "Paul Placements", "paul@oxford.example.ac.uk")
    grant(session, of_placements, Role.ORGANISER, organisation=cast.oxford, strand=Strand.PLACEMENTS)
    grant(session, cast.charlie, Role.HELPER, organisation=cast.oxford, subject=("event", desk.talk.id))
    grant(session, cast.bob, Role.ORGANISER, organisation=cast.council)
    desk.rule(A.ORGANISERS)
    assert desk.told(BEFORE) == ["Elena", "Olga", "Omar"]
    assert desk.still(BEFORE) == 3
    desk.talk.co_owners = []
    assert desk.still(BEFORE) == 2


def test_group_that_has_not_registered_and_can(desk: Desk) -> None:
    cast = desk.cast
    desk.enter(cast.alice)
    desk.enter(cast.bob, state=R.CANCELLED)
    desk.rule(A.GROUP, parameters=desk.group(cast.alice, cast.bob, cast.charlie))
    assert desk.told(BEFORE) == ["Bob", "Charlie"]
    desk.enter(cast.charlie, state=R.PENDING)
    assert desk.still(BEFORE) == 1
    desk.opening.state = OpeningState.CLOSED
    assert desk.still(BEFORE) == 0


def test_who_came_into_the_group_late_is_not_told(desk: Desk) -> None:
    narrowed = desk.group(desk.cast.alice)
    desk.session.execute(update(GroupMember).values(added_at=BEFORE))
    desk.rule(A.GROUP, parameters=narrowed)
    assert desk.told(BEFORE) == []


def test_end_of_registration(desk: Desk) -> None:
    cast = desk.cast
    desk.enter(cast.alice)
    offer = desk.enter(cast.olga, state=R.OFFERED)
    desk.closing(A.GROUP, parameters=desk.group(cast.alice, cast.bob))
    desk.closing(A.OFFERED)
    desk.closing(A.ORGANISERS)
    assert desk.told(BEFORE) == ["Bob", "Olga", "Omar"]
    assert desk.still(BEFORE) == 3
    offer.state = R.LAPSED
    assert desk.still(BEFORE) == 2
    desk.opening.closes_at = SOON + DAY
    assert desk.still(BEFORE) == 0, "it closes at another time now"


def test_opening_of_a_cancelled_event_reminds_nobody(desk: Desk) -> None:
    desk.closing(A.ORGANISERS)
    desk.talk.state = desk.talk.state.CANCELLED
    assert desk.told(BEFORE) == []


def test_two_registrations_of_one_person_are_one_letter(desk: Desk) -> None:
    desk.rule(A.CONFIRMED)
    first = desk.enter(desk.cast.alice)
    other = opening(desk.session, events=[desk.talk], title="By another door")
    registration(desk.session, to=other, who=desk.cast.alice)
    assert desk.told(BEFORE) == ["Alice"]
    [row] = desk.session.scalars(select(OutboxMessage))
    assert row.subject_id == first.id
    row.state = OutboxState.SENT
    first.state = R.CANCELLED
    assert queue_due_reminders(desk.session, BEFORE + HOUR) == 0, "nor for the other one, once told"


def test_place_given_up_before_the_letter_left_lets_the_other_one_remind(desk: Desk) -> None:
    desk.rule(A.CONFIRMED)
    first = desk.enter(desk.cast.alice)
    registration(desk.session, to=opening(desk.session, events=[desk.talk]), who=desk.cast.alice)
    queue_due_reminders(desk.session, BEFORE)
    first.state = R.CANCELLED
    assert desk.still(BEFORE) == 0
    desk.session.execute(update(OutboxMessage).values(state=OutboxState.CANCELLED))
    assert queue_due_reminders(desk.session, BEFORE + HOUR) == 1


def test_two_audiences_are_two_letters(desk: Desk) -> None:
    tagged = desk.enter(desk.cast.alice)
    desk.session.add(RegistrationTag(registration_id=tagged.id, tag="bus"))
    desk.rule(A.CONFIRMED)
    desk.rule(A.TAGGED, parameters={"tag": "bus"})
    assert desk.told(BEFORE) == ["Alice", "Alice"]


def test_more_rules_than_one_statement_takes(desk: Desk) -> None:
    for number in range(120):
        other = event(desk.session, lead=desk.cast.oxford, title=f"Talk {number}")
        thing = Thing(EVENTS, other.id, desk.cast.oxford.id)
        add(desk.session, thing, Wish(), actor=actor_of(desk.cast.omar), now=LONG_AGO)
        registration(desk.session, to=opening(desk.session, events=[other]), who=desk.cast.alice)
    assert queue_due_reminders(desk.session, BEFORE) == 120
    assert desk.session.scalar(select(func.count(OutboxMessage.id))) == 120
