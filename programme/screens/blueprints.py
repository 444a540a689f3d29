"""Every blueprint there is, in one list."""

from __future__ import annotations

from programme.screens import health, mailbox, pages, unsubscribing
from programme.screens.account import address as own_address
from programme.screens.account import leaving, own, signing_in
from programme.screens.account import wishes as own_letters
from programme.screens.calendar import all_series, calendars, event_page, feeds, listing, month, runs, whats_on
from programme.screens.openings import listing as opening_list
from programme.screens.openings import preview as form_preview
from programme.screens.openings import questions, settings, sums
from programme.screens.openings import rules as question_rules
from programme.screens.organiser import addresses, erasure, mail, mail_again, people
from programme.screens.organiser.broadcasts import listing as broadcasts
from programme.screens.organiser.broadcasts import page as broadcast_page
from programme.screens.organiser.broadcasts import verbs as broadcast_verbs
from programme.screens.organiser.broadcasts import writing as broadcast_writing
from programme.screens.organiser.events import changing, reading, ticked, verbs, writing
from programme.screens.organiser.groups import views as groups
from programme.screens.organiser.home import views as organisers_home
from programme.screens.organiser.imports import views as imports
from programme.screens.organiser.letters import views as letters
from programme.screens.organiser.organisations import views as organisations
from programme.screens.organiser.places import dates, venues
from programme.screens.organiser.reminders import to_come, usual, why
from programme.screens.organiser.reminders import views as reminders
from programme.screens.organiser.series import copying, together
from programme.screens.organiser.series import reading as series
from programme.screens.organiser.trail import views as trail
from programme.screens.registrations import deleting, managing, mine, signing_up
from programme.screens.registrations.choosing import views as choosing
from programme.screens.registrations.series import views as series_place
from programme.screens.registrations.together import views as companions
from programme.screens.roll import additions, deciding, door, entry, roll, sheets
from programme.screens.roll import writing as roll_letters
from programme.screens.roll.ticked import groups as roll_groups
from programme.screens.roll.ticked import tags as roll_tags

BLUEPRINTS = (
    health.blueprint,
    whats_on.blueprint,
    listing.blueprint,
    event_page.blueprint,
    month.blueprint,
    all_series.blueprint,
    runs.blueprint,
    feeds.blueprint,
    calendars.blueprint,
    signing_up.blueprint,
    managing.blueprint,
    series_place.blueprint,
    choosing.blueprint,
    companions.blueprint,
    deleting.blueprint,
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
    reminders.blueprint,
    to_come.blueprint,
    usual.blueprint,
    why.blueprint,
    mailbox.blueprint,
    unsubscribing.blueprint,
    mail.blueprint,
    mail_again.blueprint,
    letters.blueprint,
    addresses.blueprint,
    pages.blueprint,
    signing_in.blueprint,
    own.blueprint,
    own_address.blueprint,
    leaving.blueprint,
    people.blueprint,
    erasure.blueprint,
    organisations.blueprint,
    trail.blueprint,
    imports.blueprint,
    opening_list.blueprint,
    settings.blueprint,
    sums.blueprint,
    questions.blueprint,
    question_rules.blueprint,
    form_preview.blueprint,
    roll.blueprint,
    deciding.blueprint,
    entry.blueprint,
    additions.blueprint,
    door.blueprint,
    roll_letters.blueprint,
    sheets.blueprint,
    own_letters.blueprint,
    groups.blueprint,
    broadcasts.blueprint,
    broadcast_writing.blueprint,
    broadcast_page.blueprint,
    broadcast_verbs.blueprint,
    roll_tags.blueprint,
    roll_groups.blueprint,
)
