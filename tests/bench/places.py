"""What the bench asks of the portal, word for word: a page as one person, and a form with a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.bench.load import KEY

HOST = "bench.example"
BOUNDARY = "----the-form-of-a-message"
TEXT = """На дороге у остановки глубокая яма, машины объезжают её по встречной полосе. Вечером её не видно, вчера туда
попал велосипедист. Просим засыпать яму и поставить знак, пока её не отремонтируют."""


@dataclass(frozen=True)
class Page:
    path: str
    database: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, **more: str) -> str:
        return head("GET", self.path, {**self.headers, **more}) + "\r\n"


@dataclass(frozen=True)
class Sending:
    """A message without photos, as the form of a signed-in citizen sends it."""

    cookie: str
    csrf_token: str
    topic: int

    @property
    def headers(self) -> dict[str, str]:
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return {"Cookie": self.cookie, "Origin": f"https://{HOST}", "Content-Type": kind}

    @property
    def body(self) -> bytes:
        said = {"topic": self.topic, "text": TEXT, "address": "ул. Мира, 41", "consent": "given"}
        fields = {"csrf_token": self.csrf_token, "key": KEY, **said}
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        return f"{''.join(parts)}--{BOUNDARY}--\r\n".encode()

    def request(self) -> str:
        headers = {**self.headers, "Content-Length": str(len(self.body))}
        return f"{head('POST', '/messages', headers)}\r\n{self.body.decode()}"


@dataclass(frozen=True)
class Registering:
    """A message registered on a topic, without a copy for everybody, as the moderator's form does it."""

    cookie: str
    csrf_token: str
    topic: int

    @property
    def headers(self) -> dict[str, str]:
        kind = "application/x-www-form-urlencoded"
        return {"Cookie": self.cookie, "Origin": f"https://{HOST}", "Content-Type": kind}

    @property
    def body(self) -> bytes:
        return urlencode({"csrf_token": self.csrf_token, "topic": self.topic}).encode()

    def request(self, message: int) -> str:
        headers = {**self.headers, "Content-Length": str(len(self.body))}
        return f"{head('POST', self.path(message), headers)}\r\n{self.body.decode()}"

    @staticmethod
    def path(message: int) -> str:
        return f"/messages/{message}/registration"


def head(method: str, path: str, headers: Mapping[str, str]) -> str:
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"Host": HOST, **headers}.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}"
