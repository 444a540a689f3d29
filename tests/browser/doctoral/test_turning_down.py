"""Everybody who may say no does, and whoever it concerns reads what to do next."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Registration
from programme.strands.cohorts.states import SupervisionRole
from tests.bed.axe import axe_findings_everywhere
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.browser.doctoral.people import Story, go, hides, is_told, paper, press, shows, story
from tests.browser.steps import wrong_fields
from tests.factories import admissions, cast, cohorts

pytestmark = pytest.mark.one_database


@pytest.fixture
def it(app: Flask, session: Session, open_page: OpenPage, capture: Capture, clock: Clock) -> Story:
    return story(app, session, open_page, capture, clock)


@pytest.fixture
def applied(it: Story) -> Story:
    """Charlie has applied to be registered at Oxford, and asked Rowan and Sasha for references."""
    call = admissions.call(it.session, it.people)
    row = admissions.apply(it.session, call, it.people.charlie, wishes=it.people.oxford)
    admissions.asked(it.session, row)
    it.session.commit()
    return it


@pytest.fixture
def studying(it: Story) -> Story:
    """Alice studies at Liverpool: Petra supervises her there, Bob at Oxford."""
    people, session = it.people, it.session
    award = cohorts.award(session, lead=people.liverpool, shared_with=[people.oxford])
    cohort = cohorts.cohort(session, award=award)
    row = cohorts.candidature(session, cohort=cohort, person=people.alice, home=people.liverpool, partner=people.oxford)
    petra = cast.person(session, "Petra Penhallow", "petra@liverpool.example.ac.uk")
    cohorts.supervision(session, candidature=row, person=petra, organisation=people.liverpool)
    partner = SupervisionRole.PARTNER
    cohorts.supervision(session, candidature=row, person=people.bob, organisation=people.oxford, role=partner)
    session.commit()
    return it


def test_a_referee_declines_and_the_applicant_names_another(applied: Story) -> None:
    rowan = applied.follow("rowan", "A reference for an application", "references")
    press(rowan, "Decline")
    is_told(rowan, "Thank you for saying so.")
    charlie = applied.at("charlie")
    charlie.goto("/me")
    go(charlie, "Name your referees", exact=False)
    shows(charlie, "Declined")
    charlie.get_by_label("Name").fill("Ursula Underhill")
    charlie.get_by_label("E-mail").fill("ursula@example.org")
    press(charlie, "Save, and ask them now")
    is_told(charlie, "1 referee is asked by e-mail.")
    shows(charlie, "Everybody is asked. There is nothing you need do.")


def test_one_key_says_no_and_the_applicant_reads_why_and_what_else_there_is(applied: Story) -> None:
    omar = applied.at("omar")
    omar.goto("/organise/keys")
    omar.locator("main table a").first.click()
    omar.get_by_role("radio", name="No").check()
    omar.get_by_label("Words for the person").fill("Come again when you have looked at moss.")
    press(omar, "Decide")
    assert wrong_fields(omar) == ["Say why it is a no: your colleagues read it."]
    omar.get_by_label("Reason").fill("Weak in mosses.")
    press(omar, "Decide")
    is_told(omar, "Your key says no.")
    applied.letter("charlie", "No place this time")
    charlie = applied.at("charlie")
    charlie.goto("/me")
    go(charlie, "Apply for 2027", exact=False)
    shows(charlie, "Come again when you have looked at moss.")
    hides(charlie, "Weak in mosses.")


def test_an_applicant_lets_the_offer_go(applied: Story) -> None:
    session = applied.session
    row = session.scalars(select(Registration)).one()
    admissions.decided(session, row, applied.people)
    session.commit()
    charlie = applied.follow("charlie", "A place is offered to you", "registrations")
    press(charlie, "Let it go")
    is_told(charlie, "You let the place go. The organisers see it.")
    shows(charlie, "You can register again as long as registration is open.")
    olga = applied.at("olga")
    olga.goto(f"/organise/applications/{row.id}")
    shows(olga, "Cancelled", "The place was offered, and let go.")
    expect(olga.get_by_role("button", name="Make the candidature")).to_have_count(0)


def test_a_supervisor_refuses_to_sign_until_it_is_put_right(studying: Story) -> None:
    olga = studying.at("olga")
    olga.goto("/records/1/supervision")
    press(olga, "Ask everybody who has not signed")
    petra = refuse(studying, "We agreed on 70 per cent.")
    is_told(petra, "It is noted, and whoever asked is told why.")
    alice = studying.at("alice")
    alice.goto("/records/1/supervision")
    shows(alice, "Not signed by Petra Penhallow", "“We agreed on 70 per cent.”")
    shows(alice, "Whoever runs the cohort puts it right with everybody, and asks again.")
    assert axe_findings_everywhere(alice) == []
    olga.goto("/records/1/supervision")
    shows(olga, "Change what has to be changed, and everybody is asked anew")
    for name, share in (("Bob Birchfield", "30"), ("Petra Penhallow", "70")):
        go(olga, f"supervision by {name}", exact=False)
        olga.get_by_label("Share of the supervision").fill(share)
        press(olga, "Save")
    press(olga, "Ask everybody who has not signed")
    studying.follow("petra", "Your signature is asked for", "signatures")
    shows(petra, "Petra Penhallow, University of Liverpool, 70 %")
    press(petra, "I agree")
    shows(petra, "There is nothing more to do.")


def test_a_milestone_is_sent_back_and_handed_in_again(studying: Story) -> None:
    alice = studying.at("alice")
    alice.goto("/records/1/milestones")
    go(alice, "Annual report 2027", exact=False)
    alice.get_by_label("A word to those who sign").fill("Here it is.")
    press(alice, "Hand it in")
    refuse(studying, "Add the plan for next year.")
    said = studying.letter("alice", "Petra Penhallow has not signed: Annual report 2027").get_body(("plain",))
    assert said is not None
    assert "“Add the plan for next year.”" in said.get_content()
    alice.goto("/me")
    shows(alice, "Sent back")
    assert axe_findings_everywhere(alice) == []
    go(alice, "Read why", exact=False)
    shows(alice, "Sent back", "“Add the plan for next year.”")
    alice.get_by_label("File").set_input_files([paper("plan")])
    press(alice, "Hand it in")
    shows(alice, "It waits for the primary supervisor to sign.")


def test_a_line_of_training_is_refused_with_a_comment_and_handed_in_again(studying: Story) -> None:
    alice = studying.at("alice")
    alice.goto("/records/1/training/new")
    alice.get_by_label("What it was").fill("Scientific drawing")
    alice.get_by_label("Organised by").fill("The Linnean Society")
    alice.get_by_label("First day").fill("2026-11-18")
    alice.get_by_label("Last day").fill("2026-11-19")
    alice.get_by_label("Hours").fill("140")
    press(alice, "Hand it in")
    assert wrong_fields(alice) == ["Add a file that shows it, such as the certificate, or a link to its page."]
    expect(alice.get_by_label("Hours")).to_have_value("140")
    alice.get_by_label("Certificate").set_input_files([paper("certificate")])
    press(alice, "Hand it in")
    studying.clock.forward(hours=8)
    refuse(studying, "It was 14 hours.", subject="1 thing waits for your signature")
    alice.goto("/me")
    shows(alice, "Your supervisor said why. Change it and hand it in again, or take it back.")
    go(alice, "Read why", exact=False)
    shows(alice, "Your supervisor refused it:", "It was 14 hours.")
    alice.get_by_label("Hours").fill("14")
    press(alice, "Hand it in again")
    shows(alice, "Petra Penhallow is asked to assent, as primary supervisor.")


def refuse(it: Story, reason: str, *, subject: str = "Your signature is asked for") -> Page:
    """Petra does not agree, by the link in her letter; she is asked why."""
    petra = it.follow("petra", subject, "signatures")
    petra.locator("summary", has_text="I do not agree").click()
    press(petra, "Refuse to sign")
    assert len(wrong_fields(petra)) == 1
    petra.get_by_label("Why you refuse").fill(reason)
    press(petra, "Refuse to sign")
    shows(petra, reason)
    return petra
