"""Searches that an official keeps under a name: their own, whoever they stand in for, and no move of any message."""

from domain.database import atomic
from domain.errors import Unfit, say
from domain.model import Person, SavedView

NAME_AT_MOST = 60
QUERY_AT_MOST = 2000
VIEWS_AT_MOST = 12  # so many are counted with every page


async def save(name: str, query: str, *, by: Person) -> None:
    """Keep the search under this name; the same name again is the same view with another search."""
    name = " ".join(name.split())
    if not name:
        raise Unfit({"name": say("Give the view a name.")})
    if len(name) > NAME_AT_MOST:
        raise Unfit({"name": say("No more than %(max_length)s characters fit here.", max_length=NAME_AT_MOST)})
    if not query or len(query) > QUERY_AT_MOST:
        raise Unfit({"name": say("Choose at least one filter: a view of everything needs no name.")})
    async with atomic():
        # Of two windows at once one waits for the other, so that together they do not keep more than is allowed.
        await Person.objects().where(Person.id == by.id).lock_rows("NO KEY UPDATE")
        theirs = SavedView.person == by.id
        same = (
            await SavedView.update({SavedView.query: query})
            .where(theirs & (SavedView.name == name))
            .returning(SavedView.id)
        )
        if same:
            return
        if await SavedView.count().where(theirs) >= VIEWS_AT_MOST:
            full = say("You have %(count)s views already: take one away first.", count=VIEWS_AT_MOST)
            raise Unfit({"name": full})
        await SavedView.insert(SavedView(person=by.id, name=name, query=query))


async def remove(id: int, *, by: Person) -> None:
    """Take a view of one's own away; another's is not there."""
    await SavedView.delete().where((SavedView.id == id) & (SavedView.person == by.id))


async def views_of(person: Person) -> list[SavedView]:
    return await SavedView.objects().where(SavedView.person == person.id).order_by(SavedView.name)
