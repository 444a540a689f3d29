"""Every room's tables in one metadata: for migrations, backups and the tests of walls."""

from __future__ import annotations

from programme.core import audit
from programme.core.database import Base
from programme.engines.approvals import models as approvals
from programme.engines.calendar import models as calendar
from programme.engines.calendar.pictures import models as pictures
from programme.engines.calendar.subscribed import models as subscribed
from programme.engines.documents import models as documents
from programme.engines.mail import models as mail
from programme.engines.mail.addresses import models as addresses
from programme.engines.mail.relay import models as relay
from programme.engines.mail.written import models as written
from programme.engines.questionnaire import models as questionnaire
from programme.engines.questionnaire.profiles import models as profiles
from programme.engines.registration import models as registration
from programme.engines.registration.deciding import models as deciding
from programme.engines.registration.door import models as door
from programme.engines.registration.drafts import models as drafts
from programme.engines.registration.eligibility import models as eligibility
from programme.engines.registration.feedback import models as feedback
from programme.engines.registration.follow_ups import models as follow_ups
from programme.engines.registration.notes import models as notes
from programme.engines.registration.replies import models as replies
from programme.engines.reminders import models as reminders
from programme.people import models as people
from programme.people.groups import models as groups
from programme.strands.cohorts import models as cohorts

MAIL = (mail, addresses, relay, written)
ANSWERS = (documents, questionnaire, profiles)
REGISTRATION = (registration, deciding, notes, door, feedback, eligibility, drafts, follow_ups, replies)
CALENDAR = (calendar, pictures, subscribed)
ROOMS = (audit, people, groups, *CALENDAR, *MAIL, *ANSWERS, approvals, *REGISTRATION, reminders, cohorts)
METADATA = Base.metadata
