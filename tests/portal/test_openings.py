"""No page of the staff shows who an author is before it was opened; then one card does, to one person (§4.1, R10)."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import QUERIES_AT_MOST, counted, tag, words
from tests.portal.errands import at_home, location
from tests.portal.telling import SAID, SAID_TOO, SECRETS, Told, brought, everything, told
from tests.portal.test_workload import roman
from tests.stories import HOUR
from tests.workers.conftest import Mailbox, all_delivered, mailbox

from domain import convening, opening, resolving
from domain.events import Kind
from domain.model import AuthorOpening, Event
from portal.door import Door
from workers import protocol
from workers.protocol import Closing

__all__ = ["mailbox"]
pytestmark = [pytest.mark.rule("R10"), pytest.mark.usefixtures("database")]


def pages_of(role: str, all: Told, executor: int) -> list[str]:
    those, case = (all.waits, all.case, all.joined, all.offered), all.case
    oversight = [
        "/control?when=late", "/control/report", "/control/report.csv", "/control/report.xlsx", "/control/promises",
        *(f"/control/{each.id}{more}" for each in those for more in ("", "/news")), "/search?q=яма",
    ]  # fmt: skip
    letters = [f"/messages/{each.id}/letters" for each in those]
    commission = ["/commission", f"/commission/sittings/{all.sitting.id}", f"/commission/cases/{all.file}"]
    return {
        "marina": [
            "/moderation", "/moderation?queue=commission", "/moderation/rows?queue=new", "/search", "/search?q=яма",
            *(f"/moderation/{each.id}{more}" for each in those for more in ("", "/news", "/hints")),
            f"/moderation/{case.id}/publication", f"/moderation/{case.id}/withdrawal",
            f"/batches/new?tick={all.waits.id}.1&tick={case.id}.1", *letters,
        ],
        "pavel": [
            "/execution", f"/execution/{case.id}", f"/execution/{case.id}/news", "/search?q=яма", "/execution/workload",
        ],
        "sergey": [
            "/execution?queue=offered", f"/execution/{all.offered.id}", f"/execution/{all.offered.id}/news",
            "/execution/workload", f"/execution/workload/{executor}",
        ],
        "roman": [f"/execution/{all.offered.id}", f"/execution/{all.offered.id}/phrases"],
        "elena": [*oversight, *letters],
        "konstantin": [*oversight, *letters, *commission, "/objections", f"/objections/{all.block.id}"],
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
    all, helper = await everything(town), await roman()
    await all_delivered("mail:answered")
    clock.now = MONDAY + timedelta(days=5, hours=1)

    for role in ("marina", "pavel", "sergey", "roman", "elena", "konstantin", "yulia"):
        browser = await at_home(portal, helper if role == "roman" else getattr(town, role))
        for address in pages_of(role, all, helper.id):
            # An executor goes to the place, so they read of the flat; of who lives there nothing.
            goes_there = role in ("pavel", "sergey", "roman")
            secrets = [each for each in SECRETS if not goes_there or "кв." not in each]
            page = await browser.get(address)
            assert (page.status_code, [each for each in secrets if each in read(page.content)]) == (200, []), address
    later, sitting = MONDAY + timedelta(days=5), all.sitting
    proposal = await stories.proposed(town, sitting, at=later)
    await resolving.vote(sitting, proposal.id, await stories.votes(sitting), by=town.lidia, at=later)
    await convening.close(sitting, by=town.lidia, at=later)
    facts = json.dumps(await protocol.facts_of(sitting.id, Closing(4, True)), ensure_ascii=False)
    assert [each for each in SECRETS if each in facts] == []


async def test_whoever_comes_second_reads_both_texts_and_not_who_has_written(town: Town, browser: Browser) -> None:
    message = await told(town)
    await browser.sign_in(town.marina)
    form = {"topic": str(town.pothole.id), "public_text": "Яма у дома 41.", "opened": str(message.version + 1)}

    late = await browser.post(f"/messages/{message.id}/registration", data=form)

    assert late.status_code == 409
    assert "Яма у дома 41." in late.text
    assert [each for each in SECRETS if each in late.text] == []


async def test_letters_to_officials_name_neither_the_author_nor_their_flat(town: Town, mailbox: Mailbox) -> None:
    await everything(town)

    await all_delivered("mail:")

    authors = ("anna@mail.example", "boris@mail.example")
    to_officials = [each for each in mailbox.letters if not any(author in str(each["To"]) for author in authors)]
    sent = "".join(part.get_content() for each in to_officials for part in each.walk() if not part.is_multipart())
    assert "Замечания" in sent
    assert "The asphalt is ordered." in sent
    assert [each for each in SECRETS if each in sent] == []


async def test_what_another_author_of_the_case_wrote_is_opened_in_their_own_message(
    town: Town, portal: Door, clock: Clock, mailbox: Mailbox
) -> None:
    case, also, *_ = await brought(town)
    await all_delivered("mail:answered")
    clock.now = MONDAY + timedelta(days=5)
    marina = await at_home(portal, town.marina)

    await opening.open_contacts(case, by=town.marina, reason="contact", at=clock.now)
    first = (await marina.get(f"/moderation/{case.id}")).text
    letters = (await marina.get(f"/messages/{case.id}/letters")).text
    await opening.open_contacts(also, by=town.marina, reason="contact", at=clock.now)
    both = (await marina.get(f"/moderation/{case.id}")).text

    assert SAID in first
    assert "anna@mail.example" in letters
    assert "автор присоединённого сообщения" in words(letters)
    assert "boris@mail" not in letters
    assert [each for each in ("Кленов", "937 765", "кв. 886") if each in first] == []
    assert SAID_TOO in both


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
