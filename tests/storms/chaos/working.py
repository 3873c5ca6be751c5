"""People who take cases through the main path over HTTP, and write down for themselves what they were told."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import httpx
from PIL import Image
from tests.bench.places import HOST
from tests.storms.chaos.people import Hand, Staff
from tests.storms.chaos.sink import Mail

CLIENTS = 20
TRIES, PAUSE, PATIENCE = 20, 0.7, 30
LETTER_SECONDS = 240
TWICE, UNSOLVED = 0.2, 0.2  # of all cases: the form pressed twice though it was taken, and an answer that did not help
DRAFT = re.compile(r'name="key" value="([^"]*)"><input type="hidden" name="version" value="(\d*)"')
VERDICT = re.compile(r'name="version" value="(\d+)"')
RULES = dict.fromkeys(("R13", "R14", "R15", "R16", "R17", "R18", "R19"), "kept")
TEXT = "На дороге у остановки глубокая яма, объезжают её по встречной полосе. Просим засыпать. Случай {}."


class Stuck(Exception):
    """A step that nobody could get done; the text says what the portal answered."""


@dataclass
class Notes:
    """What the clients saw, for the referee: `confirmed` are the messages by the keys of their forms."""

    confirmed: dict[UUID, set[int]] = field(default_factory=dict)
    photos: dict[int, list[str]] = field(default_factory=dict)
    sent_at_once: int = 0
    sent: int = 0
    finished: int = 0
    failures: list[tuple[float, int, str]] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)
    stuck: list[str] = field(default_factory=list)
    requests: int = 0


class Town:
    """All who are at work, their notes, and twenty lines to the portal."""

    def __init__(self, port: int, staff: Staff, mail: Path, seed: int) -> None:
        # A new connection for each request: a browser would quietly repeat what met a connection that has died.
        limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=0)
        address = f"http://127.0.0.1:{port}"
        self.client = httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits, headers={"Host": HOST})
        self.lines = asyncio.Semaphore(CLIENTS)
        self.staff = staff
        self.mail = Mail(mail)
        self.links: dict[str, str] = {}
        self.chance = Random(seed)
        self.notes = Notes()

    async def take(self, cases: int, seconds: float) -> None:
        """The cases begin all through the storm."""
        moments = sorted(self.chance.uniform(0, seconds) for _ in range(cases))
        reading = asyncio.create_task(self.read_mail())
        await asyncio.gather(*(self.case(nth, moment) for nth, moment in enumerate(moments)))
        reading.cancel()
        await self.client.aclose()

    async def case(self, nth: int, moment: float) -> None:
        await asyncio.sleep(moment)
        author = self.staff.authors[nth % len(self.staff.authors)]
        topic, executor = self.staff.topics[nth % len(self.staff.topics)]
        first, second = self.chance.sample(self.staff.moderators, 2)
        twice, solved = self.chance.random() < TWICE, self.chance.random() >= UNSOLVED
        try:
            message = await self.send(nth, author, topic, twice=twice)
            await self.press(f"/messages/{message}/registration", first, {"topic": str(topic)})
            helper = self.staff.executors[executor]
            await self.press(f"/messages/{message}/acceptance", helper, {"scope": "Осмотреть и засыпать."})
            await self.answer(message, helper, nth)
            await self.approve(message, second)
            await self.rate(message, solved=solved)
            self.notes.finished += 1
        except Stuck as trouble:
            self.notes.stuck.append(f"case {nth}: {trouble}")

    async def send(self, nth: int, author: Hand, topic: int, *, twice: bool) -> int:
        key, photo = uuid4(), picture(nth)
        fields = {"key": str(key), "topic": str(topic), "text": TEXT.format(nth), "address": "ул. Мира, 41"}
        form = {**fields, "consent": "given", "csrf_token": author.csrf}
        files = {"files": (f"{nth}.jpg", photo, "image/jpeg")}
        tried = 0

        async def ask() -> httpx.Response:
            nonlocal tried
            tried += 1
            return await self.client.post("/messages", data=form, files=files, headers=author.headers)

        for _ in range(1 + twice):
            answer = await self.until(ask, done=(303,))
            message = int(answer.headers["location"].partition("?")[0].rpartition("/")[2])
            self.notes.confirmed.setdefault(key, set()).add(message)
            if message not in self.notes.photos:
                self.notes.photos[message] = [sha256(photo).hexdigest()]
                self.notes.sent += 1
                self.notes.sent_at_once += tried == 1
        return message

    async def press(self, path: str, who: Hand, fields: dict[str, str]) -> None:
        form = {"csrf_token": who.csrf, **fields}
        await self.until(lambda: self.client.post(path, data=form, headers=who.headers))

    async def answer(self, message: int, who: Hand, nth: int) -> None:
        """Whoever is told that the draft is not the one of this window opens the page and sends what it has."""
        said = {"csrf_token": who.csrf, "outcome": "solved", "text": f"Яма засыпана. Случай {nth}."}

        async def ask() -> httpx.Response:
            page = await self.client.get(f"/execution/{message}", headers=who.headers)
            found = DRAFT.search(page.text)
            if page.status_code != 200 or not found:
                return page if page.status_code != 200 else httpx.Response(409)
            form = {**said, "key": found[1], "version": found[2]}
            return await self.client.post(f"/messages/{message}/answer/review", data=form, headers=who.headers)

        await self.until(ask)

    async def approve(self, message: int, who: Hand) -> None:
        async def ask() -> httpx.Response:
            page = await self.client.get(f"/moderation/{message}", headers=who.headers)
            found = VERDICT.search(page.text)
            if page.status_code != 200 or not found:
                return page if page.status_code != 200 else httpx.Response(409)
            form = {"csrf_token": who.csrf, "version": found[1], **RULES}
            return await self.client.post(f"/messages/{message}/approval", data=form, headers=who.headers)

        await self.until(ask)

    async def rate(self, message: int, *, solved: bool) -> None:
        """From the link of the letter, when it has come; without a sign-in."""
        form = {"choice": "solved"} if solved else {"choice": "unsolved", "remarks": "Яма на месте."}
        link = await self.link(message)
        await self.until(lambda: self.client.post(f"/answers/{link}/rating", data={"key": str(uuid4()), **form}))

    async def link(self, message: int) -> str:
        until = time.monotonic() + LETTER_SECONDS
        while time.monotonic() < until:
            if link := self.links.get(f"<message-{message}@{HOST}>"):
                return link
            await asyncio.sleep(0.5)
        raise Stuck(f"no letter with an answer to message {message} within {LETTER_SECONDS} s")

    async def read_mail(self) -> None:
        while True:
            for letter in await asyncio.to_thread(self.mail.fresh):
                if letter.link:
                    self.links[letter.about] = letter.link
            await asyncio.sleep(0.5)

    async def until(
        self, ask: Callable[[], Awaitable[httpx.Response]], done: tuple[int, ...] = (303, 409)
    ) -> httpx.Response:
        """Again and again, as a patient person would. Told that it was done already, one is content, unless it is the
        first that one hears of it."""
        told = ""
        for tried in range(TRIES):
            try:
                async with self.lines:
                    self.notes.requests += 1
                    answer = await ask()
            except httpx.HTTPError as trouble:
                told = repr(trouble)
                self.notes.broken[type(trouble).__name__] += 1
            else:
                told = f"{answer.status_code}"
                if answer.status_code >= 500:
                    self.notes.failures.append((time.time(), answer.status_code, answer.request.url.path))
                elif answer.status_code in done and (tried or answer.status_code != 409):
                    return answer
                else:
                    raise Stuck(f"{told} at the {tried + 1}. try: {answer.text[:3000]}")
            await asyncio.sleep(PAUSE)
        raise Stuck(f"not done after {TRIES} tries: {told}")


def picture(nth: int) -> bytes:
    """No two alike, and each quickly decoded."""
    noise = Image.frombytes("RGB", (48, 36), Random(nth).randbytes(48 * 36 * 3))
    kept = BytesIO()
    noise.resize((320, 240)).save(kept, "JPEG")
    return kept.getvalue()
