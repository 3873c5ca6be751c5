"""One visit: what the door has learned about a request before any handler runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from litestar.datastructures import FormMultiDict
from litestar.plugins.htmx import HTMXRequest

from domain.model import Person
from portal.parsing import parse
from portal.view import View

if TYPE_CHECKING:
    from portal.rendering import Rendering
    from portal.security.sessions import Open, Sessions


@dataclass(slots=True)
class Visit:
    """The moment is taken once: everything that one request does happens at one time."""

    now: datetime
    cookies: dict[str, str]
    view: View
    rendering: "Rendering"
    sessions: "Sessions"
    session: "Open | None" = None
    csrf_token: str = ""
    only_asks: bool = False  # HEAD, which every handler sees as GET, and one that writes must know

    @property
    def person(self) -> Person | None:
        return self.session.person if self.session else None


class PortalRequest(HTMXRequest):
    """Litestar's request with the parsers that 2.25.0 gets wrong replaced.

    Its form parser decodes by whatever charset a part names (rot13 and idna end in a 500, utf-7 smuggles markup)
    and keeps every urlencoded body in an lru_cache for ever; its cookie parser keeps session tokens the same way.
    """

    @property
    def visit(self) -> Visit:
        return cast(Visit, cast(dict[str, Any], self.scope)["visit"])

    @property
    def cookies(self) -> dict[str, str]:
        return self.visit.cookies

    async def form(self) -> FormMultiDict:
        state: Any = self._connection_state  # kept there, its files are closed when the answer has gone
        if not isinstance(state.form, dict):
            state.form = await parse(self)
        return FormMultiDict.from_form_data(state.form)

    @property
    def words_typed(self) -> list[str]:
        """What somebody has written into the form of this request, as far as it was read: texts of more than a word."""
        form: Any = self._connection_state.form
        values = [value for each in form.values() for value in each] if isinstance(form, dict) else []
        return [value for value in values if isinstance(value, str) and len(value.split()) > 1]


def visit_of(scope: Any) -> Visit:
    return cast(Visit, scope["visit"])
