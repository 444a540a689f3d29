"""The page of a cohort's admission: the funnel that both universities see, and the list of applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from sqlalchemy import select

from programme.core.web.answers import button, done
from programme.core.web.downloads import csv_bytes, download
from programme.core.web.lists import PAGE_SIZE, Page, here_with, page_number
from programme.core.web.words import join_words, plural
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.admission.applications import applications, begun, hidden_from
from programme.strands.cohorts.admission.organising.funnel import bars, in_words
from programme.strands.cohorts.admission.organising.listing import SHOWS, asked_in, heads, listed
from programme.strands.cohorts.admission.referees.actions import remind_referees
from programme.strands.cohorts.admission.scopes import admission_here, of_admission, rights_here
from programme.strands.cohorts.admission.setting_up.actions import universities
from programme.strands.cohorts.admission.setting_up.views import funnel_page
from programme.strands.cohorts.admission.trail import note
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Admission, Cohort
from programme.strands.cohorts.records.looking import note_applicants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from programme.strands.cohorts.admission.applications import Application

blueprint = Blueprint("admission_funnel", __name__, url_prefix="/organise")
PAGE = "cohorts/admission/admission.html"
STATE_WORDS = {
    "pending": "to be decided",
    "waitlisted": "waiting for a place",
    "confirmed": "accepted",
    "refused": "not admitted",
    "cancelled": "withdrawn",
}
HEAD = ("Applicant", "State", "Wishes", "References", "Wanted", "Mean", "Spread", "Reviews", "Of", "Keys", "Admitted")


@blueprint.get("/cohorts/<id:cohort_id>/admission")
@needs(Verb.SEE_PEOPLE, of_cohort)
def page(cohort_id: int) -> Any:
    """Show the funnel and the applications of a cohort's call, the latest where there are several."""
    session = database_session()
    ids = session.scalars(
        select(Admission.id).where(Admission.cohort_id == cohort_id).order_by(Admission.id.desc())
    ).all()
    if not ids:
        return render_template("cohorts/admission/none.html", cohort=session.get_one(Cohort, cohort_id))
    wanted = request.args.get("call", "")
    return shown(admission_here(next((one for one in ids if str(one) == wanted), ids[0])), others=len(ids) > 1)


def shown(admission: Admission, *, others: bool) -> str:
    """Return the page of one call; that somebody looked is noted."""
    session = database_session()
    every = hidden_from(applications(session, admission), actor().person_id)
    run_by = universities(admission.cohort)
    asked = asked_in(request.args, [row.slug for row in run_by])
    found = listed(every, asked)
    number = min(page_number(request.args.get("page")), max(1, -(-len(found) // PAGE_SIZE)))
    page = Page(found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, PAGE_SIZE, len(found))
    named = [(one.id, one.person_id) for one in page]
    note_applicants(admission, named, actor(), verb="looked at applications", now=g.now)
    drawn, waiting = bars([one.standing() for one in every]), begun(session, admission)
    return render_template(
        PAGE,
        admission=admission,
        cohort=admission.cohort,
        may=rights_here(admission),
        drawn=drawn,
        words=in_words(drawn, begun=waiting),
        begun=waiting,
        universities={row.id: row for row in run_by},
        page=page,
        asked=asked,
        shows={key: (word, sum(fits(one) for one in every)) for key, (word, fits) in SHOWS.items()},
        heads=heads(asked, lambda sort: here_with(sort=sort, page=None)),
        others=others,
    )


@blueprint.post("/admissions/<id:admission_id>/file")
@needs(Verb.EXPORT, of_admission)
def export(admission_id: int) -> Any:
    """Give the applications as a file, and write down that it was taken."""
    session, admission = database_session(), admission_here(admission_id)
    every = [one for one in applications(session, admission) if one.person_id != actor().person_id]
    note(session, admission, "exported applications", actor=actor(), now=g.now, after={"people": len(every)})
    session.commit()
    content = csv_bytes(HEAD, lines_of(every))
    return download(content, title=admission.opening.title, ending="csv", media_type="text/csv")


def lines_of(every: Sequence[Application]) -> Iterator[list[str | int]]:
    """Give the lines of the file."""
    for one in every:
        mean, spread = ("" if number is None else f"{number:.2f}" for number in (one.judged.mean, one.judged.spread))
        keys = "; ".join(f"{key.organisation}: {key.state}" for key in one.keys)
        state = STATE_WORDS.get(one.state.value, one.state.value)
        wished = one.wished.name if one.wished else ""
        admitted = "yes" if one.candidature_id else ""
        scored: list[str | int] = [mean, spread, one.judged.number, one.readers]
        yield [one.name, state, wished, one.received, one.wanted, *scored, keys, admitted]


def back(admission_id: int) -> str:
    """Return the address of the funnel of an admission."""
    return funnel_page(admission_here(admission_id).cohort_id)


@blueprint.post("/admissions/<id:admission_id>/reminders")
@needs(Verb.EDIT, of_admission)
@button(back)
def remind(admission_id: int) -> Any:
    """Remind referees who have not answered, and applicants who have to name some."""
    session = database_session()
    told = remind_referees(session, admission_id, actor=actor(), now=g.now)
    session.commit()
    parts = [plural(told.referees, "referee")] if told.referees else []
    parts += [plural(told.applicants, "applicant")] if told.applicants else []
    sentence = f"{join_words(parts)} reminded." if parts else "Nobody was left to remind: all were written to lately."
    return done(sentence, back(admission_id))
