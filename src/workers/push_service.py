"""The one door to push services (RFC 8030): what a browser named is reached only over https and in the public network.

Whoever subscribes names an address that our own server will then ask. So it is resolved first, every address that it
has must be public, and the connection goes to the very address that was looked at; no redirect is followed.
"""

import asyncio
import json
import os
import socket
from collections.abc import Mapping
from email.utils import parseaddr
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

from domain.model import Browser
from workers import vapid
from workers.settings import Settings

SECONDS = 10  # for looking up, connecting and answering together
GONE = (404, 410)
NEVER = (400, 401, 403, 413)  # another attempt with the same push would be refused as well
TUNNELS = (ip_network("64:ff9b::/96"), ip_network("2002::/16"), ip_network("2001::/32"))  # an IPv4 address inside


class Unreachable(Exception):
    """There is no use in another attempt: the address is none that we ask, or the service refuses the push."""


class Gone(Unreachable):
    """The push service knows this browser no longer."""


def parts_of(endpoint: str) -> SplitResult:
    """Unreachable for anything but https on its own port; development may name one more place (PUSH_ALSO_TO)."""
    try:
        parts = urlsplit(endpoint)
        plain = parts.scheme == "https" and parts.port in (None, 443) and not parts.username and bool(parts.hostname)
    except ValueError:
        raise Unreachable("the address of the push service is none") from None
    if not plain and not is_named_by_settings(parts):
        raise Unreachable("the address of the push service is not https")
    return parts


def is_named_by_settings(parts: SplitResult) -> bool:
    also = Settings.from_env().push_also_to
    return also is not None and f"{parts.scheme}://{parts.netloc}" == also


async def address_of(parts: SplitResult) -> str:
    """Where to connect to; Unreachable when any of its addresses is not public, so that none can hide among others."""
    host = parts.hostname or ""
    if is_named_by_settings(parts):
        return host
    found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not all(is_public(ip_address(each)) for each in addresses):
        raise Unreachable("the address of the push service is not in the public network")
    return addresses[0]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if any(address in tunnel for tunnel in TUNNELS):
            return False
    return address.is_global and not address.is_multicast


async def send(told: Mapping[str, str], browser: Browser, *, topic: str, seconds: int) -> None:
    """Hand the push to the service, encrypted for this browser alone; it is kept there for so many seconds."""
    parts = parts_of(browser.endpoint)
    content, headers = await asyncio.to_thread(sealed, told, browser, seconds)
    headers |= {"Topic": topic, "Urgency": "normal", "Host": parts.netloc}
    async with asyncio.timeout(SECONDS):
        url = httpx.URL(browser.endpoint).copy_with(host=await address_of(parts))
        # No proxy of the environment, and the name that the certificate has to bear is that which the browser gave.
        async with (
            httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST", url, content=content, headers=headers, extensions={"sni_hostname": parts.hostname}
            ) as answer,
        ):
            judge(answer.status_code)


def sealed(told: Mapping[str, str], browser: Browser, seconds: int) -> tuple[bytes, dict[str, str]]:
    # A third of what a worker loads, and a town without browsers to tell needs none of it.
    from webpush import WebPush

    hidden, known = vapid.pems(os.environ["VAPID_PRIVATE_KEY"])
    writer = parseaddr(Settings.from_env().mail_from)[1]
    keys = {"auth": browser.auth, "p256dh": browser.p256dh}
    try:
        to = subscriptions().validate_python({"endpoint": browser.endpoint, "keys": keys})
        text = json.dumps(dict(told), ensure_ascii=False)
        made = WebPush(hidden, known, subscriber=writer, ttl=seconds).get(text, to)
    except ValueError as trouble:
        raise Unreachable("the browser gave a key that is none") from trouble
    return made.encrypted, {name: str(value) for name, value in made.headers.items()}


@cache
def subscriptions() -> Any:
    from pydantic import TypeAdapter
    from webpush.types import WebPushSubscription

    return TypeAdapter(WebPushSubscription)


def judge(status: int) -> None:
    if status in GONE:
        raise Gone(f"The push service knows this browser no longer ({status}).")
    if status in NEVER or 300 <= status < 400:
        raise Unreachable(f"The push service refuses the push ({status}).")
    if status >= 400:
        raise OSError(f"the push service answers {status}")
