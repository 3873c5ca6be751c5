"""The ways in: one port, behind it ЕСИА itself or, in development only, its emulator."""

from collections.abc import Callable
from datetime import datetime

from portal.signing_in.emulator import Emulator
from portal.signing_in.esia import Esia, Keys
from portal.signing_in.provider import Provider
from workers.settings import Misconfigured, Settings

RETURN = "/sign-in/esia/return"


def provider_for(settings: Settings, clock: Callable[[], datetime]) -> tuple[Provider, Emulator | None]:
    back = settings.public_url + RETURN
    if settings.esia_url and settings.esia_client_id and settings.esia_key_file:
        keys = Keys.from_bundle(settings.esia_key_file.read_bytes())
        return Esia(settings.esia_url, settings.esia_client_id, back, keys), None
    if settings.production:
        # Settings say so too; said again where the emulator would be made, because it lets anybody in as anybody.
        raise Misconfigured("The ЕСИА emulator is for development only: set ESIA_URL, ESIA_CLIENT_ID, ESIA_KEY_FILE.")
    emulator = Emulator(settings.public_url, back, clock)
    return emulator.client(), emulator
