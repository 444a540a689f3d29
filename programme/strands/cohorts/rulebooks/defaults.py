"""The two rulebooks that a new installation starts with; administrators change them like any other data.

What is known is from the universities' own pages as of 2026 (Oxford's GSO forms and terms, Liverpool's portfolio and
annual progress report). What a source gives as usual only, or for one department, says so in its advice.
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.strands.cohorts.milestones.reckoning import Reckoned
from programme.strands.cohorts.milestones.units import Counting, Named
from programme.strands.cohorts.states import Signer

MAY, JUNE = 4, 5
BOTH = (Signer.SUPERVISOR, Signer.DEPARTMENT)
ALL = (Signer.SUPERVISOR, Signer.DEPARTMENT, Signer.COLLEGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRule:
    """One milestone of a default rulebook; the columns of `MilestoneRule`."""

    code: str
    title: str
    reckoned: Reckoned
    units: int = 1
    place: int = 0
    base: str = ""
    weeks: int = 0
    form: str = ""
    advice: str = ""
    signers: tuple[Signer, ...] = ()
    needs_evidence: bool = False
    is_last: bool = False
    is_key: bool = True
    longest_extension_full: int | None = None
    longest_extension_part: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultBook:
    """The default rulebook of the university with a slug."""

    slug: str
    counting: Counting
    terms: tuple[Named, ...] = ()
    longest_suspension: int | None = None
    suspension_in_all: int | None = None
    meetings_counting: Counting
    meetings_every_part: int
    meetings_year_month: int
    source: str
    rules: tuple[DefaultRule, ...]


OXFORD = DefaultBook(
    slug="oxford",
    counting=Counting.TERMS,
    terms=(Named("Michaelmas", "MT"), Named("Hilary", "HT", 1), Named("Trinity", "TT", 1)),
    longest_suspension=3,
    suspension_in_all=6,
    meetings_counting=Counting.TERMS,
    meetings_every_part=1,
    meetings_year_month=10,
    source="Oxford's graduate forms (GSO), terms counted from admission. Part time counts half.",
    rules=(
        DefaultRule(
            code="integrity",
            title="Research integrity training",
            reckoned=Reckoned.BEFORE,
            base="transfer",
            weeks=4,
            advice="Take the course and hand in the certificate before you apply for transfer.",
            needs_evidence=True,
        ),
        DefaultRule(
            code="transfer",
            title="Transfer of status",
            reckoned=Reckoned.COUNTED,
            units=4,
            form="GSO.2",
            advice="Apply three to four weeks before the interview. A deferral (GSO.2b) is for one or two terms.",
            signers=ALL,
            needs_evidence=True,
            longest_extension_full=2,
            longest_extension_part=2,
        ),
        DefaultRule(
            code="confirmation",
            title="Confirmation of status",
            reckoned=Reckoned.COUNTED,
            units=9,
            form="GSO.14",
            advice="Due by the end of the ninth term in most departments. A deferral is asked for by GSO.14b.",
            signers=ALL,
            needs_evidence=True,
            longest_extension_full=2,
            longest_extension_part=2,
        ),
        DefaultRule(
            code="examiners",
            title="Appointment of examiners",
            reckoned=Reckoned.BEFORE,
            base="submission",
            weeks=5,
            form="GSO.3",
            advice="Ask four to six weeks before you submit.",
            signers=BOTH,
            is_key=False,
        ),
        DefaultRule(
            code="submission",
            title="Submission",
            reckoned=Reckoned.COUNTED,
            units=12,
            form="GSO.3a",
            advice="Hand the thesis in through the portal for research theses. More time is asked for by GSO.15.",
            is_last=True,
            longest_extension_full=6,
            longest_extension_part=3,
        ),
    ),
)
LIVERPOOL = DefaultBook(
    slug="liverpool",
    counting=Counting.MONTHS,
    meetings_counting=Counting.MONTHS,
    meetings_every_part=2,
    meetings_year_month=6,
    source="Liverpool's annual cycle: portfolio until 31 May, report in June, meetings counted from June to May.",
    rules=(
        DefaultRule(
            code="portfolio",
            title="Portfolio of activity",
            reckoned=Reckoned.YEARLY,
            units=2,  # with the report of the month after, which asks for three
            place=MAY,
            advice="Enter training, conferences and placements of the year: the portfolio closes on 31 May.",
        ),
        DefaultRule(
            code="panel",
            title="Progress panel",
            reckoned=Reckoned.BEFORE,
            base="report",
            weeks=2,
            advice="Meet the independent progress assessment panel before the report. Departments set the day.",
            signers=(Signer.DEPARTMENT,),
            is_key=False,
        ),
        DefaultRule(
            code="report",
            title="Annual report",
            reckoned=Reckoned.YEARLY,
            units=3,
            place=JUNE,
            form="APR",
            advice="It opens about 1 June. Complete your part by the end of June; your supervisor goes on from there.",
            signers=BOTH,
        ),
        DefaultRule(
            code="notice",
            title="Notice of intention to submit",
            reckoned=Reckoned.BEFORE,
            base="submission",
            weeks=10,
            advice="Give notice two to three months before you submit.",
            is_key=False,
        ),
        DefaultRule(
            code="submission",
            title="Submission",
            reckoned=Reckoned.COUNTED,
            units=48,
            advice="The thesis is due within four years of full-time study.",
            is_last=True,
            longest_extension_full=12,
            longest_extension_part=12,
        ),
    ),
)
DEFAULTS = (LIVERPOOL, OXFORD)
