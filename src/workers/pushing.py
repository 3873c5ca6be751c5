"""News pushed to browsers (§3, §4.3): who is told of an event, when, and in which words.

A push is read on a lock screen by whoever is near: it says that something happened and where to read of it, and nothing
of the message, of its author or of its place.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from urllib.parse import urlsplit

from domain import browsers, choosing, escalating, workdays
from domain.database import atomic
from domain.model import Browser, Event, Message, Person
from domain.moves import Role
from domain.rulebook import Rulebook, rulebook
from domain.wording import LANGUAGES, N_, translations
from workers import moment, push_service
from workers.mail import addressing
from workers.mail.reading import About, about, sides, silent

KEPT = 24 * 3600  # seconds for which a push service keeps it for a browser that is away
WAITS_KEPT = 600
WAITS = "message_waits"
# By the letters that tell the author the same; what they did themselves is no news to them.
TOLD_AUTHORS = {
    "registered": (N_("Your message is registered"), N_("It has a number and a department that answers.")),
    "joined": (
        N_("Your message is joined to another one"),
        N_("It is answered together with another on the same matter."),
    ),
    "detached": (
        N_("Your message is considered by itself again"),
        N_("Open it to read why, and by when it is answered."),
    ),
    "sent_to_rework": (N_("The answer goes to rework"), N_("Open the message to read by when a new one comes.")),
    "refused": (N_("Your message needs a correction"), N_("Open it to read what to correct.")),
    "questioned": (N_("The moderator has a question"), N_("Open the message to reply.")),
    "answered": (N_("Your message is answered"), N_("Read the answer and say whether it helps.")),
    "promise_came": (N_("The promised day has come"), N_("The department was asked for an additional answer.")),
    "brought_to_commission": (N_("Your message went to the commission"), N_("You will be told what it decides.")),
    "commission_decided": (N_("The commission has decided"), N_("Open the message to read the decision.")),
    "closed_unrated": (N_("Your message is closed"), N_("The answer was not rated in time.")),
    # That somebody is blocked is nobody else's business.
    "blocked": (N_("A decision of the moderator"), N_("Open the portal to read it.")),
    "block_ended": (N_("A term has ended"), N_("Open the portal to read what it means.")),
    "objection_decided": (N_("Your objection is answered"), N_("Open the portal to read it.")),
}
TITLES = {**{name: title for name, (title, _) in TOLD_AUTHORS.items()}, WAITS: N_("New messages wait")}
ABOUT_BLOCKS = ("blocked", "block_ended", "objection_decided")
SUBMITTED = Message.status == "submitted"


@dataclass(frozen=True)
class Notice:
    """What a browser shows; of two with one tag the later takes the place of the earlier, at the service as well."""

    title: str
    line: str
    path: str
    tag: str
    seconds: int


def owing(name: str) -> Callable[[Event], Awaitable[None]]:
    return owe_moderators if name == WAITS else partial(owe_author, name)


async def owe_author(name: str, event: Event) -> None:
    """Owe a push to each browser of each author, in the hours in which nobody sleeps."""
    authors = [side.author for side in (await authors_of(name, event)).values()]
    concerned = [author.id for author in authors if concerns(name, event, author)]
    if concerned:
        at = next_hours(moment.now(), await rulebook(), any_day=True)
        told = await Browser.objects().where(Browser.person.is_in(concerned))
        await owe(name, event, [(each.id, each.person, each.endpoint) for each in told], at=at)


def concerns(name: str, event: Event, author: Person) -> bool:
    by_nobody = name != "closed_unrated" or event.actor is None
    return author.active and event.actor != author.id and by_nobody and choosing.wants_push(author, name)


async def owe_moderators(event: Event) -> None:
    """Owe a push to each browser of the moderators: one each ten minutes, in working hours only."""
    at = next_hours(moment.now(), await rulebook(), any_day=False)
    async with atomic():
        for row in await Browser.raw(browsers.HELD_BACK, at, at):
            await owe(WAITS, event, [(row["id"], row["person"], row["endpoint"])], at=row["told_at"])


async def owe(name: str, event: Event, to: list[tuple[int, int, str]], *, at: datetime) -> None:
    rows = [(f"push:{person}:{id}", urlsplit(endpoint).netloc, f"push-{id}") for id, person, endpoint in to]
    await addressing.owe_each(f"push:{name}", event.id, rows, at=at)


def next_hours(at: datetime, book: Rulebook, *, any_day: bool) -> datetime:
    """This moment, or when the hours of letters begin again; on a day off only what may come on `any_day`."""
    day = workdays.in_town(at).date()
    if workdays.in_town(at).hour >= book.limits.letters_until:
        day += timedelta(days=1)
    if not any_day:
        day = workdays.first_workday(book.calendar, day)[0]
    return max(at, datetime.combine(day, time(book.limits.letters_from), workdays.TOWN))


async def push(name: str, recipient: str, event: Event) -> str | None:
    """Push it to one browser. Returns the host of its service, and nothing when it is of no use any more."""
    browser = await Browser.objects().get(Browser.id == int(recipient.rpartition(":")[2]))
    notice = await of_use(name, event, browser) if browser else None
    if browser is None or notice is None:
        return None
    told: Mapping[str, str] = {key: str(value) for key, value in vars(notice).items() if key != "seconds"}
    try:
        await push_service.send(told, browser, topic=notice.tag, seconds=notice.seconds)
    except push_service.Gone:
        await Browser.delete().where(Browser.id == browser.id)
        raise
    return urlsplit(browser.endpoint).netloc


async def of_use(name: str, event: Event, browser: Browser) -> Notice | None:
    """Asked again when it goes: a queue may be empty by then, and a choice another one."""
    person = await Person.objects().get(Person.id == browser.person)
    if person is None or not person.active:
        return None
    words = translations(person.language if person.language in LANGUAGES else LANGUAGES[0])
    if name == WAITS:
        waiting = await Message.count().where(SUBMITTED)
        if person.role != Role.MODERATOR or not waiting or not escalating.is_open(await rulebook(), moment.now()):
            return None
        line = words.ngettext(
            "%(num)s message is not registered yet", "%(num)s messages are not registered yet", waiting
        )
        return Notice(words.gettext(TITLES[WAITS]), line % {"num": waiting}, "/moderation", "waits", WAITS_KEPT)
    own = (await authors_of(name, event)).get(person.id)
    if own is None or not concerns(name, event, person):
        return None
    title, line = TOLD_AUTHORS[name]
    path = "/block" if name in ABOUT_BLOCKS else f"/messages/{own.message.id}"
    return Notice(words.gettext(title), words.gettext(line), path, f"event-{event.id}", KEPT)


async def authors_of(name: str, event: Event) -> dict[int, About]:
    """Those whom it concerns, each with their own message: of one matter several may have written (§2)."""
    case = await about(event)
    if name in ABOUT_BLOCKS:
        return {case.author.id: case}
    told = await silent(case) if name == "closed_unrated" else await sides(case)
    return {side.author.id: side for side in told}
