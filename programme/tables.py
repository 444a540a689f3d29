"""Every room's tables in one metadata: for migrations, backups and the tests of walls."""

from __future__ import annotations

from programme.core import audit
from programme.core.database import Base
from programme.engines.calendar import models as calendar
from programme.engines.documents import models as documents
from programme.engines.mail import models as mail
from programme.engines.mail.addresses import models as addresses
from programme.engines.mail.relay import models as relay
from programme.engines.mail.written import models as written
from programme.engines.questionnaire import models as questionnaire
from programme.engines.questionnaire.profiles import models as profiles
from programme.engines.registration import models as registration
from programme.engines.registration.drafts import models as drafts
from programme.engines.registration.follow_ups import models as follow_ups
from programme.engines.reminders import models as reminders
from programme.people import models as people
from programme.people.groups import models as groups

ROOMS = (
    *(audit, people, groups, calendar, mail, addresses, relay, written, documents, questionnaire, profiles),
    *(registration, drafts, follow_ups, reminders),
)
METADATA = Base.metadata
