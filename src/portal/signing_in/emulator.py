"""ЕСИА as far as the portal sees it, for development: it verifies what ЕСИА verifies and errs with its numbers."""

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import jwt
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from portal.signing_in.esia import SCOPE, Esia, Keys
from portal.signing_in.personas import BY_OID, Persona

PREFIX = "/dev/esia"
CLIENT_ID = "OTKLIK"
CODE_LASTS = timedelta(minutes=3)
TOKEN_LASTS = timedelta(hours=1)
WINDOW = timedelta(minutes=5)
MANDATORY = (
    "client_id", "client_secret", "client_certificate_hash", "redirect_uri", "scope", "state", "timestamp",
)  # fmt: skip


class EsiaError(Exception):
    """An answer of ЕСИА: the OAuth word for it and the number in the description."""

    def __init__(self, error: str, number: str, text: str) -> None:
        super().__init__(f"ESIA-{number}: {text}")
        self.error = error


@dataclass(frozen=True)
class Code:
    client_id: str
    redirect_uri: str
    persona: Persona
    ends_at: datetime


class Emulator:
    def __init__(self, public_url: str, redirect_uri: str, clock: Callable[[], datetime]) -> None:
        self.url = public_url + PREFIX
        self.issuer = f"http://{urlsplit(public_url).netloc}/"
        self.redirect_uri = redirect_uri
        self.clock = clock
        self.private, self.clients = esia_key(), {CLIENT_ID: client_keys()}
        self.codes: dict[str, Code] = {}

    def client(self) -> Esia:
        """The real client, talking to us inside the process: the back channel needs no port."""
        from portal.signing_in.back_channel import back_channel  # it serves an emulator, and this is one

        app: Any = back_channel(self)  # Litestar and httpx type ASGI each in their own way
        transport = httpx.ASGITransport(app)
        return Esia(self.url, CLIENT_ID, self.redirect_uri, self.clients[CLIENT_ID], transport)

    def check(self, sent: Mapping[str, str]) -> None:
        """What ЕСИА checks of every request, in its order; raises the error that it would answer with."""
        for name in MANDATORY:
            if not sent.get(name):
                raise EsiaError("invalid_request", "007014", f"the mandatory parameter {name} is missing")
        keys = self.clients.get(sent["client_id"])
        if keys is None:
            raise EsiaError("unauthorized_client", "008010", "the client is not known")
        if sent["client_certificate_hash"] != keys.certificate_hash:
            raise EsiaError("invalid_request", "007002", "the certificate is not that of the client")
        if urlsplit(sent["redirect_uri"]).netloc != urlsplit(self.redirect_uri).netloc:
            raise EsiaError("invalid_request", "007023", "the redirect_uri is not that of the client")
        if not set(sent["scope"].split()) <= set(SCOPE.split()):
            raise EsiaError("invalid_scope", "007006", "the scope is not granted to the client")
        self._check_time(sent["timestamp"])
        self._check_signature(keys, sent)

    def _check_time(self, timestamp: str) -> None:
        try:
            moment = datetime.strptime(timestamp, "%Y.%m.%d %H:%M:%S %z")
        except ValueError:
            raise EsiaError("invalid_request", "007003", "the timestamp cannot be read") from None
        if abs(self.clock() - moment) > WINDOW:
            raise EsiaError("invalid_request", "007015", "the timestamp is not of now")

    def _check_signature(self, keys: Keys, sent: Mapping[str, str]) -> None:
        names = ("client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri", "code")
        text = "".join(sent.get(name, "") for name in names)
        secret = sent["client_secret"]
        public = keys.private.public_key()
        try:
            # Clients write it with and without padding, in both alphabets.
            alphabet = None if set("+/") & set(secret) else b"-_"
            signature = base64.b64decode(secret + "=" * (-len(secret) % 4), alphabet, validate=True)
            public.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            raise EsiaError("invalid_request", "007053", "the client_secret is not a signature of the client") from None

    def back_with_code(self, sent: Mapping[str, str], persona: Persona) -> str:
        """Where the browser goes after the consent; a persona who denies comes back with an error."""
        if persona.denies:
            return self.denied(sent)
        code = secrets.token_urlsafe(32)
        self.codes[code] = Code(sent["client_id"], sent["redirect_uri"], persona, self.clock() + CODE_LASTS)
        return f"{sent['redirect_uri']}?{urlencode({'code': code, 'state': sent['state']})}"

    def denied(self, sent: Mapping[str, str]) -> str:
        return self.back_with_error(sent, EsiaError("access_denied", "007004", "the user denied access"))

    def back_with_error(self, sent: Mapping[str, str], error: EsiaError) -> str:
        query = {"error": error.error, "error_description": str(error), "state": sent["state"]}
        return f"{sent['redirect_uri']}?{urlencode(query)}"

    def exchange(self, sent: Mapping[str, str]) -> dict[str, Any]:
        self.check(sent)
        code = self.codes.pop(sent.get("code", ""), None)  # whatever is wrong with it, it was used now
        asked_by = (sent["client_id"], sent["redirect_uri"])
        if code is None or (code.client_id, code.redirect_uri) != asked_by or code.ends_at < self.clock():
            raise EsiaError("invalid_grant", "007011", "the code is not valid")
        return {
            "access_token": self.access_token(code.persona, code.client_id),
            "id_token": self.id_token(code.persona, code.client_id),
            "state": sent["state"],
            "token_type": "Bearer",
            "expires_in": int(TOKEN_LASTS.total_seconds()),
        }

    def id_token(self, persona: Persona, client_id: str) -> str:
        subject: dict[str, Any] = {
            "urn:esia:sbj:typ": "P",
            "urn:esia:sbj:oid": persona.oid,
            "urn:esia:sbj:nam": f"OID.{persona.oid}",
            "urn:esia:sbj:lvl": persona.level,
        }
        if persona.confirmed:
            subject["urn:esia:sbj:is_tru"] = True
        return self.sign({"aud": client_id, "sub": persona.oid, "amr": "PWD", "urn:esia:sbj": subject})

    def access_token(self, persona: Persona, client_id: str) -> str:
        scope = [f"{name}?oid={persona.oid}" for name in ("fullname", "email")] + ["openid"]
        if persona.organisation:
            scope.append(f"org_shortname?org_oid={persona.organisation[0]}")
        return self.sign({"client_id": client_id, "urn:esia:sbj_id": persona.oid, "scope": " ".join(scope)})

    def sign(self, claims: dict[str, Any]) -> str:
        now = self.clock()
        times = {"iat": now, "nbf": now, "exp": now + TOKEN_LASTS}
        return jwt.encode({"iss": self.issuer, **times, **claims}, self.private, "RS256", {"ver": 1})

    def bearer(self, authorization: str) -> Persona:
        """Whose access token this is."""
        rules: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
        token = authorization.removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, self.private.public_key(), ["RS256"], rules)
        except jwt.PyJWTError:
            raise EsiaError("invalid_token", "007019", "the token does not permit this") from None
        return BY_OID[claims["urn:esia:sbj_id"]]


@cache
def esia_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def client_keys() -> Keys:
    """The portal's own, made at the start: in development they are worth nothing outside this process."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, CLIENT_ID)])
    begins = datetime(2026, 1, 1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=3650))
        .sign(private, hashes.SHA256())
    )
    return Keys(private, certificate, esia_key().public_key())
