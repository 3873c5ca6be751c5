"""What the web server runs: `granian --interface asgi portal.asgi:app`."""

from portal.app import create_app
from workers.settings import Settings

app = create_app(Settings.from_env())
