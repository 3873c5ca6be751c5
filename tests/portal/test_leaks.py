"""Whatever officials publish, take off and cover, a guest who follows every link finds nothing that is private."""

import html
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HOME, HTMX, Browser
from tests.portal.errands import at_home, filled_in, prepared
from tests.workers.drawing import quarters, saved

from domain import covering, executing, moderating, publishing, rating
from domain.answering import Written, draft, send_for_review
from domain.areas import Area
from domain.errors import Refusal
from domain.model import Attachment, Message, RejectionGround
from portal.door import Door
from workers import storage
from workers.covering import cover_photo

MINUTE = timedelta(minutes=1)
LINK = re.compile(r'(?:href|src|hx-get|action|content)="([^"]+)"')
PRIVATE = ("/messages", "/sign-in", "/static", "/dev/", "/live", "/settings")


@dataclass
class Secrets:
    """Words that stand in one private place each, and contents that nobody of the public may be given."""

    words: set[str] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)

    def word(self, place: str) -> str:
        self.words.add(f"zz{place}{len(self.words)}zz")
        return f"zz{place}{len(self.words) - 1}zz"


@dataclass
class Office:
    """Officials who do one thing after the other to one message, by chance, and write secrets wherever they may."""

    town: Town
    chance: Random
    secrets: Secrets
    message: Message
    now: datetime

    async def once(self, deed: str) -> None:
        self.now += MINUTE
        self.message = await stories.fresh(self.message)
        try:
            await getattr(self, deed)(self.message, at=self.now)
        except Refusal:
            return

    async def photos(self, answer: int | None = None) -> list[Attachment]:
        theirs = await Attachment.objects().where(Attachment.message == self.message.id)
        return [file for file in theirs if file.answer == answer and self.chance.random() < 0.5]

    async def register(self, message: Message, *, at: datetime) -> None:
        chosen = [file.id for file in await self.photos()]
        public: dict[str, Any] = {"public_text": "A public copy.", "photos": chosen}
        await moderating.register(message, by=self.town.marina, at=at, **(public if self.chance.random() < 0.5 else {}))

    async def accept(self, message: Message, *, at: datetime) -> None:
        await executing.accept(message, by=self.town.pavel, at=at, scope=self.secrets.word("scope"))

    async def hand_back(self, message: Message, *, at: datetime) -> None:
        said = {"justification": self.secrets.word("justification"), "competent": self.secrets.word("competent")}
        await executing.hand_back(message, by=self.town.pavel, at=at, **said)
        await moderating.reroute(await stories.fresh(message), by=self.town.marina, at=at, executor=self.town.pavel.id)

    async def answer(self, message: Message, *, at: datetime) -> None:
        written = Written(outcome="solved", text=f"Done. {self.secrets.word('answer')}")
        await draft(message, written, by=self.town.pavel, at=at)
        await send_for_review(message, by=self.town.pavel, at=at)

    async def send_back(self, message: Message, *, at: datetime) -> None:
        remark = self.secrets.word("remark")
        await moderating.send_back(message, by=self.town.vera, at=at, rules=["R17"], remark=remark)

    async def approve(self, message: Message, *, at: datetime) -> None:
        await stories.approve(self.town, message, at=at, publish=True, public_text="A public answer.")

    async def rate(self, message: Message, *, at: datetime) -> None:
        remarks = self.secrets.word("remarks")
        await rating.rate(message, by=self.town.anna, at=at, choice="unsolved", remarks=remarks)

    async def publish(self, message: Message, *, at: datetime) -> None:
        chosen = [file.id for file in await self.photos()]
        await publishing.publish(message, by=self.town.marina, at=at, text="A public copy.", photos=chosen)

    async def withdraw(self, message: Message, *, at: datetime) -> None:
        ground = await RejectionGround.objects().first()
        photo = next((file.id for file in await self.photos()), None)
        words = self.secrets.word("rejection")
        await publishing.withdraw(message, by=self.town.vera, at=at, ground=ground.id, words=words, photo=photo)

    async def cover(self, message: Message, *, at: datetime) -> None:
        for file in (await self.photos())[:1]:
            left, top = self.chance.randrange(900), self.chance.randrange(900)
            await covering.cover(message, file.id, [Area(left, top, 100, 100)], by=self.town.marina, at=at)
            if self.chance.random() < 0.8:  # now and then the worker has not come yet
                await cover_photo(await stories.told_as_written(message, "photo:covered"))

    async def withdraw_consent(self, message: Message, *, at: datetime) -> None:
        if self.chance.random() < 0.2:
            await publishing.withdraw_consent(message, by=self.town.anna, at=at)


DEEDS = ["register"] * 3 + ["publish", "cover"] * 3 + ["accept", "answer", "approve", "rate"] * 2
DEEDS += ["hand_back", "send_back", "withdraw", "withdraw", "withdraw_consent"]


async def sent(portal: Door, town: Town, secrets: Secrets, number: int) -> Message:
    """With a private word in every field of the form, and photos that nobody else has."""
    anna = await at_home(portal, town.anna)
    photos = [saved(quarters(320 + number, 200 + place)) for place in range(2)]
    files = [("files", (f"{secrets.word('name')}.jpg", content, "image/jpeg")) for content in photos]
    said = {"text": f"A hole. {secrets.word('text')}", "address": "Mira 41, кв. 997", "consent": "given"}
    if number % 5 == 4:
        said["consent"] = "withheld"
    await anna.post("/messages", data=filled_in(town, **said), files=files)
    message = await Message.objects().order_by(Message.id, ascending=False).first()
    assert message is not None
    await prepared(message)
    secrets.contents |= {sha256(content).hexdigest() for content in photos}
    return message


async def everything(guest: Browser) -> dict[str, bytes]:
    """Every page and file that can be reached from the front page by following what is written there."""
    found: dict[str, bytes] = {}
    waiting = ["/", "/?q=hole", "/?q=997", "/?state=answered", "/sitemap.xml", "/robots.txt", "/feed"]
    while waiting:
        path = waiting.pop()
        if path in found or path.startswith(PRIVATE):
            continue
        answer = await guest.get(path)
        found[path] = answer.content + str(answer.headers).encode()
        if answer.headers.get("content-type", "").startswith("text/html"):
            found[f"{path} htmx"] = (await guest.get(path, headers=HTMX)).content
            links = (urlsplit(urljoin(HOME + path, html.unescape(link))) for link in LINK.findall(answer.text))
            waiting += [
                f"{link.path}?{link.query}" if link.query else link.path
                for link in links
                if f"{link.scheme}://{link.netloc}" == HOME
            ]
    return found


@pytest.mark.rule("R10", "R28")
@pytest.mark.parametrize("seed", range(3))
async def test_a_guest_finds_nothing_private_whatever_was_published(portal: Door, town: Town, seed: int) -> None:
    chance, secrets = Random(seed), Secrets()
    messages = [await sent(portal, town, secrets, number) for number in range(8)]
    for message in messages:
        office = Office(town, chance, secrets, message, MONDAY + MINUTE)
        for _ in range(25):
            await office.once(chance.choice(DEEDS))

    found = await everything(Browser(portal))

    names = {part for person in (town.anna, town.marina, town.vera, town.pavel) for part in person.name.split()}
    everybody = secrets.words | names | {town.anna.email, "кв. 997"}
    leaks = [(path, word) for path, content in found.items() for word in everybody if word.encode() in content]
    assert leaks == []
    assert any(path.endswith("/small") for path in found)
    await check_contents(found, secrets)
    await check_states(found, messages)


async def check_contents(found: dict[str, bytes], secrets: Secrets) -> None:
    """No original goes out or is named, and nothing uncovered of what is covered."""
    for file in await Attachment.objects().output(load_json=True):
        sizes: Any = file.sizes
        if file.covers:
            secrets.contents |= set(sizes.values())
        secrets.contents.add(file.content_hash)
    given = {path: content for path, content in found.items() if "/files/" in path}
    for content in secrets.contents:
        assert not [path for path, body in found.items() if content.encode() in body]
        assert not [path for path in given if content[:16] in path]
        assert not [path for path, body in given.items() if body.startswith(await storage.read(content))]


async def check_states(found: dict[str, bytes], messages: list[Message]) -> None:
    """What is found is what the rows say is public, and all of it."""
    shown = {path for path in found if re.fullmatch(r"/publications/[0-9-]+", path)}
    rows = [await stories.fresh(message) for message in messages]
    assert shown == {f"/publications/{row.number}" for row in rows if row.published_at}
    assert all(row.consent for row in rows if row.published_at)
    assert shown
