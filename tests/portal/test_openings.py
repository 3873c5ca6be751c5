"""No page of the staff shows who an author is before it was opened; then one card does, to one person (§4.1, R10)."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import QUERIES_AT_MOST, counted, tag, words
from tests.portal.errands import at_home, location
from tests.stories import HOUR
from tests.workers.conftest import Mailbox, all_delivered, mailbox

from domain import blocking, convening, moderating, opening, rating, resolving, submitting
from domain.events import Kind, as_json
from domain.model import AuthorOpening, Block, Event, Message, Screening, Sitting
from domain.personal import own_words
from domain.submitting import Matter
from portal.door import Door
from workers import protocol
from workers.protocol import Closing

__all__ = ["mailbox"]
pytestmark = [pytest.mark.rule("R10"), pytest.mark.usefixtures("database")]
SECRETS = ("Соколов", "anna@mail", "927 123", "кв. 997", "кв.997")
SAID = "Пишет Анна Соколова, 8 927 123-45-67, anna@mail.example, живу на Мира, 41, кв. 997. Яма у дома."


async def told(town: Town) -> Message:
    """Anna says who she is in everything that she can write, and it goes as far as the commission."""
    matter = Matter(text=SAID, topic=town.pothole.id, address="Мира, 41, кв. 997", consent=True)
    message = await submitting.submit(matter, key=uuid4(), by=town.anna, at=MONDAY)
    names = own_words(SAID, town.anna.name)
    grounds = as_json({"G03": [*names, "8 927 123-45-67", "кв. 997"]})
    await Screening.insert(Screening(message=message.id, sending=1, screened_at=MONDAY, names=names, grounds=grounds))
    return message


async def brought(town: Town) -> tuple[Message, Sitting, Block]:
    message = await told(town)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR)
    await stories.taken_to_the_answer(town, message, publish=False)
    for turn in range(1, 4):
        await stories.reworked(town, message, at=MONDAY + timedelta(days=turn))
    await rating.rate(message, by=town.anna, at=MONDAY + timedelta(days=4), choice="unsolved", remarks=SAID)
    sitting = await stories.sitting_on(town, message, at=MONDAY + timedelta(days=5))
    block = await stories.blocked(town, message, at=MONDAY + timedelta(days=5))
    await blocking.object_to(block, by=town.anna, at=MONDAY + timedelta(days=5), text=SAID)
    return message, sitting, block


def pages_of(role: str, waits: Message, case: Message, sitting: Sitting, block: Block, file: int) -> list[str]:
    oversight = [
        "/control?when=late", "/control/report", "/control/report.csv", "/control/report.xlsx", "/control/promises",
        *(f"/control/{each.id}" for each in (waits, case)), "/search?q=яма",
    ]  # fmt: skip
    letters = [f"/messages/{each.id}/letters" for each in (waits, case)]
    commission = ["/commission", f"/commission/sittings/{sitting.id}", f"/commission/cases/{file}"]
    objections = ["/objections", f"/objections/{block.id}"]
    return {
        "marina": [
            "/moderation", "/moderation?queue=commission", "/moderation/rows?queue=new", "/search", "/search?q=яма",
            *(f"/moderation/{each.id}{more}" for each in (waits, case) for more in ("", "/news", "/hints")),
            f"/moderation/{case.id}/publication", f"/moderation/{case.id}/withdrawal",
            f"/batches/new?tick={waits.id}.1&tick={case.id}.1", *letters,
        ],
        "pavel": ["/execution", f"/execution/{case.id}", f"/execution/{case.id}/news", "/search?q=яма"],
        "elena": [*oversight, *letters],
        "konstantin": [*oversight, *letters, *commission, *objections],
        "yulia": [*oversight, *commission, "/directories/people"],
    }[role]  # fmt: skip


def read(content: bytes) -> str:
    """The text of an answer; of a workbook the text of everything in it."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


@pytest.mark.rule("R33")
async def test_no_page_of_any_role_tells_who_the_author_is_before_it_is_opened(
    town: Town, portal: Door, clock: Clock, mailbox: Mailbox
) -> None:
    waits, (case, sitting, block) = await told(town), await brought(town)
    await all_delivered("mail:")
    clock.now = MONDAY + timedelta(days=5, hours=1)
    file = (await stories.the_file(case)).id

    for role in ("marina", "pavel", "elena", "konstantin", "yulia"):
        browser = await at_home(portal, getattr(town, role))
        for address in pages_of(role, waits, case, sitting, block, file):
            # An executor goes to the place, so they read of the flat; of who lives there nothing.
            secrets = [each for each in SECRETS if role != "pavel" or "997" not in each]
            page = await browser.get(address)
            assert (page.status_code, [each for each in secrets if each in read(page.content)]) == (200, []), address
    later = MONDAY + timedelta(days=5)
    proposal = await stories.proposed(town, sitting, at=later)
    await resolving.vote(sitting, proposal.id, await stories.votes(sitting), by=town.lidia, at=later)
    await convening.close(sitting, by=town.lidia, at=later)
    facts = json.dumps(await protocol.facts_of(sitting.id, Closing(4, True)), ensure_ascii=False)
    assert [each for each in SECRETS if each in facts] == []


async def test_letters_to_officials_name_neither_the_author_nor_their_flat(town: Town, mailbox: Mailbox) -> None:
    await brought(town)

    await all_delivered("mail:")

    to_officials = [each for each in mailbox.letters if "anna@mail.example" not in str(each["To"])]
    sent = "".join(part.get_content() for each in to_officials for part in each.walk() if not part.is_multipart())
    assert "Замечания" in sent
    assert [each for each in SECRETS if each in sent] == []


@pytest.mark.rule("R33")
async def test_a_press_opens_one_card_for_one_person_and_the_author_reads_on_which_day(
    town: Town, portal: Door, clock: Clock
) -> None:
    message, other = await told(town), await told(town)
    marina, vera = await at_home(portal, town.marina), await at_home(portal, town.vera)
    address, form = (
        f"/moderation/{message.id}",
        {"opening_reason": "circumstances", "back": f"/moderation/{message.id}"},
    )

    assert f'action="/messages/{message.id}/opening"' in (await marina.get(address)).text
    swapped = await marina.post(f"/messages/{message.id}/opening", data=form, headers=HTMX)
    again = location(await marina.post(f"/messages/{message.id}/opening", data=form))
    with counted() as asked:
        card = (await marina.get(address)).text

    assert (swapped.status_code, again) == (200, address)
    assert 'id="author"' in tag(swapped.text, 'class="opening"')
    for page in (swapped.text, card):
        assert town.anna.name in page
        assert 'href="mailto:anna@mail.example"' in page
    assert "кв. 997" in card
    assert "927 123" in card
    assert "Открыты имя и контакты автора" in card
    assert len(asked) <= QUERIES_AT_MOST
    for page in ((await vera.get(address)).text, (await marina.get(f"/moderation/{other.id}")).text):
        assert town.anna.name not in page
    elena = words((await (await at_home(portal, town.elena)).get(f"/control/{message.id}")).text)
    assert f"{town.marina.name} уточнить обстоятельства" in elena
    own = words((await (await at_home(portal, town.anna)).get(f"/messages/{message.id}")).text)
    assert "Должностные лица открывали ваши данные: 2 марта" in own
    assert "уточнить обстоятельства" in own
    assert town.marina.name not in own
    clock.forward(days=1)
    assert town.anna.name not in (await marina.get(address)).text


@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_without_a_reason_the_form_comes_back_as_it_was_typed(
    headers: dict[str, str], town: Town, browser: Browser
) -> None:
    message = await told(town)
    await browser.sign_in(town.konstantin)
    form = {"opening_reason": "other", "back": f"/control/{message.id}"}

    page = await browser.post(f"/messages/{message.id}/opening", data=form, headers=headers)

    assert page.status_code == 422
    assert "Напишите словами, какая это причина (п. 4.1)." in page.text
    assert '<option value="other" selected>' in page.text
    assert f'value="/control/{message.id}"' in page.text
    assert town.anna.name not in page.text
    assert not await AuthorOpening.exists()


@pytest.mark.parametrize("who", ["anna", "boris", "pavel", "elena", "yulia"])
async def test_for_all_others_there_is_no_such_press(who: str, town: Town, browser: Browser) -> None:
    message = await told(town)
    await browser.sign_in(getattr(town, who))

    pressed = await browser.post(f"/messages/{message.id}/opening", data={"opening_reason": "contact"})

    assert pressed.status_code == 404
    assert not await Event.exists().where(Event.kind == Kind.AUTHOR_OPENED)


async def test_an_executor_reads_nothing_of_who_has_opened_what(town: Town, browser: Browser) -> None:
    message = await stories.in_work(town)
    await opening.open_contacts(message, by=town.marina, reason="contact", at=MONDAY + HOUR)

    page = await (await browser.sign_in(town.pavel)).get(f"/execution/{message.id}")

    assert "Открыты имя и контакты" not in page.text
    assert 'action="/messages' in page.text
    assert "/opening" not in page.text
