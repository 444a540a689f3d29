"""What each act that the trail can hold is called: one plain sentence for each.

`{it}` is what it was done to ("the event “Moss”"), `{title}` the same by its title alone ("“Moss”").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # events
    "created": "made {it}",
    "edited": "changed {it}",
    "shared": "changed who shares {it}",
    "published": "published {it}",
    "withdrawn": "made {it} a draft again",
    "shown as cancelled": "showed {it} as cancelled",
    "moved": "moved {it}",
    "warning put aside": "put aside a warning about {it}",
    "cancelled": "cancelled {it}",
    "postponed": "postponed {it}",
    "reinstated": "put {it} on again",
    "copied": "made {it} as a copy",
    "material added": "added something to read to {it}",
    "material removed": "took something to read off {it}",
    "gave it a picture": "gave {it} a picture",
    "changed the words of its picture": "changed what is said of the picture of {it}",
    "took its picture off": "took the picture off {it}",
    "put its picture back": "put the former picture back on {it}",
    "added a break": "added a break to {it}",
    "changed a break": "changed a break of {it}",
    "took out a break": "took a break out of {it}",
    # series
    "series created": "made {it}",
    "series edited": "changed {it}",
    "series shared": "changed who shares {it}",
    "published its events": "published events of {it}",
    "moved its events": "moved events of {it}",
    "cancelled its events": "cancelled events of {it}",
    "changed its events": "changed events of {it}",
    "added dates": "added dates to {it}",
    "took dates back": "deleted drafts of {it} that were just made",
    # openings and their forms
    "opened": "opened registration for {title}",
    "closed": "closed registration for {title}",
    "change capacity": "changed how many places {title} has",
    "named who turns keys": "named who turns the keys of {title}",
    "let its organisers turn keys": "let any organiser turn the keys of {title} again",
    "changed how it decides": "changed how {title} decides",
    "lifted its keys": "lifted the keys of {title}",
    "draw": "drew the ballot for {title}",
    "released a quota": "released places of {title} that were kept",
    "added addresses": "added addresses to those that may register for {title}",
    "took addresses off": "took addresses off those that may register for {title}",
    "invited people": "invited people to register for {title}",
    "invited people again": "invited people to register for {title} again",
    "revoked invitations": "took invitations to register for {title} back",
    "wrote to people": "wrote to people registered for {title}",
    "exported the roll": "downloaded the roll of {title}",
    "settled the door": "changed what the door of {title} allows",
    "marked the rest": "marked everybody left at the door of {title}",
    "took out badges": "downloaded badges for {title}",
    "took out certificates": "downloaded the certificates of {title}",
    "asked how it was": "asked those who came how {title} was",
    "exported feedback": "downloaded the feedback on {title}",
    "changed the feedback form": "changed what {title} asks afterwards",
    "added a question": "added a question to the form of {title}",
    "changed a question": "changed a question on the form of {title}",
    "moved a question": "moved a question on the form of {title}",
    "retired a question": "took a question off the form of {title}",
    "changed when a question is asked": "changed when a question on the form of {title} is asked",
    "changed which answers end the form": "changed which answers end the form of {title}",
    "changed the places of options": "changed how many may choose the options of a question of {title}",
    "copied a form": "copied questions into the form of {title}",
    "planned the follow-up form": "said until when the follow-up form of {title} is answered",
    "asked the follow-up form": "asked the follow-up form of {title} of those who have a place",
    "stopped asking the follow-up form": "stopped asking the follow-up form of {title}",
    # people on rolls
    "add": "added {it} to the roll",
    "promote": "gave a place to {it}",
    "offer": "offered a place to {it}",
    "refuse": "refused {it}",
    "cancel": "cancelled the registration of {it}",
    "moved to another opening": "moved {it} to another opening",
    "gave back by calendar": "gave back the place, or a date, of {it} by a calendar’s answer",
    "took a place back": "took back the place of {it}",
    "applied a reply": "let a calendar’s answer count for {it}",
    "dismissed a reply": "put a calendar’s answer about {it} aside",
    "turned a key to yes": "said yes to {it}",
    "turned a key to no": "said no to {it}",
    "delegated a key": "gave a key for {it} to another person",
    "took a key back": "took a key for {it} back",
    "took back a note": "took back a note about {it}",
    "undid a decision": "undid a decision about {it}",
    "mark attendance": "marked the attendance of {it}",
    "let in without a place": "let {it} in without a place",
    "wrote a note": "wrote a note about {it}",
    "sent the letter again": "sent the confirmation again to {it}",
    "corrected an address": "corrected where letters to {it} go",
    "deleted their data": "deleted what {it} held on them",
    "tagged people": "tagged people on the roll of {title}",
    "took a tag off": "took a tag off people on the roll of {title}",
    # groups
    "made a group": "made {it}",
    "renamed a group": "renamed {it}",
    "deleted a group": "deleted {it}",
    "added people to a group": "added people to {it}",
    "took people out of a group": "took people out of {it}",
    # roles, accounts, and what people look after
    "grant a role": "gave a role to {it}",
    "revoke a role": "took a role back from {it}",
    "hand over": "handed over the things of {it}",
    "deleted an account": "deleted the account of {it} who asked for it",
    "deleted their account": "deleted their account",
    "changed their address": "changed their own e-mail address",
    "organisation edited": "changed what is known of {it}",
    "calendar alarm chosen": "chose when a calendar of their own reminds them",
    "calendar address made": "made a calendar address of their own",
    "calendar address ended": "ended their calendar address",
    # reminders
    "added a reminder": "added a reminder to {it}",
    "changed a reminder": "changed a reminder of {it}",
    "removed a reminder": "took a reminder off {it}",
    "put a reminder back": "put a reminder of {it} back",
    "added a usual reminder": "added a reminder that is usual in {it}",
    "removed a usual reminder": "took away a reminder that was usual in {it}",
    "let nothing be usual": "let no reminder be usual any more in {it}",
    "let reminders be usual again": "let reminders be usual again in {it}",
    # mail
    "pause sending": "paused all e-mail",
    "resume sending": "let e-mail go again",
    "send a letter again": "had {it} sent again",
    "take a letter back": "took {it} back before it went",
    "change wording": "changed the wording of a kind of letter",
    "restore wording": "went back to the original wording of a kind of letter",
    "stop letters to an address": "stopped letters to {it}",
    "let letters go to an address again": "let letters go again to {it}",
    # letters to many
    "scheduled a broadcast": "let {it} wait for its time",
    "sent a broadcast": "sent {it} to many",
    "stopped a broadcast": "could not send {it}",
    "reopened a broadcast": "made {it} a draft again",
    "called off a broadcast": "called off {it}",
    # the ground
    "venue added": "added {it}",
    "venue edited": "changed what is known of {it}",
    "changed the usual morning": "changed from which hour offers may end, where an opening says no other",
    "changed travel times": "changed how long the ways between our sites take",
    "term dates added": "entered {it}",
    "term dates edited": "changed {it}",
    "term dates removed": "took away {it}",
    "import": "imported a file for {it}",
    "subscribed to a calendar": "subscribed to a calendar for {it}",
    "followed a calendar": "followed a calendar for {it}",
    "followed a calendar again": "followed a calendar for {it} again",
    "paused a calendar": "paused a calendar that is followed for {it}",
    "stopped following a calendar": "stopped following a calendar for {it}",
    "took what its calendar says": "let {it} be what its calendar says",
    "kept what stands here": "kept what stands here of {it}, other than its calendar says",
    "kept though its calendar has it no more": "kept {it} though its calendar has it no more",
    # doctoral cohorts
    "looked at a record": "looked at {it}",
    "asked for a signature": "asked for a signature in {it}",
    "signed": "signed something in {it}",
    "refused to sign": "refused to sign something in {it}",
    "loaded a framework": "loaded {it}",
    "said what it is worth as training": "said what {it} is worth as training",
    "said it is no training": "said that {it} is no training",
    "handed in training": "handed in training of {it}",
    "changed training": "changed training of {it}, and handed it in again",
    "took training back": "took training of {it} back",
    "entered training": "entered training into {it}",
    "downloaded the training of a cohort": "downloaded the training of {it}",
    "made training compulsory": "made training compulsory for {it}",
    "made training voluntary": "made training voluntary for {it}",
    "reminded of compulsory training": "reminded researchers of {it} of compulsory training",
    "exempted from an event": "exempted the researcher of {it} from an event",
    "took an exemption back": "took an exemption in {it} back",
}

KINDS: Mapping[str, str] = {
    "event": "Events",
    "series": "Series",
    "opening": "Registration and forms",
    "registration": "People on rolls",
    "person": "Roles and accounts",
    "organisation": "Organisations and imports",
    "group": "Groups",
    "venue": "Places",
    "academic_period": "Term dates",
    "letter": "Single letters",
    "suppression": "Addresses without letters",
    "broadcast": "Letters to many",
    "installation": "All e-mail",
    "personal_feed": "Calendar addresses",
    "candidature": "Doctoral records",
    "cohort": "Cohorts",
    "training_framework": "Frameworks of training",
}
"""What kinds of things acts are done to, as the filter calls them."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What stands before and after what an act was done to; `names` is "it", "title", or nothing."""

    before: str
    names: str
    after: str


def sentence(verb: str) -> Sentence:
    """Return the sentence of an act; one of another release has none here, and its own name must do."""
    before, names, after = re.split(r"\{(it|title)\}|$", SENTENCES.get(verb, f"{verb}: {{it}}"), maxsplit=1)
    return Sentence(before, names or "", after)
