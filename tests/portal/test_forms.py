"""The form layer: every error at once and at its field, every typed word kept, files apart from fields."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pytest
from litestar import post
from pydantic import Field
from tests.portal.conftest import Browser, mount

from domain.errors import Sentence, Unfit
from portal.door import Door
from portal.forms import UPLOAD_BODY, Form, Id, Typed, typed
from portal.visit import PortalRequest


class Outcome(StrEnum):
    SOLVED = "solved"
    PLANNED = "planned"


class AnswerForm(Form):
    topic: Id
    text: Annotated[str, Field(min_length=3, max_length=20)]
    outcome: Outcome = Outcome.SOLVED
    planned_on: date | None = None
    key: UUID | None = None
    urgent: bool = False
    rules: list[str] = Field(default_factory=list)
    note: str = ""


def fit(**fields: list[str]) -> AnswerForm:
    return Typed(fields).fit(AnswerForm)


def misfits(**fields: list[str]) -> dict[str, Sentence]:
    with pytest.raises(Unfit) as trouble:
        fit(**fields)
    return trouble.value.errors


def test_a_form_becomes_a_model() -> None:
    form = fit(topic=["7"], text=["  Яма  "], urgent=["on"], rules=["1", "4"], planned_on=["2026-12-01"])

    assert form.topic == 7
    assert form.text == "Яма"
    assert form.urgent
    assert form.rules == ["1", "4"]
    assert form.planned_on == date(2026, 12, 1)


def test_what_is_blank_is_absent() -> None:
    form = fit(topic=["7"], text=["Яма"], outcome=[""], planned_on=[" "], key=[""], note=["  "], rules=[""])

    assert form == fit(topic=["7"], text=["Яма"])


def test_every_error_is_told_at_once_with_its_field() -> None:
    errors = misfits(topic=["x"], outcome=["other"], planned_on=["завтра"], key=["x"], urgent=["maybe"])

    assert set(errors) == {"topic", "text", "outcome", "planned_on", "key", "urgent"}
    assert errors["text"] == ("Fill this in.", {})


def test_a_limit_says_how_much_fits() -> None:
    errors = misfits(topic=["7"], text=["я" * 21])

    assert errors["text"].msgid % errors["text"].values == "No more than 20 characters fit here."


def test_a_value_that_came_twice_is_refused_rather_than_chosen() -> None:
    assert set(misfits(topic=["7", "8"], text=["Яма"])) == {"topic"}


@pytest.mark.parametrize("value", ["٣", "+7", "-7", " 7", "1_000", "7.0", "0", "9" * 19, "9" * 400, "0x7", "٧"])
def test_an_id_is_written_in_one_way_only(value: str) -> None:
    assert set(misfits(topic=[value], text=["Яма"])) == {"topic"}


def test_fields_that_no_form_lists_are_not_there() -> None:
    form = fit(topic=["7"], text=["Яма"], role=["moderator"])

    assert "role" not in form.model_dump()


def test_what_was_typed_is_kept_word_for_word() -> None:
    sent = Typed({"text": ["  Яма\nу дома "], "rules": ["1", "4"]})

    assert sent.get("text") == "  Яма\nу дома "
    assert sent.get("address") == ""
    assert sent.has("rules", 4)
    assert not sent.has("rules", 2)


def echo(portal: Door) -> None:
    @post("/echo", request_max_body_size=UPLOAD_BODY, status_code=200)
    async def handler(request: PortalRequest) -> dict[str, Any]:
        sent = await typed(request)
        files = {
            name: [[file.filename, file.content_type, len(await file.read())] for file in uploads]
            for name, uploads in sent.uploads.items()
        }
        return {"fields": sent.fields, "files": files}

    mount(portal, handler)


async def test_files_come_apart_from_fields(pool: None, portal: Door, browser: Browser) -> None:
    echo(portal)

    answer = await browser.post(
        "/echo",
        data={"text": "Яма\r\nу дома"},
        files=[
            ("photos", ("яма.jpg", b"1" * 10, "image/jpeg")),
            ("photos", ("C:\\fakepath\\..\\два\r\n.png", b"2" * 3_000_000, "image/png")),
            ("scan", ("", b"")),
        ],
    )

    assert answer.json()["fields"] == {"text": ["Яма\nу дома"], "scan": [""]}
    assert answer.json()["files"] == {"photos": [["яма.jpg", "image/jpeg", 10], ["два.png", "image/png", 3_000_000]]}


async def test_lines_end_in_one_way(portal: Door, browser: Browser) -> None:
    echo(portal)

    answer = await browser.post("/echo", data={"text": "раз\r\nдва\rтри\nчетыре", "sum": "1+1 & 2=2"})

    assert answer.json()["fields"] == {"text": ["раз\nдва\nтри\nчетыре"], "sum": ["1+1 & 2=2"]}
