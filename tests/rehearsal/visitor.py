"""A visitor without a screen: follows links, fills in forms as they stand on the page, keeps cookies."""

import html
import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

VOID_TYPES = {"submit", "button", "image", "reset"}
PATIENCE = 60


@dataclass
class Form:
    """A form of a page: where it goes, and what it would send as it stands."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    boxes: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


@dataclass
class Page:
    """An answer: its address, status, text, and the forms on it."""

    address: str
    status: int
    text: str
    body: bytes
    forms: list[Form]

    def form(self, *, going_to: str = "", having: str = "") -> Form:
        """Return the form whose address contains `going_to` and that has a field `having`."""
        for one in self.forms:
            if going_to in one.action and (not having or having in one.names):
                return one
        raise AssertionError(f"no form to {going_to!r} with {having!r} on {self.address}: {self.forms}")

    @property
    def words(self) -> str:
        """Return the text of the page without its tags."""
        reader = Words()
        reader.feed(self.text)
        return " ".join(" ".join(reader.found).split())


class Words(HTMLParser):
    """Collects what people read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


class Forms(HTMLParser):
    """Collects forms with their present values."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select: str | None = None
        self.chosen: list[str] = []
        self.first: str | None = None
        self.area: str | None = None
        self.typed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(urljoin(self.address, said.get("action") or self.address), said.get("method", "get"))
            self.forms.append(self.open)
        elif self.open is not None and tag == "input":
            self.take_input(said)
        elif self.open is not None and tag == "textarea":
            self.area, self.typed = said.get("name"), []
        elif self.open is not None and tag == "select":
            self.select, self.chosen, self.first = said.get("name"), [], None
        elif tag == "option" and self.select:
            self.first = said.get("value", "") if self.first is None else self.first
            if "selected" in said:
                self.chosen.append(said.get("value", ""))

    def take_input(self, said: dict[str, str]) -> None:
        """Take one input's value where a browser would send it."""
        name, kind = said.get("name", ""), said.get("type", "text")
        if self.open is None or not name or kind in VOID_TYPES:
            return
        self.open.names.add(name)
        if kind in {"checkbox", "radio"}:
            self.open.boxes.setdefault(name, []).append(said.get("value", "on"))
            if "checked" in said:
                self.open.values.append((name, said.get("value", "on")))
        else:
            self.open.values.append((name, said.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.typed.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self.open is None:
            return
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.area is not None:
            self.open.names.add(self.area)
            self.open.values.append((self.area, html.unescape("".join(self.typed)).removeprefix("\n")))
            self.area = None
        elif tag == "select" and self.select:
            self.open.names.add(self.select)
            for value in self.chosen or ([self.first] if self.first is not None else []):
                self.open.values.append((self.select, value))
            self.select = None


class Visitor:
    """One browser with its cookies."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Page:
        """Go to an address of the site."""
        return self.ask(Request(urljoin(self.base, path)))

    def post(self, path: str, values: list[tuple[str, str]] | dict[str, str]) -> Page:
        """Send values, and follow to where the answer leads."""
        body = urlencode(values).encode()
        return self.ask(Request(urljoin(self.base, path), data=body, headers={"Sec-Fetch-Site": "same-origin"}))

    def send(self, form: Form, **changes: str | list[str]) -> Page:
        """Send a form as it stands, but for `changes` (a list sends a name several times; an empty one not at all)."""
        values = [(name, value) for name, value in form.values if name not in changes]
        for name, value in changes.items():
            values += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        if form.method.lower() == "get":
            return self.get(f"{form.action}?{urlencode(values)}")
        return self.post(form.action, values)

    def upload(self, form: Form, *, field_name: str, filename: str, content: bytes, **changes: str) -> Page:
        """Send a form with a file."""
        mark = uuid.uuid4().hex
        values = [(name, value) for name, value in form.values if name not in {*changes, field_name}]
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in [*values, *changes.items()]
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{field_name}"; filename="{filename}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
        parts.append(f"--{mark}--\r\n".encode())
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}", "Sec-Fetch-Site": "same-origin"}
        return self.ask(Request(form.action, data=b"".join(parts), headers=headers))

    def ask(self, request: Request) -> Page:
        """Ask and read the answer, a refusal too."""
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                return page_of(answer, answer.geturl())
        except HTTPError as error:
            with error:
                return page_of(error, error.geturl())


def page_of(answer: HTTPResponse | HTTPError, address: str) -> Page:
    """Read an answer."""
    body = answer.read()
    text = body.decode("utf-8", "replace")
    reader = Forms(address)
    if "html" in (answer.headers.get("Content-Type") or ""):
        reader.feed(text)
    return Page(address, answer.status or 0, text, body, reader.forms)
