"""One's own data: taken away as a file, and deleted with the account, after a look at what that means."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template

from programme.core.database import go_on_in_a_transaction
from programme.core.web.answers import button
from programme.extensions import database_session
from programme.flows.keeping.erasing import erase_person, preview
from programme.flows.keeping.taking_away import everything
from programme.people.guards import actor, signed_in
from programme.people.identity import COOKIE
from programme.screens.account.own import me
from programme.screens.account.signing_in import is_secure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from programme.people.keeping.ports import Keeper

blueprint = Blueprint("leaving", __name__, url_prefix="/me/account")
AT_ONCE = 64 * 1024
IN_MEMORY = 512 * 1024
"""A longer file is written to disk meanwhile, so that the database is not kept waiting for a slow reader."""


def keepers() -> Sequence[Keeper]:
    """Return every room that keeps data on people."""
    found: Sequence[Keeper] = current_app.extensions["keepers"]
    return found


@blueprint.get("/data.json")
@signed_in
def data() -> Any:
    """Give everything we keep about this person as a file."""
    session, file = database_session(), SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed when sent
    go_on_in_a_transaction(session)
    for piece in everything(session, actor().person_id or 0, keepers(), now=g.now):
        file.write(piece.encode())
    answer = Response(chunks(file), mimetype="application/json", headers={"Content-Length": str(file.tell())})
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    answer.call_on_close(file.close)
    file.seek(0)
    return answer


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Give a file piece by piece, and close it."""
    with file:
        while chunk := file.read(AT_ONCE):
            yield chunk


@blueprint.get("/erasure")
@signed_in
def ask() -> Any:
    """Show what deleting the account would mean; nothing happens yet."""
    return render_template("account/erasure.html", it=preview(database_session(), me(), keepers(), now=g.now))


@blueprint.post("/erasure")
@signed_in
@button(lambda: "/me/account/erasure")
def erase() -> Any:
    """Delete the account and everything held on its person, and sign this browser out."""
    session = database_session()
    erase_person(session, me(), keepers(), actor=actor(), now=g.now)
    session.commit()
    flash("Your account is deleted. One last e-mail says so; then its address goes, too.", "ok")
    answer = redirect("/", 303)
    answer.delete_cookie(COOKIE, secure=is_secure(), httponly=True, samesite="Lax")
    return answer
