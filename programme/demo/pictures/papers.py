"""Papers that people of the demonstration hand in: one page as PDF, with a line and nothing else."""

from __future__ import annotations

OBJECTS = (
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    "<</Length {length}>>stream\n{drawn}\nendstream",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
)


def paper(words: str) -> bytes:
    """Return a page that says something, and that it is invented, as PDF."""
    drawn = f"BT /F 20 Tf 60 760 Td ({words}) Tj 0 -30 Td (Invented for the demonstration.) Tj ET"
    parts, places = ["%PDF-1.4\n"], []
    for number, body in enumerate(OBJECTS, start=1):
        places.append(sum(map(len, parts)))
        filled = body.replace("{length}", str(len(drawn))).replace("{drawn}", drawn)
        parts.append(f"{number} 0 obj{filled}endobj\n")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(OBJECTS) + 1
    start = sum(map(len, parts))
    parts.append(
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    )
    return "".join(parts).encode("ascii")
