"""The letters of the commission and of the block: who is told what, and where the link leads (§2, §4.4)."""

from datetime import timedelta

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, blocked, decided, in_commission, submitted
from tests.workers.conftest import Mailbox, all_delivered
from tests.workers.test_letters import AWAY, letter_to, says

from domain import blocking
from domain.model import Objection

pytestmark = pytest.mark.usefixtures("database")
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.mark.rule("R27")
async def test_the_coordinators_are_told_of_a_case_at_their_own_desk(town: Town, mailbox: Mailbox) -> None:
    await in_commission(town)

    await all_delivered("mail:commission_waits")

    says(mailbox.to("lidia")[0], "Still a hole.", f"{AWAY}/commission")


@pytest.mark.rule("R27")
async def test_the_author_reads_the_decision_in_the_words_of_the_commission(town: Town, mailbox: Mailbox) -> None:
    message = await in_commission(town)
    await decided(town, message, at=NEXT_MONDAY, effect="explain")

    letter = await letter_to(mailbox, "anna", "commission_decided")

    assert letter["Subject"] == f"№ {message.number}: комиссия приняла решение"
    says(
        letter, "9 марта", "Окончательное разъяснение", "The road is on private land.", f"{AWAY}/messages/{message.id}"
    )
    await all_delivered("mail:instructed")
    assert [each for each in mailbox.letters if "/execution/" in str(each)] == []


@pytest.mark.rule("R27")
async def test_the_named_executor_reads_what_to_do_and_by_when(town: Town, mailbox: Mailbox) -> None:
    message = await in_commission(town)
    await decided(town, message, at=NEXT_MONDAY, effect="instruct")

    await all_delivered("mail:commission_decided", "mail:instructed")

    (to_author,), (to_executor,) = mailbox.to("anna"), mailbox.to("sergey")
    says(to_author, "Новое поручение исполнителю", "Отдел жилищно-коммунального хозяйства", "30 марта")
    says(to_executor, "The road is on private land.", "до 30 марта", f"{AWAY}/execution/{message.id}")
    assert mailbox.to("pavel") == []


@pytest.mark.rule("R29")
async def test_a_blocked_citizen_reads_why_and_until_when_and_where_to_object(town: Town, mailbox: Mailbox) -> None:
    block = await blocked(town, await submitted(town), at=MONDAY)

    letter = await letter_to(mailbox, "anna", "blocked")

    assert letter["Subject"] == "Отправка сообщений заблокирована до 9 марта"
    says(letter, "до 9 марта включительно", block.ground_name, "Insults in every line.", f"{AWAY}/block")


@pytest.mark.rule("R29")
async def test_the_end_of_a_block_is_told_once(town: Town, mailbox: Mailbox) -> None:
    block = await blocked(town, await submitted(town), at=MONDAY)
    for _ in range(2):
        await blocking.tell_ended(at=block.ends_at)

    letter = await letter_to(mailbox, "anna", "block_ended")

    says(letter, "Снова можно отправлять сообщения", f"{AWAY}/messages/new")


@pytest.mark.rule("R29")
@pytest.mark.parametrize(
    ("decision", "subject", "place"),
    [("lifted", "Блокировка снята", "/messages/new"), ("kept", "Блокировка остаётся", "/block")],
)
async def test_an_objection_goes_to_the_coordinators_and_its_answer_to_the_citizen(
    town: Town, mailbox: Mailbox, decision: str, subject: str, place: str
) -> None:
    block = await blocked(town, await submitted(town), at=MONDAY)
    await blocking.object_to(block, by=town.anna, at=MONDAY + HOUR, text="It was not me.")
    await all_delivered("mail:objection_waits")
    for coordinator in ("konstantin", "lidia"):
        says(mailbox.to(coordinator)[0], "It was not me.", f"{AWAY}/objections/{block.id}")
    objection = await Objection.objects().first()
    assert objection is not None

    said = "We have looked at it."
    await blocking.answer(objection, by=town.konstantin, at=MONDAY + 2 * HOUR, decision=decision, reason=said)
    letter = await letter_to(mailbox, "anna", "objection_decided")

    assert letter["Subject"] == subject
    says(letter, said, f"{AWAY}{place}")
