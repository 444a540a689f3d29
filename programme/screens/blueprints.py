"""Every blueprint there is, in one list."""

from __future__ import annotations

from programme.screens import health, mailbox, pages, unsubscribing
from programme.screens.account import address as own_address
from programme.screens.account import answers as own_answers
from programme.screens.account import leaving, own, signing_in
from programme.screens.account import wishes as own_letters
from programme.screens.calendar import agenda, event_page, listing, month, pictures, whats_on
from programme.screens.calendar.elsewhere import frame, programs, subscribe, term_card
from programme.screens.calendar.series import all_series, runs
from programme.screens.calendar.subscribing import calendars, feeds
from programme.screens.door import desk, feedback, helping, opinions, papers, tickets
from programme.screens.keys import by_link as keys_by_link
from programme.screens.keys import turning as key_turning
from programme.screens.keys import waiting as keys_waiting
from programme.screens.openings import decisions as opening_decisions
from programme.screens.openings import listing as opening_list
from programme.screens.openings import option_places, questions, settings, sums
from programme.screens.openings import preview as form_preview
from programme.screens.openings import rules as question_rules
from programme.screens.openings.eligible import addresses as opening_addresses
from programme.screens.openings.eligible import invitations as opening_invitations
from programme.screens.openings.second import follow_up
from programme.screens.organiser import addresses, erasure, mail, mail_again, people
from programme.screens.organiser.broadcasts import listing as broadcasts
from programme.screens.organiser.broadcasts import page as broadcast_page
from programme.screens.organiser.broadcasts import verbs as broadcast_verbs
from programme.screens.organiser.broadcasts import writing as broadcast_writing
from programme.screens.organiser.events import changing, reading, ticked, verbs, warnings
from programme.screens.organiser.events.form import writing
from programme.screens.organiser.events.pictures import views as event_pictures
from programme.screens.organiser.events.timetable import views as timetables
from programme.screens.organiser.groups import views as groups
from programme.screens.organiser.home import views as organisers_home
from programme.screens.organiser.imports import views as imports
from programme.screens.organiser.letters import views as letters
from programme.screens.organiser.organisations import offers as usual_offers
from programme.screens.organiser.organisations import views as organisations
from programme.screens.organiser.places import dates, travel, venues
from programme.screens.organiser.reminders import to_come, usual, why
from programme.screens.organiser.reminders import views as reminders
from programme.screens.organiser.replies import views as replies
from programme.screens.organiser.series import copying, together
from programme.screens.organiser.series import reading as series
from programme.screens.organiser.series.changes import views as series_changes
from programme.screens.organiser.series.dates import views as series_dates
from programme.screens.organiser.subscribed import verbs as subscribed_verbs
from programme.screens.organiser.subscribed import views as subscribed
from programme.screens.organiser.trail import records as record_history
from programme.screens.organiser.trail import views as trail
from programme.screens.registrations import deleting, managing, mine, signing_up
from programme.screens.registrations.answering import files as own_files
from programme.screens.registrations.answering import follow_ups
from programme.screens.registrations.choosing import views as choosing
from programme.screens.registrations.drafts import views as drafts
from programme.screens.registrations.invited import views as invitations
from programme.screens.registrations.offering import answers as offers
from programme.screens.registrations.replies import views as place_return
from programme.screens.registrations.series import views as series_place
from programme.screens.registrations.together import views as companions
from programme.screens.roll import additions, deciding, door, entry, roll, sheets
from programme.screens.roll import writing as roll_letters
from programme.screens.roll.answers import files as answer_files
from programme.screens.roll.notes import views as roll_notes
from programme.screens.roll.ticked import groups as roll_groups
from programme.screens.roll.ticked import moves as roll_moves
from programme.screens.roll.ticked import rounds as roll_rounds
from programme.screens.roll.ticked import tags as roll_tags

BLUEPRINTS = (
    health.blueprint,
    whats_on.blueprint,
    listing.blueprint,
    event_page.blueprint,
    pictures.blueprint,
    month.blueprint,
    agenda.blueprint,
    all_series.blueprint,
    runs.blueprint,
    feeds.blueprint,
    calendars.blueprint,
    subscribe.blueprint,
    term_card.blueprint,
    frame.blueprint,
    programs.blueprint,
    signing_up.blueprint,
    managing.blueprint,
    offers.blueprint,
    invitations.blueprint,
    series_place.blueprint,
    choosing.blueprint,
    companions.blueprint,
    deleting.blueprint,
    mine.blueprint,
    organisers_home.blueprint,
    reading.blueprint,
    writing.blueprint,
    verbs.blueprint,
    warnings.blueprint,
    changing.blueprint,
    timetables.blueprint,
    event_pictures.blueprint,
    ticked.blueprint,
    series.blueprint,
    copying.blueprint,
    together.blueprint,
    series_dates.blueprint,
    series_changes.blueprint,
    dates.blueprint,
    venues.blueprint,
    travel.blueprint,
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
    usual_offers.blueprint,
    trail.blueprint,
    record_history.blueprint,
    imports.blueprint,
    subscribed.blueprint,
    subscribed_verbs.blueprint,
    opening_list.blueprint,
    settings.blueprint,
    opening_invitations.blueprint,
    opening_addresses.blueprint,
    sums.blueprint,
    questions.blueprint,
    question_rules.blueprint,
    form_preview.blueprint,
    roll.blueprint,
    deciding.blueprint,
    entry.blueprint,
    additions.blueprint,
    door.blueprint,
    tickets.blueprint,
    desk.blueprint,
    helping.blueprint,
    papers.blueprint,
    feedback.blueprint,
    opinions.blueprint,
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
    roll_moves.blueprint,
    opening_decisions.blueprint,
    roll_notes.blueprint,
    roll_rounds.blueprint,
    keys_waiting.blueprint,
    key_turning.blueprint,
    keys_by_link.blueprint,
    own_files.blueprint,
    option_places.blueprint,
    follow_up.blueprint,
    follow_ups.blueprint,
    own_answers.blueprint,
    drafts.blueprint,
    answer_files.blueprint,
    replies.blueprint,
    place_return.blueprint,
)

FOLLOW_UP = "/organise/openings/<id:opening_id>/follow-up/questions"
AGAIN = (
    (questions.blueprint, "follow_up_questions", FOLLOW_UP),
    (question_rules.blueprint, "follow_up_rules", f"{FOLLOW_UP}/<id:question_id>"),
    (form_preview.blueprint, "follow_up_preview", f"{FOLLOW_UP}/preview"),
)
"""Pages that are about an opening's second form, too: under another name and address (see openings/which)."""
