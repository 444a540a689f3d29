"""The closed lists of the strand, and what may follow what."""

from __future__ import annotations

from enum import StrEnum


class AwardType(StrEnum):
    """What kind of funding an award is."""

    LANDSCAPE = "landscape"
    FOCAL = "focal"
    DTP = "dtp"
    CDT = "cdt"
    ICASE = "icase"
    OTHER_UKRI = "other_ukri"
    CHARITY = "charity"
    INDUSTRY = "industry"
    UNIVERSITY = "university"
    SELF = "self"


class TrainingUnit(StrEnum):
    """What an award counts training in."""

    DAYS = "days"
    HOURS = "hours"
    CREDITS = "credits"


class CandidatureState(StrEnum):
    """Where somebody stands on the way to a doctorate. That it is suspended is reckoned from suspensions."""

    ADMITTED = "admitted"
    ACTIVE = "active"
    PLACEMENT = "placement"
    LEAVE = "leave"
    WRITING_UP = "writing_up"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


C = CandidatureState
STUDYING = frozenset({C.ACTIVE, C.PLACEMENT, C.LEAVE, C.WRITING_UP})
UNDER_WAY = STUDYING | {C.ADMITTED, C.SUBMITTED}
"""Who still has something to reach."""

CANDIDATURE_MOVES: dict[CandidatureState, frozenset[CandidatureState]] = {
    C.ADMITTED: frozenset({C.ACTIVE, C.WITHDRAWN}),
    C.ACTIVE: frozenset({C.PLACEMENT, C.LEAVE, C.WRITING_UP, C.SUBMITTED, C.WITHDRAWN}),
    C.PLACEMENT: frozenset({C.ACTIVE, C.WITHDRAWN}),
    C.LEAVE: frozenset({C.ACTIVE, C.WRITING_UP, C.WITHDRAWN}),
    C.WRITING_UP: frozenset({C.ACTIVE, C.LEAVE, C.SUBMITTED, C.WITHDRAWN}),
    C.SUBMITTED: frozenset({C.WRITING_UP, C.COMPLETED, C.WITHDRAWN}),
    C.COMPLETED: frozenset({C.SUBMITTED}),
    C.WITHDRAWN: frozenset({C.ACTIVE}),
}
"""A withdrawal may be reversed (reinstatement), and a completion that was a mistake; corrections lead to writing up."""


class MilestoneState(StrEnum):
    """How far somebody is with a milestone. That it is due soon or late is reckoned from its day."""

    OPEN = "open"
    HANDED_IN = "handed_in"
    DONE = "done"
    EXEMPT = "exempt"


M = MilestoneState
MILESTONE_MOVES: dict[MilestoneState, frozenset[MilestoneState]] = {
    M.OPEN: frozenset({M.HANDED_IN, M.DONE, M.EXEMPT}),
    M.HANDED_IN: frozenset({M.OPEN, M.DONE}),
    M.DONE: frozenset({M.OPEN}),
    M.EXEMPT: frozenset({M.OPEN}),
}
UNREACHED = frozenset({M.OPEN, M.HANDED_IN})
"""What is still to be reached: open, or waiting for those who sign."""


class SupervisionRole(StrEnum):
    """What a supervisor is to a researcher."""

    PRIMARY = "primary"
    CO = "co"
    PARTNER = "partner"
    INDUSTRIAL = "industrial"
    ADVISOR = "advisor"
    COLLEGE_ADVISOR = "college_advisor"


class Signer(StrEnum):
    """As what somebody signs."""

    RESEARCHER = "researcher"
    SUPERVISOR = "supervisor"
    PARTNER_SUPERVISOR = "partner_supervisor"
    DEPARTMENT = "department"
    COLLEGE = "college"
    ORGANISER = "organiser"


class SignatureState(StrEnum):
    """Where a signature stands."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


S = SignatureState
SIGNATURE_MOVES: dict[SignatureState, frozenset[SignatureState]] = {
    S.NOT_ASKED: frozenset({S.ASKED, S.AGREED, S.REFUSED}),
    S.ASKED: frozenset({S.AGREED, S.REFUSED, S.NOT_ASKED}),
    S.AGREED: frozenset({S.NOT_ASKED}),
    S.REFUSED: frozenset({S.ASKED, S.AGREED, S.NOT_ASKED}),
}
"""Whoever refused may be asked again, or change their mind; what is signed for may change, and nobody is asked yet."""


class Occupation(StrEnum):
    """What somebody does after a doctorate."""

    RESEARCH = "research"
    OTHER_WORK = "other_work"
    OWN_COMPANY = "own_company"
    STUDY = "study"
    LOOKING = "looking"
    ELSE = "else"


class Region(StrEnum):
    """Where somebody works or lives, as the partnership counts it."""

    LIVERPOOL = "liverpool"
    OXFORDSHIRE = "oxfordshire"
    UK = "uk"
    ABROAD = "abroad"


class Sector(StrEnum):
    """In which sector somebody works: the partnership's, and the others."""

    UNIVERSITY = "university"
    MATERIALS = "materials"
    HEALTH = "health"
    CLIMATE = "climate"
    CREATIVE = "creative"
    DIGITAL = "digital"
    PUBLIC = "public"
    OTHER = "other"


class MeetingState(StrEnum):
    """Where the record of a supervision meeting stands: one supervisor who was there has to agree to it."""

    LOGGED = "logged"
    AGREED = "agreed"
    REFUSED = "refused"


G = MeetingState
MEETING_MOVES: dict[MeetingState, frozenset[MeetingState]] = {
    G.LOGGED: frozenset({G.AGREED, G.REFUSED}),
    G.AGREED: frozenset({G.LOGGED}),
    G.REFUSED: frozenset({G.LOGGED, G.AGREED}),
}
"""What is changed afterwards is to be agreed to again; one supervisor may agree to what another refused."""


class TrainingItem(StrEnum):
    """What every researcher is trained in, whatever their subject."""

    RESEARCH_INTEGRITY = "research_integrity"
    HEALTH_AND_SAFETY = "health_and_safety"
    EDI = "edi"
    DATA_PROTECTION = "data_protection"
    RESPONSIBLE_RESEARCH = "responsible_research"


class TrainingEvidence(StrEnum):
    """What shows that training took place."""

    CHECK_IN = "check_in"
    ORGANISER = "organiser"
    SELF_DECLARED = "self_declared"
    CERTIFICATE = "certificate"


class TrainingState(StrEnum):
    """Where an entry of the training record stands: the primary supervisor at home assents to it, or refuses."""

    HANDED_IN = "handed_in"
    AGREED = "agreed"
    REFUSED = "refused"


T = TrainingState
TRAINING_MOVES: dict[TrainingState, frozenset[TrainingState]] = {
    T.HANDED_IN: frozenset({T.AGREED, T.REFUSED}),
    T.REFUSED: frozenset({T.HANDED_IN, T.AGREED}),
    T.AGREED: frozenset(),
}
"""What was refused is changed and handed in again; a supervisor may think better of a refusal."""
