"""A real browser that goes nowhere else: the system's Chromium, driven by Playwright."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

from tests.bed import needs
from tests.bed.servers.server import LiveServer

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The shell first: it draws the same without a window around it, for a third of the time."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # a page lives for a second: making its scripts fast, or clearing up behind them at once, takes longer than they run
    "--js-flags=--no-opt,--single-threaded",
    # a process that waits for the next page is a fifth of what a new page costs
    "--renderer-process-limit=1",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PERSON = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/London"}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the system's Chromium; without one the browser's tests are skipped, or fail where it is required."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        needs.lacking("browser", because=f"none of {', '.join(NAMES)} was found")
    return {**browser_type_launch_args, "executable_path": program, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Nothing yet: `open_page` says it. The plugin's own asks for one address for the whole session."""
    return {}


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], live_server: LiveServer) -> Iterator[OpenPage]:
    """Open a page as another person: `open_page(script=True, **options of the context)`.

    A request to another host, a breach of the content security policy or an error in a script fails the test.
    """
    with ExitStack() as watches:

        def opened(*, script: bool = True, **options: Any) -> Page:
            context = new_context(base_url=live_server.url, java_script_enabled=script, **{**PERSON, **options})
            context.set_default_timeout(10_000)
            watches.enter_context(watched(context, home=live_server.url))
            return context.new_page()

        yield opened


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A person's page, with JavaScript; addresses may be given as paths."""
    return open_page()


@pytest.fixture
def page_without_script(open_page: OpenPage) -> Page:
    """A person's page with JavaScript off."""
    return open_page(script=False)


@contextmanager
def watched(context: BrowserContext, *, home: str) -> Iterator[None]:
    """Fail at the end if anything happened in `context` that must not happen anywhere."""
    seen: list[str] = []

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and f"{parts.scheme}://{parts.netloc}" != home:
            seen.append(f"asked another host: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            seen.append(f"broke the content security policy: {message.text}")

    def on_error(error: WebError) -> None:
        seen.append(f"error in a script: {error.error}")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", on_error)
    yield
    context.cookies()  # one round trip, so that whatever was under way has been told
    assert not seen, seen
