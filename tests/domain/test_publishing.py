"""What stands before everybody is a copy, item by item; it goes on a ground, and all of it when the author wishes."""

import asyncio
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, answered, fresh, in_review, journal, registered, submitted, the_answer, told

from domain import attaching, covering, publishing
from domain.areas import Area
from domain.errors import NotAllowed, OutOfTurn, Refusal, Stale, Unfit
from domain.model import Answer, Attachment, Edition, Message, RejectionGround, Topic
from domain.moves import Status

pytestmark = pytest.mark.usefixtures("database")
LATER = MONDAY + 9 * HOUR
COPY = "A hole at the stop."


async def ground(code: str = "P01") -> int:
    found = await RejectionGround.objects().get(RejectionGround.code == code)
    assert found is not None
    return found.id


async def with_photo(message: Message, *, answer: int | None = None, kind: str = "jpeg") -> UUID:
    file = await attaching.receive(
        id=uuid4(), key=uuid4(), name="face.jpg", content_hash="00", kind=kind, size=1, by=None, at=MONDAY
    )
    changes: dict[Any, Any] = {
        "message": message.id,
        "answer": answer,
        "state": "ready",
        "sizes": '{"small": "1", "large": "2"}',
    }
    await Attachment.update(changes, force=True).where(Attachment.id == file.id)
    return file.id


async def published(town: Town, *photos: UUID) -> Message:
    message = await registered(town)
    await publishing.publish(message, by=town.marina, at=LATER, text=COPY, photos=photos)
    return message


async def public_sizes(photo: UUID) -> str | None:
    (row,) = await Attachment.raw("SELECT public_sizes::text AS sizes FROM attachment WHERE id = {}", photo)
    return row["sizes"]


async def edition() -> int:
    (number,) = await Edition.select(Edition.number).output(as_list=True)
    return number


@pytest.mark.rule("R10", "R28")
async def test_what_is_published_is_a_copy_and_the_authors_own_stays(town: Town) -> None:
    message = await registered(town)
    await Message.update({Message.address: "ул. Мира, 41, кв. 12"}).where(Message.id == message.id)
    message = await fresh(message)
    photo, other = await with_photo(message), await with_photo(message)

    await publishing.publish(message, by=town.marina, at=LATER, text=COPY, photos=[photo])

    stands = await fresh(message)
    assert (stands.text, stands.public_text) == ("A deep hole at the bus stop.", COPY)
    assert (stands.address, stands.public_address) == ("ул. Мира, 41, кв. 12", "ул. Мира, 41")
    assert (await public_sizes(photo) is None, await public_sizes(other)) == (False, None)
    assert (await told(message, "message:published")).data["photos"] == [str(photo)]


@pytest.mark.rule("R28")
async def test_an_answer_is_published_as_a_copy_and_only_when_the_citizen_has_it(town: Town) -> None:
    message = await in_review(town)
    await publishing.publish(message, by=town.marina, at=LATER, text=COPY)
    answer = (await the_answer(message)).id
    with pytest.raises(OutOfTurn):
        await publishing.publish_answer(message, answer, by=town.marina, at=LATER, text="Filled.")
    case = await answered(town)
    answer = (await the_answer(case)).id
    with pytest.raises(OutOfTurn):
        await publishing.publish_answer(case, answer, by=town.marina, at=LATER, text="Filled.")
    await publishing.publish(case, by=town.marina, at=LATER, text=COPY)

    await publishing.publish_answer(case, answer, by=town.marina, at=LATER, text="Filled.")

    stands = await the_answer(case)
    assert (stands.text, stands.public_text) == ("The hole was filled on 3 March.", "Filled.")
    with pytest.raises(OutOfTurn):
        await publishing.publish_answer(await fresh(message), answer, by=town.marina, at=LATER, text="Elsewhere.")


@pytest.mark.rule("R28")
async def test_what_is_not_of_this_message_cannot_be_shown_with_it(town: Town) -> None:
    message, other = await registered(town), await registered(town)
    foreign, scan = await with_photo(other), await with_photo(message, kind="pdf")

    for photo in (foreign, scan, uuid4()):
        with pytest.raises(Unfit):
            await publishing.publish(await fresh(message), by=town.marina, at=LATER, text=COPY, photos=[photo])

    assert (await fresh(message)).published_at is None


@pytest.mark.rule("R28", "R33")
async def test_each_item_is_taken_off_by_itself_and_names_its_ground(town: Town) -> None:
    message = await answered(town)
    photo = await with_photo(message)
    await publishing.publish(message, by=town.marina, at=LATER, text=COPY, photos=[photo])
    answer = (await the_answer(message)).id
    await publishing.publish_answer(message, answer, by=town.marina, at=LATER, text="Filled.")
    named: dict[str, Any] = {"by": town.vera, "at": LATER + HOUR, "ground": await ground("P02"), "words": "A face."}

    await publishing.withdraw(message, photo=photo, **named)
    assert (await fresh(message)).published_at is not None
    await publishing.withdraw(message, answer=answer, **named)
    await publishing.withdraw(message, **named)

    assert await public_sizes(photo) is None
    assert (await the_answer(message)).published_at is None
    stands = await fresh(message)
    assert (stands.published_at, stands.status) == (None, "answered")
    said = (await told(message, "publication:rejected")).data
    assert (said["ground"], said["words"], said["named"]) == ("P02", "A face.", (await named_as("P02")))


async def named_as(code: str) -> str:
    found = await RejectionGround.objects().get(RejectionGround.code == code)
    assert found is not None
    return found.name


@pytest.mark.rule("R28")
async def test_a_rejection_without_a_ground_in_use_or_without_words_is_none(town: Town) -> None:
    message = await published(town)
    await RejectionGround.update({RejectionGround.active: False}).where(RejectionGround.code == "P09")

    for number, words in ((None, "Why."), (10**6, "Why."), (await ground("P09"), "Why."), (await ground(), "  ")):
        with pytest.raises(Unfit) as wrong:
            await publishing.withdraw(message, by=town.marina, at=LATER, ground=number, words=words)
        assert set(wrong.value.errors) <= {"ground", "words"}

    assert (await fresh(message)).published_at is not None


@pytest.mark.rule("R28")
async def test_what_was_rejected_may_be_published_after_all(town: Town) -> None:
    message = await registered(town)
    photo = await with_photo(message)
    act: dict[str, Any] = {"by": town.marina, "at": LATER, "ground": await ground(), "words": "A name."}
    await publishing.withdraw(message, **act)
    await publishing.withdraw(message, photo=photo, **act)
    with pytest.raises(OutOfTurn):
        await publishing.withdraw(message, photo=photo, **act)

    await publishing.publish(await fresh(message), by=town.marina, at=LATER + HOUR, text=COPY, photos=[photo])

    stands = await fresh(message)
    assert (stands.rejection, stands.published_at) == (None, LATER + HOUR)
    assert await public_sizes(photo) is not None


@pytest.mark.rule("R28")
async def test_the_author_withdraws_the_consent_and_nothing_of_it_is_public(town: Town) -> None:
    message = await answered(town)
    photo = await with_photo(message)
    await publishing.publish(message, by=town.marina, at=LATER, text=COPY, photos=[photo])
    answer = (await the_answer(message)).id
    await publishing.publish_answer(message, answer, by=town.marina, at=LATER, text="Filled.")
    old_window = await fresh(message)
    await publishing.withdraw(message, by=town.marina, at=LATER, ground=await ground(), words="A name.")

    # The author's page was opened before the moderator did something, and the author wins all the same.
    await publishing.withdraw_consent(old_window, by=town.anna, at=LATER + HOUR)

    stands = await fresh(message)
    assert (stands.consent, stands.published_at, stands.status) == (False, None, "answered")
    assert (await the_answer(message)).published_at is None
    assert await public_sizes(photo) is None
    with pytest.raises(Unfit):
        await publishing.publish(stands, by=town.marina, at=LATER + 2 * HOUR, text=COPY)
    with pytest.raises(OutOfTurn):
        await publishing.withdraw_consent(stands, by=town.anna, at=LATER + 2 * HOUR)


@pytest.mark.rule("R28")
async def test_only_the_author_withdraws_the_consent(town: Town) -> None:
    message = await published(town)

    for somebody in (town.boris, town.marina, town.pavel, town.yulia):
        with pytest.raises(NotAllowed):
            await publishing.withdraw_consent(message, by=somebody, at=LATER)


@pytest.mark.rule("R28")
async def test_the_database_itself_shows_nobody_who_did_not_agree(town: Town) -> None:
    message = await answered(town)
    photo = await with_photo(message)
    answer = (await the_answer(message)).id
    await Message.update({Message.consent: False}).where(Message.id == message.id)
    copy: dict[Any, Any] = {"published_at": LATER, "public_text": COPY}

    attempts = [
        Message.update({**copy, "public_address": ""}).where(Message.id == message.id),
        Answer.update(copy).where(Answer.id == answer),
        Attachment.update({"shown": True}).where(Attachment.id == photo),
    ]

    for attempt in attempts:
        with pytest.raises(asyncpg.CheckViolationError):
            await attempt


@pytest.mark.rule("R28")
async def test_a_rejected_item_is_shown_by_no_statement(town: Town) -> None:
    message = await registered(town)
    photo = await with_photo(message)
    act: dict[str, Any] = {"by": town.marina, "at": LATER, "ground": await ground(), "words": "A name."}
    await publishing.withdraw(message, **act)
    await publishing.withdraw(message, photo=photo, **act)
    copy: dict[Any, Any] = {"published_at": LATER, "public_text": COPY, "public_address": ""}

    for attempt in (
        Message.update(copy, force=True).where(Message.id == message.id),
        Attachment.update({"shown": True}, force=True).where(Attachment.id == photo),
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await attempt


@pytest.mark.rule("R28")
async def test_every_role_in_every_status_tries_to_publish(town: Town) -> None:
    message = await registered(town)
    photo = await with_photo(message)
    people = [town.anna, town.boris, town.marina, town.pavel, town.elena, town.konstantin, town.yulia]
    act: dict[str, Any] = {"ground": await ground(), "words": "A name."}

    case = await registered(town)
    for status, by in product(Status, people):
        joined_to = case.id if status == Status.JOINED else None
        await Message.update({Message.status: status, Message.joined_to: joined_to}).where(Message.id == message.id)
        done = []
        for verb in ("publish", "withdraw", "cover"):
            stands = await fresh(message)
            try:
                match verb:
                    case "publish":
                        await publishing.publish(stands, by=by, at=LATER, text=COPY)
                    case "withdraw":
                        await publishing.withdraw(stands, by=by, at=LATER, **act)
                    case _:
                        await covering.cover(stands, photo, [Area(1, 1, 1, 1)], by=by, at=LATER)
                done.append(verb)
            except NotAllowed:
                continue
        assert done == (["publish", "withdraw", "cover"] if by.role == "moderator" else []), (status, by.role)
        assert (await fresh(message)).status == status


@pytest.mark.rule("R28")
async def test_before_its_registration_nothing_is_published_or_rejected(town: Town) -> None:
    message = await submitted(town)

    with pytest.raises(OutOfTurn):
        await publishing.publish(message, by=town.marina, at=LATER, text=COPY)
    with pytest.raises(OutOfTurn):
        await publishing.withdraw(message, by=town.marina, at=LATER, ground=await ground(), words="A name.")

    assert await journal(message) == ["message:submitted"]


async def test_of_two_moderators_at_one_publication_one_wins_and_the_other_hears_who(town: Town) -> None:
    message = await published(town)
    one, other = await fresh(message), await fresh(message)
    act: dict[str, Any] = {"at": LATER, "ground": await ground(), "words": "A name."}

    outcomes = await asyncio.gather(
        publishing.publish(one, by=town.marina, at=LATER, text="Another copy."),
        publishing.withdraw(other, by=town.vera, **act),
        return_exceptions=True,
    )

    lost = [each for each in outcomes if isinstance(each, Stale)]
    assert len(lost) == 1
    assert outcomes.count(None) == 1
    assert lost[0].sentence.values["who"] == (town.marina if outcomes[0] is None else town.vera).name


async def test_of_many_presses_the_consent_is_withdrawn_once(town: Town) -> None:
    message = await published(town)
    copies = [await fresh(message) for _ in range(10)]

    outcomes = await asyncio.gather(
        *(publishing.withdraw_consent(copy, by=town.anna, at=LATER) for copy in copies), return_exceptions=True
    )

    assert outcomes.count(None) == 1
    assert all(isinstance(each, Refusal) for each in outcomes if each is not None)
    assert (await journal(message)).count("message:consent_withdrawn") == 1


@pytest.mark.rule("R10")
@pytest.mark.parametrize("area", [Area(-1, 0, 5, 5), Area(0, 0, 0, 5), Area(990, 0, 20, 5), Area(0, 999, 5, 2)])
async def test_an_area_lies_within_its_picture(town: Town, area: Area) -> None:
    message = await registered(town)
    photo = await with_photo(message)

    with pytest.raises(Unfit):
        await covering.cover(message, photo, [area], by=town.marina, at=LATER)

    assert (await fresh(message)).version == message.version


@pytest.mark.rule("R10")
async def test_only_photos_of_this_message_are_covered(town: Town) -> None:
    message, other = await registered(town), await registered(town)
    whole = [Area(0, 0, 1000, 1000)]

    for photo in (await with_photo(other), await with_photo(message, kind="pdf"), uuid4()):
        with pytest.raises(OutOfTurn):
            await covering.cover(await fresh(message), photo, whole, by=town.marina, at=LATER)
    with pytest.raises(Unfit):
        await covering.cover(message, await with_photo(message), whole * 41, by=town.marina, at=LATER)


@pytest.mark.rule("R28")
async def test_every_change_of_what_everybody_sees_is_a_new_edition(town: Town) -> None:
    message = await registered(town)
    photo = await with_photo(message)
    numbers = [await edition()]

    async def turned() -> bool:
        numbers.append(await edition())
        return numbers[-1] > numbers[-2]

    await publishing.publish(message, by=town.marina, at=LATER, text=COPY, photos=[photo])
    assert await turned()
    await publishing.publish(message, by=town.marina, at=LATER, text="Another copy.")
    assert await turned()
    await covering.cover(message, photo, [Area(0, 0, 500, 500)], by=town.marina, at=LATER)
    assert await turned()
    await Topic.update({Topic.closed: True}).where(Topic.id == message.topic)
    assert await turned()
    await publishing.withdraw_consent(message, by=town.anna, at=LATER)
    assert await turned()
    await Message.update({Message.status: "closed"}).where(Message.id == message.id)
    assert not await turned()
