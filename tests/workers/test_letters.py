"""Each letter comes by real SMTP to whom it concerns, says what it has to, and its link works (§3, §4.3, §4.4)."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from tests.conftest import SECRET
from tests.people import MONDAY, Town
from tests.stories import (
    HOUR,
    answer,
    answered,
    answered_at_once,
    approve,
    brought,
    case_of,
    in_review,
    in_work,
    questioned,
    registered,
    reworked,
    shared,
    submitted,
)
from tests.workers.conftest import Mailbox, all_delivered

from domain import answering, escalating, executing, invitations, joining, lettering, moderating, parts, rating, rounds
from domain.answering import Written
from domain.informing import Informed
from domain.invitations import Invitation
from domain.model import Delivery, Message, Person
from domain.wording import LANGUAGES
from workers import mail
from workers.mail import commission, control, desk, followers, gathering, templating
from workers.mail.post import Server

pytestmark = pytest.mark.usefixtures("database")
LATER = MONDAY + 5 * HOUR
AWAY = "http://testserver.local"
OF_FOLLOWERS = {"followed", "followed_digest", "subscription_asked"}


def text(letter: EmailMessage) -> str:
    return content(letter, "plain")


def html(letter: EmailMessage) -> str:
    return content(letter, "html")


def content(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def says(letter: EmailMessage, *words: str) -> None:
    """Text and HTML say the same."""
    for word in words:
        assert word in text(letter)
        assert word in html(letter)


async def letter_to(box: Mailbox, name: str, reaction: str) -> EmailMessage:
    """The one letter that a reaction has sent to somebody."""
    await all_delivered(f"mail:{reaction}")
    (letter,) = box.to(name)
    failed = await Delivery.select().where(Delivery.error.is_not_null())
    assert failed == []
    return letter


@pytest.mark.rule("R05")
async def test_the_author_reads_that_the_message_has_come(town: Town, mailbox: Mailbox) -> None:
    message = await submitted(town)

    letter = await letter_to(mailbox, "anna", "taken_in")

    assert letter["Subject"] == "Мы получили ваше сообщение"
    says(letter, "Анна, мы зарегистрируем его до 2 марта", "Mira 41", f"{AWAY}/messages/{message.id}")


@pytest.mark.rule("R07")
async def test_the_author_reads_the_number_who_answers_and_by_when(town: Town, mailbox: Mailbox) -> None:
    await registered(town)

    letter = await letter_to(mailbox, "anna", "registered")

    assert letter["Subject"] == "№ 2026-00001: зарегистрировано, ответ до 13 марта"
    says(letter, "номер 2026-00001", "Отдел дорожного хозяйства", "до 3 марта", "до 13 марта, это 8 рабочих дней")
    assert html(letter).count("&nbsp;</div>") == 8


@pytest.mark.rule("R08")
async def test_the_author_of_a_refused_message_reads_why_and_how_to_mend_it(town: Town, mailbox: Mailbox) -> None:
    message = await submitted(town)
    ground = next(iter(town.grounds.values()))
    said = {"reason": "Не указано место.", "proposal": "Добавьте адрес дома."}
    await moderating.refuse(message, by=town.marina, at=MONDAY + HOUR, grounds=[ground.id], **said)

    letter = await letter_to(mailbox, "anna", "refused")

    says(letter, ground.name, *said.values(), f"{AWAY}/messages/{message.id}/correction")


@pytest.mark.rule("R06")
async def test_the_author_reads_the_question_until_when_to_reply_and_where(town: Town, mailbox: Mailbox) -> None:
    await questioned(town)

    letter = await letter_to(mailbox, "anna", "questioned")

    says(letter, "How deep is it?", "до 23:59 3 марта", f"{AWAY}/questions/")


@pytest.mark.rule("R11", "R30")
async def test_the_executor_reads_by_when_to_accept_and_to_answer(town: Town, mailbox: Mailbox) -> None:
    message = await registered(town)

    letter = await letter_to(mailbox, "pavel", "assigned")

    assert letter["Subject"] == "№ 2026-00001: примите в работу до 3 марта"
    says(letter, "До 3 марта примите", "до 13 марта", f"{AWAY}/execution/{message.id}")
    assert "A deep hole" not in text(letter)


@pytest.mark.rule("R12")
async def test_the_next_executor_reads_the_same_of_a_message_that_was_handed_back(town: Town, mailbox: Mailbox) -> None:
    message = await registered(town)
    await executing.hand_back(message, by=town.pavel, at=MONDAY + 2 * HOUR, justification="Это дворы.")
    await moderating.reroute(message, by=town.marina, at=MONDAY + 26 * HOUR, executor=town.sergey.id)

    letter = await letter_to(mailbox, "sergey", "assigned")

    says(letter, "До 4 марта примите", "до 13 марта")


@pytest.mark.rule("R11")
async def test_a_co_executor_reads_what_to_do_and_by_when(town: Town, mailbox: Mailbox) -> None:
    part = await shared(town)

    letter = await letter_to(mailbox, "sergey", "part_named")

    assert letter["Subject"] == "№ 2026-00001: ваша часть до 6 марта"
    says(letter, "Close the water and cut the pipe.", "до 6 марта", f"{AWAY}/execution/{part.message}")
    assert "Анн" not in text(letter)


@pytest.mark.rule("R11")
async def test_the_executor_reads_that_a_part_is_done_and_how_many_are_open(town: Town, mailbox: Mailbox) -> None:
    part = await brought(town, await shared(town))

    letter = await letter_to(mailbox, "pavel", "part_done")

    assert letter["Subject"] == "№ 2026-00001: часть готова"
    says(letter, town.sergey.name, "The pipe is cut.", f"{AWAY}/execution/{part.message}")
    assert "Ещё не готово" not in text(letter)


@pytest.mark.rule("R11", "R10")
async def test_who_is_called_off_reads_it_and_why_without_a_way_to_the_case(town: Town, mailbox: Mailbox) -> None:
    called_off, handed_back = await shared(town), await shared(town)
    case, to_be_joined = await registered(town), await shared(town)
    await parts.remove(await case_of(called_off), called_off.id, by=town.pavel, at=LATER)
    await executing.hand_back(await case_of(handed_back), by=town.pavel, at=LATER, justification="Не наше.")
    await joining.join(await case_of(to_be_joined), case.number or "", by=town.marina, at=LATER)

    await all_delivered("mail:part_removed")

    letters = sorted(mailbox.to("sergey"), key=lambda each: str(each["Subject"]))
    assert letters[0]["Subject"] == "№ 2026-00001: ваша часть отменена"
    whys = ("часть отменил исполнитель", "вернул дело модератору", "присоединено к другому")
    for letter, why in zip(letters, whys, strict=True):
        says(letter, "Close the water and cut the pipe.", why)
        assert f"{AWAY}/execution/" not in text(letter) + html(letter)


@pytest.mark.rule("R31", "R11")
async def test_of_a_part_its_co_executor_is_reminded_and_then_the_executor_is_told_as_well(
    town: Town, mailbox: Mailbox
) -> None:
    part = await shared(town)
    await escalating.escalate(at=datetime(2026, 3, 5, 9, 0, tzinfo=MONDAY.tzinfo))
    await escalating.escalate(at=datetime(2026, 3, 10, 9, 1, tzinfo=MONDAY.tzinfo))

    near = await letter_to(mailbox, "sergey", "term_near")
    await all_delivered("mail:term_missed")

    says(near, "Часть соисполнителя", "6 марта", f"{AWAY}/execution/{part.message}")
    assert [str(letter["To"].addresses[0].username) for letter in mailbox.letters] == ["sergey", "sergey", "pavel"]


@pytest.mark.rule("R20")
async def test_the_executor_reads_which_rule_the_answer_breaks(town: Town, mailbox: Mailbox) -> None:
    message = await in_review(town)
    await moderating.send_back(message, by=town.marina, at=LATER, rules=["R18", "R17"], remark="Назовите дату.")

    letter = await letter_to(mailbox, "pavel", "sent_back")

    says(
        letter,
        "Нет обещаний без точной даты",
        "По существу: отвечает на все вопросы",
        "Назовите дату.",
        "Срок продолжает идти",
    )


@pytest.mark.rule("R21")
async def test_the_author_gets_the_answer_and_a_link_that_opens_it(town: Town, mailbox: Mailbox) -> None:
    message = await answered(town)

    letter = await letter_to(mailbox, "anna", "answered")

    says(letter, "Решено", "The hole was filled on 3 March.", "Оцените его до 1 апреля")
    current = await rounds.current(message)
    assert current is not None
    assert {invitations.read(token, SECRET, at=LATER) for token in tokens(letter)} == {
        Invitation(current.id, town.anna.id)
    }


@pytest.mark.rule("R19", "R21")
async def test_the_letter_says_which_organisation_was_informed_and_under_which_number(
    town: Town, mailbox: Mailbox
) -> None:
    told = Informed("Комитет дорог области", MONDAY.date(), "412-и")
    await answered(town, written=Written(outcome="impossible", text="The road is the region's.", informed=told))

    letter = await letter_to(mailbox, "anna", "answered")

    says(letter, "Комитет дорог области, извещена 2 марта, исх. №\u00a0412-и")


@pytest.mark.rule("R09", "R07")
async def test_a_typical_answer_comes_by_letter_as_any_other_and_says_the_number(town: Town, mailbox: Mailbox) -> None:
    await answered_at_once(town)

    letter = await letter_to(mailbox, "anna", "answered")

    assert letter["Subject"] == "№ 2026-00001: ответ на ваше сообщение"
    says(letter, "Уважаемая Анна Викторовна!", "Сообщение № 2026-00001", "Оцените его до 1 апреля")
    await all_delivered("mail:")
    assert {str(each["To"].addresses[0].username) for each in mailbox.letters} == {"anna"}


def tokens(letter: EmailMessage) -> set[str]:
    found = re.findall(re.escape(AWAY) + r"/answers/([\w.-]+)", text(letter) + html(letter))
    assert found
    return set(found)


@pytest.mark.rule("R24", "R25")
async def test_of_a_rework_the_author_and_the_executor_read_the_remarks_and_the_day(
    town: Town, mailbox: Mailbox
) -> None:
    message = await answered(town)
    await rating.rate(message, by=town.anna, at=LATER, choice="unsolved", remarks="Яма на месте.")

    await all_delivered("mail:sent_to_rework", "mail:rework_due")

    (to_author,), (to_executor,) = mailbox.to("anna"), mailbox.to("pavel")
    says(to_author, "Яма на месте.", "1 из 3", "до 5 марта", "Анна")
    says(to_executor, "Яма на месте.", "1 из 3", "до 5 марта", f"{AWAY}/execution/{message.id}")


@pytest.mark.rule("R21", "R24")
async def test_the_letter_with_the_new_answer_goes_through_the_remarks(town: Town, mailbox: Mailbox) -> None:
    message = await answered(town)
    await all_delivered("mail:answered")
    await rating.rate(message, by=town.anna, at=LATER, choice="unsolved", remarks="Яма на месте.")
    await answer(town, message, at=LATER)
    await approve(town, message, at=LATER)

    await all_delivered("mail:answered")

    says(mailbox.to("anna")[-1], "Замечание 1", "Яма на месте.", "Устранено: Filled again.")


@pytest.mark.rule("R22", "R23")
async def test_a_promise_is_to_be_rated_before_its_day(town: Town, mailbox: Mailbox) -> None:
    await promised(town)

    await all_delivered("mail:answered")

    says(mailbox.to("anna")[0], "Оцените его до 19 марта", "сообщение вернётся на доработку")


@pytest.mark.rule("R27")
async def test_after_the_third_rework_the_letter_names_the_commission_as_what_follows(
    town: Town, mailbox: Mailbox
) -> None:
    message = await answered(town)
    for day in (1, 2):
        await reworked(town, message, at=MONDAY + timedelta(days=day))
    await all_delivered("mail:answered")
    await reworked(town, message, at=MONDAY + timedelta(days=3))

    await all_delivered("mail:answered")

    *earlier, last = mailbox.to("anna")
    for letter in earlier:
        says(letter, "сообщение вернётся на доработку")
    says(last, "вопрос рассмотрит комиссия")


@pytest.mark.rule("R22")
async def test_when_a_promise_comes_the_whole_department_is_told_and_the_author(town: Town, mailbox: Mailbox) -> None:
    colleague = Person(role="executor", name="Пётр Второй", given_name="Пётр", email="petr@mail.example")
    colleague.organisation, colleague.position = town.pavel.organisation, "инженер"
    await Person.insert(colleague)
    message = await promised(town)
    await answering.follow_up(message.id, at=datetime(2026, 3, 20, 0, 1, tzinfo=MONDAY.tzinfo))

    await all_delivered("mail:promise_came", "mail:follow_up_due")

    assert {str(letter["To"].addresses[0].username) for letter in mailbox.letters} == {"anna", "pavel", "petr"}
    says(mailbox.to("pavel")[0], "20 марта", "До 25 марта", f"{AWAY}/execution/{message.id}")
    says(mailbox.to("petr")[0], "20 марта", "До 25 марта", town.pavel.name, f"{AWAY}/execution?queue=follow_up")
    says(mailbox.to("anna")[0], "20 марта", "до 25 марта")


async def promised(town: Town) -> Message:
    written = Written("planned", "Фонари поставят.", datetime(2026, 3, 20).date())
    return await answered(town, written=written)


@pytest.mark.rule("R27")
async def test_of_the_commission_the_author_and_the_moderators_are_told(town: Town, mailbox: Mailbox) -> None:
    message = await answered(town)
    for day in (1, 2, 3):
        await reworked(town, message, at=MONDAY + timedelta(days=day))
    remarks = "Четвёртый раз."
    await rating.rate(message, by=town.anna, at=MONDAY + timedelta(days=4), choice="unsolved", remarks=remarks)

    await all_delivered("mail:brought_to_commission", "mail:commission_waits")

    says(mailbox.to("anna")[0], "примет комиссия")
    for moderator in ("marina", "vera"):
        says(mailbox.to(moderator)[0], "Четвёртый раз.", f"{AWAY}/moderation/{message.id}")


@pytest.mark.rule("R23")
async def test_only_a_case_that_closed_by_itself_is_told_to_its_author(town: Town, mailbox: Mailbox) -> None:
    rated, unrated = await answered(town), await answered(town)
    await rating.rate(rated, by=town.anna, at=LATER, choice="solved")
    await rating.close_unrated(unrated.id, at=MONDAY + timedelta(days=31))

    letter = await letter_to(mailbox, "anna", "closed_unrated")

    says(letter, f"№ {unrated.number}", "без оценки")


@pytest.mark.rule("R31")
async def test_the_owner_is_reminded_and_nobody_of_what_is_done_meanwhile(town: Town, mailbox: Mailbox) -> None:
    waiting, accepted = await registered(town), await registered(town)
    await escalating.escalate(at=datetime(2026, 3, 3, 9, 0, tzinfo=MONDAY.tzinfo))
    await executing.accept(accepted, by=town.pavel, at=datetime(2026, 3, 3, 9, 1, tzinfo=MONDAY.tzinfo))

    letter = await letter_to(mailbox, "pavel", "term_near")

    assert letter["Subject"] == f"№ {waiting.number}: принятие в работу до 3 марта"
    says(letter, "Последний день срока: 3 марта", f"{AWAY}/execution/{waiting.id}")


@pytest.mark.rule("R31")
async def test_of_what_nobody_owes_yet_the_moderators_are_reminded(town: Town, mailbox: Mailbox) -> None:
    await submitted(town)
    await escalating.escalate(at=datetime(2026, 3, 3, 9, 0, tzinfo=MONDAY.tzinfo))

    await all_delivered("mail:term_near")

    assert {str(letter["To"].addresses[0].username) for letter in mailbox.letters} == {"artem", "marina", "vera"}
    says(mailbox.to("vera")[0], "Регистрация или отказ", town.pothole.name)


@pytest.mark.rule("R31")
async def test_of_a_missed_term_the_controller_and_the_owner_are_told_once(town: Town, mailbox: Mailbox) -> None:
    message = await in_work(town)
    for day in (16, 17):
        await escalating.escalate(at=datetime(2026, 3, day, 9, 0, tzinfo=MONDAY.tzinfo))

    await all_delivered("mail:term_missed")

    assert [str(letter["To"].addresses[0].username) for letter in mailbox.letters] == ["pavel", "elena"]
    says(mailbox.to("elena")[0], "Последний день срока: 13 марта", "Ответ", f"{AWAY}/control/{message.id}")
    says(mailbox.to("pavel")[0], f"{AWAY}/execution/{message.id}")


async def test_who_has_no_address_gets_no_letter_and_nothing_fails(town: Town, mailbox: Mailbox) -> None:
    await Person.update({Person.email: None}).where(Person.id == town.anna.id)
    await answered(town)

    await all_delivered("mail:")

    assert mailbox.to("anna") == []
    unsent = Delivery.error.is_not_null() | Delivery.done_at.is_null()
    assert await Delivery.select().where(unsent & Delivery.reaction.like("mail:%")) == []


async def test_letters_speak_the_language_of_their_reader(town: Town, mailbox: Mailbox) -> None:
    await Person.update({Person.language: "en"}).where(Person.id == town.anna.id)
    await registered(town)

    letter = await letter_to(mailbox, "anna", "registered")

    assert letter["Subject"] == "№ 2026-00001: registered, the answer comes by 13 March"
    says(letter, "by 13 March, that is 8 working days")


async def test_a_letter_sent_twice_is_the_same_letter(town: Town, mailbox: Mailbox) -> None:
    await answered(town)
    await all_delivered("mail:answered")

    await Delivery.update({Delivery.done_at: None}).where(Delivery.reaction == "mail:answered")
    await all_delivered("mail:answered")

    first, second = mailbox.raw
    assert first == second
    assert re.fullmatch(r"<\d+-answered-\d+@testserver\.local>", mailbox.letters[0]["Message-ID"])


async def test_letters_about_one_message_stand_together_and_want_no_reply(town: Town, mailbox: Mailbox) -> None:
    await registered(town)

    await all_delivered("mail:")

    assert {letter["References"] for letter in mailbox.letters} == {"<message-1@testserver.local>"}
    assert {letter["In-Reply-To"] for letter in mailbox.letters} == {"<message-1@testserver.local>"}
    assert {letter["Auto-Submitted"] for letter in mailbox.letters} == {"auto-generated"}


EVIL = 'Анна\x07\x7f\r\nBcc: boris@mail.example\r\n\r\n<script>alert("x")</script>{{ 7*7 }}'


async def test_a_name_can_neither_add_a_header_nor_a_script(town: Town, mailbox: Mailbox) -> None:
    await Person.update({Person.name: EVIL, Person.given_name: EVIL}).where(Person.id == town.anna.id)
    await registered(town)

    letter = await letter_to(mailbox, "anna", "registered")

    assert letter["Bcc"] is None
    assert letter["To"].addresses[0].display_name.isprintable()
    assert mailbox.to("boris") == []
    assert "<script>" not in html(letter)
    assert "{{ 7*7 }}" in text(letter)


async def test_every_letter_can_be_written_in_every_language() -> None:
    folders = {folder.name for folder in templating.TEMPLATES.iterdir() if (folder / "subject.txt").exists()}
    functions = {
        name for module in (mail, commission, control, desk, gathering) for name in vars(module) if name in folders
    }

    assert functions | OF_FOLLOWERS == folders
    # One table of terms has no words of its own for the operator to change.
    assert set(lettering.LETTERS) == folders - {"digest"}
    assert {"followed_digest", "subscription_asked"} <= set(vars(followers))
    for language in LANGUAGES:
        for name in folders:
            for part in ("subject.txt", "body.txt", "body.html"):
                templating.environment(language).get_template(f"{name}/{part}")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, None, None, False, None)),
        ("smtps://otklik:p%40ss@mail.example", ("mail.example", 465, "otklik", "p@ss", True, None)),
        ("smtp://mail.example?starttls=yes", ("mail.example", 25, None, None, False, True)),
        ("smtp://mail.example:25?starttls=no", ("mail.example", 25, None, None, False, False)),
    ],
)
def test_the_address_of_the_mail_server_says_how_to_speak_with_it(url: str, expected: tuple[Any, ...]) -> None:
    assert tuple(vars(Server.of(url)).values()) == expected


@pytest.mark.rule("R33")
async def test_an_address_with_a_cyrillic_domain_is_reached_by_its_name_in_ascii(town: Town, mailbox: Mailbox) -> None:
    await Person.update({Person.email: "anna@почта.рф"}).where(Person.id == town.anna.id)
    await submitted(town)

    letter = await letter_to(mailbox, "anna", "taken_in")

    assert letter["To"].addresses[0].domain == "xn--80a1acny.xn--p1ai"
    assert b"\r\nTo: " in mailbox.raw[0]
    assert mailbox.raw[0].isascii()
