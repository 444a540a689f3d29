"""What axe finds on a page, in one width or in all widths and both schemes."""

from dataclasses import dataclass
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours: what else a page is made of is the same by day and by night."""
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations", "incomplete"],
    "preload": {"assets": ["media"]},  # style sheets are read for one rule alone, which has none of the tags
}
OF_COLOURS = {"runOnly": {"type": "rule", "values": COLOURS}, "resultTypes": ["violations", "incomplete"]}
SCRIPT = Axe().axe_script
RUN = "(options) => axe.run(options).then(({violations, incomplete}) => ({violations, incomplete}))"
LOOKS = """(element) => {
  const style = getComputedStyle(element);
  const ground = ['backgroundColor', 'backgroundImage', 'opacity', 'filter', 'mixBlendMode'].map((name) => style[name]);
  const stays = ['static', 'relative'].includes(style.position) && style.transform === 'none';
  const letters = ['color', 'fontSize', 'fontWeight', 'textShadow', 'webkitTextFillColor'].map((name) => style[name]);
  return {letters: letters.join(), ground: ground.join(), stays};
}"""
RUN_ONCE_A_LOOK = f"""async (options) => {{
  const PLAIN = 'rgba(0, 0, 0, 0),none,1,none,normal';
  const lookOf = {LOOKS}, grounds = new Map(), met = (window.looksMet ??= new Set());
  const groundOf = (element) => {{
    if (element === null) return '';
    if (!grounds.has(element)) {{
      const {{ground, stays}} = lookOf(element), below = groundOf(element.parentElement);
      const own = stays ? ground : `${{ground}} apart ${{grounds.size}} at ${{innerWidth}}`;
      grounds.set(element, own === PLAIN ? below : `${{below}}|${{own}}`);
    }}
    return grounds.get(element);
  }};
  const isNew = (element) => {{
    const look = `${{lookOf(element).letters}} on ${{groundOf(element)}}`;
    return !met.has(look) && Boolean(met.add(look));
  }};
  const rule = axe._audit.rules.find(({{id}}) => id === 'color-contrast'), matches = rule.matches;
  rule.matches = (element, ...others) => matches(element, ...others) && isNew(element);
  try {{
    return await ({RUN})(options);
  }} finally {{
    rule.matches = matches;
  }}
}}"""
"""Of the words that axe would look at, those that have the same colour, size and grounds below them are looked at once.

A look that was met in one width is the same in the other. What is placed apart from the flow, or turned, and all within
it, is looked at one by one in each: its ground may be another's.
"""
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


def axe_findings(page: Page, *, where: str = "", run: str = RUN, options: Any = OPTIONS) -> list[Finding]:
    """Run axe on the page as it is now; violations and what stayed unclear count alike."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    response: dict[str, Any] = page.evaluate(run, options)
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
    """Run axe at each width, light and of its colours dark too, without loading the page again.

    Where words stand, and on what, is the same by night: each was looked at by day. So by night each look is enough.
    """
    before = page.viewport_size
    found = []
    page.evaluate("delete window.looksMet")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half-way to the next
            manner = (RUN_ONCE_A_LOOK, OF_COLOURS) if scheme == "dark" else (RUN, OPTIONS)
            found += axe_findings(page, where=f"{width} px, {scheme}", run=manner[0], options=manner[1])
    page.emulate_media(color_scheme="null", reduced_motion="null")
    if before is not None:
        page.set_viewport_size(before)
    return found


def is_undecidable(node: dict[str, Any]) -> bool:
    """Whether every unclear check of a node is one of those that we allow by name."""
    checks = [*node["any"], *node["all"], *node["none"]]
    keys = {check["data"].get("messageKey") for check in checks if isinstance(check.get("data"), dict)}
    return bool(keys) and keys <= UNDECIDABLE
