"""What axe finds on a page, in one width or in all widths and both schemes."""

from dataclasses import dataclass
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours: what else a page is made of is the same by day and by night."""
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]}
OF_COLOURS = {"runOnly": {"type": "rule", "values": COLOURS}, "resultTypes": ["violations", "incomplete"]}
SCRIPT = Axe().axe_script
RUN = "(options) => axe.run(options).then(({violations, incomplete}) => ({violations, incomplete}))"
UNDECIDABLE = frozenset({"imgNode", "shortTextContent"})
"""What axe cannot decide about contrast and a person need not: a picture behind the text, one letter alone."""

UNTESTED = "frame-tested"
"""What axe says of a frame that runs nothing, so that it cannot look in: such pages are looked at by themselves."""

WIDTHS = (320, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Finding:
    """One element that breaks one rule, or that axe could not clear of it."""

    rule: str
    kind: str
    target: str
    markup: str
    says: str
    where: str = ""


def axe_findings(page: Page, *, where: str = "", options: dict[str, Any] | None = None) -> list[Finding]:
    """Run axe on the page as it is now; violations and what stayed unclear count alike."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    response: dict[str, Any] = page.evaluate(RUN, options or OPTIONS)
    return [
        Finding(
            rule["id"], kind, " ".join(map(str, node["target"])), node["html"], node.get("failureSummary", ""), where
        )
        for kind in ("violations", "incomplete")
        for rule in response[kind]
        for node in rule["nodes"]
        if not (kind == "incomplete" and is_undecidable(node))
    ]


def axe_findings_everywhere(page: Page) -> list[Finding]:
    """Run axe at each width, light and of its colours dark too, without loading the page again."""
    before = page.viewport_size
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half-way to the next
            options = OF_COLOURS if scheme == "dark" else OPTIONS
            found += axe_findings(page, where=f"{width} px, {scheme}", options=options)
    page.emulate_media(color_scheme="null", reduced_motion="null")
    if before is not None:
        page.set_viewport_size(before)
    return found


def is_undecidable(node: dict[str, Any]) -> bool:
    """Whether every unclear check of a node is one of those that we allow by name."""
    checks = [*node["any"], *node["all"], *node["none"]]
    keys = {check["data"].get("messageKey") for check in checks if isinstance(check.get("data"), dict)}
    return bool(keys) and keys <= UNDECIDABLE
