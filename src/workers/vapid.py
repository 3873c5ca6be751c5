"""The key by which push services know the portal (RFC 8292): one line of the environment, and without it no push."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

KEY_BYTES = 32


def made() -> str:
    """A new private key, as the setting VAPID_PRIVATE_KEY takes it."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return encoded(number.to_bytes(KEY_BYTES))


def is_key(text: str) -> bool:
    try:
        private(text)
    except ValueError:
        return False
    return True


def private(text: str) -> ec.EllipticCurvePrivateKey:
    number = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(number) != KEY_BYTES:
        raise ValueError("a key of P-256 has 32 bytes")
    return ec.derive_private_key(int.from_bytes(number), ec.SECP256R1())


@cache
def public(text: str) -> str:
    """The other half, as browsers are given it."""
    return encoded(private(text).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


@cache
def pems(text: str) -> tuple[bytes, bytes]:
    """Both halves as the library reads them."""
    key = private(text)
    hidden = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return hidden, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def is_set() -> bool:
    return bool(os.environ.get("VAPID_PRIVATE_KEY"))
