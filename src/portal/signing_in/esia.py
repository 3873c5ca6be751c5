"""ЕСИА (Gosuslugi) over OAuth 2: signed requests, a code used once, a verified id_token, a person fetched."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from domain.errors import NotAllowed
from domain.wording import N_
from portal.signing_in.provider import Departure, Identity

AUTHORIZE = "/aas/oauth2/v2/ac"
TOKEN = "/aas/oauth2/v3/te"  # noqa: S105
PERSON = "/rs/prns/{oid}"
CONTACTS = "/rs/prns/{oid}/ctts?embed=(elements)"
ORGANISATION = "/rs/orgs/{oid}"
# Only what the regulation needs (152-ФЗ): who it is, and where an answer can be sent.
SCOPE = "openid fullname email"
SCOPE_ORG = "org_shortname"
SECONDS = 10
LEEWAY = timedelta(minutes=1)
CHILD = "KD"

UNCONFIRMED = N_("Your Gosuslugi account is not confirmed. Confirm it at gosuslugi.ru and come back.")
CHILDISH = N_("With a child's Gosuslugi account messages cannot be sent; ask a parent to sign in.")
FAILED = N_("Gosuslugi did not finish the sign-in. Try once more.")


class EsiaFailed(Exception):
    """ЕСИА said no, or something that cannot be trusted; its own words are for the log."""


@dataclass(frozen=True)
class Keys:
    """Our key and certificate, and the key that ЕСИА signs with (they are published and replaced now and then)."""

    private: RSAPrivateKey
    certificate: x509.Certificate
    esia: RSAPublicKey

    @classmethod
    def from_bundle(cls, pem: bytes) -> Self:
        """One PEM file: our private key, our certificate, then the certificate of ЕСИА."""
        private = serialization.load_pem_private_key(pem, password=None)
        ours, theirs = x509.load_pem_x509_certificates(pem)[:2]
        esia = theirs.public_key()
        if not isinstance(private, RSAPrivateKey) or not isinstance(esia, RSAPublicKey):
            raise EsiaFailed("the keys in ESIA_KEY_FILE are not RSA keys")
        return cls(private, ours, esia)

    def sign(self, text: str) -> str:
        signature = self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return base64.urlsafe_b64encode(signature).decode().rstrip("=")

    @property
    def certificate_hash(self) -> str:
        """Of the DER form: the hash of the PEM text is answered with ESIA-007053."""
        return self.certificate.fingerprint(hashes.SHA256()).hex().upper()


class Esia:
    def __init__(
        self,
        url: str,
        client_id: str,
        redirect_uri: str,
        keys: Keys,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        self.keys = keys
        self.transport = transport
        # Their tokens say http and end with a slash, whatever the address is called by.
        self.issuer = f"http://{urlsplit(url).netloc}/"

    def departure(self, at: datetime) -> Departure:
        state = str(uuid4())
        query = {**self._signed(state, at), "response_type": "code", "access_type": "online"}
        return Departure(f"{self.url}{AUTHORIZE}?{urlencode(query)}", state)

    async def identify(self, code: str, at: datetime) -> Identity:
        try:
            return await self._identified(code, at)
        except (KeyError, TypeError, jwt.PyJWTError) as trouble:
            raise EsiaFailed(f"an answer of another shape: {trouble!r}") from trouble

    async def _identified(self, code: str, at: datetime) -> Identity:
        async with httpx.AsyncClient(transport=self.transport, base_url=self.url, timeout=SECONDS) as client:
            tokens = await self._exchange(client, code, at)
            claims = self.verified(tokens["id_token"], at)
            subject = claims["urn:esia:sbj"]
            refuse_unfit(subject)
            client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
            return await self._person(client, str(claims["sub"]), organisation_in(tokens["access_token"]))

    def verified(self, id_token: str, at: datetime) -> dict[str, Any]:
        """Signed by ЕСИА (RS256 and nothing else), meant for us, and in time."""
        rules: Any = {
            "require": ["exp", "iss", "aud", "sub"],
            "verify_exp": False,  # the times are compared with the moment of the request, below
            "verify_nbf": False,
            "verify_iat": False,
            "verify_sub": False,  # their oid may be a number
        }
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token, self.keys.esia, ["RS256"], rules, audience=self.client_id, issuer=self.issuer
            )
        except jwt.PyJWTError as trouble:
            raise EsiaFailed(f"id_token: {trouble}") from trouble
        moment = at.timestamp()
        late, early = moment > claims["exp"], moment < claims.get("nbf", 0) - LEEWAY.total_seconds()
        if late or early:
            raise EsiaFailed("id_token: out of its time")
        return claims

    async def _exchange(self, client: httpx.AsyncClient, code: str, at: datetime) -> dict[str, Any]:
        state = str(uuid4())
        form = {**self._signed(state, at, code), "code": code, "grant_type": "authorization_code"}
        tokens = await _json(client, "POST", TOKEN, data={**form, "token_type": "Bearer"})
        if tokens.get("state") != state:
            raise EsiaFailed("token: another state came back")
        return tokens

    async def _person(self, client: httpx.AsyncClient, oid: str, organisation: str | None) -> Identity:
        person = await _json(client, "GET", PERSON.format(oid=oid))
        contacts = await _json(client, "GET", CONTACTS.format(oid=oid))
        given = person["firstName"]
        parts = (given, person.get("middleName"), person["lastName"])
        name = " ".join(part for part in parts if part)
        if organisation is None:
            return Identity(oid, name, given, verified_email(contacts))
        company = await _json(client, "GET", ORGANISATION.format(oid=organisation))
        short = company["shortName"]
        return Identity(f"{oid}/{organisation}", short, short, verified_email(contacts), is_organisation=True)

    def _signed(self, state: str, at: datetime, code: str = "") -> dict[str, str]:
        timestamp = at.strftime("%Y.%m.%d %H:%M:%S %z")
        text = self.client_id + SCOPE + SCOPE_ORG + timestamp + state + self.redirect_uri + code
        return {
            "client_id": self.client_id,
            "client_secret": self.keys.sign(text),
            "client_certificate_hash": self.keys.certificate_hash,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPE,
            "scope_org": SCOPE_ORG,
            "state": state,
            "timestamp": timestamp,
        }


def refuse_unfit(subject: Mapping[str, Any]) -> None:
    if subject.get("urn:esia:sbj:lvl") == CHILD:
        raise NotAllowed(CHILDISH)
    if not subject.get("urn:esia:sbj:is_tru"):  # absent, not false, when the account is not confirmed
        raise NotAllowed(UNCONFIRMED)


def organisation_in(access_token: str) -> str | None:
    """Whoever chose in ЕСИА to act for an organisation has its oid in the scope of the access token."""
    scope: str = jwt.decode(access_token, options={"verify_signature": False}).get("scope", "")
    return next((part.partition("org_oid=")[2] for part in scope.split() if "?org_oid=" in part), None)


def verified_email(contacts: Mapping[str, Any]) -> str | None:
    return next(
        (
            element["value"]
            for element in contacts.get("elements", [])
            if element["type"] == "EML" and element["vrfStu"] == "VERIFIED"
        ),
        None,
    )


async def _json(client: httpx.AsyncClient, method: str, path: str, **sent: Any) -> dict[str, Any]:
    try:
        response = await client.request(method, path, **sent)
        answer = response.json()
    except (httpx.HTTPError, ValueError) as trouble:
        raise EsiaFailed(f"{path}: {trouble}") from trouble
    if response.status_code != 200 or not isinstance(answer, dict):
        raise EsiaFailed(f"{path}: {response.status_code} {response.text[:200]}")
    return answer
