"""The floor of the pages: a bare Litestar that renders the same templates from the same objects, held in memory.

No session, no door, no queries: what is left is what Litestar and Jinja take for such a page.
"""

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from litestar import Litestar, MediaType, Response, get
from tests.bench.places import Page

from portal.app import create_app
from portal.rendering import Rendering
from workers.settings import Settings

Rendered = tuple[str, str, Mapping[str, Any]]


async def objects_of(page: Page) -> tuple[Rendering, Rendered]:
    """Ask the real portal once, and keep what it hands to the template."""
    os.environ["DATABASE_URL"] = page.database
    door: Any = create_app(Settings.from_env())
    rendering = door.rendering
    caught: list[Rendered] = []
    render = rendering.render

    def catch(language: str, template: str, context: Mapping[str, Any]) -> Any:
        caught.append((language, template, context))
        return render(language, template, context)

    rendering.render = catch
    async with door.app.lifespan(), httpx.AsyncClient(transport=httpx.ASGITransport(door)) as client:
        answer = await client.get(f"http://127.0.0.1{page.path}", headers=page.headers)
    if answer.status_code != 200 or len(caught) != 1:
        raise RuntimeError(f"{page.path} answered {answer.status_code} and rendered {len(caught)} templates")
    del rendering.render
    return rendering, caught[0]


@asynccontextmanager
async def remembered(app: Litestar) -> AsyncIterator[None]:
    for name, page in json.loads(os.environ["BENCH_PAGES"]).items():
        app.state[name] = await objects_of(Page(**page))
    yield


@get("/feed", sync_to_thread=False)
def feed() -> Response[str]:
    return rendered("feed")


@get("/queue", sync_to_thread=False)
def queue() -> Response[str]:
    return rendered("queue")


def rendered(name: str) -> Response[str]:
    rendering, caught = app.state[name]
    return Response(rendering.render(*caught), media_type=MediaType.HTML)


app = Litestar([feed, queue], lifespan=[remembered], openapi_config=None, logging_config=None)
