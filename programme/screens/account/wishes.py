"""Which letters one wants: news, reminders of a day in one letter, quiet hours, and for organisers a morning letter."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request
from wtforms import BooleanField, SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.forms import Form
from programme.engines.calendar.forms.choices import Choice
from programme.engines.mail.addresses.models import LetterChoice
from programme.engines.mail.addresses.suppression.suppressing import take_back
from programme.engines.mail.states import Scope
from programme.engines.mail.wishes import choices
from programme.engines.mail.wishes.choices import NEWS_WORDS, Wishes
from programme.extensions import database_session
from programme.people.guards import actor, signed_in

blueprint = Blueprint("own_letters", __name__, url_prefix="/me/letters")
HERE, PAGE = "/me/letters", "account/letters.html"
HOUR, DAY = 60, 24 * 60
USUAL_QUIET = (21 * HOUR, 7 * HOUR)
SAME = "Quiet hours that begin and end at the same time are none: choose another end."


def times(every: int) -> list[SelectChoice]:
    """Return the times of a day, so many minutes apart."""
    return [SelectChoice(minutes, f"{minutes // HOUR:02}:{minutes % HOUR:02}") for minutes in range(0, DAY, every)]


class WishesForm(Form):
    """What somebody wants."""

    wants_news = BooleanField(NEWS_WORDS)
    wants_digest = BooleanField(
        "Put the reminders of a day into one letter",
        description="Only where there would be several. What would come too late that way comes by itself.",
    )
    digest_at = Choice("It comes at", coerce=int, choices=times(HOUR))
    is_quiet = BooleanField(
        "Let no letter come at certain hours",
        description="They wait until the hours are over. What you ask for yourself, such as a sign-in link, and what "
        "cannot wait come all the same.",
        render_kw={"data-opens": ""},
    )
    quiet_from = Choice("From", coerce=int, choices=times(HOUR // 2))
    quiet_until = Choice("Until", coerce=int, choices=times(HOUR // 2))
    wants_morning = BooleanField(
        "A letter each morning of what needs you",
        description="It comes at the same hour. None comes where nothing needs you.",
    )

    def wishes(self, *, may_organise: bool) -> Wishes:
        """Return what was chosen."""
        return Wishes(
            wants_news=bool(self.wants_news.data),
            wants_digest=bool(self.wants_digest.data),
            digest_at=self.digest_at.data,
            quiet_from=self.quiet_from.data if self.is_quiet.data else None,
            quiet_until=self.quiet_until.data if self.is_quiet.data else None,
            wants_morning=may_organise and bool(self.wants_morning.data),
        )


@blueprint.get("")
@signed_in
def page() -> Any:
    """Show which letters one gets."""
    return render_template(PAGE, **shown(filled(choices.wishes_of(database_session(), me()))))


def me() -> int:
    """Return the id of the person signed in; for views behind `signed_in`."""
    return actor().person_id or 0


def filled(wishes: Wishes) -> WishesForm:
    """Return the form with what somebody chose; quiet hours that are off show the usual ones."""
    is_quiet = wishes.quiet_from is not None
    return WishesForm(
        wants_news=wishes.wants_news,
        wants_digest=wishes.wants_digest,
        digest_at=wishes.digest_at,
        is_quiet=is_quiet,
        quiet_from=wishes.quiet_from if is_quiet else USUAL_QUIET[0],
        quiet_until=wishes.quiet_until if is_quiet else USUAL_QUIET[1],
        wants_morning=wishes.wants_morning,
    )


def shown(form: WishesForm) -> dict[str, Any]:
    """Return what the page shows."""
    row = database_session().get(LetterChoice, me())
    return {
        "form": form,
        "news_since": row.news_since if row else None,
        "news_words": row.news_words if row else "",
        "organises": actor().may_organise,
    }


@blueprint.post("")
@signed_in
def save() -> Any:
    """Keep which letters one wants."""
    session, form = database_session(), WishesForm(request.form)
    if not is_right(form):
        return form_again(PAGE, **shown(form))
    wishes = form.wishes(may_organise=actor().may_organise)
    had_news = choices.wishes_of(session, me()).wants_news
    choices.choose(session, me(), wishes, now=g.now)
    if wishes.wants_news and not had_news:
        take_back(session, actor().address, scope=Scope.MARKETING, now=g.now)
    session.commit()
    return done("Your choice is saved.", HERE)


def is_right(form: WishesForm) -> bool:
    """Whether what was chosen makes sense; says what does not."""
    if not form.validate():
        return False
    if form.is_quiet.data and form.quiet_from.data == form.quiet_until.data:
        form.refuse(Refusal(SAME, field="quiet_until"))
        return False
    return True
