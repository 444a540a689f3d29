"""Three little pages, good and bad, for the trials of server and browser."""

from flask import Flask, Response

HEAD = "<!doctype html><html lang=en><head><title>A page</title><link rel=icon href=data:,></head>"
SCRIPT = "<script>document.querySelector('p').textContent = 'Changed.'</script>"
GOOD = f"{HEAD}<body><main><h1>Good</h1><p>Words.</p></main>{SCRIPT}</body></html>"
PALE = (
    f"{HEAD}<style>p {{color: #ccc}}</style><body><main><h1>Pale</h1><p>Words that are pale.</p></main></body></html>"
)
NIGHT = (
    f"{HEAD}<style>@media (prefers-color-scheme: dark) {{body {{color: #eee; background: #111}}"
    " section {background: #eee} aside {color: #222}"
    " div {position: absolute; background: #eee; bottom: 0} b {color: #333}}"
    " @media (width < 40em) {b {display: none}}</style>"
    "<body><main><h1>Night</h1><p>Seen.</p><p>Seen, too.</p>"
    "<section><h2>Pale</h2><p>Pale.</p><p>The same.</p></section>"
    "<div><p>Above.</p></div><div><p>Aloft.</p></div></main><aside><p>Dim.</p><p><b>Broad.</b></p></aside></body></html>"
)
STYLED = GOOD.replace("<p>", '<p style="color: red">')
ELSEWHERE = GOOD.replace("<p>", '<p><img alt="" src="http://elsewhere.example/a.png">')
THROWS = GOOD.replace("document.", "undefined.")


def little_app() -> Flask:
    """Make an application of these pages."""
    app = Flask("little")
    pages = {"good": GOOD, "pale": PALE, "night": NIGHT, "elsewhere": ELSEWHERE, "throws": THROWS}

    def show(name: str) -> str:
        return pages[name]

    def styled() -> Response:
        return Response(STYLED, content_type="text/html", headers={"Content-Security-Policy": "default-src 'self'"})

    def fails() -> str:
        raise ValueError("on purpose")

    app.add_url_rule("/<name>", view_func=show)
    app.add_url_rule("/styled", view_func=styled)
    app.add_url_rule("/fails", view_func=fails)
    return app
