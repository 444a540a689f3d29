"""What axe finds on a page, in one width or in all widths and both schemes."""

from dataclasses import dataclass
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

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
RUN_ONCE_A_LOOK = f"""async (options) => {{
  const {{color, dom, text}} = axe.commons, met = (window.looksMet ??= new Set());
  const CLEAR = 'rgba(0, 0, 0, 0)', PICTURES = ['IMG', 'CANVAS', 'OBJECT', 'IFRAME', 'VIDEO', 'SVG'];
  const PLACED = ['position', 'zIndex', 'float', 'transform', 'opacity', 'visibility', 'overflow', 'clipPath'];
  const LETTERS = ['color', 'fontSize', 'fontWeight', 'textShadow', 'webkitTextFillColor', 'webkitTextStroke'];
  const once = (say, said = new Map()) => (one) => said.get(one) ?? (said.set(one, say(one)), said.get(one));
  const styleOf = once((element) => getComputedStyle(element));
  const boxOf = once((element) => element.getBoundingClientRect());
  const groundOf = once((element) => {{
    const {{backgroundColor, backgroundImage, display}} = styleOf(element), name = element.nodeName.toUpperCase();
    const picture = PICTURES.includes(name) ? name : backgroundImage === 'none' ? '' : backgroundImage;
    return backgroundColor === CLEAR && !picture ? '' : `${{backgroundColor}} ${{picture}} ${{display === 'inline'}}`;
  }});
  const shinesThrough = once((element) => {{
    const {{opacity, mixBlendMode}} = styleOf(element), above = element.parentElement;
    return opacity !== '1' || mixBlendMode !== 'normal' || (above !== null && shinesThrough(above));
  }});
  const drawn = (element, which) => {{
    const style = getComputedStyle(element, which);
    if (style.content === 'none' || style.display === 'none' || style.position !== 'absolute') return 0;
    if (style.backgroundColor === CLEAR && style.backgroundImage === 'none') return 0;
    return parseFloat(style.width) * parseFloat(style.height) || Infinity;
  }};
  const mostDrawn = once((element) => {{
    const above = element.parentElement, here = drawn(element, '::before') + drawn(element, '::after');
    return Math.max(here, above === null ? 0 : mostDrawn(above));
  }});
  const holds = (ground, words) => {{
    const {{top, right, bottom, left}} = boxOf(ground);
    return words.every((one) => one.top >= top && one.right <= right && one.bottom <= bottom && one.left >= left);
  }};
  const meet = (one, other) =>
    one.left <= other.right && other.left <= one.right && one.top <= other.bottom && other.top <= one.bottom;
  const before = window.placesMet ?? new Map(), places = (window.placesMet = new Map()), moved = [];
  for (const element of document.querySelectorAll('*')) {{
    const box = boxOf(element), {{x, y, width, height}} = box;
    const says = [x, y, width, height, ...PLACED.map((name) => styleOf(element)[name])].join();
    places.set(element, {{box, says}});
    if (before.get(element)?.says !== says) moved.push(box, before.get(element)?.box ?? box);
  }}
  const stacks = before.size === places.size ? window.stacksMet : (window.stacksMet = new Map());
  const stackOf = (element, words) => {{
    if (!stacks.has(element) || moved.some((box) => [boxOf(element), ...words].some((one) => meet(one, box))))
      stacks.set(element, dom.isVisibleOnScreen(element) ? color.getBackgroundStack(element) : null);
    return stacks.get(element);
  }};
  const lookOf = (element, virtual) => {{
    const words = dom.getVisibleChildTextRects(element), stack = stackOf(element, words);
    if (!stack?.includes(document.body) || stack.some(shinesThrough)) return null;
    const {{width, height}} = boxOf(element);
    if (mostDrawn(element) * 5 > width * height) return null;
    const grounds = stack.filter(groundOf);
    if (!grounds.every((ground) => ground.contains(element) && holds(ground, words))) return null;
    const letters = LETTERS.map((name) => styleOf(element)[name]);
    return [text.visibleVirtual(virtual, false, true).length === 1, ...letters, ...grounds.map(groundOf)].join('|');
  }};
  const isNew = (element, virtual) => {{
    const look = lookOf(element, virtual);
    return look === null || (!met.has(look) && Boolean(met.add(look)));
  }};
  const rule = axe._audit.rules.find(({{id}}) => id === 'color-contrast'), matches = rule.matches;
  rule.matches = (element, virtual, ...others) => matches(element, virtual, ...others) && isNew(element, virtual);
  try {{
    return await ({RUN})(options);
  }} finally {{
    rule.matches = matches;
    color.incompleteData.clear();
  }}
}}"""
"""Of the words whose contrast axe would look at, those that have the same look are looked at once.

A look is everything that axe reckons with: the letters, whether they are one alone, and each ground below them, in
order, from axe's own stack of what is painted. A look that was met in one width or scheme is the same in another.
Axe looks by itself, each time, at whatever is more than a look: what is out of sight; what something lies over; what
stands on something that is not around it, sticks out of a ground, or shines through; and what a pseudo-element may lie
below, which axe cannot clear from a quarter of the element's size (we ask from a fifth). A stack serves again, as by
night the day's, where everything that meets the words is where it was.
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


def have_axe(context: BrowserContext) -> None:
    """Have axe at hand on each page that is opened there: cheaper than sending it anew, if each is looked at.

    In frames it is not, as before: what axe says of them is the page's.
    """
    context.add_init_script(f"if (window === top) {{{SCRIPT}\n}}")


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
    """Run axe at each width, light and of its colours dark too, without loading the page again; each look once."""
    before = page.viewport_size
    found = []
    page.evaluate("delete window.looksMet, delete window.stacksMet, delete window.placesMet")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half-way to the next
            options = OF_COLOURS if scheme == "dark" else OPTIONS
            found += axe_findings(page, where=f"{width} px, {scheme}", run=RUN_ONCE_A_LOOK, options=options)
    page.emulate_media(color_scheme="null", reduced_motion="null")
    if before is not None:
        page.set_viewport_size(before)
    return found


def is_undecidable(node: dict[str, Any]) -> bool:
    """Whether every unclear check of a node is one of those that we allow by name."""
    checks = [*node["any"], *node["all"], *node["none"]]
    keys = {check["data"].get("messageKey") for check in checks if isinstance(check.get("data"), dict)}
    return bool(keys) and keys <= UNDECIDABLE
