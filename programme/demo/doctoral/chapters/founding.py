"""Liverpool and Oxford found the cohort: the award, what its rulebooks ask for, the framework, the terms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from programme.demo import people
from programme.demo.doctoral import ground
from programme.demo.doctoral.ground import AWARD, COHORT, SIZE, at, calendar, there
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.engines.calendar.states import PeriodKind, PeriodStatus
from programme.engines.calendar.term_weeks import periods
from programme.engines.calendar.term_weeks.periods import PeriodDetails
from programme.engines.reminders.actions import Thing, Wish
from programme.engines.reminders.actions import add as add_reminder
from programme.engines.reminders.models import Anchor, Audience, OffsetUnit, ReminderRule
from programme.strands.cohorts.awards import actions as awards
from programme.strands.cohorts.awards import cohorts
from programme.strands.cohorts.awards.actions import AwardDetails
from programme.strands.cohorts.awards.cohorts import CohortDetails
from programme.strands.cohorts.milestones.reckoning import Reckoned
from programme.strands.cohorts.models import Cohort, FundingAward, MilestoneRule, Rulebook
from programme.strands.cohorts.reminding.subject import MILESTONES
from programme.strands.cohorts.rulebooks import editing
from programme.strands.cohorts.rulebooks.checking import RuleDetails
from programme.strands.cohorts.rulebooks.facts import book_details, rule_details
from programme.strands.cohorts.states import AwardType
from programme.strands.cohorts.training.frameworks.loading import TABLE, load
from programme.strands.cohorts.training.frameworks.queries import framework_now

if TYPE_CHECKING:
    from datetime import datetime

    from programme.demo.stage import Stage

FRAMEWORK = "RDF 2010, with open research (demo)"
OPEN_RESEARCH = "C,Research governance and organisation,C4,Open research (demo)\n"
REPORT, POSTER = "placement_report", "poster"
SOURCE = "Liverpool’s annual cycle; the placement report is asked for by the award (demo)."
ADVICE = "Two pages: what you did at your host, and what of it goes into the thesis."
ALREADY_FROM, FURTHEST = 5, 3
SUNDAY = 6
TERMS = (("Michaelmas", "MT", 0, 10, 7), ("Hilary", "HT", 1, 1, 13), ("Trinity", "TT", 1, 4, 22))
"""Each begins on the first Sunday from a day on; that many years after the academic year does."""
FULL_TERM = 8
DAYS_BEFORE = 2


def begun(stage: Stage) -> datetime:
    """When both universities agreed on it: two years before the latest entry, in summer."""
    return at(calendar(stage).years_ago(2, 7))


def terms(stage: Stage) -> None:
    """Oxford’s organiser enters the terms of years that the installation does not know, all invented."""
    known = ground.book(stage, people.OXFORD).units.known
    year = calendar(stage).october.year
    for academic in range(year - ALREADY_FROM, year + FURTHEST):
        for place, (name, code, later, month, day) in enumerate(TERMS):
            if academic * len(TERMS) + place in known:
                continue
            first = date(academic + later, month, day)
            details = PeriodDetails(
                kind=PeriodKind.TEACHING,
                label=f"{name} {first.year}",
                code=f"{code}{first.year % 100:02d}",
                first_day=first + timedelta(days=SUNDAY - first.weekday()),
                weeks=FULL_TERM,
                status=PeriodStatus.PROVISIONAL,
            )
            oxford = stage.organisations[people.OXFORD].id
            actor = ground.organiser(stage, people.OXFORD)
            periods.add(stage.session, details, organisation_id=oxford, actor=actor, now=begun(stage))


def framework(stage: Stage) -> None:
    """The administrator loads the framework with a part of our own: today, after the one that is there at first."""
    table = TABLE.read_text(encoding="utf-8").rstrip("\n") + "\n" + OPEN_RESEARCH
    administrator = ground.acting(stage, people.ADMINISTRATOR)
    source = "The framework of 2010, and one part of our own (demo)."
    load(stage.session, version=FRAMEWORK, source=source, text=table, actor=administrator, now=stage.now)


def details(**more: object) -> AwardDetails:
    """Return the award as its form holds it."""
    return AwardDetails(
        title=AWARD,
        kind=AwardType.FOCAL,
        funder="The Corridor Research Fund (demo)",
        grant_reference="CORRIDOR/DEMO/1",
        training_target=10,
        **more,  # type: ignore[arg-type]
    )


def make_award(stage: Stage) -> None:
    """Liverpool makes the award."""
    lead = stage.organisations[people.LIVERPOOL].id
    awards.make(stage.session, details(), lead_id=lead, actor=ground.organiser(stage), now=begun(stage))


def correct_award(stage: Stage) -> None:
    """What is asked of placements, and how long it runs, comes later."""
    when = calendar(stage)
    more = details(begins_on=when.years_ago(4), ends_on=when.years_ago(-4, 9, 30), placement_days=60)
    awards.edit(stage.session, ground.award(stage).id, more, actor=ground.organiser(stage), now=begun(stage))


def share_award(stage: Stage) -> None:
    """Oxford shares it."""
    oxford = [stage.organisations[people.OXFORD].id]
    awards.share(stage.session, ground.award(stage).id, oxford, actor=ground.organiser(stage), now=begun(stage))


def make_cohort(stage: Stage) -> None:
    """One cohort takes in everybody of the award, whatever year they enter in."""
    entry = calendar(stage).years_ago(4)
    wanted = CohortDetails(title=COHORT, entry_year=entry.year, entry_on=entry)
    cohorts.make(stage.session, ground.award(stage).id, wanted, actor=ground.organiser(stage), now=begun(stage))


def size_cohort(stage: Stage) -> None:
    """There are to be twelve."""
    row = ground.cohort(stage)
    wanted = CohortDetails(title=COHORT, entry_year=row.entry_year, entry_on=row.entry_on, target_size=SIZE)
    cohorts.edit(stage.session, row.id, wanted, actor=ground.organiser(stage), now=begun(stage))


def remind_besides(stage: Stage) -> None:
    """Two days before, people are reminded besides."""
    row = ground.cohort(stage)
    thing = Thing(MILESTONES, row.id, row.award.lead_organisation_id)
    wish = Wish(anchor=Anchor.DUE, unit=OffsetUnit.DAYS, offset=-DAYS_BEFORE, audience=Audience.CONCERNED)
    add_reminder(stage.session, thing, wish, actor=ground.organiser(stage), now=begun(stage))


def book(stage: Stage) -> Rulebook:
    """Return Liverpool’s rulebook."""
    return ground.book(stage, people.LIVERPOOL).row


def rule(stage: Stage, code: str) -> MilestoneRule:
    """Return a milestone of Liverpool’s rulebook."""
    found = next((one for one in book(stage).rules if one.code == code), None)
    if found is None:
        raise MissingError(f"Liverpool’s rulebook does not ask for {code}.")
    return found


def edit_book(stage: Stage) -> None:
    """The administrator says where the rules come from."""
    row = book(stage)
    wanted = book_details(row)
    changed = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__} | {"source": SOURCE}
    administrator = ground.acting(stage, people.ADMINISTRATOR)
    editing.edit(stage.session, row.id, type(wanted)(**changed), actor=administrator, now=begun(stage))


def add_rules(stage: Stage) -> None:
    """The award asks for a report on the placement, and for a poster, which is too much."""
    row, own, administrator = book(stage), ground.award(stage).id, ground.acting(stage, people.ADMINISTRATOR)
    for code, title, months in ((REPORT, "Placement report", 34), (POSTER, "Poster", 18)):
        wanted = RuleDetails(
            code=code, title=title, reckoned=Reckoned.COUNTED, award_id=own, units=months, is_key=code == REPORT
        )
        editing.add_rule(stage.session, row.id, wanted, actor=administrator, now=begun(stage))


def edit_rule(stage: Stage) -> None:
    """What the report is to hold is said afterwards."""
    row = rule(stage, REPORT)
    wanted = rule_details(row)
    changed = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__} | {"advice": ADVICE}
    administrator = ground.acting(stage, people.ADMINISTRATOR)
    editing.edit_rule(stage.session, row.id, type(wanted)(**changed), actor=administrator, now=begun(stage))


def retire_rule(stage: Stage) -> None:
    """Nobody has to make a poster."""
    administrator = ground.acting(stage, people.ADMINISTRATOR)
    editing.retire_rule(stage.session, rule(stage, POSTER).id, actor=administrator, now=begun(stage))


def knows_terms(stage: Stage) -> bool:
    """Whether the dates of every term since the first entry are known."""
    known, year = ground.book(stage, people.OXFORD).units.known, calendar(stage).october.year
    return all(number in known for number in range((year - 4) * 3, (year + FURTHEST) * 3))


CHAPTER = Chapter(
    "A doctoral cohort is founded",
    (
        Step("Oxford enters the terms that nobody has entered", terms),
        Step("The framework of skills gets a part of our own", framework),
        Step("Liverpool makes an award", make_award),
        Step("The award gets its days", correct_award),
        Step("Oxford shares the award", share_award),
        Step("The cohort is made", make_cohort),
        Step("The cohort is to be twelve", size_cohort),
        Step("Two days before a milestone people are reminded besides", remind_besides),
        Step("Liverpool’s rulebook says where its rules come from", edit_book),
        Step("The award asks for two milestones besides", add_rules),
        Step("One of them says what it is to hold", edit_rule),
        Step("The other one is retired", retire_rule),
    ),
    (
        Promise("Oxford’s terms are not known since the first came.", knows_terms),
        Promise(
            "training is not sorted by a part of our own.",
            lambda stage: framework_now(stage.session).version == FRAMEWORK,
        ),
        Promise(
            "the award does not ask for placements.",
            lambda stage: there(stage, FundingAward.title == AWARD, FundingAward.placement_days > 0),
        ),
        Promise("Oxford does not share the award.", lambda stage: ground.award(stage).co_owners),
        Promise(
            "the cohort has no size.", lambda stage: there(stage, Cohort.title == COHORT, Cohort.target_size == SIZE)
        ),
        Promise(
            "nobody is reminded two days before.",
            lambda stage: there(
                stage, ReminderRule.subject_kind == MILESTONES.kind, ReminderRule.offset == -DAYS_BEFORE
            ),
        ),
        Promise("Liverpool’s rulebook is as it was.", lambda stage: there(stage, Rulebook.source == SOURCE)),
        Promise(
            "the placement report does not say what it holds.",
            lambda stage: there(stage, MilestoneRule.code == REPORT, MilestoneRule.advice == ADVICE),
        ),
        Promise("no milestone is retired.", lambda stage: rule(stage, POSTER).retired_at),
    ),
)
