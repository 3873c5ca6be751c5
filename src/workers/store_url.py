"""What STORAGE_URL names: a folder of this machine, or a bucket of an S3-compatible store and how to reach it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SPOKEN = "STORAGE_URL"
# The words that may stand after the question mark, as obstore calls them; the last two are true or false.
ENDPOINT, REGION, VIRTUAL_HOSTED, ALLOW_HTTP = "endpoint", "region", "virtual_hosted_style_request", "allow_http"
WORDS = (ENDPOINT, REGION, VIRTUAL_HOSTED, ALLOW_HTTP)
FLAGS = {"true": True, "false": False}
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@dataclass(frozen=True)
class Place:
    """Either a folder, or a bucket with a prefix and what obstore has to know to reach it."""

    folder: Path | None = None
    bucket: str = ""
    prefix: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    allow_http: bool = False


def place_of(url: str) -> Place:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Place(folder=Path(unquote(parts.path)))
    words = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {word: words[word] for word in (ENDPOINT, REGION) if word in words}
    if VIRTUAL_HOSTED in words:
        options[VIRTUAL_HOSTED] = FLAGS[words[VIRTUAL_HOSTED]]
    if parts.username and parts.password:
        options |= {"access_key_id": unquote(parts.username), "secret_access_key": unquote(parts.password)}
    allow_http = words.get(ALLOW_HTTP) == "true"
    return Place(None, parts.hostname or "", unquote(parts.path).strip("/"), options, allow_http)


def faults_of_store(env: Mapping[str, str]) -> list[str]:
    """Everything that keeps STORAGE_URL from naming a store. The URL may hold a secret, so it is not repeated."""
    parts = urlsplit(env.get(SPOKEN) or "file:///absent-is-told-elsewhere")
    if parts.scheme == "file":
        whole = parts.netloc in ("", "localhost") and len(parts.path) > 1
        return [] if whole else [f"{SPOKEN} has to name a folder by its whole path, as in file:///var/lib/otklik"]
    if parts.scheme != "s3":
        return [f"{SPOKEN} begins with {parts.scheme or 'nothing'!r}, it can begin with file:// or s3://"]
    return [*_faults_of_bucket(parts), *_faults_of_endpoint(parts, env)]


def _faults_of_bucket(parts: SplitResult) -> list[str]:
    words = dict(parse_qsl(parts.query, keep_blank_values=True))
    faults = [] if parts.hostname else [f"{SPOKEN} names no bucket, as in s3://bucket/prefix"]
    if odd := [word for word in words if word not in WORDS]:
        faults.append(f"{SPOKEN} says {', '.join(odd)}, which nobody knows; it can say {', '.join(WORDS)}")
    for word in (VIRTUAL_HOSTED, ALLOW_HTTP):
        if words.get(word, "true") not in FLAGS:
            faults.append(f"{word} in {SPOKEN} can be true or false")
    return faults


def _faults_of_endpoint(parts: SplitResult, env: Mapping[str, str]) -> list[str]:
    """A store of Amazon's own may know its machines by their role; any other has to be told a key."""
    words = dict(parse_qsl(parts.query, keep_blank_values=True))
    if ENDPOINT not in words:
        return []
    faults = []
    endpoint = urlsplit(words[ENDPOINT])
    if endpoint.scheme not in ("http", "https") or not endpoint.hostname:
        faults.append(f"{ENDPOINT} in {SPOKEN} is no address, as in https://s3.example")
    elif endpoint.scheme == "http" and words.get(ALLOW_HTTP) != "true":
        faults.append(f"{ENDPOINT} in {SPOKEN} is without TLS; add &{ALLOW_HTTP}=true if the network between is yours")
    told = parts.username and parts.password
    if not told and not all(env.get(key) for key in KEYS):
        faults.append(f"{' and '.join(KEYS)} must be set, as {SPOKEN} names an {ENDPOINT} and no key")
    return faults
