"""The figures in a letter to the organisers of an event: of what all who read it run, and of nothing else."""

from sqlalchemy.orm import Session

from programme.flows.notices.reminders.numbers import of_events
from tests.factories.cast import assemble
from tests.factories.things import event, opening, registration


def test_letter_to_all_who_run_an_event_tells_no_figures_of_what_one_of_them_does_not_share(session: Session) -> None:
    cast = assemble(session)
    both, own = event(session, lead=cast.liverpool, co_owners=[cast.oxford]), event(session, lead=cast.liverpool)
    shared = opening(session, events=[both], title="Shared", co_owners=[cast.oxford])
    apart = opening(session, events=[both, own], title="Liverpool’s alone")
    theirs = opening(session, events=[own], title="Oxford’s alone", lead_organisation_id=cast.oxford.id)
    for to in (shared, apart, theirs):
        registration(session, to=to, who=cast.alice)
    session.commit()
    told = of_events(session, [both.id, own.id])
    assert {number: [one.title for one in some] for number, some in told.items()} == {
        both.id: ["Shared"],
        own.id: ["Liverpool’s alone"],
    }
    assert told[both.id][0].words == "1 of 20 with a place"
