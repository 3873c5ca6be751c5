"""A citizen says which letters they want, in the cabinet or with one press on a letter (§3, §4.3)."""

import re

import httpx
import pytest
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.stories import HOUR, answered, blocked, reworked, submitted
from tests.workers.conftest import Mailbox, all_delivered, mailbox

from domain import choosing
from domain.choosing import Subject
from domain.invitations import DECLINING, Invitation, sign
from domain.model import Person
from workers import mail
from workers.mail import commission

__all__ = ["mailbox"]
pytestmark = [pytest.mark.rule("R33"), pytest.mark.usefixtures("database")]
SECRET = "a secret for tests only, long enough"


def link_of(box: Mailbox) -> str:
    return str(box.letters[-1]["List-Unsubscribe"]).strip("<>").removeprefix("http://testserver.local")


async def unwanted(person: Person) -> set[str]:
    found = await Person.objects().get(Person.id == person.id)
    assert found is not None
    return set(found.unwanted)


def test_a_subject_is_named_for_letters_that_exist() -> None:
    known = {name for module in (mail, commission) for name in vars(module)}

    assert set(choosing.SUBJECT_OF) | choosing.ALWAYS_BY_LETTER <= known
    assert {"blocked", "block_ended", "objection_decided"} & set(choosing.SUBJECT_OF) == set()


async def test_what_is_switched_off_is_not_written_and_the_rest_is(
    town: Town, mailbox: Mailbox, browser: Browser
) -> None:
    await browser.sign_in(town.anna)
    saved = await browser.post("/settings/letters", data={"wanted": ["questions", "answers"]})

    await answered(town)
    await all_delivered("mail:")

    assert saved.status_code == 303
    (letter,) = mailbox.to("anna")
    assert "ответ" in letter["Subject"].lower()
    assert len(mailbox.to("pavel")) >= 1  # what officials get is their work


async def test_a_block_is_told_whatever_was_chosen(town: Town, mailbox: Mailbox) -> None:
    await choosing.choose(town.anna, [])
    await blocked(town, await submitted(town), at=MONDAY)

    await all_delivered("mail:")

    assert len(mailbox.to("anna")) == 1
    assert mailbox.letters[0]["List-Unsubscribe"] is None


@pytest.mark.rule("R24")
async def test_a_rework_is_told_by_letter_whatever_was_chosen(town: Town, mailbox: Mailbox) -> None:
    await choosing.choose(town.anna, [])
    await reworked(town, await answered(town), at=MONDAY + HOUR)

    await all_delivered("mail:")

    (letter,) = mailbox.to("anna")
    assert "доработку" in letter["Subject"]
    assert letter["List-Unsubscribe"] is None


async def test_the_mail_program_declines_with_one_press_and_without_cookies(
    town: Town, mailbox: Mailbox, browser: Browser
) -> None:
    await submitted(town)
    await all_delivered("mail:taken_in")
    assert mailbox.letters[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    program = httpx.AsyncClient(transport=browser._transport, base_url="http://testserver.local")

    pressed = await program.post(link_of(mailbox), data={"List-Unsubscribe": "One-Click"})
    again = await program.post(link_of(mailbox), data={"List-Unsubscribe": "One-Click"})

    assert [pressed.status_code, again.status_code] == [200, 200]
    assert await unwanted(town.anna) == {"progress"}


async def test_a_machine_that_opens_the_link_changes_nothing(town: Town, mailbox: Mailbox, browser: Browser) -> None:
    await submitted(town)
    await all_delivered("mail:taken_in")

    page = await browser.get(link_of(mailbox))

    assert page.status_code == 200
    assert re.search("Не писать мне об этом", page.text)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert await unwanted(town.anna) == set()


async def test_an_old_or_a_made_up_link_changes_nothing_and_says_so(town: Town, browser: Browser, clock: Clock) -> None:
    token = sign(Invitation(to=0, person=town.anna.id), SECRET, at=MONDAY, what=DECLINING)
    foreign = sign(Invitation(to=0, person=town.anna.id), SECRET, at=MONDAY)
    clock.forward(days=40)

    answers = [await browser.get(f"/letters/{each}") for each in (token, foreign, "made-up")]
    pressed = [await browser.post(f"/letters/{each}") for each in (token, foreign, "made-up")]

    assert [each.status_code for each in answers] == [410, 404, 404]
    assert {each.status_code for each in pressed} == {404}
    assert await unwanted(town.anna) == set()


async def test_the_cabinet_shows_what_was_chosen_and_no_official_has_the_page(town: Town, browser: Browser) -> None:
    await choosing.choose(town.anna, [Subject.ANSWERS])

    page = await (await browser.sign_in(town.anna)).get("/settings/letters")
    official = await (await browser.sign_in(town.marina)).get("/settings/letters")

    assert re.findall(r'value="(\w+)" checked', page.text) == ["answers"]
    assert official.status_code == 404
