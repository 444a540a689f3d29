"""The factory: settings, extensions, blueprints, plugs, error pages. No rule."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, has_request_context, request
from jinja2 import FileSystemBytecodeCache
from werkzeug.middleware.proxy_fix import ProxyFix

from programme import tables
from programme.config import ROOT, Settings
from programme.core import clock, journal, logs
from programme.core.database import begin_reading, begin_writing, prepare_engine
from programme.core.fetching.client import Fetcher
from programme.core.web import answers, assets, converters, errors, limits, lists, shield, words
from programme.engines.approvals.keeping import APPROVALS
from programme.engines.calendar.feeds.blocks import Blocks
from programme.engines.calendar.keeping.plugs import CALENDAR
from programme.engines.documents.ports import any_of
from programme.engines.documents.shelf import Shelf
from programme.engines.mail.keeping.addresses import ADDRESSES
from programme.engines.mail.keeping.plugs import LETTERS
from programme.engines.mail.keeping.written import WRITTEN
from programme.engines.mail.ports import MailRoom
from programme.engines.questionnaire.profiles.keeping import PROFILES
from programme.engines.registration.door.codes import Codes
from programme.engines.registration.drafts.keeping import DRAFTS
from programme.engines.registration.eligibility.keeper import ELIGIBILITY
from programme.engines.registration.feedback.keeping import FEEDBACK
from programme.engines.registration.feedback.links import FeedbackLinks
from programme.engines.registration.keeping.files import FilesKept
from programme.engines.registration.keeping.plugs import REGISTRATIONS
from programme.engines.registration.links import Links
from programme.engines.registration.openings.known import KnownOpenings
from programme.engines.registration.plugs import CALENDAR_SOURCE, GROUP_SOURCE
from programme.engines.registration.replies.keeping import REPLIES
from programme.engines.registration.roll.files import may_read_answer
from programme.extensions import database_session, db
from programme.flows.answering.files import SHEET
from programme.flows.calendars.letters.parts import Calendars
from programme.flows.deciding.registrations import subjects as decided_by_keys
from programme.flows.notices import catalogue
from programme.flows.reminding import SUBJECTS
from programme.flows.replying.taking import Replies
from programme.flows.steps.ended import ENDED
from programme.flows.steps.invited import INVITED
from programme.flows.steps.registered import REGISTERED
from programme.flows.steps.unsent import UNSENT
from programme.people.groups.plugs import GROUPS
from programme.people.guards import actor
from programme.people.identity import COOKIE, actor_for_cookie
from programme.people.keeping.plugs import PEOPLE
from programme.people.keeping.ports import Times
from programme.people.keeping.trail import TRAIL
from programme.people.permissions import NOBODY
from programme.screens.blueprints import AGAIN, BLUEPRINTS
from programme.screens.calendar.subscribing.front import Front
from programme.screens.calendar.subscribing.revisions import Revisions
from programme.screens.organiser.home.needs import needs
from programme.strands import letters as strand_letters
from programme.strands import plugs as of_strands
from programme.strands.blueprints import STRANDS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["create_app", "tables"]


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for `settings` (from the environment where none are given)."""
    settings = settings or Settings.from_environment()
    logs.configure(quiet=settings.testing)
    app = Flask("programme", root_path=str(ROOT), static_folder="static", template_folder="templates")
    configure(app, settings)
    if not settings.testing:
        journal.watch_requests(app)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    prepare_pages(app, settings)
    limits.bind(app, settings)
    shield.raise_shield(app)
    app.before_request(open_request)
    app.after_request(lists.answer_with_400)
    errors.handle_errors(app)
    register_screens(app)
    app.extensions["settings"] = settings
    app.extensions["links"] = links = Links(settings.secret_key, settings.base_url)
    reckon_links(app, settings)
    plug(app, settings)
    stand_before(app)
    app.extensions["mail_room"] = mail_room(app, settings, links)
    return app


def plug(app: Flask, settings: Settings) -> None:
    """List the plugs of every port, once, and what is kept while the application runs."""
    app.extensions["calendar_sources"] = (CALENDAR_SOURCE,)
    app.extensions["group_calendar_sources"] = (GROUP_SOURCE,)
    app.extensions["entry_sources"] = of_strands.ENTRY_SOURCES
    steps = of_strands.steps(app.extensions["signature_links"])
    app.extensions["step_sources"] = (REGISTERED, INVITED, UNSENT, ENDED, *steps)
    app.extensions["reminder_subjects"] = (*SUBJECTS, *of_strands.REMINDER_SUBJECTS)
    apart = (of_strands.kept_out_of_keys,)
    app.extensions["approval_subjects"] = decided_by_keys(of_strands.facts_for_keys, apart=apart)
    app.extensions["signed_things"] = of_strands.SIGNED_THINGS
    app.extensions["shelf"] = shelf = Shelf(settings.store)
    app.extensions["document_plugs"] = {
        SHEET: any_of(may_read_answer, of_strands.may_review_answer),
        **of_strands.DOCUMENTS,
    }
    app.extensions["keepers"] = (
        *(FilesKept(shelf), DRAFTS, PROFILES, FEEDBACK, REPLIES),
        *of_strands.keepers_of_applications(shelf),
        *(REGISTRATIONS, ELIGIBILITY, APPROVALS, CALENDAR),
        *of_strands.keepers_of_records(shelf),
        *(ADDRESSES, WRITTEN),
        *(LETTERS, GROUPS, TRAIL, PEOPLE),
    )
    app.extensions["times"] = Times(registrations=settings.registrations_kept_months)
    app.extensions["calendar_blocks"] = Blocks()
    app.extensions["kept_pages"] = answers.KeptPages()
    app.extensions["known_openings"] = KnownOpenings()
    app.extensions["fetcher"] = Fetcher(allowed=settings.fetching_from)


def reckon_links(app: Flask, settings: Settings) -> None:
    """Make what reckons secret addresses from the installation's key, each for a purpose of its own."""
    known = (settings.secret_key, settings.base_url)
    app.extensions["codes"] = Codes(*known)
    app.extensions["feedback_links"] = FeedbackLinks(*known)
    app.extensions.update(of_strands.links(settings))


def stand_before(app: Flask) -> None:
    """Let the front answer the calendars that it knows."""
    with app.app_context():
        front = Front(app.wsgi_app, Revisions(db.engine))
    app.wsgi_app = front  # type: ignore[method-assign]
    app.extensions["calendar_front"] = front


def register_screens(app: Flask) -> None:
    """Give every screen its addresses."""
    for blueprint in (*BLUEPRINTS, *STRANDS):
        app.register_blueprint(blueprint)
    for blueprint, name, prefix in AGAIN:
        app.register_blueprint(blueprint, name=name, url_prefix=prefix)


def configure(app: Flask, settings: Settings) -> None:
    """Translate our settings into Flask's."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=settings.upload_bytes + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=settings.form_bytes,
        MAX_FORM_PARTS=20_000,
        SESSION_COOKIE_NAME="programme_messages",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        JSON_SORT_KEYS=False,
    )
    app.url_map.converters.update(id=converters.IdConverter, slug=converters.SlugConverter)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def prepare_pages(app: Flask, settings: Settings) -> None:
    """Give templates their filters and what every page shows."""
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = kept_templates(settings)
    app.jinja_env.globals.update(
        here_with=lists.here_with,
        slug=converters.slug,
        unread_sentence=lists.unread_sentence,
        asset_version=assets.version(ROOT),
        help_address=settings.help_address,
        is_demo=settings.demo,
    )
    app.context_processor(page_variables)


def kept_templates(settings: Settings) -> FileSystemBytecodeCache:
    """Keep compiled templates beside the data, so that a new worker need not compile them again."""
    folder = settings.store / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def page_variables() -> dict[str, Any]:
    """Return what every template may use: who is acting, the theme, the present instant."""
    theme = request.cookies.get("theme", "") if has_request_context() else ""
    return {"actor": actor(), "theme": theme if theme in {"light", "dark"} else "", "now": g.get("now") or clock.now()}


def open_request() -> None:
    """Begin the unit of work: as a writer for unsafe methods, before any query; then see who acts.

    A view that reads and checks a form before it writes begins as a reader, and says when it goes on writing.
    """
    g.now = clock.now()
    if request.method in shield.SAFE_METHODS and request.endpoint and request.blueprint not in {None, "health"}:
        begin_reading(database_session())
    elif request.method not in shield.SAFE_METHODS and not answers.reads_first(app_view()):
        begin_writing(database_session())
    cookie = request.cookies.get(COOKIE)
    known = cookie and request.endpoint != "static"
    g.actor = actor_for_cookie(database_session(), cookie, now=g.now) if known else NOBODY


def app_view() -> object:
    """Return the view that this request leads to, if any."""
    return current_app.view_functions.get(request.endpoint or "")


def mail_room(app: Flask, settings: Settings, links: Links) -> MailRoom:
    """Put together what delivery needs."""
    environment = app.jinja_env

    def render(name: str, variables: Mapping[str, Any]) -> str:
        return environment.get_template(name).render(base_url=settings.base_url, **variables)

    return MailRoom(
        letters={
            letter.name: letter
            for letter in catalogue.letters(
                Calendars(links, settings.mail_from if settings.invitations else ""),
                needs,
                app.extensions["approval_subjects"],
                app.extensions["calendar_sources"],
                strand_letters.letters(settings.secret_key, settings.base_url),
            )
        },
        server=settings.mail,
        mail_from=settings.mail_from,
        base_url=settings.base_url,
        secret=settings.secret_key,
        render=render,
        limits={
            "connections": settings.mail_connections,
            "connections_each": settings.mail_connections_each or settings.mail_connections,
            "rate": settings.mail_rate,
            "final_answer_seconds": settings.mail_patience,
        },
        bounce_address=settings.bounce_address,
        inbox=settings.inbox,
        invites=settings.invitations,
        answers=(Replies(settings.inbox_host),),
    )
