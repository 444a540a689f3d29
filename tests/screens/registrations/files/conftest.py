"""A form that asks for a CV, which is required, and for a certificate, which is sensitive."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from programme.engines.questionnaire import actions
from programme.engines.questionnaire.models import Question
from programme.engines.registration.models import Opening
from tests.factories import files
from tests.factories.cast import LONG_AGO

SendFiles = Callable[..., TestResponse]


@pytest.fixture
def asked(session: Session, opening: Opening) -> dict[str, Question]:
    """The questions, by name."""
    opening.questionnaire = form = actions.new_questionnaire(session, now=LONG_AGO)
    few = {"accepts": ["pdf", "docx"], "most": "1"}
    why = actions.add_question(session, form, kind="short_text", label="Why?", is_required=True)
    cv = actions.add_question(session, form, kind="file", label="Your CV", is_required=True, settings=few)
    proof = actions.add_question(
        session, form, kind="file", label="Doctor’s certificate", is_sensitive=True, settings={"accepts": ["png"]}
    )
    session.commit()
    return {"why": why, "cv": cv, "proof": proof}


@pytest.fixture
def hand_in(client: FlaskClient, asked: dict[str, Question]) -> SendFiles:
    """Send the form with files, by the names of their questions; what is a text goes as one."""

    def sent(address: str, *, browser: FlaskClient = client, **values: Any) -> TestResponse:
        data: dict[str, Any] = {"name": "Gwen Guest", "email": "gwen@example.org", "form_key": "key"}
        for name, value in values.items():
            key = f"q{asked[name].id}" if name in asked else name
            data[key] = FileStorage(io.BytesIO(value[1]), value[0]) if isinstance(value, tuple) else value
        boundary, body = encode_multipart(data)
        return browser.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")

    return sent


@pytest.fixture
def address(opening: Opening) -> str:
    """The address of the opening's form."""
    return f"/openings/{opening.id}/registration"


CV = ("My CV.pdf", files.PDF)
PROOF = ("proof.png", files.PNG)


def lying(app: Flask) -> list[Path]:
    """Every file that lies on the shelf."""
    return sorted(app.extensions["shelf"].root.glob("*/*"))


def held_in(page: str, question: Question) -> str:
    """What a form holds of a file."""
    _, _, rest = page.partition(f'name="q{question.id}" value="')
    return rest.partition('"')[0]
