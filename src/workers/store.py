"""The store behind STORAGE_URL: opened once, asked with limits, and its troubles told by what they mean to us."""

import asyncio
import errno
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, ObjectStore, S3Store

from workers.store_url import SPOKEN, place_of

# A store in good health answers a question in milliseconds; whoever waits for a picture waits no longer than this.
ANSWER_SECONDS = 8
CONNECT = "3s"
REQUEST = "20s"  # for one piece, there or back
RETRIES = 2
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class StoreAway(OSError):
    """The store does not answer, or says that it is in trouble: nothing was read and nothing was kept."""


class StoreRefuses(StoreAway):
    """The store answers, but knows neither us nor the bucket: to ask again would be of no use."""


def store() -> ObjectStore:
    return opened(os.environ[SPOKEN])


@cache
def opened(url: str) -> ObjectStore:
    place = place_of(url)
    if place.folder is not None:
        return LocalStore(place.folder, mkdir=True)
    return S3Store(
        place.bucket,
        prefix=place.prefix or None,
        config=place.options,  # type: ignore[arg-type]
        client_options={"allow_http": place.allow_http, "connect_timeout": CONNECT, "timeout": REQUEST},
        retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=ANSWER_SECONDS)},
    )


def folder() -> Path | None:
    """The folder of this machine in which files lie, if they do."""
    return place_of(os.environ[SPOKEN]).folder


@asynccontextmanager
async def speaking(seconds: float | None = None) -> AsyncIterator[None]:
    """Around every question to the store. FileNotFoundError passes; what else goes wrong is an OSError of ours."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as trouble:
        raise StoreAway(errno.ETIMEDOUT, f"the store has not answered for {seconds} seconds") from trouble
    except (PermissionDeniedError, UnauthenticatedError) as trouble:
        raise StoreRefuses(errno.EACCES, in_a_line(trouble)) from trouble
    except FileNotFoundError as trouble:
        if "NoSuchBucket" in str(trouble):
            raise StoreRefuses(errno.ENOENT, in_a_line(trouble)) from trouble
        raise
    except BaseError as trouble:
        raise StoreAway(number_of(trouble), in_a_line(trouble)) from trouble


def in_a_line(trouble: Exception) -> str:
    """obstore tells the whole story of a request; its first line is enough."""
    return str(trouble).strip().partition("\n")[0]


def number_of(trouble: BaseError) -> int:
    """The number that the system gave, which obstore only puts into words; a full store of others answers 507."""
    if found := re.search(r"\(os error (\d+)\)", str(trouble)):
        return int(found[1])
    return errno.ENOSPC if "507 Insufficient" in str(trouble) else errno.EIO


def full(trouble: OSError) -> bool:
    """There is no room, in the store or where files wait for their name."""
    return trouble.errno in FULL
