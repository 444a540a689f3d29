"""Every blueprint there is, in one list."""

from __future__ import annotations

from programme.screens import health, mailbox, pages
from programme.screens.account import own, signing_in
from programme.screens.calendar import calendars, event_page, feeds, listing, month, runs, whats_on
from programme.screens.openings import listing as opening_list
from programme.screens.openings import questions, settings
from programme.screens.organiser import audit, mail, people
from programme.screens.organiser.events import changing, reading, ticked, verbs, writing
from programme.screens.organiser.home import views as organisers_home
from programme.screens.organiser.imports import views as imports
from programme.screens.organiser.places import dates, venues
from programme.screens.organiser.series import copying, together
from programme.screens.organiser.series import reading as series
from programme.screens.registrations import managing, mine, signing_up
from programme.screens.roll import additions, deciding, door, entry, roll, sheets
from programme.screens.roll import writing as roll_letters

BLUEPRINTS = (
    health.blueprint,
    whats_on.blueprint,
    listing.blueprint,
    event_page.blueprint,
    month.blueprint,
    runs.blueprint,
    feeds.blueprint,
    calendars.blueprint,
    signing_up.blueprint,
    managing.blueprint,
    mine.blueprint,
    organisers_home.blueprint,
    reading.blueprint,
    writing.blueprint,
    verbs.blueprint,
    changing.blueprint,
    ticked.blueprint,
    series.blueprint,
    copying.blueprint,
    together.blueprint,
    dates.blueprint,
    venues.blueprint,
    mailbox.blueprint,
    mail.blueprint,
    pages.blueprint,
    signing_in.blueprint,
    own.blueprint,
    people.blueprint,
    audit.blueprint,
    imports.blueprint,
    opening_list.blueprint,
    settings.blueprint,
    questions.blueprint,
    roll.blueprint,
    deciding.blueprint,
    entry.blueprint,
    additions.blueprint,
    door.blueprint,
    roll_letters.blueprint,
    sheets.blueprint,
)
